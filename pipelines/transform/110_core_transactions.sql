-- Every transaction with its text. In no order: two million wide rows are sorted once, by the release.
-- Nothing is imputed: a line without a date stands in no month and no financial year.
-- A line that is not counted is part of no payment. A line without a usable transaction number is a payment of its own.
-- The payee kind is that of the first rule in order of priority that name, expense type, expense area or description meets.
INSERT INTO core_transactions BY NAME
WITH joined AS (
    SELECT
        r.* EXCLUDE (flags), n.reason, f.publication_id, f.period_start, f.period_end, f.source_url, f.source_path,
        s.supplier_key, s.listed, s.list_rule_no, y.payment_month, y.financial_year, g.flags, g.is_withheld, g.keeps_number,
        identifier_of(concat_ws(chr(31), r.publisher_id, r.distribution_id, r.row_hash, r.occurrence)) AS transaction_id,
        least(s.rule_no, t.rule_no, a.rule_no, d.rule_no) AS rule_no
    FROM lake_rows AS r
    JOIN stg_files AS f ON f.distribution_id = r.distribution_id
    JOIN stg_suppliers AS s ON s.supplier_name = coalesce(r.supplier_name, '')
    JOIN stg_expense_types AS t ON t.expense_type = coalesce(r.expense_type, '')
    JOIN stg_expense_areas AS a ON a.expense_area = coalesce(r.expense_area, '')
    JOIN stg_descriptions AS d ON d.description = coalesce(r.description, '')
    JOIN stg_flags AS g ON g.flags = coalesce(r.flags, [])
    LEFT JOIN stg_days AS y ON y.payment_date = r.payment_date
    LEFT JOIN stg_not_counted AS n ON n.line = r.place
    WHERE r.row_class = 'transaction'
)
SELECT
    transaction_id, publisher_id, publication_id, distribution_id, department_family, entity, payment_date,
    date_raw, date_precision, expense_type, expense_area, supplier_name, supplier_key, transaction_number,
    amount_gbp, amount_raw, amount_basis, amount_alternative_gbp, description, supplier_postcode, supplier_type,
    supplier_number, contract_number, project_code, expenditure_type, vat_registration_number, extra,
    snapshot_sha256, source_url, source_path, sheet, line_number, payment_month, financial_year,
    CASE
        WHEN reason IS NOT NULL THEN NULL
        WHEN keeps_number AND trim(transaction_number) <> '' THEN identifier_of(concat_ws(
            chr(31), publisher_id, trim(transaction_number), supplier_key, coalesce(payment_date::VARCHAR, '')))
        ELSE transaction_id
    END AS payment_id,
    CASE
        WHEN p.payee_kind IS NOT NULL THEN p.payee_kind
        WHEN is_withheld OR supplier_key = '' THEN 'withheld'
        ELSE 'external_supplier'
    END AS payee_kind,
    CASE
        WHEN j.rule_no = j.list_rule_no THEN p.rule_id || ': ' || j.listed
        WHEN p.rule_id IS NOT NULL THEN p.rule_id
        WHEN is_withheld OR supplier_key = '' THEN 'flag'
        ELSE 'no rule'
    END AS payee_kind_evidence,
    reason IS NULL AS is_counted,
    reason AS not_counted_reason,
    CASE
        WHEN payment_date > ref_as_of() OR payment_date < period_start - INTERVAL 1 YEAR OR payment_date > period_end + INTERVAL 1 YEAR
            THEN list_concat(
                flags,
                CASE WHEN payment_date > ref_as_of() THEN ['date_future'] ELSE [] END,
                CASE
                    WHEN payment_date < period_start - INTERVAL 1 YEAR OR payment_date > period_end + INTERVAL 1 YEAR
                        THEN ['date_outside_period'] ELSE []
                END)
        ELSE flags
    END AS flags
FROM joined AS j
LEFT JOIN ref_payee_rules AS p USING (rule_no);
