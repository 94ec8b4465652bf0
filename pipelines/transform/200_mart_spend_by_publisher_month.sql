-- Counted spending by publisher, month of payment and payee kind. Lines without a date stand in no month.
INSERT INTO mart_spend_by_publisher_month BY NAME
SELECT
    t.publisher_id, t.payment_month, t.financial_year, t.payee_kind,
    count(*) AS line_count, count(DISTINCT t.payment_id) AS payment_count, count(DISTINCT t.supplier_key) AS supplier_count,
    as_money(sum(t.amount_gbp)) AS amount_gbp,
    as_real_money(sum(t.amount_gbp), any_value(d.factor)) AS amount_real_gbp,
    (SELECT vintage FROM ref_deflator_vintage) AS deflator_vintage
FROM core_transactions AS t LEFT JOIN ref_deflator AS d USING (financial_year)
WHERE t.is_counted AND t.payment_month IS NOT NULL
GROUP BY t.publisher_id, t.payment_month, t.financial_year, t.payee_kind
ORDER BY t.publisher_id, t.payment_month, t.payee_kind;
