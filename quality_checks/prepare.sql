-- What the rules are asked over, made once a run. JSON is parsed here, once a file, and never by a rule.
-- `place` says where a finding stands; its fields are the first columns of q_contract.

-- The columns that a rule may give. What it leaves out is empty.
CREATE OR REPLACE TEMP TABLE q_contract (
    publisher_id VARCHAR, publication_id VARCHAR, distribution_id VARCHAR, transaction_id VARCHAR,
    snapshot_sha256 VARCHAR, source_url VARCHAR, source_path VARCHAR, sheet VARCHAR, line_number BIGINT,
    money_gbp DECIMAL(18,2), column_name VARCHAR, raw_value VARCHAR, finding_detail VARCHAR);

-- Every payment line.
CREATE OR REPLACE TEMP VIEW q_lines AS
SELECT
    *,
    struct_pack(
        publisher_id := publisher_id, publication_id := publication_id, distribution_id := distribution_id,
        transaction_id := transaction_id, snapshot_sha256 := snapshot_sha256, source_url := source_url,
        source_path := source_path, sheet := sheet, line_number := line_number,
        money_gbp := CASE WHEN is_counted THEN coalesce(abs(amount_gbp), 0) ELSE 0 END::DECIMAL(18,2)) AS place
FROM core_transactions;

-- Every column of every file, and every note of its reader.
CREATE OR REPLACE TEMP TABLE q_columns AS
SELECT distribution_id, c.position, trim(c.header) AS header, c.field, c.match, c.score
FROM (
    SELECT distribution_id, unnest(from_json(columns,
        '[{"position":"INTEGER","header":"VARCHAR","field":"VARCHAR","match":"VARCHAR","score":"DOUBLE"}]')) AS c
    FROM core_distributions);

CREATE OR REPLACE TEMP TABLE q_notes AS
SELECT distribution_id, n.code, n.detail, n.line
FROM (
    SELECT distribution_id, unnest(from_json(notes, '[{"code":"VARCHAR","detail":"VARCHAR","line":"BIGINT"}]')) AS n
    FROM core_distributions);

-- Every file. `fields` are the columns it has; `is_table` says that it was read as a table of payments; `heading` is its place
-- with the line of its headings.
CREATE OR REPLACE TEMP TABLE q_files AS
WITH lines AS (
    SELECT distribution_id, CASE WHEN is_counted THEN coalesce(abs(amount_gbp), 0) ELSE 0 END AS money
    FROM core_transactions),
money AS (SELECT distribution_id, TRY_CAST(sum(money) AS DECIMAL(18,2)) AS money_gbp FROM lines GROUP BY 1),
fields AS (SELECT distribution_id, list(DISTINCT field ORDER BY field) AS fields FROM q_columns WHERE field IS NOT NULL GROUP BY 1),
notes AS (SELECT distribution_id, list(DISTINCT code ORDER BY code) AS note_codes FROM q_notes GROUP BY 1)
SELECT
    d.*, coalesce(f.fields, []) AS fields, coalesce(n.note_codes, []) AS note_codes,
    d.file_status = 'read' AS is_table,
    coalesce(d.container = 'csv', false) AS is_text,
    coalesce(m.money_gbp, 0)::DECIMAL(18,2) AS money_gbp,
    struct_pack(
        publisher_id := d.publisher_id, publication_id := d.publication_id, distribution_id := d.distribution_id,
        transaction_id := NULL::VARCHAR, snapshot_sha256 := d.snapshot_sha256, source_url := d.source_url,
        source_path := d.source_path, sheet := d.sheet, line_number := NULL::BIGINT,
        money_gbp := coalesce(m.money_gbp, 0)::DECIMAL(18,2)) AS place,
    struct_update(place, line_number := d.header_line::BIGINT) AS heading
FROM core_distributions AS d
LEFT JOIN fields AS f USING (distribution_id)
LEFT JOIN notes AS n USING (distribution_id)
LEFT JOIN money AS m USING (distribution_id);

