-- title: No place in a file is both a transaction and a set-aside row
SELECT t.distribution_id, t.sheet, t.line_number
FROM core_transactions AS t JOIN core_set_aside_rows AS s USING (distribution_id, sheet, line_number);
