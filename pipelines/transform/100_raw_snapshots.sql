INSERT INTO raw_snapshots BY NAME
SELECT snapshot_sha256, distribution_id, publisher_id, file_name, source_url, source_path, byte_count
FROM stg_files
ORDER BY file_no;
