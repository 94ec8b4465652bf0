-- What several models share.

-- A sum as money. DECIMAL(18,2) adds up to DECIMAL(38,2), which cannot overflow here; a total of more than sixteen
-- digits before the point comes from absurd published amounts and is left empty, since one such file must not stop all others.
CREATE OR REPLACE TEMP MACRO as_money(total) AS TRY_CAST(total AS DECIMAL(18,2));

-- Such a sum in the prices of the base year. The types leave room for both: 26 digits of money times 12 of the factor.
CREATE OR REPLACE TEMP MACRO as_real_money(total, factor) AS
    TRY_CAST(round(CAST(total AS DECIMAL(26,2)) * CAST(factor AS DECIMAL(12,8)), 2) AS DECIMAL(18,2));

-- Whether a transaction number tells payments apart: one in scientific notation has lost digits, and stands for none.
CREATE OR REPLACE TEMP MACRO is_number(number, flags) AS
    coalesce(trim(number) <> '', false) AND NOT coalesce(list_contains(flags, 'identifier_scientific'), false);

-- 2024-25 for a day from April 2024 to March 2025.
CREATE OR REPLACE TEMP MACRO financial_year_of(day) AS
    CASE WHEN day IS NOT NULL THEN
        printf('%04d-%02d', year(day) - (month(day) < 4)::INTEGER, (year(day) + 1 - (month(day) < 4)::INTEGER) % 100)
    END;

-- Identifier of 96 bits: 24 hexadecimal digits. 10 million rows collide with a chance of about 10^-15.
CREATE OR REPLACE TEMP MACRO identifier_of(joined) AS left(sha256(joined), 24);

-- One key for the spellings of a supplier's name. In order:
--   upper case without accents (letters of other scripts stay);
--   an identifier that a ledger appended is cut off: '~' or '#', at most four letters, at least two digits, at the end;
--   '&' is AND; every run of anything else but letters and digits is a space;
--   THE goes; PUBLIC LIMITED COMPANY is PLC, LIMITED is LTD, COMPANY is CO.
-- A name without a letter or digit has the empty key.
CREATE OR REPLACE TEMP MACRO supplier_key_of(name) AS
    trim(regexp_replace(replace(replace(replace(regexp_replace(
        ' ' || regexp_replace(
            replace(
                regexp_replace(upper(strip_accents(name)), '\s*[~#]\s*[A-Z]{0,4}[0-9]{2,}\s*$', ''),
                '&', ' AND '),
            '[^\p{L}\p{N}]+', '  ', 'g') || ' ',
        ' THE ', ' ', 'g'),
        ' PUBLIC  LIMITED  COMPANY ', ' PLC '),
        ' LIMITED ', ' LTD '),
        ' COMPANY ', ' CO '),
    ' +', ' ', 'g'));
