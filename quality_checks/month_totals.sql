-- What the publisher's own months held, in pounds: the months that a file covers, by the file's month where it is for
-- one, else by the day of payment inside its period. Card lists are counted nowhere else, so here their lines count.
SELECT publisher_id, series, month, sum(amount_gbp)::DOUBLE AS total_gbp
FROM (
    SELECT
        t.publisher_id, p.series, t.amount_gbp,
        CASE
            WHEN date_trunc('month', p.period_start) = date_trunc('month', p.period_end)
                THEN date_trunc('month', p.period_start)::DATE
            WHEN t.payment_date BETWEEN p.period_start AND p.period_end THEN t.payment_month
        END AS month
    FROM core_transactions AS t
    JOIN core_publications AS p USING (publication_id)
    WHERE (t.is_counted OR t.not_counted_reason = 'purchasing_card_file') AND t.amount_gbp IS NOT NULL
)
WHERE month IS NOT NULL
GROUP BY publisher_id, series, month
HAVING sum(amount_gbp) > 0
ORDER BY publisher_id, series, month;
