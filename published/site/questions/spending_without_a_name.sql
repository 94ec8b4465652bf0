-- Which spending names nobody?
-- Counted spending by body and year whose payee is withheld or empty, and its share of everything that the body paid.
select publisher_name, financial_year, sum(case when payee_kind = 'withheld' then amount_pence else 0 end) / 100.0 as unnamed_gbp,
  sum(amount_pence) / 100.0 as all_gbp,
  round(100.0 * sum(case when payee_kind = 'withheld' then amount_pence else 0 end) / nullif(sum(amount_pence), 0), 2) as unnamed_pct
from spend_by_publisher_month
join publishers using (publisher_id)
group by publisher_id, financial_year
having unnamed_gbp > 0
order by unnamed_gbp desc, publisher_id, financial_year
limit 500
