"""How a finding becomes a row of a table: plain ones by DuckDB, which is ten times faster, the others one by one.

Both fill the same ROW and escape the same five characters; a test holds them to the same bytes. A finding is plain where its
texts are short, printable and without a publisher's comment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from published.reports.text import DETAIL_LENGTH, VALUE_LENGTH, money, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

ROW = "<tr><td>{}</td><td>{}</td><td><bdi>{}</bdi></td><td>{}</td><td>{}</td></tr>\n"
"""Line, column, value found, what was found, money touched."""
COMMENTED = Markup('{} <span class="reply">Publisher’s comment: {}</span>')
COLUMNS = ("line_number", "column_name", "raw_value", "finding_detail", "money_gbp", "reply_text")
PLAIN = r"[\p{L}\p{M}\p{N}\p{P}\p{S} ]*"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;"))


def row(finding: Mapping[str, Any], shared_reply: str | None = None) -> str:
    """The row of any finding, from COLUMNS. A comment that all findings of the rule share stands above the table."""
    line = finding["line_number"]
    detail: str = shown(finding["finding_detail"], DETAIL_LENGTH)
    reply = finding["reply_text"]
    if reply is not None and reply != shared_reply:
        detail = COMMENTED.format(detail, shown(" ".join(reply.splitlines()), DETAIL_LENGTH))
    value = shown(finding["raw_value"], VALUE_LENGTH)
    line_shown = "" if line is None else f"{line:,}"
    cells = (line_shown, shown(finding["column_name"]), value, detail, money(finding["money_gbp"]))
    return ROW.format(*map(escape, cells))


def row_sql(table: str) -> str:
    """Expression that gives the row of a plain finding of `table`, and NULL for another."""
    limits = {"column_name": VALUE_LENGTH, "raw_value": VALUE_LENGTH, "finding_detail": DETAIL_LENGTH}
    plain = [f"{table}.reply_text IS NULL", f"coalesce({table}.money_gbp, 0) >= 0"]
    for name, limit in limits.items():
        text = f"coalesce({table}.{name}, '')"
        plain += [f"length({text}) <= {limit}", f"regexp_full_match({text}, '{PLAIN}')"]
    pounds = f"CAST(trunc({table}.money_gbp) AS BIGINT)"
    cells = [
        f"format('{{:,}}', {table}.line_number)",
        *(_escaped(f"{table}.{name}") for name in limits),
        f"'£' || format('{{:,}}', {pounds}) || right(CAST({table}.money_gbp AS VARCHAR), 3)",
    ]
    pieces = [f"'{piece}'" for piece in ROW.replace("\n", "").split("{}")]
    joined = [pieces[0]]
    for cell, piece in zip(cells, pieces[1:], strict=True):
        joined += [f"coalesce({cell}, '')", piece]
    return f"CASE WHEN {' AND '.join(plain)} THEN {' || '.join(joined)} || chr(10) END"


def _escaped(text: str) -> str:
    expression = text
    for character, entity in ESCAPES:
        quoted = character.replace("'", "''")
        expression = f"replace({expression}, '{quoted}', '{entity}')"
    return f"CASE WHEN regexp_matches({text}, '[&<>\"'']') THEN {expression} ELSE {text} END"
