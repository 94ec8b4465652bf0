"""Every row of a grid gets its class: a payment line, or the reason why it is none (schema/codes/row_classes).

Only rows that lack an amount, a date or a supplier are looked at one by one; the others are payments.
Does not belong here: typed values for publishing (table.py), moving shifted cells (mend.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from sources.grid import Note
from sources.layout.cells import cell_of
from sources.layout.columns import Columns, columns_by_content, columns_of
from sources.layout.cut import Suspects, cut_rows
from sources.layout.find import Heading, first_heading, heading_at
from sources.layout.headers import power_of, power_of_titles
from sources.layout.marks import says
from sources.layout.mend import Mender
from sources.layout.segment import Hints, Rows, Segment, column_of, pence_of, read_cells
from sources.layout.totals import RunningTotals
from sources.layout.unknown_heading import unknown_heading
from sources.values import looks_like_amount, looks_like_date

MAXIMUM_REPORTS = 50
"""Reports read of one grid: each is looked for in all rows that are left, so that more would cost the square of their number."""


@dataclass(slots=True)
class Classified:
    """A grid's rows with their classes. `details` and `mended` by grid row; `mended` holds cells moved back in place."""

    classes: list[str]
    segments: list[Segment]
    details: dict[int, str] = field(default_factory=dict)
    mended: dict[int, list[str]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)


def classify(rows: Rows, hints: Hints = (None, None)) -> Classified:
    """Classes of all rows."""
    result = Classified(["blank"] * len(rows), [])
    filled = [i for i, row in enumerate(rows) if row and (row[-1].strip() or any(map(str.strip, row)))]
    heading = first_heading(rows) or unknown_heading(rows, filled)
    if heading is None:
        _without_heading(rows, filled, result, hints)
        return result
    body = _body(rows, filled, heading, result)
    for _ in range(MAXIMUM_REPORTS):
        follower = _segment(rows, body, heading, result, hints)
        if follower is None:
            return result
        heading, body = follower
    for i in body:
        result.classes[i] = "unmapped"
        result.details[i] = f"below more than {MAXIMUM_REPORTS} headings that differ"
    return result


def _without_heading(rows: Rows, filled: list[int], result: Classified, hints: Hints) -> None:
    columns = columns_by_content([rows[i] for i in filled])
    if columns is not None:
        segment = read_cells(rows, Segment(columns, None, filled), hints)
        result.segments.append(segment)
        _judge(rows, segment, result)
        return
    tabular = sum(sum(1 for cell in rows[i] if cell.strip()) >= 3 for i in filled) * 2 > len(filled)
    for i in filled:
        nil = any(says("nil_return", cell) for cell in rows[i])
        result.classes[i] = "nil_return" if nil else "unmapped" if tabular else "not_table"
    result.titles = [" ".join(filter(None, map(str.strip, rows[i]))) for i in filled[:5]]


def _body(rows: Rows, filled: list[int], heading: Heading, result: Classified) -> list[int]:
    """Rows of the first report. What stands above its heading is title text, unless payments stand there."""
    first, last = heading.rows[0], heading.rows[-1]
    for i in heading.rows:
        result.classes[i] = "header"
    above = [i for i in filled if i < first]
    below = [i for i in filled if i > last]
    if not above:
        return below
    columns = columns_of(heading, [rows[i] for i in (above if len(above) > len(below) else below)])
    amount, when = columns.index.get("amount_gbp", -1), columns.index.get("payment_date", -1)
    if any(looks_like_amount(cell_of(rows[i], amount)) and looks_like_date(cell_of(rows[i], when)) for i in above):
        return above + below
    for i in above:
        result.classes[i] = "nil_return" if any(says("nil_return", cell) for cell in rows[i]) else "title"
        result.titles.append(" ".join(filter(None, map(str.strip, rows[i]))))
    return below


