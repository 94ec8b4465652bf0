-- Every metric of the datasets at hand. A metric that only a pattern covers takes its title from the dataset's file of labels.
INSERT INTO core_outcome_metrics BY NAME
WITH counts AS (
    SELECT
        outcome_dataset_id, metric_id, count(*) AS value_count, count(value) AS reported_count,
        count(DISTINCT entity_id) AS entity_count, min(period_start) AS first_period, max(period_end) AS last_period
    FROM core_outcomes
    WHERE is_current
    GROUP BY ALL
),
labels AS (
    SELECT outcome_dataset_id, metric_id, min(value_raw) AS label
    FROM lake_outcomes
    WHERE entity_kind IS NULL AND metric_id IS NOT NULL AND len(outcome_flags) = 0
    GROUP BY ALL
)
SELECT
    m.* EXCLUDE (is_named, metric_title),
    CASE WHEN m.is_named THEN m.metric_title ELSE coalesce(l.label, m.metric_title || ' (' || m.metric_id || ')') END AS metric_title,
    coalesce(c.value_count, 0) AS value_count, coalesce(c.reported_count, 0) AS reported_count,
    coalesce(c.entity_count, 0) AS entity_count, c.first_period, c.last_period
FROM ref_outcome_metrics AS m
LEFT JOIN counts AS c ON c.outcome_dataset_id = m.outcome_dataset_id AND c.metric_id = m.metric_id
LEFT JOIN labels AS l ON l.outcome_dataset_id = m.outcome_dataset_id AND l.metric_id = m.metric_id
ORDER BY m.outcome_dataset_id, m.metric_id;
