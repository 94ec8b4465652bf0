-- Every declared correction with both values, and whether it still fits what is published.
INSERT INTO core_corrections BY NAME
SELECT
    correction_id, publisher_id, distribution_id,
    CASE WHEN place IS NOT NULL AND correction_status <> 'ambiguous'
        THEN identifier_of(concat_ws(chr(31), publisher_id, distribution_id, hash_found, occurrence_found)) END AS transaction_id,
    coalesce(sheet_found, sheet) AS sheet,
    coalesce(line_found, line_number) AS line_number,
    column_name, value_expected, value_corrected, value_found, correction_status,
    correction_reason, correction_evidence, evidence_url, correction_date
FROM ref_correction_states
ORDER BY correction_id;
