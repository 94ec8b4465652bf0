-- Every row that is no transaction, with the reason, in the order of the lake.
INSERT INTO core_set_aside_rows BY NAME
SELECT
    identifier_of(concat_ws(chr(31), r.distribution_id, r.sheet, r.line_number, r.row_hash)) AS set_aside_id,
    r.publisher_id, r.distribution_id, r.row_class AS reason_code, r.reason_detail, r.raw_cells,
    f.snapshot_sha256, f.source_url, f.source_path, r.sheet, r.line_number
FROM lake_rows AS r JOIN stg_files AS f USING (distribution_id)
WHERE r.row_class <> 'transaction'
ORDER BY r.place;
