-- title: A line is counted, or it is not and says why
SELECT transaction_id, is_counted, not_counted_reason
FROM core_transactions
WHERE is_counted IS NULL OR is_counted = (not_counted_reason IS NOT NULL);
