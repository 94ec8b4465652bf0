"""Classified rows to typed columns: the lake's rows of one grid, as an Arrow table, column by column.

Does not belong here: deciding what a row is (rows.py), making text fit to publish (tidy.py), what a date means
(sources.values).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

from sources.layout.rows import Classified
from sources.layout.segment import Hints, Segment, amounts_of, column_of, dates_of, published_columns
from sources.layout.tidy import LONGEST_CELL, Flags, tidy
from sources.schema.arrow import arrow_schema
from sources.values import Amounts, Dates, amounts_to_decimal, parse_amounts

if TYPE_CHECKING:
    import pyarrow as pa

    from sources.grid import Grid

T = TypeVar("T")

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
PENCE = ("amount_gbp", "amount_alternative_gbp")


@dataclass(slots=True)
class TypedRows:
    """Lake rows of one grid, and what was seen of its dates: the dates themselves and their order."""

    rows: pa.Table
    dates: list[date | None]
    order: str


@dataclass(slots=True)
class _Columns:
    """Full-length columns of a grid under construction; rows that no segment fills stay None."""

    size: int
    values: dict[str, list[Any]] = field(default_factory=dict)
    flags: dict[int, list[str]] = field(default_factory=dict)
    dates: list[date | None] = field(default_factory=list)
    orders: set[str] = field(default_factory=set)

    def put(self, name: str, rows: Sequence[int], values: Sequence[Any]) -> None:
        """Values to their rows; by slice where the rows follow one another, as they mostly do."""
        target = self.values.setdefault(name, [None] * self.size)
        if rows[-1] - rows[0] + 1 == len(rows):
            target[rows[0] : rows[-1] + 1] = values
            return
        for i, value in zip(rows, values, strict=True):
            target[i] = value

    def flag(self, rows: Sequence[int], found: Flags) -> None:
        for place, codes in found.items():
            self.flags.setdefault(rows[place], []).extend(codes)

    def flag_all(self, rows: Iterable[int], codes: Sequence[str]) -> None:
        if codes:
            for i in rows:
                self.flags.setdefault(i, []).extend(codes)


def typed_rows(
    grid: Grid,
    classified: Classified,
    hints: Hints,
    constants: dict[str, str],
    counts: Counter[str] | None,
    *,
    basis: str | None = None,
) -> TypedRows:
    """Every row of the grid in order, transactions with their fields, the others with their raw cells.

    `constants` are publisher_id, distribution_id and snapshot_sha256; `counts` counts equal rows over all grids of a
    file, None where there is but one; `basis` is the amounts' basis that the publisher's entry declares, for headings that state none.
    """
    columns = _Columns(len(grid.rows))
    for segment in classified.segments:
        places = [place for place, i in enumerate(segment.rows) if classified.classes[i] == "transaction"]
        if places and segment.amounts is not None:
            _fill(columns, _mended(grid.rows, segment, classified, hints), places, classified, basis)
    columns.flag_all(grid.requoted, ("row_requoted",))
    order = columns.orders.pop() if len(columns.orders) == 1 else "mixed" if columns.orders else "none"
    return TypedRows(_to_arrow(grid, classified, columns, constants, counts), columns.dates, order)


def _mended(
    rows: Sequence[list[str]], segment: Segment, classified: Classified, hints: Hints
) -> tuple[Segment, Sequence[list[str]]]:
    """The segment with the cells of mended rows in place of the published ones, and the rows so mended."""
    if not any(i in classified.mended for i in segment.rows):
        return segment, rows
    cells = [classified.mended.get(i, row) for i, row in enumerate(rows)]
    amount_texts, amounts = amounts_of(cells, segment.rows, segment.columns)
    date_texts, dates = dates_of(cells, segment.rows, segment.columns, hints)
    mended = Segment(
        segment.columns,
        segment.heading,
        segment.rows,
        amount_texts,
        date_texts,
        amounts,
        dates,
    )
    return mended, cells


def _fill(
    columns: _Columns,
    mended: tuple[Segment, Sequence[list[str]]],
    places: list[int],
    classified: Classified,
    basis: str | None,
) -> None:
    """One report's transactions into the grid's columns."""
    segment, cells = mended
    chosen = _of(segment.rows, places)
    index = segment.columns.index
    names = [name for name in TEXT_FIELDS if name in index]
    published = published_columns(cells, chosen, [index[name] for name in names])
    for name, texts in zip(names, published, strict=True):
        values, found = tidy(name, texts)
        columns.put(name, chosen, values)
        columns.flag(chosen, found)
    if segment.amounts is not None:
        _fill_amounts(columns, segment, segment.amounts, (places, chosen), basis)
    if "amount_alternative_gbp" in index:
        columns.put(
            "amount_alternative_gbp",
            chosen,
            parse_amounts(
                column_of(cells, chosen, index["amount_alternative_gbp"]),
                segment.columns.power("amount_alternative_gbp"),
            ).pence,
        )
    if segment.dates is not None:
        _fill_dates(columns, segment, segment.dates, (places, chosen))
    else:
        columns.flag_all(chosen, ("date_missing_column",))
    if classified.mended:
        columns.flag_all((i for i in chosen if i in classified.mended), ("row_shifted",))
    if extra := [(i, segment.columns.headers[i] or f"column {i + 1}") for i in segment.columns.extra]:
        columns.put("extra", chosen, _extra([cells[i] for i in chosen], extra))


def _fill_amounts(
    columns: _Columns, segment: Segment, amounts: Amounts, at: tuple[list[int], list[int]], basis: str | None
) -> None:
    """`at` are places in the segment and the rows of the grid that they are."""
    places, chosen = at
    stated = segment.columns.basis
    pence, found = _take(amounts.pence, amounts.flags, places)
    columns.put("amount_gbp", chosen, pence)
    columns.flag(chosen, found)
    columns.put("amount_raw", chosen, _of(segment.amount_texts, places))
    columns.put("amount_basis", chosen, [(basis or stated) if stated == "unstated" else stated] * len(chosen))
    codes = ["amount_from_gross"] if stated == "gross" else []
    if stated == "net" and "amount_alternative_gbp" in segment.columns.index:
        codes.append("amount_from_net")
    if segment.columns.credit is not None:
        codes.append("amount_from_debit_credit")
    if segment.columns.inferred:
        codes.append("header_inferred")
    columns.flag_all(chosen, codes)


def _fill_dates(columns: _Columns, segment: Segment, dates: Dates, at: tuple[list[int], list[int]]) -> None:
    places, chosen = at
    days, found = _take(dates.dates, dates.flags, places)
    columns.put("payment_date", chosen, days)
    columns.flag(chosen, found)
    columns.put("date_precision", chosen, _of(dates.precisions, places))
    columns.put("date_raw", chosen, _of(segment.date_texts, places))
    columns.dates.extend(days)
    columns.orders.add(dates.order)


def _take(values: list[T], flags: Flags, places: list[int]) -> tuple[list[T], Flags]:
    """Values and flags of the chosen places, flags counted among these."""
    if len(places) == len(values):
        return values, flags
    found = {new: flags[old] for new, old in enumerate(places) if old in flags} if flags else {}
    return _of(values, places), found


def _of(values: list[T], places: list[int]) -> list[T]:
    return values if len(places) == len(values) else [values[place] for place in places]


def _to_arrow(
    grid: Grid, classified: Classified, columns: _Columns, constants: dict[str, str], counts: Counter[str] | None
) -> pa.Table:
    import numpy as np  # noqa: PLC0415 - see sources.schema.arrow
    import pyarrow as pa  # noqa: PLC0415

    size = columns.size
    values: dict[str, Any] = columns.values
    hashes, occurrences = _identify(grid.rows, counts)
    raw: list[str | None] = [None] * size
    for i, name in enumerate(classified.classes):
        if name != "transaction":
            raw[i] = _raw(grid.rows[i])
    constants = {**constants, "sheet": grid.sheet}
    values |= {
        "line_number": grid.lines,
        "row_class": classified.classes,
        "row_hash": hashes,
        "occurrence": occurrences,
        "flags": [columns.flags.get(i, ()) for i in range(size)] if columns.flags else None,
        "raw_cells": raw,
    }
    if classified.details:
        values["reason_detail"] = [classified.details.get(i) for i in range(size)]
    schema = arrow_schema("lake_rows")
    arrays = []
    for column in schema:
        if column.name in constants:
            arrays.append(pa.repeat(constants[column.name], size))
        elif column.name not in values:
            arrays.append(pa.nulls(size, column.type))
        elif values[column.name] is None:  # no flags at all: empty lists without going through Python's
            arrays.append(
                pa.ListArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), size + 1), pa.nulls(0, pa.string()))
            )
        elif isinstance(lines := values[column.name], range):  # an integer at a time otherwise
            arrays.append(pa.array(np.arange(lines.start, lines.stop, lines.step), column.type))
        elif column.name in PENCE:
            arrays.append(amounts_to_decimal(values[column.name]))
        else:
            arrays.append(pa.array(values[column.name], column.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _extra(cells: Sequence[Sequence[str]], extra: Sequence[tuple[int, str]]) -> list[str | None]:
    """Columns that no field uses, as JSON; a header that occurs twice is told apart by its column."""
    names = Counter(header for _, header in extra)
    keys = [(column, header if names[header] == 1 else f"{header} (column {column + 1})") for column, header in extra]
    dumps = json.JSONEncoder(ensure_ascii=False).encode
    found = (
        {key: text for column, key in keys if column < len(row) and (text := row[column].strip())} for row in cells
    )
    return [dumps({key: text[:LONGEST_CELL] for key, text in values.items()}) if values else None for values in found]


def _raw(row: Sequence[str]) -> str:
    cells = [cell[:LONGEST_CELL] for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return json.dumps(cells, ensure_ascii=False)


def row_hashes(rows: Sequence[Sequence[str]]) -> list[str]:
    """Hash of each row's cells; empty cells at its end make no difference."""
    join = "\x1f".join
    return [
        blake2b(join(row).rstrip("\x1f").encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() for row in rows
    ]


def _identify(rows: Sequence[Sequence[str]], counts: Counter[str] | None) -> tuple[list[str], list[int]]:
    """Hash of each row's cells and its occurrence among equal rows, counted on in `counts`."""
    hashes = row_hashes(rows)
    if not counts and len(set(hashes)) == len(hashes):
        if counts is not None:
            counts.update(hashes)
        return hashes, [1] * len(hashes)
    counts = Counter() if counts is None else counts
    occurrences = []
    for value in hashes:
        counts[value] += 1
        occurrences.append(counts[value])
    return hashes, occurrences
