-- title: An empty amount has its published text or a flag beside it
SELECT transaction_id, distribution_id, sheet, line_number
FROM core_transactions
WHERE amount_gbp IS NULL AND coalesce(trim(amount_raw), '') = '' AND len(coalesce(flags, [])) = 0;
