-- What were the largest payments of a month?
-- The hundred largest counted payments of a month (yyyy-mm); without one, of the last month held.
select payment_date, publisher_name, supplier_name, payee_kind, payments.amount_gbp, line_count, payment_id
from payments
join publishers using (publisher_id)
where payment_date >= coalesce(nullif(:month, ''), substr((select max(payment_date) from payments), 1, 7)) || '-01'
  and payment_date <= coalesce(nullif(:month, ''), substr((select max(payment_date) from payments), 1, 7)) || '-31'
order by payments.amount_gbp desc, payment_id
limit 100
