-- Extra cost over extra effect since the period before, over the programmes that give both. Shown, never ranked.
WITH steps AS (
    SELECT entity_id, period_end,
           cost - lag(cost) OVER w AS extra_cost, effect - lag(effect) OVER w AS extra_effect
    FROM in_effects WINDOW w AS (PARTITION BY entity_id, programme ORDER BY period_end)
)
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       sum(extra_cost) / nullif(sum(extra_effect), 0) AS value, count(*) AS n,
       CASE WHEN sum(extra_cost) <= 0 AND sum(extra_effect) >= 0 THEN 'costs no more, does no less'
            WHEN sum(extra_cost) >= 0 AND sum(extra_effect) <= 0 THEN 'costs no less, does no more'
            WHEN sum(extra_cost) > 0 THEN 'costs more, does more' ELSE 'costs less, does less' END AS note
FROM steps WHERE extra_cost IS NOT NULL AND extra_effect IS NOT NULL GROUP BY ALL
