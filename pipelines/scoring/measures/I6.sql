-- A body's cost of its own mix of activities over what the median peer's unit costs make of it. Within one year the
-- deflator cancels; peers are the bodies of one family that give the activity, three at least.
WITH own AS (
    SELECT entity_id, activity, fy_end(period_end) AS year_end, sum(volume) AS v, sum(volume * unit_cost) / nullif(sum(volume), 0) AS c,
           bool_or(unit IS NULL) AS is_guess
    FROM in_unit_costs WHERE volume > 0 AND unit_cost > 0 GROUP BY ALL
),
peers AS (
    SELECT family, activity, year_end, median(c) AS c, count(*) AS k
    FROM own JOIN in_bodies USING (entity_id) GROUP BY ALL HAVING count(*) >= 3
)
SELECT own.entity_id, fy_label(year_end) AS period_label, year_end AS period_end,
       sum(v * own.c) / sum(v * peers.c) AS value, min(k) AS n,
       CASE WHEN bool_or(is_guess) THEN 'kinds of transaction guessed from names, not like for like' END AS note
FROM own JOIN in_bodies USING (entity_id) JOIN peers USING (family, activity, year_end) GROUP BY ALL
