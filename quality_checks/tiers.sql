-- The tier of every publication, and its findings by dimension.
-- not_usable: an error in a required column, or errors that touch one per cent of the money or more. A line that several
-- errors touch counts once; an error of a whole file touches all its lines.
CREATE OR REPLACE TEMP TABLE q_tiers AS
WITH errors AS (SELECT * FROM core_findings WHERE severity = 'error'),
whole AS (SELECT DISTINCT publication_id, distribution_id FROM errors WHERE transaction_id IS NULL AND line_number IS NULL AND distribution_id IS NOT NULL),
touched AS (
    SELECT publication_id, sum(money) AS money
    FROM (
        SELECT publication_id, transaction_id, any_value(money_gbp) AS money
        FROM errors ANTI JOIN whole USING (distribution_id)
        WHERE transaction_id IS NOT NULL
        GROUP BY ALL
        UNION ALL
        SELECT w.publication_id, NULL, f.money_gbp FROM whole AS w JOIN q_files AS f USING (distribution_id))
    GROUP BY 1
),
marks AS (
    SELECT
        f.publication_id,
        bool_or(f.severity = 'error' AND f.column_name IN (SELECT column_name FROM q_required)) AS in_required,
        list(DISTINCT r.rule_title ORDER BY r.rule_title) FILTER (f.severity = 'error') AS errors,
        list(DISTINCT r.rule_title ORDER BY r.rule_title) FILTER (f.severity = 'error' AND f.column_name IN (SELECT column_name FROM q_required)) AS required_errors,
        list(DISTINCT r.rule_title ORDER BY r.rule_title) FILTER (f.severity = 'warning') AS warnings
    FROM core_findings AS f JOIN core_rules AS r USING (rule_id)
    WHERE f.publication_id IS NOT NULL AND f.severity <> 'advice'
    GROUP BY 1
),
judged AS (
    SELECT
        p.publication_id, p.money_gbp, coalesce(t.money, 0) AS touched,
        m.*  EXCLUDE (publication_id),
        CASE
            WHEN p.transaction_count = 0 AND p.unreadable > 0 THEN 'unreadable'
            WHEN m.in_required THEN 'not_usable'
            WHEN m.errors IS NOT NULL AND coalesce(t.money, 0) > 0 AND 100 * t.money >= p.money_gbp THEN 'not_usable'
            WHEN m.errors IS NOT NULL OR m.warnings IS NOT NULL THEN 'with_care'
            ELSE 'sound'
        END AS tier
    FROM q_publications AS p
    LEFT JOIN marks AS m USING (publication_id)
    LEFT JOIN touched AS t USING (publication_id)
)
SELECT
    publication_id, tier,
    CASE tier
        WHEN 'unreadable' THEN 'No line could be read.' || coalesce(' Fails: ' || array_to_string(errors, '; ') || '.', '')
        WHEN 'not_usable' THEN
            CASE
                WHEN in_required THEN 'Errors in required columns; fails: ' || array_to_string(required_errors, '; ') || '.'
                ELSE 'Errors touch ' || q_pounds(touched) || ' of ' || q_pounds(money_gbp) || '; fails: ' || array_to_string(errors, '; ') || '.'
            END
        WHEN 'with_care' THEN concat_ws(' ',
            'Fails with an error: ' || array_to_string(errors, '; ') || '.', 'Fails with a warning: ' || array_to_string(warnings, '; ') || '.')
        ELSE 'No errors and no warnings.'
    END AS tier_reason
FROM judged;

INSERT INTO mart_quality_by_publication BY NAME
WITH sums AS (
    SELECT
        publication_id, dimension,
        sum(failed_count) FILTER (severity = 'error') AS errors,
        sum(failed_count) FILTER (severity = 'warning') AS warnings,
        sum(failed_count) FILTER (severity = 'advice') AS advice
    FROM core_rule_results WHERE publication_id IS NOT NULL GROUP BY ALL
),
touched AS (
    SELECT publication_id, dimension, sum(money) AS money
    FROM (
        SELECT publication_id, dimension, coalesce(transaction_id, distribution_id, '') AS thing, any_value(money_gbp) AS money
        FROM core_findings WHERE publication_id IS NOT NULL AND money_gbp <> 0 GROUP BY ALL)
    GROUP BY ALL
)
SELECT
    p.publication_id, p.publisher_id, p.series, p.period_start, p.period_end, d.dimension, t.tier, t.tier_reason,
    coalesce(s.errors, 0)::BIGINT AS error_count, coalesce(s.warnings, 0)::BIGINT AS warning_count,
    coalesce(s.advice, 0)::BIGINT AS advice_count, p.transaction_count,
    TRY_CAST(least(coalesce(m.money, 0), p.money_gbp) AS DECIMAL(18,2)) AS money_gbp, p.counted_total_gbp
FROM q_publications AS p
JOIN q_tiers AS t USING (publication_id)
CROSS JOIN (SELECT DISTINCT dimension FROM core_rules) AS d
LEFT JOIN sums AS s ON s.publication_id = p.publication_id AND s.dimension = d.dimension
LEFT JOIN touched AS m ON m.publication_id = p.publication_id AND m.dimension = d.dimension
ORDER BY p.publisher_id, p.period_start NULLS LAST, p.publication_id, d.dimension;
