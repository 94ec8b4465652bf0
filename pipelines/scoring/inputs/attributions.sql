SELECT publisher_id AS entity_id, programme_name AS programme, target_outcome AS outcome, make_date(left(financial_year, 4)::INT + 1, 3, 31) AS period_end,
       alpha, coalesce(confidence, 'low') AS confidence, programme_spend_gbp::DOUBLE AS spend
FROM core_attribution WHERE programme_spend_gbp IS NOT NULL
