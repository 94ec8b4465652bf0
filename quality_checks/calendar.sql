-- What became of every month that was due. Reads calendar_due, calendar_stand_ins, calendar_searches and
-- calendar_withdrawn, which quality_checks.calendar fills, and the files of core_distributions.

-- The files that show that a month was published. What could not be had, holds no byte or is a web page shows nothing.
-- A file whose series is not known may be the list over the threshold; that is more lenient than to overlook it.
CREATE OR REPLACE TEMP TABLE calendar_files AS
SELECT
    publisher_id, publication_id, published_date,
    CASE WHEN series = 'unknown' THEN 'spend_over_threshold' ELSE series END AS series,
    date_trunc('month', period_start)::DATE AS first_month,
    period_end AS last_day,
    date_diff('month', period_start, period_end) AS length,
    coalesce(file_reason_code = 'nil_return', false) AS is_nil
FROM core_distributions
WHERE period_start IS NOT NULL AND period_end >= period_start
  AND coalesce(file_reason_code, '') NOT IN ('web_page', 'empty_file', 'no_access');

-- A file for a quarter or a year covers its months. A day before the month began is that of the page, not of this list.
CREATE OR REPLACE TEMP TABLE calendar_covered AS
WITH owners AS (
    SELECT publisher_id, series, due_month, publisher_id AS owner_id, 0 AS distance FROM calendar_due
    UNION ALL
    SELECT d.publisher_id, d.series, d.due_month, s.other_id, 1
    FROM calendar_due AS d JOIN calendar_stand_ins AS s USING (publisher_id, due_month)
),
covering AS (
    SELECT
        o.*, f.publication_id, f.is_nil, f.length, f.first_month,
        CASE WHEN f.published_date >= o.due_month THEN f.published_date END AS published_date
    FROM owners AS o
    JOIN calendar_files AS f
      ON f.publisher_id = o.owner_id AND f.series = o.series
     AND o.due_month BETWEEN f.first_month AND f.last_day
    QUALIFY o.distance = min(o.distance) OVER (PARTITION BY o.publisher_id, o.series, o.due_month)
)
SELECT
    publisher_id, series, due_month,
    min(published_date) AS published_date,
    bool_and(published_date IS NOT NULL) AS all_dated,
    bool_and(is_nil) AS is_nil,
    arg_min(publication_id, (is_nil, length, first_month, publication_id)) AS publication_id
FROM covering
GROUP BY publisher_id, series, due_month;

CREATE OR REPLACE TEMP TABLE calendar_found AS
WITH searched AS (
    SELECT d.publisher_id, d.series, d.due_month, max(s.searched_date) AS searched_date
    FROM calendar_due AS d
    JOIN calendar_searches AS s USING (publisher_id, series, due_month)
    WHERE s.searched_date > d.due_date AND s.searched_date <= getvariable('calendar_as_of')
    GROUP BY ALL
),
withdrawn AS (
    SELECT DISTINCT d.publisher_id, d.series, d.due_month
    FROM calendar_due AS d
    JOIN calendar_withdrawn AS w
      ON w.publisher_id = d.publisher_id AND w.series = d.series
     AND d.due_month BETWEEN date_trunc('month', w.period_start) AND w.period_end
)
SELECT
    d.publisher_id, d.series, d.due_month, d.due_date,
    CASE
        WHEN c.is_nil THEN 'nil_return'
        WHEN c.published_date <= d.due_date THEN 'on_time'
        WHEN c.publication_id IS NOT NULL AND NOT c.all_dated THEN 'published'
        WHEN c.publication_id IS NOT NULL THEN 'late'
        WHEN w.publisher_id IS NOT NULL THEN 'withdrawn'
        WHEN getvariable('calendar_as_of') <= d.due_date THEN 'too_early'
        WHEN s.searched_date IS NOT NULL THEN 'missing'
        ELSE 'not_observed'
    END AS calendar_status,
    CASE WHEN c.all_dated OR c.published_date <= d.due_date THEN c.published_date END AS published_date,
    CASE WHEN c.all_dated AND c.published_date > d.due_date THEN c.published_date - d.due_date END AS days_late,
    CASE WHEN c.publication_id IS NULL AND w.publisher_id IS NULL THEN s.searched_date END AS searched_date,
    c.publication_id
FROM calendar_due AS d
LEFT JOIN calendar_covered AS c USING (publisher_id, series, due_month)
LEFT JOIN withdrawn AS w USING (publisher_id, series, due_month)
LEFT JOIN searched AS s USING (publisher_id, series, due_month);
