-- Shares of the register, and those that bodies publish as data.
INSERT INTO core_attribution BY NAME
SELECT * FROM ref_attribution
UNION ALL BY NAME
SELECT
    coalesce(outcome_publisher_id, entity_id) AS publisher_id, json_extract_string(breakdown, '$.programme') AS programme_name,
    period_label AS financial_year, json_extract_string(breakdown, '$.outcome') AS target_outcome, value AS alpha,
    json_extract_string(attributes, '$.basis') AS attribution_basis, json_extract_string(attributes, '$.confidence') AS confidence,
    TRY_CAST(TRY_CAST(json_extract_string(attributes, '$.programme_spend_gbp_m') AS DECIMAL(18, 6)) * 1000000 AS DECIMAL(18, 2)) AS programme_spend_gbp,
    outcome_dataset_id AS attribution_origin, 'Attribution as published' AS citation,
    json_extract_string(attributes, '$.source_url') AS citation_url, false AS is_verified,
    'Taken from the published file; not compared with another source.' AS verification_note
FROM core_outcomes
WHERE outcome_dataset_id = 'outcome-attribution' AND metric_id = 'alpha' AND is_current
ORDER BY publisher_id, programme_name, financial_year, target_outcome;
