-- Ends of the financial years that any payment, or any figure that a promise is about, belongs to and that are over at
-- `as_of`.
SELECT DISTINCT fy_end(d) AS period_end, fy_label(d) AS period_label
FROM (SELECT period_end AS d FROM possible_outcomes WHERE value IS NOT NULL AND is_current
        AND outcome_dataset_id IN (SELECT outcome_dataset_id FROM core_targets)
      UNION ALL SELECT payment_month FROM mart_spend_by_publisher_month)
WHERE d IS NOT NULL AND fy_end(d) <= ref_as_of()
