-- Whole-life cost weighs; a project without a rating that may be seen is left out, and n counts those that are in.
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       sum(whole_life_cost * confidence) / nullif(sum(whole_life_cost), 0) AS value, count(*) AS n
FROM in_projects WHERE confidence IS NOT NULL AND whole_life_cost >= 0 GROUP BY ALL
