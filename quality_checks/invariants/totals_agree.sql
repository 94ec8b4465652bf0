-- title: Payments, suppliers and the tables of totals add up to the counted lines
-- A total too large for DECIMAL(18,2) is left empty; where there is one, the table it stands in is not compared.
WITH counted AS (SELECT sum(amount_gbp) AS total FROM core_transactions WHERE is_counted),
dated AS (SELECT sum(amount_gbp) AS total FROM core_transactions WHERE is_counted AND payment_month IS NOT NULL),
sums AS (
    SELECT 'core_distributions' AS table_name, sum(counted_total_gbp) AS total, bool_or(counted_total_gbp IS NULL) AS has_empty, (SELECT total FROM counted) AS meant FROM core_distributions
    UNION ALL
    SELECT 'core_publications', sum(counted_total_gbp), bool_or(counted_total_gbp IS NULL), (SELECT total FROM counted) FROM core_publications
    UNION ALL
    SELECT 'core_suppliers', sum(amount_gbp), false, (SELECT total FROM counted) FROM core_suppliers
    UNION ALL
    SELECT 'core_payments', sum(amount_gbp), false, (SELECT total FROM counted) FROM core_payments
    UNION ALL
    SELECT 'mart_spend_by_supplier_year', sum(amount_gbp), false, (SELECT total FROM counted) FROM mart_spend_by_supplier_year
    UNION ALL
    SELECT 'mart_spend_by_expense_type', sum(amount_gbp), false, (SELECT total FROM counted) FROM mart_spend_by_expense_type
    UNION ALL
    SELECT 'mart_spend_by_publisher_month', sum(amount_gbp), false, (SELECT total FROM dated) FROM mart_spend_by_publisher_month
)
SELECT table_name, total, meant FROM sums
WHERE coalesce(total, 0) <> coalesce(meant, 0) AND NOT coalesce(has_empty, false) AND abs(meant) < 10000000000000000;
