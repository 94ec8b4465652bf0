-- title: Every row of a file is exactly one transaction or one set-aside row
-- The counts the reader gave beside the counts of what the warehouse holds, a file at a time.
SELECT
    d.distribution_id, d.row_count, d.transaction_count, coalesce(t.n, 0) AS transactions_held,
    d.set_aside_count, coalesce(s.n, 0) AS set_aside_held
FROM core_distributions AS d
LEFT JOIN (SELECT distribution_id, count(*) AS n FROM core_transactions GROUP BY ALL) AS t USING (distribution_id)
LEFT JOIN (SELECT distribution_id, count(*) AS n FROM core_set_aside_rows GROUP BY ALL) AS s USING (distribution_id)
WHERE d.transaction_count <> coalesce(t.n, 0)
   OR d.set_aside_count <> coalesce(s.n, 0)
   OR d.row_count <> d.transaction_count + d.set_aside_count;
