-- The register as it is, in order.
INSERT INTO core_programme_facts BY NAME
SELECT * FROM ref_programme_facts
ORDER BY ALL;
