-- Every dataset that the input holds, declared or not, with what was read of it.
INSERT INTO core_outcome_datasets BY NAME
WITH files AS (SELECT outcome_dataset_id, count(*) AS distribution_count FROM core_outcome_files GROUP BY ALL),
counts AS (
    SELECT
        outcome_dataset_id, count(*) AS value_count, count(value) AS reported_count,
        count(value) FILTER (is_current) AS is_current_count, count(DISTINCT entity_id) AS entity_count,
        count(DISTINCT metric_id) AS metric_count, min(period_start) AS first_period, max(period_end) AS last_period
    FROM core_outcomes
    GROUP BY ALL
)
SELECT
    f.outcome_dataset_id, coalesce(d.outcome_dataset_title, f.outcome_dataset_id) AS outcome_dataset_title,
    d.outcome_dataset_id IS NOT NULL AS is_declared, d.origin, d.origin_url, d.licence, d.attribution, d.caveats, d.breaks,
    f.distribution_count, coalesce(c.value_count, 0) AS value_count, coalesce(c.reported_count, 0) AS reported_count,
    coalesce(c.is_current_count, 0) AS is_current_count, coalesce(c.entity_count, 0) AS entity_count,
    coalesce(c.metric_count, 0) AS metric_count, c.first_period, c.last_period
FROM files AS f
LEFT JOIN ref_outcome_datasets AS d ON d.outcome_dataset_id = f.outcome_dataset_id
LEFT JOIN counts AS c ON c.outcome_dataset_id = f.outcome_dataset_id
ORDER BY f.outcome_dataset_id;
