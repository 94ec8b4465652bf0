-- u: money that no supplier can be named for (withheld or empty names), and the months that are not held at the mean of
-- those that are, over all that could be external. An amount that cannot be read has no money to count.
WITH months AS (
    SELECT publisher_id, financial_year, count(DISTINCT payment_month) AS months FROM mart_spend_by_publisher_month GROUP BY ALL
),
money AS (
    SELECT publisher_id, financial_year,
           coalesce(sum(amount_gbp) FILTER (payee_kind = 'external_supplier' AND coalesce(supplier_key, '') <> '' AND amount_gbp > 0), 0)::DOUBLE AS named,
           coalesce(sum(amount_gbp) FILTER ((payee_kind = 'withheld' OR coalesce(supplier_key, '') = '') AND amount_gbp > 0), 0)::DOUBLE AS unnamed
    FROM core_transactions WHERE is_counted GROUP BY ALL
)
SELECT publisher_id AS entity_id, make_date(left(financial_year, 4)::INT + 1, 3, 31) AS period_end,
       (unnamed + missing) / nullif(named + unnamed + missing, 0) AS unattributable_share
FROM (SELECT *, (named + unnamed) / months * greatest(12 - months, 0) AS missing FROM money JOIN months USING (publisher_id, financial_year))
WHERE financial_year IS NOT NULL
