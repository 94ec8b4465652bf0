-- One line a supplier key that counted lines pay. Spelling and payee kind are those of most lines, then the first by
-- alphabet. The empty key gathers the lines without a name, so that the amounts here add up to all that is counted.
INSERT INTO core_suppliers BY NAME
WITH names AS (
    SELECT supplier_key, coalesce(supplier_name, '') AS supplier_name, count(*) AS n
    FROM core_transactions WHERE is_counted GROUP BY ALL
),
spellings AS (
    SELECT supplier_key, count(*) AS name_count, arg_max(supplier_name, (n, -place)) AS supplier_name
    FROM (SELECT *, row_number() OVER (ORDER BY supplier_name) AS place FROM names) GROUP BY supplier_key
),
kinds AS (
    SELECT supplier_key, payee_kind
    FROM core_transactions WHERE is_counted GROUP BY supplier_key, payee_kind
    QUALIFY row_number() OVER (PARTITION BY supplier_key ORDER BY count(*) DESC, payee_kind) = 1
),
totals AS (
    SELECT
        supplier_key, count(DISTINCT publisher_id) AS publisher_count, count(*) AS line_count,
        as_money(sum(amount_gbp)) AS amount_gbp, min(payment_date) AS first_date, max(payment_date) AS last_date
    FROM core_transactions WHERE is_counted GROUP BY supplier_key
)
SELECT * FROM totals JOIN spellings USING (supplier_key) JOIN kinds USING (supplier_key)
ORDER BY supplier_key;
