-- What the rules share: keys, and the check rules of postcodes and VAT numbers.

-- Identifier of 96 bits: 24 hexadecimal digits, as the warehouse makes them.
CREATE OR REPLACE TEMP MACRO q_identifier(joined) AS left(sha256(joined), 24);

-- Money in words: £1,234,567.89.
CREATE OR REPLACE TEMP MACRO q_pounds(amount) AS
    CASE WHEN amount < 0 THEN '-' ELSE '' END || '£' || format('{:,}', abs(amount)::DECIMAL(38,2)::BIGINT - CASE WHEN abs(amount)::DECIMAL(38,2)::BIGINT > abs(amount) THEN 1 ELSE 0 END)
    || '.' || lpad(((abs(amount)::DECIMAL(38,2) * 100)::HUGEINT % 100)::VARCHAR, 2, '0');

-- Whether text is a UK postcode by form: outward code, inward code, GIR 0AA, and the letters that each place allows
-- (BS 7666). Blanks do not matter; whether it is in use cannot be known without Royal Mail's list.
CREATE OR REPLACE TEMP MACRO q_is_postcode(text) AS
    regexp_full_match(
        regexp_replace(upper(text), '[\s\x{00A0}]+', '', 'g'),
        'GIR0AA|([A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY])[0-9][ABD-HJLNP-UW-Z]{2}|BFPO[0-9]{1,4}|BF1[0-9][ABD-HJLNP-UW-Z]{2}');

-- Digits of a VAT registration number: without GB, blanks, dots and dashes. Groups of branch traders have 12; the first 9 count.
CREATE OR REPLACE TEMP MACRO q_vat_digits(text) AS
    regexp_replace(regexp_replace(upper(text), '[\s\x{00A0}.\-]+', '', 'g'), '^(GB|XI)', '');

-- Weighted sum of the first seven digits, weights 8 to 2, and the last two digits added: HMRC's rule wants a multiple of
-- 97, or, for numbers issued since 2010, 55 more than one. Texts that are no numbers pass through too: the CASE around it
-- does not keep DuckDB from working it out for them.
CREATE OR REPLACE TEMP MACRO q_vat_sum(digits) AS
    list_sum([try_cast(substr(digits, i, 1) AS INTEGER) * (9 - i) FOR i IN range(1, 8)])
    + try_cast(substr(digits, 8, 2) AS INTEGER);

-- HMRC's check rule; GD000-GD499 (government) and HA500-HA999 (health authorities) have no check digits.
CREATE OR REPLACE TEMP MACRO q_is_vat_number(text) AS
    CASE
        WHEN regexp_full_match(q_vat_digits(text), 'GD[0-4][0-9]{2}|HA[5-9][0-9]{2}') THEN true
        WHEN regexp_full_match(q_vat_digits(text), '[0-9]{9}([0-9]{3})?')
            THEN substr(q_vat_digits(text), 1, 9) <> '000000000'
             AND (q_vat_sum(q_vat_digits(text)) % 97 = 0 OR (q_vat_sum(q_vat_digits(text)) + 55) % 97 = 0)
        ELSE false
    END;

-- Cells of columns that no field uses, by their heading, in the order of the columns. Empty where there is none.
CREATE OR REPLACE TEMP MACRO q_other_cells(extra) AS
    list_transform(coalesce(map_entries(extra::JSON::MAP(VARCHAR, VARCHAR)), []), lambda e: struct_pack(name := e.key, cell := e.value));

-- Whether a heading speaks of a number that names something: 'Their Reference', 'INV_NUM', 'PO No.'. Money is none.
CREATE OR REPLACE TEMP MACRO q_is_identifier_heading(heading) AS
    regexp_matches(lower(heading), '(^|[^a-z])(no|num|number|nbr|ref|reference|id|identifier|code|invoice|voucher|barcode)([^a-z]|$)')
    AND NOT regexp_matches(lower(heading), '(^|[^a-z])(amounts?|values?|totals?|net|gross|gbp|cost|price)([^a-z]|$)');

-- A name without case, accents and punctuation, to compare names of bodies by.
CREATE OR REPLACE TEMP MACRO q_key(name) AS
    trim(regexp_replace(replace(upper(strip_accents(name)), '&', ' AND '), '[^\p{L}\p{N}]+|\bTHE\b', ' ', 'g'));

-- Whether a name looks like that of a private person: it begins with a title, and no word of it is one of firms.
CREATE OR REPLACE TEMP MACRO q_is_firm(name) AS regexp_matches(upper(name),
    '\b(LTD|LIMITED|PLC|LLP|LLC|INC|GROUP|PARTNERS?|PARTNERSHIP|ASSOCIATES|SERVICES|CONSULT\w*|SOLUTIONS|TRUST|CHARIT\w*|FOUNDATION|SONS?|CO|COMPANY|T/?A|TRADING|SOLICITORS|PRACTICE|SURGERY|SCHOOL|COLLEGE|COUNCIL|FUND|CLINIC|MEDICAL|CARE|DENTAL|PHARMACY|CENTRE|HOUSE|MOTORS|KITCHENS|HIRE)\b|&| AND ');
CREATE OR REPLACE TEMP MACRO q_is_person(name) AS
    regexp_matches(upper(name), '^(MR|MRS|MS|MISS|MASTER|DR)[. ]+[A-Z]')
    AND NOT q_is_firm(name) AND NOT regexp_matches(name, '\b[0-9]+\b');

-- Whether any part of a text names one: a cell of a row, one of several spellings.
CREATE OR REPLACE TEMP MACRO q_names_person(text) AS
    regexp_matches(upper(text), '\b(MR|MRS|MS|MISS|MASTER|DR)[. ]+[A-Z]')
    AND len(list_filter(regexp_split_to_array(text, '[|":;]'),
        lambda part: regexp_matches(upper(part), '\b(MR|MRS|MS|MISS|MASTER|DR)[. ]+[A-Z]') AND NOT q_is_firm(part))) > 0;
