-- Money in prices of the deflator's base year by the year in which the period ends. A department's services stand twice:
-- under the department, and each by itself.
WITH figures AS (
    SELECT outcome_publisher_id AS body_id, entity_id AS service_id, period_end,
           max(value) FILTER (metric_id = 'volume') AS volume,
           max(value) FILTER (metric_id = 'cost_per_transaction') AS cost_per_transaction,
           max(value) FILTER (metric_id = 'digital_volume') AS digital_volume
    FROM possible_outcomes WHERE outcome_dataset_id = 'govuk-service-performance' AND entity_kind = 'service' AND is_current GROUP BY ALL
)
SELECT entity_id, service_id, period_end, volume, cost_per_transaction, digital_volume, d.factor::DOUBLE AS deflator_factor
FROM (SELECT body_id AS entity_id, * EXCLUDE (body_id) FROM figures WHERE body_id IS NOT NULL
      UNION ALL SELECT service_id, * EXCLUDE (body_id) FROM figures)
LEFT JOIN ref_deflator AS d ON d.financial_year = fy_label(period_end)
