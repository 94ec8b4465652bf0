-- Every figure of the outcome datasets. One of those that several files, or lines, give for the same entity, metric,
-- breakdown and period is current: a reported one first, then by the order of the dataset's file rules, then the later
-- published. What differs among them is flagged as restated, what is equal as repeated. Nothing is left out.
CREATE OR REPLACE TEMP TABLE stg_outcomes AS
WITH placed AS (
    SELECT
        l.* EXCLUDE (entity_code, entity_name, entity_group), e.entity_id, e.entity_code,
        coalesce(l.entity_name, e.entity_name) AS entity_name, e.entity_group, e.outcome_publisher_id,
        m.metric_unit, m.lowest_possible, m.highest_possible, f.source_url, f.published_date, f.source_path,
        coalesce(p.file_rank, 0) AS file_rank, coalesce(p.is_revision, false) AS is_revision
    FROM lake_outcomes AS l
    JOIN lake_outcome_files AS f ON f.distribution_id = l.distribution_id
    JOIN ref_outcome_entities AS e
        ON e.outcome_dataset_id = l.outcome_dataset_id AND e.entity_kind = l.entity_kind
        AND e.named_code = coalesce(l.entity_code, '') AND e.named_name = coalesce(l.entity_name, '')
        AND e.named_group = coalesce(l.entity_group, '')
    JOIN ref_outcome_metrics AS m ON m.outcome_dataset_id = l.outcome_dataset_id AND m.metric_id = l.metric_id
    LEFT JOIN ref_outcome_files AS p ON p.distribution_id = l.distribution_id
)
SELECT
    *,
    row_number() OVER same_figure_in_order AS place_among_same,
    count(*) OVER same_figure AS same_count,
    min(value) OVER same_figure AS least_same,
    max(value) OVER same_figure AS most_same
FROM placed
WINDOW
    same_figure AS (PARTITION BY outcome_dataset_id, entity_id, metric_id, breakdown, period_label, period_start, period_end),
    same_figure_in_order AS (
        PARTITION BY outcome_dataset_id, entity_id, metric_id, breakdown, period_label, period_start, period_end
        ORDER BY
            outcome_status = 'reported' DESC, file_rank, published_date DESC NULLS LAST, source_path DESC, sheet, line_number,
            source_column, value_raw
    );

-- A series breaks where its dataset says so, and where a body reports again after it did not.
CREATE OR REPLACE TEMP TABLE stg_outcome_breaks AS
WITH in_order AS (
    SELECT
        outcome_dataset_id, entity_id, entity_kind, metric_id, breakdown, period_start,
        lag(period_start) OVER series AS start_before,
        outcome_status = 'reported' AND lag(outcome_status) OVER series = 'not_reported' AS is_back
    FROM stg_outcomes
    WHERE place_among_same = 1 AND period_start IS NOT NULL AND outcome_status IN ('reported', 'not_reported')
    WINDOW series AS (PARTITION BY outcome_dataset_id, entity_id, metric_id, breakdown ORDER BY period_start, period_end)
)
SELECT DISTINCT o.outcome_dataset_id, o.entity_id, o.metric_id, o.breakdown, o.period_start
FROM in_order AS o
LEFT JOIN ref_outcome_breaks AS b
    ON b.outcome_dataset_id = o.outcome_dataset_id AND coalesce(b.metric_id, o.metric_id) = o.metric_id
    AND coalesce(b.entity_kind, o.entity_kind) = o.entity_kind
    AND o.start_before < b.break_day AND b.break_day <= o.period_start
WHERE o.is_back OR b.break_day IS NOT NULL;

INSERT INTO core_outcomes BY NAME
WITH sizes AS (
    SELECT s.outcome_dataset_id, s.entity_id, s.period_start, s.period_end, max(s.value)::BIGINT AS answers
    FROM stg_outcomes AS s
    JOIN ref_outcome_datasets AS d
        ON d.outcome_dataset_id = s.outcome_dataset_id AND d.sample_size_from = s.metric_id
    WHERE s.place_among_same = 1
    GROUP BY ALL
),
contradicted AS (
    SELECT DISTINCT outcome_dataset_id, metric_id
    FROM lake_outcomes
    WHERE entity_kind IS NULL AND list_contains(outcome_flags, 'label_corrected')
),
flagged AS (
    SELECT
        o.* EXCLUDE (outcome_flags),
        coalesce(o.sample_size, z.answers) AS known_size,
        list_sort(list_distinct(list_concat(o.outcome_flags, list_filter([
            CASE WHEN o.is_revision THEN 'revised' END,
            CASE WHEN b.period_start IS NOT NULL AND o.place_among_same = 1 THEN 'series_break' END,
            CASE WHEN o.least_same < o.most_same THEN 'restated' END,
            CASE WHEN o.same_count > 1 AND o.place_among_same > 1 AND o.least_same IS NOT DISTINCT FROM o.most_same
                THEN 'repeated' END,
            CASE WHEN o.value < o.lowest_possible OR o.value > o.highest_possible THEN 'out_of_range' END,
            CASE WHEN c.metric_id IS NOT NULL THEN 'label_corrected' END
        ], lambda code: code IS NOT NULL)))) AS all_flags
    FROM stg_outcomes AS o
    LEFT JOIN stg_outcome_breaks AS b
        ON b.outcome_dataset_id = o.outcome_dataset_id AND b.entity_id = o.entity_id AND b.metric_id = o.metric_id
        AND coalesce(b.breakdown, '') = coalesce(o.breakdown, '') AND b.period_start = o.period_start
    LEFT JOIN sizes AS z
        ON z.outcome_dataset_id = o.outcome_dataset_id AND z.entity_id = o.entity_id
        AND z.period_start = o.period_start AND z.period_end = o.period_end
    LEFT JOIN contradicted AS c ON c.outcome_dataset_id = o.outcome_dataset_id AND c.metric_id = o.metric_id
)
SELECT
    identifier_of(concat_ws(chr(31), distribution_id, coalesce(sheet, ''), line_number, entity_id, metric_id,
        coalesce(breakdown, ''), coalesce(period_label, ''), coalesce(source_column, ''))) AS outcome_value_id,
    outcome_dataset_id, entity_id, entity_name, entity_kind, entity_group, entity_code, outcome_publisher_id, metric_id,
    breakdown, period_label, period_start, period_end, value, metric_unit, value_raw, known_size AS sample_size,
    outcome_status, all_flags AS outcome_flags, place_among_same = 1 AS is_current, attributes, snapshot_sha256,
    distribution_id, source_url, sheet, line_number, source_column
FROM flagged
ORDER BY outcome_dataset_id, entity_id, metric_id, breakdown, period_start, period_label, place_among_same, outcome_value_id;
