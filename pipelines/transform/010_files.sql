-- One line a distribution, numbered in the order of publisher and identifier, with the publication it belongs to.
-- A publication is one publisher's release of one series for one period. A file without a period is one of its own:
-- nothing says that two such files belong together.
CREATE OR REPLACE TEMP TABLE stg_files AS
SELECT
    row_number() OVER (ORDER BY publisher_id, distribution_id)::INTEGER AS file_no,
    identifier_of(concat_ws(
        chr(31), publisher_id, series, coalesce(period_start::VARCHAR, ''), coalesce(period_end::VARCHAR, ''),
        CASE WHEN period_start IS NULL OR period_end IS NULL THEN distribution_id ELSE '' END)) AS publication_id,
    dense_rank() OVER (ORDER BY publisher_id)::INTEGER AS publisher_no,
    CASE
        WHEN period_start IS NOT NULL AND period_end IS NOT NULL
            THEN greatest(date_diff('month', period_start, period_end) + 1, 1)
    END::INTEGER AS period_months,
    *
FROM lake_files;

-- One line a sheet that holds transactions: the unit that can be held against another as "the same list".
CREATE OR REPLACE TEMP TABLE stg_sheets AS
SELECT row_number() OVER (ORDER BY f.file_no, r.sheet)::INTEGER AS unit_no, f.file_no, f.publisher_no, r.distribution_id, r.sheet
FROM (SELECT DISTINCT distribution_id, sheet FROM lake_rows WHERE row_class = 'transaction') AS r
JOIN stg_files AS f USING (distribution_id);
