-- Months published by now over months due; a nil return counts as published.
SELECT entity_id, fy_label(due_month) AS period_label, fy_end(due_month) AS period_end,
       100.0 * count(*) FILTER (is_published) / count(*) AS value, count(*) AS n
FROM in_calendar GROUP BY entity_id, fy_label(due_month), fy_end(due_month)
