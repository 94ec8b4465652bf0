-- Every publisher of the register, and those that are read without being in it.
INSERT INTO core_publishers BY NAME
SELECT
    p.*,
    count(d.distribution_id) AS distribution_count,
    coalesce(sum(d.transaction_count), 0) AS transaction_count,
    as_money(coalesce(sum(d.counted_total_gbp), 0)) AS counted_total_gbp
FROM ref_publishers AS p LEFT JOIN core_distributions AS d USING (publisher_id)
GROUP BY ALL
ORDER BY publisher_id;
