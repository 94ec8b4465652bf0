SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, period_end,
       max(value) FILTER (metric_id = 'staff_fte') AS input_1, max(value) FILTER (metric_id = 'running_cost') AS input_2,
       max(value) FILTER (metric_id = 'cases_closed') AS output_1, max(value) FILTER (metric_id = 'people_helped') AS output_2
FROM possible_outcomes WHERE outcome_dataset_id = 'inputs-and-outputs' AND is_current GROUP BY ALL
