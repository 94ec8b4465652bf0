-- The register as it is, in order.
INSERT INTO core_judgements BY NAME
SELECT * FROM ref_judgements
ORDER BY ALL;
