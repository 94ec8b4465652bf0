-- Findings that name what looks like a private person are kept without the name: a list of such people by what is wrong
-- with the lines about them is nothing to publish. Rule, file, line and money stay, and lead the publisher to the line.
UPDATE core_findings SET
    raw_value = CASE WHEN q_names_person(raw_value) THEN '(withheld: perhaps the name of a private person)' ELSE raw_value END,
    finding_detail = CASE WHEN q_names_person(finding_detail) THEN '(withheld: perhaps the name of a private person)' ELSE finding_detail END
WHERE q_names_person(raw_value) OR q_names_person(finding_detail);
