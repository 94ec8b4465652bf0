-- Largest share of external spending of one financial year; bounds by the share u of money without a supplier.
WITH totals AS (
    SELECT entity_id, fy_end(period_end) AS year_end, months, supplier_key, greatest(sum(amount), 0) AS a FROM in_supplier_spend GROUP BY ALL
),
sums AS (
    SELECT entity_id, year_end, min(months) AS months, max(a) / nullif(sum(a), 0) AS s1, count(*) FILTER (a > 0) AS n FROM totals GROUP BY ALL
)
SELECT sums.entity_id, fy_label(year_end) AS period_label, year_end AS period_end,
       CASE WHEN months >= 9 THEN s1 END AS value, n,
       CASE WHEN months >= 9 THEN (1 - u) * s1 END AS low, CASE WHEN months >= 9 THEN least((1 - u) * s1 + u, 1) END AS high,
       CASE WHEN months < 9 THEN months || ' of 12 months held, 9 are needed' WHEN s1 IS NULL THEN 'no payment to an external supplier' END AS reason
FROM sums LEFT JOIN (SELECT entity_id, fy_end(period_end) AS year_end, unattributable_share AS u FROM in_spend_quality) USING (entity_id, year_end)
