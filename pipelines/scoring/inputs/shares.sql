-- Shares that a funnel can be drawn of: events among cases, by unit, of units that do the same. Of emergency departments those
-- with major attendances that report their waits.
WITH emergency AS (
    SELECT entity_id, period_end, max(value) FILTER (metric_id = 'attendances') AS cases, max(value) FILTER (metric_id = 'over_four_hours') AS late,
           coalesce(sum(value) FILTER (metric_id IN ('attendances_type_1', 'attendances_booked_type_1')), 0) AS majors
    FROM possible_outcomes WHERE outcome_dataset_id = 'nhs-accident-and-emergency' AND entity_kind = 'trust' AND is_current GROUP BY ALL
)
SELECT 'seen within four hours' AS share_of, 'emergency departments with major attendances' AS family, entity_id, period_end,
       cases AS n, cases - late AS events
FROM emergency WHERE majors > 0 AND cases > 0 AND late IS NOT NULL AND period_end IS NOT NULL
UNION ALL
SELECT 'satisfied users', family, entity_id, period_end, sum(answered), sum(satisfied)
FROM in_answers JOIN in_bodies USING (entity_id) WHERE answered > 0 AND satisfied IS NOT NULL AND period_end IS NOT NULL GROUP BY ALL
UNION ALL
SELECT 'completed transactions', family, entity_id, period_end, sum(started), sum(completed)
FROM in_answers JOIN in_bodies USING (entity_id) WHERE started > 0 AND completed IS NOT NULL AND period_end IS NOT NULL GROUP BY ALL
