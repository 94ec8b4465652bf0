SELECT publisher_id AS entity_id, target_outcome AS outcome, make_date(left(financial_year, 4)::INT + 1, 3, 31) AS period_end,
       sum(alpha * programme_spend_gbp)::DOUBLE AS spend
FROM core_attribution WHERE programme_spend_gbp IS NOT NULL GROUP BY ALL
