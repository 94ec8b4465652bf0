-- Closing reserves over the draw of the last year (k = 1). Not drawing is infinity, which the anchors score 100.
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       CASE WHEN opening - closing > 0 THEN greatest(closing, 0) / (opening - closing) ELSE 'infinity'::DOUBLE END AS value,
       1 AS n
FROM in_reserves WHERE opening IS NOT NULL AND closing IS NOT NULL
