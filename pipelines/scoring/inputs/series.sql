-- The figures that a promise is about, by promise: `peer_group` holds the promise's id here.
SELECT t.target_id AS peer_group, o.entity_id, o.period_end, o.value, o.sample_size AS n, m.metric_frequency AS frequency
FROM possible_outcomes AS o
JOIN core_targets AS t ON o.outcome_dataset_id = t.outcome_dataset_id AND o.metric_id = t.metric_id
  AND coalesce(o.breakdown, '') = coalesce(t.breakdown, '')
LEFT JOIN core_outcome_metrics AS m ON m.outcome_dataset_id = o.outcome_dataset_id AND m.metric_id = o.metric_id
WHERE o.is_current AND o.value IS NOT NULL AND o.period_end IS NOT NULL
