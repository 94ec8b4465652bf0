-- The register as it is, in order.
INSERT INTO core_reasons BY NAME
SELECT * FROM ref_reasons
ORDER BY ALL;
