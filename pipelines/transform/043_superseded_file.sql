-- superseded_file: a later file for the same publisher, series and period takes the place of an earlier one, whole.
-- Later is the one published later, where the source gives the date for every file of that period; else, or on the same
-- date, the one whose name says so (ref_revision_marks: draft, final, amended, v2 ...). Files that nothing orders
-- supersede nothing.
-- They must also hold the same payments: at least half of the earlier file's lines stand in the later one with the same
-- supplier and amount. A revised file keeps nearly all lines; files of different bodies for one month share next to none;
-- half is far from both. Dates are not compared, as they are what revisions often mend. Where the earlier file has fewer
-- than three lines, all of them must be there, with the same date.
CREATE OR REPLACE TEMP TABLE stg_file_rank AS
WITH marked AS (
    SELECT f.file_no, f.publication_id, f.published_date, coalesce(max(m.rank), 0) AS mark,
        coalesce(TRY_CAST(nullif(regexp_extract(lower(f.file_name), '(^|[^a-z0-9])v(er(sion)?)?[ ._-]?([0-9]{1,3})([^0-9]|$)', 4), '') AS INTEGER), 1) AS version
    FROM stg_files AS f
    LEFT JOIN ref_revision_marks AS m ON list_contains(regexp_extract_all(lower(f.file_name), '[a-z]+'), m.mark)
    WHERE f.period_months IS NOT NULL AND f.series <> 'purchasing_card' AND f.transaction_count > 0
    GROUP BY f.file_no, f.publication_id, f.published_date, f.file_name
),
ranked AS (
    SELECT
        file_no, publication_id,
        dense_rank() OVER (
            PARTITION BY publication_id
            ORDER BY CASE WHEN all_dated THEN published_date END, mark, version) AS rank
    FROM (SELECT *, bool_and(published_date IS NOT NULL) OVER (PARTITION BY publication_id) AS all_dated FROM marked)
)
SELECT * FROM ranked QUALIFY max(rank) OVER (PARTITION BY publication_id) > 1;

CREATE OR REPLACE TEMP TABLE stg_superseded AS
WITH lines AS (
    SELECT
        r.publication_id, r.rank, l.file_no, l.supplier_no, l.amount_gbp, l.payment_date,
        row_number() OVER (PARTITION BY l.file_no, l.supplier_no, l.amount_gbp ORDER BY l.payment_date, l.line) AS occurrence
    FROM stg_counted_lines AS l JOIN stg_file_rank AS r USING (file_no)
    WHERE l.amount_gbp IS NOT NULL
),
sizes AS (SELECT file_no, count(*) AS line_count FROM stg_counted_lines SEMI JOIN stg_file_rank USING (file_no) GROUP BY file_no),
pairs AS (
    SELECT
        e.file_no, k.file_no AS by_file_no, k.rank,
        count(*) AS shared, count_if(e.payment_date = k.payment_date) AS shared_with_date
    FROM lines AS e
    JOIN lines AS k
      ON k.publication_id = e.publication_id AND k.supplier_no = e.supplier_no AND k.amount_gbp = e.amount_gbp
     AND k.occurrence = e.occurrence AND k.rank > e.rank
    GROUP BY ALL
)
SELECT file_no, by_file_no
FROM pairs JOIN sizes USING (file_no)
WHERE (line_count >= 3 AND 2 * shared >= line_count) OR shared_with_date = line_count
QUALIFY row_number() OVER (PARTITION BY file_no ORDER BY rank DESC, shared DESC, by_file_no) = 1;

INSERT INTO stg_not_counted
SELECT line, 'superseded_file'
FROM stg_counted_lines SEMI JOIN stg_superseded USING (file_no);