def _segment(
    rows: Rows, body: list[int], heading: Heading, result: Classified, hints: Hints
) -> tuple[Heading, list[int]] | None:
    """Classify one report; where another heading begins a second one inside it, return that heading and its rows."""
    segment = read_cells(rows, Segment(_columns(rows, heading, body, result), heading, body), hints)
    pence = segment.amounts.pence if segment.amounts else [None] * len(body)
    days = segment.dates.dates if segment.dates else [None] * len(body)
    follower: Heading | None = None
    repeated = False
    # A heading holds neither an amount nor a date, and few rows hold neither.
    for i in (i for i, value, day in zip(body, pence, days, strict=True) if value is None and day is None):
        other = heading_at(rows, i) if sum(map(bool, rows[i])) > 1 else None
        if other is None or other.rows[0] < i:
            continue
        if not other.agrees_with(heading):
            follower = other
            break
        repeated = True
        heading = heading.completed_by(other)
        for at in other.rows:
            result.classes[at] = "repeated_header"
    if follower or repeated:
        end = follower.rows[0] if follower else len(rows)
        inside = [i for i in body if i < end and result.classes[i] != "repeated_header"]
        segment = read_cells(rows, Segment(_columns(rows, heading, inside, result), heading, inside), hints)
    result.segments.append(segment)
    _judge(rows, segment, result)
    if follower is None:
        return None
    for at in follower.rows:
        result.classes[at] = "header"
    return follower, [i for i in body if i > follower.rows[-1]]


def _columns(rows: Rows, heading: Heading, body: Sequence[int], result: Classified) -> Columns:
    """The report's columns, with what the titles say of their amounts."""
    columns = columns_of(heading, [rows[i] for i in body])
    columns.title_power = power_of_titles(result.titles)
    if (
        columns.title_power
        and "amount_gbp" in columns.index
        and not power_of(columns.headers[columns.index["amount_gbp"]])
    ):
        words = f"a title says that amounts are in {'thousands' if columns.title_power == 3 else 'millions'} of pounds; they are multiplied"
        columns.notes.append(Note("title_scales", words))
    return columns


def _judge(rows: Rows, segment: Segment, result: Classified) -> None:
    """Classes of a report's rows, given its columns."""
    index, body = segment.columns.index, segment.rows
    if segment.amounts is None:
        _without_amounts(rows, body, result)
        return
    who = index.get("supplier_name", -1)
    suppliers = column_of(rows, body, who) if who >= 0 else []
    pence = segment.amounts.pence
    dates = segment.dates.dates if segment.dates else []
    for i in body:
        result.classes[i] = "transaction"
    odd = _odd_places(pence, dates, suppliers)
    suspects = Suspects.of(rows, segment)
    mender = Mender(segment.columns, rows, body, suspects.few.union(odd))
    cut = cut_rows(rows, segment, suspects, mender)
    if odd or cut:
        _judge_odd(rows, segment, result, (odd, cut, mender))


def _judge_odd(
    rows: Rows, segment: Segment, result: Classified, found: tuple[list[int], dict[int, list[str] | None], Mender]
) -> None:
    """Classes of the rows that may be no payments, or that a comma cut in two."""
    if segment.amounts is None:
        return
    odd, cut, mender = found
    index, body = segment.columns.index, segment.rows
    who = index.get("supplier_name", -1)
    pence = segment.amounts.pence
    dates = segment.dates.dates if segment.dates else []
    sums = [0, *accumulate(value or 0 for value in pence)]
    running, done = RunningTotals(), 0
    for place in sorted({*odd, *cut}):
        running.add(sums[place] - sums[done], place - done)
        done = place + 1
        i, value = body[place], pence[place]
        date_found = bool(dates) and dates[place] is not None
        row = rows[i]
        displaced = (bool(dates) and bool(segment.date_texts[place]) and not date_found) or (
            value is None and len(row) > 2
        )
        if displaced and (moved := mender.mend(row)) is not None:
            result.mended[i] = moved
            running.add(pence_of(segment, moved) or 0, 1)
            continue
        if place in cut:
            joined = cut[place]
            if joined is None:
                result.classes[i] = "misaligned"
                continue
            row, value, displaced = joined, pence_of(segment, joined), False
            date_found = looks_like_date(cell_of(row, index.get("payment_date", -1)))
        if not running.lines and bool(dates) and _describes(segment.date_texts[place], segment.amount_texts[place]):
            name = "note"
        elif value is None:
            name = _without_amount(row, segment, segment.amount_texts[place], date_found=date_found, who=who)
        else:
            name = _with_amount(row, segment, value, running, date_found=date_found, who=who)
        if name == "transaction" and displaced and mender.is_misaligned(row):
            name = "misaligned"
        result.classes[i] = name
        if name == "transaction":
            running.add(value or 0, 1)
            if row is not rows[i]:
                result.mended[i] = list(row)
        elif name in {"total", "subtotal"}:
            result.details[i] = (
                f"equals the sum of {running.lines if name == 'total' else running.part_lines} line(s) above"
            )
            running.close_part()
    running.add(sums[len(body)] - sums[done], len(body) - done)
    _settle_totals(segment, result, pence, running)


