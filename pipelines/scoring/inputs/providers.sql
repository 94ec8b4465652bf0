SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, period_end, breakdown ->> 'sector' AS sector, breakdown ->> 'age_band' AS stratum,
       sum(value) FILTER (metric_id = 'cases') AS cases, sum(value) FILTER (metric_id = 'events') AS events
FROM core_outcomes WHERE outcome_dataset_id = 'provider-outcomes' AND is_current GROUP BY ALL
