-- content_published_twice, whole lists: two sheets or files of one publisher that hold the same lines.
-- Same lines means the same raw rows; or, for a copy in another format, where cells are written differently, the same
-- dates, suppliers and amounts. Repeated lines count as often as they occur.
-- A list of one or two lines repeats by chance more easily (a rent, a monthly fee): each line must have a date and a
-- transaction number as well. Undated lists need ten equal rows, as nothing says that they are not two months' standing payments.
-- Kept is the list most of whose dates fit its own period, then that of the earliest period, then by name.
-- Exact duplicates inside one list are often legitimate and are not touched.
CREATE OR REPLACE TEMP TABLE stg_same_rows AS
WITH eligible AS (
    SELECT u.*, f.period_start, f.file_name, f.distribution_id
    FROM stg_units AS u JOIN stg_files AS f USING (file_no)
    WHERE f.series <> 'purchasing_card'
      AND (
        (u.line_count >= 3 AND 2 * u.dated_count >= u.line_count)
        OR u.line_count >= 10
        OR (u.dated_count = u.line_count AND u.numbered_count = u.line_count))
)
SELECT unit_no
FROM eligible
QUALIFY row_number() OVER (
    PARTITION BY publisher_no, line_count, rows_print
    ORDER BY in_period_count DESC, period_start NULLS LAST, file_name, distribution_id, unit_no) > 1;

CREATE OR REPLACE TEMP TABLE stg_same_facts AS
WITH eligible AS (
    SELECT
        u.*, f.period_start, f.file_name, f.distribution_id,
        CASE WHEN u.line_count >= 3 THEN u.facts_print ELSE u.numbers_print END AS print
    FROM stg_units AS u JOIN stg_files AS f USING (file_no)
    ANTI JOIN stg_same_rows USING (unit_no)
    WHERE f.series <> 'purchasing_card'
      AND u.dated_count = u.line_count
      AND (u.line_count >= 3 OR u.numbered_count = u.line_count)
)
SELECT unit_no
FROM eligible
QUALIFY row_number() OVER (
    PARTITION BY publisher_no, line_count, print
    ORDER BY in_period_count DESC, period_start NULLS LAST, file_name, distribution_id, unit_no) > 1;

INSERT INTO stg_not_counted
SELECT line, 'content_published_twice'
FROM stg_lines
SEMI JOIN (FROM stg_same_rows UNION ALL FROM stg_same_facts) USING (unit_no);
