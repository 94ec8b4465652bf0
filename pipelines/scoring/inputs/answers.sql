SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, period_end,
       max(value) FILTER (metric_id = 'started') AS started, max(value) FILTER (metric_id = 'completed') AS completed,
       sum(value) FILTER (metric_id IN ('very_satisfied', 'satisfied')) AS satisfied,
       sum(value) FILTER (metric_id IN ('very_satisfied', 'satisfied', 'neither', 'dissatisfied', 'very_dissatisfied')) AS answered
FROM possible_outcomes WHERE outcome_dataset_id = 'service-satisfaction' AND is_current GROUP BY coalesce(outcome_publisher_id, entity_id), breakdown, period_end
