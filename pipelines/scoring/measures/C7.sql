-- The home country's share less the mean of its peers', in points, averaged over the questions asked in both. No error
-- where the size of any sample is not published; below 500 answers at home nothing is shown. A survey that does not say its
-- year has its own name for the period, and a day of 1900 that puts it behind every year.
WITH questions AS (
    SELECT entity_id, question, period_end, period_name,
           avg(share) FILTER (is_home) - avg(share) FILTER (NOT is_home) AS gap,
           any_value(n) FILTER (is_home) AS home_n, bool_and(n IS NOT NULL) AS all_known,
           sum(share * (100 - share) / nullif(n, 0)) FILTER (is_home)
             + sum(share * (100 - share) / nullif(n, 0)) FILTER (NOT is_home) / nullif(count(*) FILTER (NOT is_home) ** 2, 0) AS variance
    FROM (SELECT * REPLACE (CASE WHEN n > 0 THEN n END AS n) FROM in_survey) WHERE share BETWEEN 0 AND 100 GROUP BY ALL
), together AS (
    SELECT entity_id, coalesce(fy_end(period_end), DATE '1900-03-31') AS period_end, period_name AS label, avg(gap) AS gap, min(home_n) AS n,
           CASE WHEN bool_and(all_known) THEN sqrt(sum(variance)) / count(*) END AS se,
           string_agg(printf('%s: %+.1f', question, gap), '; ' ORDER BY question) AS gaps,
           CASE WHEN min(home_n) IS NULL THEN 'size of the home sample not published' WHEN min(home_n) < 500 THEN 'fewer than 500 answers' END AS reason
    FROM questions WHERE gap IS NOT NULL GROUP BY ALL
)
SELECT entity_id, label, period_end, CASE WHEN reason IS NULL THEN gap END AS value, CASE WHEN reason IS NULL THEN se END AS se, n, reason,
       CASE WHEN se IS NULL THEN gaps || '; no z-test, since the sizes of the peers'' samples are not published'
            ELSE printf('%s; z %+.2f', gaps, gap / nullif(se, 0)) END AS note
FROM together
