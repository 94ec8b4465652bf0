-- Median days from the end of the period to publication, over the releases about periods that end in the year.
SELECT entity_id, fy_label(period_end) AS period_label, fy_end(period_end) AS period_end,
       median(days) AS value, count(*) AS n
FROM in_releases WHERE days IS NOT NULL GROUP BY ALL
