-- Deviations of the control totals are added without their signs, so that overspending does not hide underspending.
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       CASE WHEN sum(original_plan) > 0 THEN sum(abs(outturn - original_plan)) / sum(original_plan) END AS value, count(*) AS n
FROM in_budgets WHERE outturn IS NOT NULL AND original_plan IS NOT NULL GROUP BY ALL
