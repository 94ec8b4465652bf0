-- Where did spending rise while outcomes fell?
-- Bodies whose registered spending on outcomes rose in a year in which their scored outcome measures fell. It shows what moved together, not why.
with spending as (
  select publisher_id, financial_year, sum(amount_pence) / 100.0 as amount_gbp
  from outcome_spending group by publisher_id, financial_year
), spent as (
  select publisher_id, financial_year, amount_gbp,
    lag(amount_gbp) over (partition by publisher_id order by financial_year) as amount_before_gbp
  from spending
), results as (
  select entity_id, period_label, avg(score) as mean_score, count(*) as measure_count
  from measure_values
  where score is not null and speaks_to in ('effectiveness', 'service') and breakdown = ''
  group by entity_id, period_label
), moved as (
  select entity_id, period_label, mean_score, measure_count,
    lag(mean_score) over (partition by entity_id order by period_label) as score_before
  from results
)
select publisher_name, financial_year, amount_before_gbp, amount_gbp, round(score_before, 1) as score_before,
  round(mean_score, 1) as score_after, measure_count
from spent
join moved on moved.entity_id = spent.publisher_id and moved.period_label = spent.financial_year
join publishers using (publisher_id)
where amount_gbp > amount_before_gbp and mean_score < score_before
order by score_before - mean_score desc, publisher_id, financial_year
