-- One less the owners who left since the year before over the mean number of owners. A project that ended is no departure.
WITH years AS (
    SELECT entity_id, fy_end(period_end) AS year_end, project, owner FROM in_projects WHERE owner IS NOT NULL AND owner <> ''
),
counts AS (SELECT entity_id, year_end, count(*) AS k FROM years GROUP BY ALL),
pairs AS (
    SELECT now.entity_id, now.year_end, count(*) FILTER (now.owner <> past.owner) AS left_count
    FROM years AS now JOIN years AS past
      ON past.entity_id = now.entity_id AND past.project = now.project AND past.year_end = fy_end(now.year_end - INTERVAL 1 YEAR)
    GROUP BY ALL
)
SELECT p.entity_id, fy_label(p.year_end) AS period_label, p.year_end AS period_end,
       1 - p.left_count / ((a.k + b.k) / 2.0) AS value, a.k AS n
FROM pairs AS p JOIN counts AS a ON a.entity_id = p.entity_id AND a.year_end = p.year_end
JOIN counts AS b ON b.entity_id = p.entity_id AND b.year_end = fy_end(p.year_end - INTERVAL 1 YEAR)
