-- Cells that the rules of the dimension validity looked at, and those that failed, by the month of the publication.
SELECT r.publisher_id AS entity_id, p.period_end, sum(r.checked_count)::BIGINT AS checked, sum(r.failed_count)::BIGINT AS failed
FROM core_rule_results AS r JOIN core_publications AS p USING (publication_id)
WHERE r.dimension = 'validity' AND r.rule_result IN ('pass', 'fail') AND r.checked_count > 0 AND p.period_end IS NOT NULL
GROUP BY ALL
