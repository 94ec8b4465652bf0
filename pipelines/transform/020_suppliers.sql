-- Every spelling of a supplier's name with its key, and the first payee rule that the name meets (by its own words, or
-- because a code list names it). Worked out once a spelling, not once a line. `rule_no` is the rule's place in the order of priority.
CREATE OR REPLACE TEMP TABLE stg_suppliers AS
SELECT
    n.supplier_name, n.supplier_key,
    dense_rank() OVER (ORDER BY n.supplier_key)::INTEGER AS supplier_no,
    least(payee_rule_of_supplier_name(upper(n.supplier_name)), payee_rule_of_supplier_key(n.supplier_key), b.rule_no) AS rule_no,
    CASE WHEN b.rule_no IS NOT NULL THEN b.listed END AS listed,
    b.rule_no AS list_rule_no
FROM (
    SELECT supplier_name, supplier_key_of(supplier_name) AS supplier_key
    FROM (SELECT DISTINCT coalesce(supplier_name, '') AS supplier_name FROM lake_rows WHERE row_class = 'transaction')
) AS n
LEFT JOIN (
    -- Councils have no slug in the list: there the name stands for the entry.
    SELECT
        supplier_key_of(name) AS supplier_key, coalesce(min(nullif(govuk_slug, '')), min(name)) AS listed,
        any_value(rule_no) AS rule_no
    FROM ref_public_bodies GROUP BY 1 HAVING supplier_key_of(name) <> ''
) AS b USING (supplier_key);
