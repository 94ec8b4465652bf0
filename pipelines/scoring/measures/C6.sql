-- Each service's latest quarter of the year that gives both cost and volume, in the prices of the deflator's base year.
WITH latest AS (
    SELECT * FROM in_services WHERE volume > 0 AND cost_per_transaction > 0 AND deflator_factor IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY entity_id, service_id, fy_end(period_end) ORDER BY period_end DESC) = 1
)
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       sum(volume * cost_per_transaction * deflator_factor) / sum(volume) AS value, count(*) AS n
FROM latest GROUP BY entity_id, fy_label(period_end), fy_end(period_end)
