-- title: Every row leads back to a snapshot, a file and a line
SELECT 'core_transactions' AS table_name, transaction_id AS id
FROM core_transactions AS t ANTI JOIN raw_snapshots AS s USING (distribution_id, snapshot_sha256)
UNION ALL
SELECT 'core_set_aside_rows', set_aside_id
FROM core_set_aside_rows AS t ANTI JOIN raw_snapshots AS s USING (distribution_id, snapshot_sha256)
UNION ALL
SELECT 'core_transactions without line', transaction_id FROM core_transactions WHERE line_number IS NULL
UNION ALL
SELECT 'core_transactions without publication', transaction_id FROM core_transactions ANTI JOIN core_publications USING (publication_id)
UNION ALL
SELECT 'core_distributions without publication', distribution_id FROM core_distributions ANTI JOIN core_publications USING (publication_id)
UNION ALL
SELECT 'core_distributions without publisher', distribution_id FROM core_distributions ANTI JOIN core_publishers USING (publisher_id)
UNION ALL
SELECT 'core_transactions without payment', transaction_id FROM core_transactions ANTI JOIN core_payments USING (payment_id) WHERE is_counted;
