-- Which months are missing?
-- Months for which a list was due and none was seen, by body. Not observed: it is not in our copy; missing: searched for at the source, and not there.
select publisher_name, publication_calendar.series, due_month, due_date, calendar_status, searched_date
from publication_calendar
join publishers using (publisher_id)
where calendar_status in ('missing', 'not_observed') and (:publisher_id = '' or publisher_id = :publisher_id)
order by publisher_name, publication_calendar.series, due_month
limit 1000
