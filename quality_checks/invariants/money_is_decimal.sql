-- title: Money is DECIMAL(18,2)
SELECT table_name, column_name, data_type
FROM duckdb_columns()
WHERE column_name LIKE '%\_gbp' ESCAPE '\' AND regexp_matches(table_name, '^(raw|core|mart)_') AND data_type <> 'DECIMAL(18,2)';
