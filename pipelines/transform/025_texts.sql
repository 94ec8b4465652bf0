-- What follows from one cell alone, worked out once a value and not once a line: the first payee rule that a text meets
-- (suppliers have their own model, before this one), what the flags of reading say, and a day's month and financial year.
CREATE OR REPLACE TEMP TABLE stg_expense_types AS
SELECT expense_type, payee_rule_of_expense_type(upper(expense_type)) AS rule_no
FROM (SELECT DISTINCT coalesce(expense_type, '') AS expense_type FROM lake_rows WHERE row_class = 'transaction');

CREATE OR REPLACE TEMP TABLE stg_expense_areas AS
SELECT expense_area, payee_rule_of_expense_area(upper(expense_area)) AS rule_no
FROM (SELECT DISTINCT coalesce(expense_area, '') AS expense_area FROM lake_rows WHERE row_class = 'transaction');

CREATE OR REPLACE TEMP TABLE stg_descriptions AS
SELECT description, payee_rule_of_description(upper(description)) AS rule_no
FROM (SELECT DISTINCT coalesce(description, '') AS description FROM lake_rows WHERE row_class = 'transaction');

CREATE OR REPLACE TEMP TABLE stg_flags AS
SELECT
    flags,
    list_has_any(flags, ['supplier_blank', 'supplier_redacted']) AS is_withheld,
    NOT list_contains(flags, 'identifier_scientific') AS keeps_number
FROM (SELECT DISTINCT coalesce(flags, []) AS flags FROM lake_rows WHERE row_class = 'transaction');

CREATE OR REPLACE TEMP TABLE stg_days AS
SELECT payment_date, date_trunc('month', payment_date)::DATE AS payment_month, financial_year_of(payment_date) AS financial_year
FROM (SELECT DISTINCT payment_date FROM lake_rows WHERE row_class = 'transaction' AND payment_date IS NOT NULL);
