-- Costs by unit and activity. Where no such figures are held, the costs of transaction services stand in: each service's
-- latest period of the year, its kind guessed from its name, and no unit of an organisation behind it.
WITH services AS (
    SELECT outcome_publisher_id AS body_id, entity_id AS service_id, entity_name, period_end,
           max(value) FILTER (metric_id = 'volume') AS volume, max(value) FILTER (metric_id = 'cost_per_transaction') AS unit_cost
    FROM possible_outcomes
    WHERE outcome_dataset_id = 'govuk-service-performance' AND entity_kind = 'service' AND is_current
      AND NOT EXISTS (SELECT 1 FROM possible_outcomes WHERE outcome_dataset_id = 'unit-costs')
    GROUP BY outcome_publisher_id, entity_id, entity_name, period_end HAVING max(value) FILTER (metric_id = 'volume') > 0 AND max(value) FILTER (metric_id = 'cost_per_transaction') > 0
    QUALIFY row_number() OVER (PARTITION BY entity_id, fy_end(period_end) ORDER BY period_end DESC, entity_name) = 1
),
kinds AS (
    SELECT *, CASE WHEN regexp_matches(entity_name, 'tax|duty|duties|levy|return', 'i') THEN 'taxes and duties'
                   WHEN regexp_matches(entity_name, 'claim|benefit|allowance|pension|grant|payment|scheme', 'i') THEN 'claims and payments'
                   WHEN regexp_matches(entity_name, 'licen[cs]|permit|certificat|passport|visa', 'i') THEN 'licences and certificates'
                   WHEN regexp_matches(entity_name, 'regist|notif|record|file|filing', 'i') THEN 'registrations and notices'
                   WHEN regexp_matches(entity_name, 'test|book|appointment|exam', 'i') THEN 'tests and bookings'
                   ELSE 'other transactions' END AS activity
    FROM services
)
SELECT coalesce(outcome_publisher_id, entity_id) AS entity_id, breakdown ->> 'unit' AS unit, breakdown ->> 'activity' AS activity, period_end,
       max(value) FILTER (metric_id = 'volume') AS volume, max(value) FILTER (metric_id = 'unit_cost') AS unit_cost
FROM possible_outcomes WHERE outcome_dataset_id = 'unit-costs' AND is_current GROUP BY ALL
UNION ALL SELECT body_id, NULL, activity, period_end, volume, unit_cost FROM kinds WHERE body_id IS NOT NULL
UNION ALL SELECT service_id, NULL, activity, period_end, volume, unit_cost FROM kinds
