-- What was due. Whether a month of which nobody looked at the source was published is not known: neither true nor false.
SELECT publisher_id AS entity_id, due_month, published_date,
       CASE WHEN calendar_status IN ('on_time', 'late', 'published', 'nil_return') THEN true
            WHEN calendar_status = 'missing' THEN false END AS is_published
FROM core_publication_calendar WHERE calendar_status NOT IN ('too_early', 'withdrawn')
