-- Every promise in each year from its announcement (else its baseline) until its date or its successor.
SELECT coalesce(owner_publisher_id, entity_id) AS entity_id, target_id, y.period_end,
       coalesce(is_metric_given, false) AS has_metric, baseline_value IS NOT NULL AS has_baseline,
       target_value IS NOT NULL AS has_target, target_date IS NOT NULL AS has_date, coalesce(target_owner, '') <> '' AS has_owner
FROM core_targets AS t
JOIN in_years AS y ON y.period_end >= coalesce(announced_date, baseline_date, DATE '1900-01-01')
                  AND y.period_end <= coalesce(target_date, ref_as_of())
WHERE coalesce(owner_publisher_id, entity_id) IS NOT NULL AND superseded_by_target_id IS NULL
