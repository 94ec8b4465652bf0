-- The same by kind of expense, as published, where a publisher names one.
WITH months AS (
    SELECT publisher_id, financial_year, count(DISTINCT payment_month) AS months
    FROM mart_spend_by_publisher_month GROUP BY ALL
)
SELECT publisher_id AS entity_id, make_date(left(financial_year, 4)::INT + 1, 3, 31) AS period_end, months, expense_type AS category,
       supplier_key, sum(amount_gbp)::DOUBLE AS amount
FROM core_transactions JOIN months USING (publisher_id, financial_year)
WHERE is_counted AND payee_kind = 'external_supplier' AND coalesce(supplier_key, '') <> '' AND coalesce(expense_type, '') <> ''
  AND amount_gbp IS NOT NULL AND months >= 9
GROUP BY ALL
