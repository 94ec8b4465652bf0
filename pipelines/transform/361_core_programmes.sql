-- The register as it is, in order.
INSERT INTO core_programmes BY NAME
SELECT * FROM ref_programmes
ORDER BY ALL;
