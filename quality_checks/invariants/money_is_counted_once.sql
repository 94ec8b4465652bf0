-- title: No publication has two counted copies of one list
-- The raw rows are not at hand here: two files of one publication whose counted lines have the same dates, suppliers and
-- amounts, ten lines at least, all dated, are copies by any reading.
SELECT publication_id, min(distribution_id) AS distribution_id, max(distribution_id) AS other_distribution_id, line_count
FROM (
    SELECT
        publication_id, distribution_id, sheet, count(*) AS line_count,
        sum(hash(payment_date, supplier_key, amount_gbp, trim(transaction_number))) AS print
    FROM core_transactions
    WHERE is_counted
    GROUP BY ALL
    HAVING count(*) >= 10 AND count(payment_date) = count(*)
)
GROUP BY publication_id, line_count, print
HAVING count(*) > 1;
