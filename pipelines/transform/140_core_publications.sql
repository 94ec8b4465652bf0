-- One line a publisher, series and period. The evidence for the period is the strongest that any of its files has;
-- published is the day of its first file.
INSERT INTO core_publications BY NAME
SELECT
    d.publication_id,
    any_value(d.publisher_id) AS publisher_id,
    any_value(d.series) AS series,
    any_value(d.period_start) AS period_start,
    any_value(d.period_end) AS period_end,
    arg_min(d.period_evidence, list_position(['declared', 'name_and_dates', 'file_name', 'title', 'dates', 'none'], d.period_evidence)) AS period_evidence,
    min(d.published_date) AS published_date,
    any_value(t.threshold_gbp) AS threshold_gbp,
    count(*) AS distribution_count,
    sum(d.row_count) AS row_count,
    sum(d.transaction_count) AS transaction_count,
    sum(d.set_aside_count) AS set_aside_count,
    sum(d.counted_transaction_count) AS counted_transaction_count,
    as_money(coalesce(sum(d.total_gbp), 0)) AS total_gbp,
    as_money(coalesce(sum(d.counted_total_gbp), 0)) AS counted_total_gbp
FROM core_distributions AS d
LEFT JOIN ref_thresholds AS t USING (publisher_id, series, period_start)
GROUP BY d.publication_id
ORDER BY publisher_id, series, period_start NULLS LAST, period_end, d.publication_id;
