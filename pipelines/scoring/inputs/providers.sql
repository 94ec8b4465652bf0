-- Cases and events by provider's sector. Emergency departments publish no sector: it is guessed from the provider's name,
-- and "not known" where the name does not say. There the kind of department is the case-mix, events are waits over four
-- hours, and providers that do not report them are left out with their cases.
SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, period_end, breakdown ->> 'sector' AS sector, breakdown ->> 'age_band' AS stratum,
       sum(value) FILTER (metric_id = 'cases') AS cases, sum(value) FILTER (metric_id = 'events') AS events, false AS is_guess
FROM possible_outcomes WHERE outcome_dataset_id = 'provider-outcomes' AND is_current GROUP BY ALL
UNION ALL
SELECT country.entity_id, period_end,
       CASE WHEN regexp_matches(entity_name, '\bNHS\b.*\bTRUST\b', 'i') THEN 'public'
            WHEN regexp_matches(entity_name, '\bC\.?I\.?C\b|COMMUNITY INTEREST|SOCIAL ENTERPRISE|CHARIT|HOSPICE', 'i') THEN 'voluntary'
            WHEN regexp_matches(entity_name, '\b(LTD|LIMITED|PLC|LLP|GROUP)\b', 'i') THEN 'private'
            ELSE 'not known' END AS sector,
       regexp_replace(metric_id, '^(attendances|over_four_hours)_(booked_)?', '') AS stratum,
       sum(value) FILTER (metric_id LIKE 'attendances%') AS cases, sum(value) FILTER (metric_id LIKE 'over%') AS events, true AS is_guess
FROM (
    SELECT *, bool_and(value IS NOT NULL) FILTER (metric_id LIKE 'over_four_hours_%') OVER (PARTITION BY entity_id, period_end) AS is_reported
    FROM possible_outcomes
    WHERE outcome_dataset_id = 'nhs-accident-and-emergency' AND entity_kind = 'trust' AND is_current
      AND regexp_matches(metric_id, '^(attendances|over_four_hours)_(booked_)?(type_1|type_2|other)$')
), (SELECT DISTINCT entity_id FROM possible_outcomes WHERE outcome_dataset_id = 'nhs-accident-and-emergency' AND entity_kind = 'country') AS country
WHERE is_reported GROUP BY ALL
