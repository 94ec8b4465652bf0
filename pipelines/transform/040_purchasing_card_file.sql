-- purchasing_card_file: the lines of purchasing-card lists. The card's issuer is paid in the main list, so that the same
-- money would stand there twice. They take part in no later rule.
INSERT INTO stg_not_counted
SELECT line, 'purchasing_card_file'
FROM stg_lines JOIN stg_files USING (file_no)
WHERE series = 'purchasing_card';
