-- Counted lines of one publisher, transaction number, supplier and date, added up. Where the lines differ in spelling or
-- payee kind, the first by alphabet stands. In no order, as the release sorts them.
INSERT INTO core_payments BY NAME
SELECT
    payment_id,
    any_value(publisher_id) AS publisher_id,
    min(trim(transaction_number)) AS transaction_number,
    any_value(payment_date) AS payment_date,
    any_value(payment_month) AS payment_month,
    any_value(financial_year) AS financial_year,
    any_value(supplier_key) AS supplier_key,
    min(supplier_name) AS supplier_name,
    min(payee_kind) AS payee_kind,
    count(*) AS line_count,
    as_money(sum(amount_gbp)) AS amount_gbp
FROM core_transactions
WHERE is_counted
GROUP BY payment_id;
