-- Counted spending by publisher, financial year and expense type as published; lines without a date have an empty year.
INSERT INTO mart_spend_by_expense_type BY NAME
SELECT
    t.publisher_id, t.financial_year, coalesce(t.expense_type, '') AS expense_type,
    count(*) AS line_count, count(DISTINCT t.supplier_key) AS supplier_count,
    as_money(sum(t.amount_gbp)) AS amount_gbp,
    as_real_money(sum(t.amount_gbp), any_value(d.factor)) AS amount_real_gbp,
    (SELECT vintage FROM ref_deflator_vintage) AS deflator_vintage
FROM core_transactions AS t LEFT JOIN ref_deflator AS d USING (financial_year)
WHERE t.is_counted
GROUP BY t.publisher_id, t.financial_year, coalesce(t.expense_type, '')
ORDER BY t.publisher_id, t.financial_year NULLS LAST, expense_type;
