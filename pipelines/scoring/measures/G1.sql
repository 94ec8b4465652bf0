-- Mean over a body's outcomes of the share of the five parts that are given.
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       100.0 * avg((has_metric::INT + has_baseline::INT + has_target::INT + has_date::INT + has_owner::INT) / 5.0) AS value,
       count(*) AS n
FROM in_register GROUP BY ALL
