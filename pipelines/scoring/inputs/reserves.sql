-- Other earmarked plus unallocated reserves. Bodies that are no councils (police, fire, waste) are outside.
SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, period_end,
       max(value) FILTER (metric_id = 'usable_reserves_opening') AS opening,
       max(value) FILTER (metric_id = 'usable_reserves_closing') AS closing
FROM possible_outcomes WHERE outcome_dataset_id = 'local-authority-reserves' AND entity_kind = 'council' AND is_current GROUP BY ALL
