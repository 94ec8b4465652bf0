SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, breakdown ->> 'policy' AS policy, breakdown ->> 'party' AS party, period_end,
       max(value) FILTER (metric_id = 'cost_share') AS cost_share, max(value) FILTER (metric_id = 'benefit_share') AS benefit_share
FROM possible_outcomes WHERE outcome_dataset_id = 'cost-and-benefit-shares' AND is_current GROUP BY ALL
