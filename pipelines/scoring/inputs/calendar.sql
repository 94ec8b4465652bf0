-- What was due, without the months of which nobody looked at the source: those are neither published nor missing.
SELECT publisher_id AS entity_id, due_month, published_date,
       calendar_status IN ('on_time', 'late', 'published', 'nil_return') AS is_published
FROM core_publication_calendar WHERE calendar_status NOT IN ('too_early', 'not_observed', 'withdrawn')
