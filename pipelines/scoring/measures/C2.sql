-- Months published by now over months due; a nil return counts as published. Where nobody has searched the source for a
-- month that is not at hand, it is not known whether it is missing, and the share cannot be told.
SELECT entity_id, fy_label(due_month) AS period_label, fy_end(due_month) AS period_end,
       CASE WHEN bool_and(is_published IS NOT NULL) THEN 100.0 * count(*) FILTER (is_published) / count(*) END AS value, count(*) AS n,
       CASE WHEN NOT bool_and(is_published IS NOT NULL)
            THEN count(*) FILTER (is_published IS NULL) || ' of ' || count(*) || ' months not observed, and not searched for at the source' END AS reason
FROM in_calendar GROUP BY entity_id, fy_label(due_month), fy_end(due_month)
