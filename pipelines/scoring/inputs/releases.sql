SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, period_end, value AS days
FROM possible_outcomes WHERE outcome_dataset_id = 'statistics-release-calendar' AND metric_id = 'days_to_publication' AND is_current