-- Every row that is no transaction.
CREATE OR REPLACE TEMP VIEW q_aside AS
SELECT
    s.*, f.publication_id,
    struct_pack(
        publisher_id := s.publisher_id, publication_id := f.publication_id, distribution_id := s.distribution_id,
        transaction_id := NULL::VARCHAR, snapshot_sha256 := s.snapshot_sha256, source_url := s.source_url,
        source_path := s.source_path, sheet := s.sheet, line_number := s.line_number,
        money_gbp := 0::DECIMAL(18,2)) AS place
FROM core_set_aside_rows AS s JOIN q_files AS f USING (distribution_id);

-- Every publication, with the absolute sum of its counted lines.
CREATE OR REPLACE TEMP TABLE q_publications AS
SELECT
    p.*, m.money_gbp, m.files, m.tables, m.unreadable,
    count(*) OVER (PARTITION BY p.publisher_id) AS publisher_publications,
    sum(m.tables) OVER (PARTITION BY p.publisher_id) AS publisher_files,
    struct_pack(
        publisher_id := p.publisher_id, publication_id := p.publication_id, distribution_id := NULL::VARCHAR,
        transaction_id := NULL::VARCHAR, snapshot_sha256 := NULL::VARCHAR, source_url := NULL::VARCHAR,
        source_path := NULL::VARCHAR, sheet := NULL::VARCHAR, line_number := NULL::BIGINT,
        money_gbp := m.money_gbp) AS place
FROM core_publications AS p
JOIN (
    SELECT publication_id, TRY_CAST(sum(money_gbp) AS DECIMAL(18,2)) AS money_gbp, count(*) AS files,
        count_if(is_table) AS tables, count_if(file_status = 'unreadable') AS unreadable
    FROM q_files GROUP BY 1) AS m USING (publication_id);

-- How many there are to ask, by publication: files, tables of payments, text files, payment lines.
CREATE OR REPLACE TEMP TABLE q_asked AS
SELECT
    publication_id, count(*) AS files, count_if(is_table) AS tables,
    count_if(is_text) AS texts, count_if(is_text AND is_table) AS text_tables,
    sum(transaction_count) FILTER (is_table)::BIGINT AS lines, sum(row_count)::BIGINT AS rows
FROM q_files GROUP BY 1;

-- How many payment lines stand in files that have a column for the field, by publication and field.
CREATE OR REPLACE TEMP TABLE q_asked_fields AS
SELECT publication_id, field, sum(transaction_count)::BIGINT AS lines, count(*) AS tables
FROM (SELECT publication_id, transaction_count, unnest(fields) AS field FROM q_files WHERE is_table)
GROUP BY ALL;

-- Names that a department family or an entity may have: those of the register and of the list of public bodies.
CREATE OR REPLACE TEMP TABLE q_body_keys AS
SELECT q_key(name) AS body_key FROM q_public_bodies
UNION
SELECT q_key(publisher_name) FROM core_publishers
UNION
SELECT q_key(name) FROM q_other_names;

-- The names under which a publisher may stand as department family: its own, those of the bodies above it, and of those
-- that it took over from. The register's other names of a body come from q_other_names.
CREATE OR REPLACE TEMP TABLE q_family_keys AS
WITH RECURSIVE kin AS (
    SELECT publisher_id, publisher_id AS body_id FROM core_publishers
    UNION
    SELECT k.publisher_id, r.other_id FROM kin AS k JOIN (
        SELECT publisher_id, parent_id AS other_id FROM core_publishers WHERE parent_id IS NOT NULL
        UNION ALL
        SELECT publisher_id, predecessor_id FROM q_predecessors) AS r ON r.publisher_id = k.body_id
)
SELECT DISTINCT k.publisher_id, q_key(n.name) AS body_key
FROM kin AS k JOIN (
    SELECT publisher_id, publisher_name AS name FROM core_publishers
    UNION ALL
    SELECT publisher_id, name FROM q_other_names) AS n ON n.publisher_id = k.body_id;
