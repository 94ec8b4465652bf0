-- Each service's latest quarter of the year; transactions of all services of the body are added up.
WITH latest AS (
    SELECT * FROM in_services WHERE volume > 0 AND digital_volume BETWEEN 0 AND volume
    QUALIFY row_number() OVER (PARTITION BY entity_id, service_id, fy_end(period_end) ORDER BY period_end DESC) = 1
)
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       100.0 * sum(digital_volume) / sum(volume) AS value, count(*) AS n
FROM latest GROUP BY entity_id, fy_label(period_end), fy_end(period_end)
