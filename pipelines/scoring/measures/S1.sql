-- HHI over external suppliers of one financial year; bounds by the share u of money that no supplier can be named for. Beside it
-- the same by kind of expense, shown and not scored, and without bounds: of what kind the unnamed money is nobody knows.
WITH totals AS (
    SELECT entity_id, fy_end(period_end) AS year_end, months, supplier_key, greatest(sum(amount), 0) AS a FROM in_supplier_spend GROUP BY ALL
),
shares AS (
    SELECT entity_id, year_end, months, a / nullif(sum(a) OVER (PARTITION BY entity_id, year_end), 0) AS s FROM totals
),
in_kinds AS (
    SELECT entity_id, fy_end(period_end) AS year_end, category, supplier_key, greatest(sum(amount), 0) AS a
    FROM in_category_spend WHERE months >= 9 GROUP BY ALL
),
kind_shares AS (
    SELECT entity_id, year_end, category, a / nullif(sum(a) OVER (PARTITION BY entity_id, year_end, category), 0) AS s FROM in_kinds
),
sums AS (
    SELECT entity_id, year_end, min(months) AS months, sum(s * s) AS h, max(s) AS s1, count(*) FILTER (s > 0) AS n FROM shares GROUP BY ALL
)
SELECT sums.entity_id, fy_label(year_end) AS period_label, year_end AS period_end,
       CASE WHEN months >= 9 THEN 10000 * h END AS value, n,
       CASE WHEN months >= 9 THEN 10000 * (1 - u) ** 2 * h END AS low,
       CASE WHEN months >= 9 THEN least(10000 * ((1 - u) ** 2 * (h - s1 * s1) + ((1 - u) * s1 + u) ** 2), 10000) END AS high,
       CASE WHEN months < 9 THEN months || ' of 12 months held, 9 are needed' WHEN h IS NULL THEN 'no payment to an external supplier' END AS reason,
       NULL AS breakdown
FROM sums LEFT JOIN (SELECT entity_id, fy_end(period_end) AS year_end, unattributable_share AS u FROM in_spend_quality) USING (entity_id, year_end)
UNION ALL
SELECT entity_id, fy_label(year_end), year_end, 10000 * sum(s * s), count(*), NULL, NULL, NULL, to_json({'expense_type': category})::VARCHAR
FROM kind_shares WHERE s > 0 GROUP BY entity_id, year_end, category
