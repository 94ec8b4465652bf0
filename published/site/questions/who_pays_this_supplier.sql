-- Who pays this supplier?
-- Every body that paid a supplier with these words in its name, with its counted payments by year.
select supplier_name, publisher_name, financial_year, payment_count, spend_by_supplier_year.amount_gbp
from spend_by_supplier_year
join publishers using (publisher_id)
where spend_by_supplier_year.rowid in (
  select rowid from spend_by_supplier_year_fts where spend_by_supplier_year_fts match coalesce(nullif(escape_fts(:words), ''), '""')
)
order by spend_by_supplier_year.amount_gbp desc, supplier_name, publisher_id, financial_year
limit 500
