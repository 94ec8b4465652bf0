-- Every file, those that could not be read too, with what is counted of it.
INSERT INTO core_distributions BY NAME
WITH counted AS (
    SELECT file_no, count(*) AS line_count, as_money(sum(amount_gbp)) AS total
    FROM stg_counted_lines GROUP BY file_no
)
SELECT
    f.* EXCLUDE (file_no, publisher_no, period_months, place),
    coalesce(c.line_count, 0) AS counted_transaction_count,
    CASE WHEN c.file_no IS NULL THEN 0 ELSE c.total END AS counted_total_gbp,
    s.file_no IS NOT NULL AS is_superseded,
    b.distribution_id AS superseded_by_distribution_id
FROM stg_files AS f
LEFT JOIN counted AS c USING (file_no)
LEFT JOIN stg_superseded AS s USING (file_no)
LEFT JOIN stg_files AS b ON b.file_no = s.by_file_no
ORDER BY f.file_no;
