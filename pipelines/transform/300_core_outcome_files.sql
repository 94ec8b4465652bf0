-- Every file of every outcome dataset with what it gave.
INSERT INTO core_outcome_files BY NAME
WITH counts AS (
    SELECT
        distribution_id,
        count(*) FILTER (metric_id IS NOT NULL AND entity_kind IS NOT NULL) AS value_count,
        count(*) FILTER (metric_id IS NOT NULL AND outcome_status = 'reported') AS reported_count
    FROM lake_outcomes
    GROUP BY ALL
)
SELECT f.* EXCLUDE (value_count, reported_count), coalesce(c.value_count, 0) AS value_count, coalesce(c.reported_count, 0) AS reported_count
FROM lake_outcome_files AS f
LEFT JOIN counts AS c ON c.distribution_id = f.distribution_id
ORDER BY f.outcome_dataset_id, f.source_path;
