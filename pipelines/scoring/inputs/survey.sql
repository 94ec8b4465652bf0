SELECT breakdown ->> 'body' AS entity_id, breakdown ->> 'question' AS question, entity_name AS country,
       entity_name IN ('UK', 'United Kingdom', 'Sampleland') AS is_home, period_end, value AS share, sample_size AS n
FROM core_outcomes WHERE outcome_dataset_id = 'citizen-survey' AND metric_id = 'answered_yes_pct' AND is_current
  AND (breakdown ->> 'body') IS NOT NULL AND period_end IS NOT NULL
