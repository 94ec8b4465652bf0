-- The index runs from 0 to 100. Answers are counted where the survey publishes their number.
SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, period_end,
       max(value) FILTER (metric_id = 'ees') AS engagement, max(value) FILTER (metric_id = 'n')::BIGINT AS n
FROM possible_outcomes WHERE outcome_dataset_id = 'civil-service-people-survey' AND entity_kind = 'survey_unit' AND is_current AND breakdown IS NULL
GROUP BY ALL
