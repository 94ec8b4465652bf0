-- Answers about a body, or where the survey is about none, about the home country as a whole. A survey may not say its year.
WITH answers AS (
    SELECT *, entity_name IN ('UK', 'United Kingdom', 'Sampleland') AS is_home
    FROM possible_outcomes WHERE outcome_dataset_id = 'citizen-survey' AND metric_id = 'answered_yes_pct' AND is_current
)
SELECT coalesce(breakdown ->> 'body', (SELECT min(entity_id) FROM answers WHERE is_home)) AS entity_id, breakdown ->> 'question' AS question,
       entity_name AS country, is_home, period_end, value AS share, sample_size AS n, CASE WHEN period_end IS NULL THEN period_label END AS period_name
FROM answers
