-- Publishers of the register, and the bodies of outcome datasets that are no publishers: councils, trusts, services,
-- organisations of the staff survey; and countries, of which single figures are shown and nothing is scored. A family is what a body may be compared with.
SELECT publisher_id AS entity_id, publisher_name AS entity_name, family, organisation_kind AS kind FROM core_publishers
UNION ALL
SELECT entity_id, arg_max(entity_name, coalesce(period_end, DATE '1900-01-01')) AS entity_name,
       CASE max(entity_kind)
            WHEN 'council' THEN 'council class ' || coalesce(arg_max(entity_group, coalesce(period_end, DATE '1900-01-01')), 'unknown')
            ELSE max(entity_kind) END AS family,
       CASE max(entity_kind) WHEN 'council' THEN 'council' WHEN 'trust' THEN 'nhs_trust' ELSE max(entity_kind) END AS kind
FROM core_outcomes
WHERE is_current AND entity_kind IN ('trust', 'council', 'service', 'survey_unit', 'country')
  AND entity_id NOT IN (SELECT publisher_id FROM core_publishers)
GROUP BY entity_id
