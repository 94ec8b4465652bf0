"""Classified rows to typed columns: the lake's rows of one grid, as an Arrow table, column by column.

Does not belong here: deciding what a row is (rows.py), what a date means (sources.values).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

from sources.layout.rows import Classified, Segment, column_of
from sources.periods import Period
from sources.schema.arrow import arrow_schema
from sources.values import amounts_to_decimal, parse_amounts, parse_dates

if TYPE_CHECKING:
    import pyarrow as pa

    from sources.grid import Grid
    from sources.publisher import Quirks

T = TypeVar("T")

LONGEST_CELL = 32_767
"""Characters kept of a cell: the most that a spreadsheet cell can hold."""
TEXT_FIELDS = (
    "department_family",
    "entity",
    "expense_type",
    "expense_area",
    "supplier_name",
    "transaction_number",
    "description",
    "supplier_postcode",
    "supplier_type",
    "supplier_number",
    "contract_number",
    "project_code",
    "expenditure_type",
    "vat_registration_number",
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_MOJIBAKE = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u2018-\u201d\u2020-\u2026\u20ac]|\u00e2\u20ac|\ufffd")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+\d+$")
_ERRORS = re.compile(r"^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$")
_REDACTED = re.compile(
    r"redact|withheld|personal (?:data|information|expense)|name removed|not disclosed|data protection", re.IGNORECASE
)


@dataclass(slots=True)
class TypedRows:
    """Lake rows of one grid, and what was seen of its dates: the dates themselves and their order."""

    rows: pa.Table
    dates: list[date | None] = field(default_factory=list)
    order: str = "none"


def typed_rows(
    grid: Grid,
    classified: Classified,
    period: Period | None,
    quirks: Quirks,
    constants: dict[str, str],
    counts: Counter[str],
) -> TypedRows:
    """Every row of the grid in order, transactions with their fields, the others with their raw cells.

    `quirks` are what the publisher's entry declares; `constants` are publisher_id, distribution_id and snapshot_sha256;
    `counts` counts equal rows over all grids of a file.
    """
    import pyarrow as pa  # noqa: PLC0415 - see sources.schema.arrow

    size = len(grid.rows)
    columns: dict[str, list[Any]] = {}
    flags: dict[int, list[str]] = {}
    dates: list[date | None] = []
    orders: set[str] = set()
    pence: list[int | None] = [None] * size
    alternative: list[int | None] = [None] * size

    def put(name: str, rows: Sequence[int], values: Sequence[Any]) -> None:
        _place(columns.setdefault(name, [None] * size), rows, values)

    def flag(rows: Sequence[int], found: dict[int, tuple[str, ...]]) -> None:
        for place, codes in found.items():
            flags.setdefault(rows[place], []).extend(codes)

    for segment in classified.segments:
        places = [place for place, i in enumerate(segment.rows) if classified.classes[i] == "transaction"]
        if not places or segment.amounts is None:
            continue
        chosen = [segment.rows[place] for place in places]
        cells: Sequence[list[str]] = grid.rows
        amounts = _take(segment.amounts.pence, segment.amounts.flags, places)
        amount_texts = [segment.amount_texts[place] for place in places]
        index = segment.columns.index
        if moved := [i for i in chosen if i in classified.mended]:
            cells = list(grid.rows)
            for i in moved:
                cells[i] = classified.mended[i]
                flags.setdefault(i, []).append("row_shifted")
            amount_texts = column_of(cells, chosen, index["amount_gbp"])
            parsed_again = parse_amounts(amount_texts)
            amounts = parsed_again.pence, parsed_again.flags
        for name in TEXT_FIELDS:
            if name in index:
                values, found = _tidy(name, column_of(cells, chosen, index[name]))
                put(name, chosen, values)
                flag(chosen, found)
        put("amount_raw", chosen, amount_texts)
        stated = segment.columns.basis
        put("amount_basis", chosen, [(quirks.amount_basis or stated) if stated == "unstated" else stated] * len(chosen))
        flag(chosen, amounts[1])
        _place(pence, chosen, amounts[0])
        if "amount_alternative_gbp" in index:
            _place(alternative, chosen, parse_amounts(column_of(cells, chosen, index["amount_alternative_gbp"])).pence)
        if segment.dates is not None:
            if moved:
                date_texts = column_of(cells, chosen, index["payment_date"])
                parsed = parse_dates(date_texts, period, quirks.date_order)
                days, precisions, found = parsed.dates, parsed.precisions, parsed.flags
            else:
                date_texts = [segment.date_texts[place] for place in places]
                days, found = _take(segment.dates.dates, segment.dates.flags, places)
                precisions = [segment.dates.precisions[place] for place in places]
            put("payment_date", chosen, days)
            put("date_precision", chosen, precisions)
            put("date_raw", chosen, date_texts)
            flag(chosen, found)
            dates.extend(days)
            orders.add(segment.dates.order)
        else:
            flag(chosen, dict.fromkeys(range(len(chosen)), ("date_missing_column",)))
        _flag_amounts(segment, chosen, flags)
        if extra := [(i, segment.columns.headers[i] or f"column {i + 1}") for i in segment.columns.extra]:
            put("extra", chosen, _extra([cells[i] for i in chosen], extra))
    for i in grid.requoted:
        flags.setdefault(i, []).append("row_requoted")
    hashes, occurrences = _identify(grid.rows, counts)
    is_payment = [name == "transaction" for name in classified.classes]
    columns |= {
        "sheet": [grid.sheet] * size,
        "line_number": list(grid.lines),
        "row_class": classified.classes,
        "row_hash": hashes,
        "occurrence": occurrences,
        "flags": [flags.get(i, ()) for i in range(size)] if flags else [()] * size,
        "raw_cells": [None if paid else _raw(row) for paid, row in zip(is_payment, grid.rows, strict=True)],
        "reason_detail": [classified.details.get(i) for i in range(size)] if classified.details else None,
    }
    schema = arrow_schema("lake_rows")
    arrays = []
    for column in schema:
        if column.name in constants:
            arrays.append(pa.repeat(constants[column.name], size))
        elif column.name in {"amount_gbp", "amount_alternative_gbp"}:
            arrays.append(amounts_to_decimal(pence if column.name == "amount_gbp" else alternative))
        elif columns.get(column.name) is None:
            arrays.append(pa.nulls(size, column.type))
        else:
            arrays.append(pa.array(columns[column.name], column.type))
    return TypedRows(
        pa.Table.from_arrays(arrays, schema=schema),
        dates,
        orders.pop() if len(orders) == 1 else "mixed" if orders else "none",
    )


def _place(target: list[Any], rows: Sequence[int], values: Sequence[Any]) -> None:
    """Values to their rows of a full-length column; by slice where the rows follow one another, as they mostly do."""
    if rows[-1] - rows[0] + 1 == len(rows):
        target[rows[0] : rows[-1] + 1] = values
        return
    for i, value in zip(rows, values, strict=True):
        target[i] = value


def _take(
    values: list[T], flags: dict[int, tuple[str, ...]], places: list[int]
) -> tuple[list[T], dict[int, tuple[str, ...]]]:
    """Values and flags of the chosen places, flags counted among these."""
    if len(places) == len(values):
        return values, flags
    found = {new: flags[old] for new, old in enumerate(places) if old in flags} if flags else {}
    return [values[place] for place in places], found


def _tidy(name: str, values: list[str]) -> tuple[list[str | None], dict[int, tuple[str, ...]]]:
    """Text without control characters and runs of blanks, '' as None; with flags. The whole column is looked at first."""
    flags: dict[int, tuple[str, ...]] = {}

    def note(code: str, test: Callable[[str], object]) -> None:
        for place, value in enumerate(values):
            if value and test(value):
                flags[place] = (*flags.get(place, ()), code)

    if max(map(len, values)) > LONGEST_CELL:
        note("cell_truncated", lambda value: len(value) > LONGEST_CELL)
        values = [value[:LONGEST_CELL] for value in values]
    together = "|".join(values)
    if not together.isprintable() or "  " in together:
        note("text_control_characters", _CONTROL.search)
        values = [
            value if value.isprintable() and "  " not in value else _SPACES.sub(" ", _INVISIBLE.sub("", value)).strip()
            for value in values
        ]
    if not together.isascii():
        note("text_mojibake", _MOJIBAKE.search)
    if "#" in together:
        note("spreadsheet_error", _ERRORS.match)
    if name == "transaction_number" and ("E+" in together or "e+" in together):
        note("identifier_scientific", _SCIENTIFIC.match)
    if name == "supplier_name":
        if "" in values:
            note_blank = {place: ("supplier_blank",) for place, value in enumerate(values) if not value}
            flags |= {place: (*flags.get(place, ()), *codes) for place, codes in note_blank.items()}
        if _REDACTED.search(together):
            note("supplier_redacted", _REDACTED.search)
    return [value or None for value in values], flags


def _flag_amounts(segment: Segment, chosen: Sequence[int], flags: dict[int, list[str]]) -> None:
    """Flags that hold for all lines of a report, by the column their amounts came from."""
    codes = []
    if segment.columns.basis == "gross":
        codes.append("amount_from_gross")
    if segment.columns.basis == "net" and "amount_alternative_gbp" in segment.columns.index:
        codes.append("amount_from_net")
    if segment.columns.inferred:
        codes.append("header_inferred")
    if codes:
        for i in chosen:
            flags.setdefault(i, []).extend(codes)


def _extra(cells: Sequence[Sequence[str]], extra: Sequence[tuple[int, str]]) -> list[str | None]:
    """Columns that no field uses, as JSON; a header that occurs twice is told apart by its column."""
    names = Counter(header for _, header in extra)
    keys = [(column, header if names[header] == 1 else f"{header} (column {column + 1})") for column, header in extra]
    dumps = json.JSONEncoder(ensure_ascii=False).encode
    found = (
        {key: text for column, key in keys if column < len(row) and (text := row[column].strip())} for row in cells
    )
    return [dumps(values) if values else None for values in found]


def _raw(row: Sequence[str]) -> str:
    cells = [cell[:LONGEST_CELL] for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return json.dumps(cells, ensure_ascii=False)


def _identify(rows: Sequence[Sequence[str]], counts: Counter[str]) -> tuple[list[str], list[int]]:
    """Hash of each row's cells and its occurrence among equal rows, counted on in `counts`."""
    hashes = [
        blake2b("\x1f".join(row).rstrip("\x1f").encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        for row in rows
    ]
    if not counts and len(set(hashes)) == len(hashes):
        counts.update(hashes)
        return hashes, [1] * len(hashes)
    occurrences = []
    for value in hashes:
        counts[value] += 1
        occurrences.append(counts[value])
    return hashes, occurrences
