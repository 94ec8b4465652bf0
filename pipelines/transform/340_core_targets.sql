-- Promises of the register, and those that bodies publish as data. A baseline that the register leaves to the figures is
-- the current one of the period that ends on its date. A target that equals its baseline is one to hold.
INSERT INTO core_targets BY NAME
WITH baselines AS (
    SELECT t.target_id, max(o.value) AS value
    FROM ref_targets AS t
    JOIN core_outcomes AS o
        ON o.outcome_dataset_id = t.outcome_dataset_id AND o.entity_id = t.entity_id AND o.metric_id = t.metric_id
        AND o.period_end = t.baseline_date AND o.is_current AND o.breakdown IS NULL
    GROUP BY ALL
)
SELECT t.* REPLACE (coalesce(t.baseline_value, b.value) AS baseline_value)
FROM ref_targets AS t
LEFT JOIN baselines AS b ON b.target_id = t.target_id
UNION ALL BY NAME
SELECT
    json_extract_string(breakdown, '$.outcome_id') AS target_id,
    json_extract_string(attributes, '$.outcome') AS target_title,
    json_extract_string(attributes, '$.outcome') AS target_outcome,
    outcome_dataset_id, 'progress' AS metric_id, entity_id, breakdown, false AS is_for_each_entity,
    CASE json_extract_string(attributes, '$.direction') WHEN '-' THEN 'lower' ELSE 'higher' END AS metric_direction,
    json_extract_string(attributes, '$.metric') IS NOT NULL AS is_metric_given,
    json_extract_string(attributes, '$.metric') AS target_unit,
    TRY_CAST(json_extract_string(attributes, '$.baseline_value') AS DOUBLE) AS baseline_value,
    last_day(TRY_CAST(json_extract_string(attributes, '$.baseline_date') AS DATE)) AS baseline_date,
    value AS target_value, TRY_CAST(json_extract_string(attributes, '$.target_date') AS DATE) AS target_date,
    json_extract_string(attributes, '$.owner') AS target_owner, outcome_publisher_id AS owner_publisher_id,
    CASE
        WHEN value = TRY_CAST(json_extract_string(attributes, '$.baseline_value') AS DOUBLE) THEN 'hold'
        WHEN json_extract_string(attributes, '$.plan_shape') = 'logistic' THEN 'logistic'
        ELSE 'line'
    END AS plan_shape,
    outcome_dataset_id AS target_origin, 'Register of targets, as published' AS citation,
    json_extract_string(attributes, '$.source_url') AS citation_url, false AS is_verified,
    'Taken from the published file; not compared with another source.' AS verification_note
FROM core_outcomes
WHERE outcome_dataset_id = 'outcome-plans' AND metric_id = 'target_value' AND is_current
ORDER BY target_id;
