-- What would be saved if every unit dearer than the body's median unit came down to it, as a share of the cost.
WITH medians AS (
    SELECT entity_id, activity, fy_end(period_end) AS year_end, median(unit_cost) AS c, count(*) AS k
    FROM in_unit_costs WHERE volume > 0 AND unit_cost IS NOT NULL GROUP BY ALL
)
SELECT u.entity_id, fy_label(u.period_end) AS period_label, fy_end(u.period_end) AS period_end,
       sum(volume * greatest(0, unit_cost - c)) / nullif(sum(volume * unit_cost), 0) AS value, count(*) AS n
FROM in_unit_costs AS u
JOIN medians AS m ON m.entity_id = u.entity_id AND m.activity = u.activity AND m.year_end = fy_end(u.period_end)
WHERE volume > 0 AND unit_cost IS NOT NULL AND k >= 3 GROUP BY u.entity_id, fy_label(u.period_end), fy_end(u.period_end)