def _odd_places(pence: Sequence[int | None], dates: Sequence[date | None], suppliers: Sequence[str]) -> list[int]:
    """Places of rows that may be no payments; the columns are empty where the report has none."""
    odd: set[int] = set()
    for cells, blank in ((pence, None), (dates, None), (suppliers, "")):
        if blank in cells:
            odd.update(place for place, value in enumerate(cells) if value == blank)
    if "total" in "|".join(suppliers).lower():
        odd.update(place for place, name in enumerate(suppliers) if "total" in name.lower())
    return sorted(odd)


def _settle_totals(segment: Segment, result: Classified, pence: Sequence[int | None], running: RunningTotals) -> None:
    """A total with payments below it was a subtotal; an unproved one may be the sum of the lines below it."""
    payments_below = False
    for place in range(len(segment.rows) - 1, -1, -1):
        i = segment.rows[place]
        kind, value = result.classes[i], pence[place]
        if kind == "transaction":
            payments_below = True
        elif kind == "total" and payments_below:
            result.classes[i] = "subtotal"
        elif kind == "unproved_total" and value and running.is_whole(value):
            result.classes[i] = "total"
            result.details[i] = f"equals the sum of {running.lines} line(s) of the report"


def _without_amounts(rows: Rows, body: list[int], result: Classified) -> None:
    """A table that names no amount: nothing in it is a payment that could be counted."""
    for i in body:
        nil = any(says("nil_return", cell) for cell in rows[i])
        several = sum(1 for cell in rows[i] if cell.strip()) > 2
        result.classes[i] = "nil_return" if nil else "unmapped" if several else "note"


def _without_amount(row: Sequence[str], segment: Segment, text: str, *, date_found: bool, who: int) -> str:
    """Class of a row whose amount cell is empty or holds no amount."""
    known = [cell_of(row, column) for column in segment.columns.index.values()]
    cells = [cell for cell in map(str.strip, row) if cell]
    if any(says("nil_return", cell) for cell in cells):
        return "nil_return"
    if all(says("filler", cell) or len(cell) == 1 for cell in cells):
        return "column_filler"
    if not any(known):
        return (
            "note"
            if any(any(map(str.isalpha, cell)) for cell in cells if cell in row[: len(segment.columns.headers)])
            else "stray_cells"
        )
    supplier = cell_of(row, who)
    if (date_found and (supplier or len(cells) > 2)) or (supplier and len(cells) > 2):
        return "transaction" if text else "no_amount"
    if text and len(cells) > 3:
        return "transaction"
    return "note"


def _describes(date_text: str, amount_text: str) -> bool:
    """Whether words stand as date and amount both: above all payments they say what the columns hold ('dd/mm/yyyy', 'Mandatory')."""
    both = date_text + amount_text
    return bool(date_text and amount_text) and any(map(str.isalpha, date_text)) and not any(map(str.isdigit, both))


def _with_amount(
    row: Sequence[str], segment: Segment, pence: int, running: RunningTotals, *, date_found: bool, who: int
) -> str:
    """Class of a row that has an amount but lacks a date or a supplier."""
    money = {segment.columns.index.get(name, -1) for name in ("amount_gbp", "amount_alternative_gbp")}
    others = [cell for column, cell in enumerate(map(str.strip, row)) if cell and column not in money]
    if not pence and all(says("filler", cell) for cell in others):
        return "column_filler"
    words = any(says("total", cell) for cell in others)
    group = len(others) == 1 and says("group_total", others[0])
    counts = all(says("count", cell) for cell in others)
    if not others or (not date_found and (words or counts)):
        return running.kind_of(pence) or "unproved_total"
    if running.lines > 1 and says("total", cell_of(row, who)) and running.is_whole(pence):
        return "total"  # with the day of the list beside it
    named = len(others) == 1 and "total" in others[0].lower()
    if (
        not date_found
        and (named or not cell_of(row, who))
        and (running.lines > 1 or group)  # a second payment may well be as large as the first
        and pence
        and (kind := running.kind_of(pence)) in {"total", "subtotal"}
    ):
        return kind
    unnamed = not date_found and len(others) == 1 and not cell_of(row, who)
    return "unproved_total" if unnamed and (group or not any(map(str.isalpha, others[0]))) else "transaction"
