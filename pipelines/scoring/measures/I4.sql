-- Mean absolute percentage error over the control totals of the year. An outturn near nothing has no percentage.
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       avg(abs(forecast - outturn) / abs(outturn)) AS value, count(*) AS n
FROM in_budgets WHERE forecast IS NOT NULL AND outturn IS NOT NULL AND abs(outturn) > 1e-9 GROUP BY ALL
