-- Counted spending by supplier, publisher and financial year; lines without a date have an empty year.
INSERT INTO mart_spend_by_supplier_year BY NAME
SELECT
    t.supplier_key, s.supplier_name, s.payee_kind, t.publisher_id, t.financial_year,
    count(*) AS line_count, count(DISTINCT t.payment_id) AS payment_count,
    as_money(sum(t.amount_gbp)) AS amount_gbp,
    as_real_money(sum(t.amount_gbp), any_value(d.factor)) AS amount_real_gbp,
    (SELECT vintage FROM ref_deflator_vintage) AS deflator_vintage
FROM core_transactions AS t
JOIN core_suppliers AS s USING (supplier_key)
LEFT JOIN ref_deflator AS d USING (financial_year)
WHERE t.is_counted
GROUP BY t.supplier_key, s.supplier_name, s.payee_kind, t.publisher_id, t.financial_year
ORDER BY t.supplier_key, t.publisher_id, t.financial_year NULLS LAST;
