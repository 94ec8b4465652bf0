-- For every rule and publication: pass, fail or not applicable. A publication has no more money to touch than its own.
INSERT INTO core_rule_results BY NAME
WITH failed AS (
    SELECT rule_id, publisher_id, publication_id, count(*) AS failed_count, sum(money_gbp) AS money
    FROM core_findings GROUP BY ALL
)
SELECT
    a.publisher_id, a.publication_id, a.rule_id, r.rule_version, r.dimension, r.severity,
    CASE
        WHEN coalesce(f.failed_count, 0) > 0 THEN 'fail'
        WHEN a.checked_count > 0 THEN 'pass'
        ELSE 'not_applicable'
    END AS rule_result,
    CASE WHEN coalesce(f.failed_count, 0) = 0 THEN a.reason END AS not_applicable_reason,
    greatest(a.checked_count, coalesce(f.failed_count, 0)) AS checked_count,
    coalesce(f.failed_count, 0) AS failed_count,
    TRY_CAST(least(coalesce(f.money, 0), p.money) AS DECIMAL(18,2)) AS money_gbp
FROM q_answers AS a
JOIN core_rules AS r USING (rule_id)
LEFT JOIN failed AS f
  ON f.rule_id = a.rule_id AND f.publisher_id = a.publisher_id AND f.publication_id IS NOT DISTINCT FROM a.publication_id
LEFT JOIN (
    SELECT publisher_id, publication_id, money_gbp AS money FROM q_publications
    UNION ALL
    SELECT publisher_id, NULL, sum(money_gbp) FROM q_publications GROUP BY 1
) AS p ON p.publisher_id = a.publisher_id AND p.publication_id IS NOT DISTINCT FROM a.publication_id
ORDER BY a.publisher_id, a.publication_id NULLS FIRST, a.rule_id;
