-- A promise that is published with a unit of its own is of that unit; per cent of the register of plans are shares.
-- A promise asked of each entity becomes one promise for each that has the metric. Whom it counts for is the body.
WITH about AS (
    SELECT DISTINCT outcome_dataset_id, metric_id, coalesce(breakdown, '') AS breakdown, entity_id, entity_kind,
           coalesce(outcome_publisher_id, entity_id) AS body_id
    FROM core_outcomes WHERE value IS NOT NULL AND is_current
)
SELECT t.target_id, t.target_title, a.entity_id,
       CASE WHEN a.entity_kind IN ('country', 'total') THEN coalesce(t.owner_publisher_id, a.entity_id)
            WHEN a.body_id IN (SELECT publisher_id FROM core_publishers) THEN a.body_id ELSE a.entity_id END AS body_id,
       t.outcome_dataset_id || '/' || t.metric_id || '/' || CASE WHEN t.is_for_each_entity THEN '' ELSE coalesce(t.target_outcome, '') END AS peer_group,
       CASE t.metric_direction WHEN 'lower' THEN -1 ELSE 1 END AS direction,
       t.baseline_value, t.baseline_date, t.target_value, t.target_date, coalesce(t.plan_shape, 'line') AS plan_shape,
       t.plan_points, coalesce(t.tolerance, 0) AS tolerance, coalesce(t.target_unit, m.metric_unit) AS unit,
       CASE WHEN t.target_unit = '%' THEN 0 ELSE m.lowest_possible END AS lowest,
       CASE WHEN t.target_unit = '%' THEN 100 ELSE m.highest_possible END AS highest
FROM core_targets AS t
JOIN about AS a ON a.outcome_dataset_id = t.outcome_dataset_id AND a.metric_id = t.metric_id
  AND a.breakdown = coalesce(t.breakdown, '') AND (a.entity_id = t.entity_id OR (t.is_for_each_entity AND a.entity_kind NOT IN ('country', 'total')))
LEFT JOIN core_outcome_metrics AS m ON m.outcome_dataset_id = t.outcome_dataset_id AND m.metric_id = t.metric_id
WHERE t.target_value IS NOT NULL
