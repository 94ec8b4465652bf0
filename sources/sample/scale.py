"""Large samples for benchmarks: many rows, made column by column, a file at a time, so that memory does not grow.

The files are plain ones, with a few harmless quirks (a title, a pound sign in cp1252, a total row). What is true of them
is known by file only: rows and total. Does not belong here: the small sample with every quirk.
"""

from __future__ import annotations

import calendar
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sources.sample.info import SEED, SampleInfo
from sources.sample.ledger import Published, write_manifest, write_register
from sources.sample.world import MONTHS, Body, bodies, suppliers, words

MAX_ROWS = 50_000_000
LEAST_ROWS_A_FILE = 50
PAYMENTS_A_LINE = 0.78
HEADINGS = (
    "Department Family",
    "Entity",
    "Date",
    "Expense Type",
    "Expense Area",
    "Supplier",
    "Transaction Number",
    "Amount",
    "Description",
)
TRUTH_SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("publisher_id", pa.string()),
        ("encoding", pa.string()),
        ("quirks", pa.list_(pa.string())),
        ("row_count", pa.int64()),
        ("transaction_count", pa.int64()),
        ("set_aside_count", pa.int64()),
        ("total_gbp", pa.decimal128(18, 2)),
    ]
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file to make: its number (from 0), whose it is, for which month, under which name, with how many lines."""

    number: int
    body: Body
    month: date
    path: str
    lines: int


def make_rows(root: Path, rows: int, seed: int = SEED, beside: Sequence[Published] = ()) -> SampleInfo:
    """A mirror of exactly `rows` payment lines over the 36 publishers and months; fewer files where rows are few.

    Writes spend/, manifest.csv, register/ and truth/files.parquet; the manifest also names the files `beside` it. Raises ValueError outside 1 to 50,000,000.
    """
    if not 1 <= rows <= MAX_ROWS:
        raise ValueError(f"rows={rows}: give a number from 1 to {MAX_ROWS:,}")
    every = [(body, month) for month in MONTHS for body in bodies()]
    files = max(1, min(len(every), rows // LEAST_ROWS_A_FILE))
    lines, over = divmod(rows, files)
    named = [
        Sheet(
            number,
            body,
            month,
            f"spend/{body.id}/spend-over-{body.threshold}-{month:%Y-%m}.csv",
            lines + (number < over),
        )
        for number, (body, month) in enumerate(every[:files])
    ]
    return _make(root, named, seed, beside)


def make_many(root: Path, files: int, rows_each: int, seed: int = SEED) -> SampleInfo:
    """A mirror of many small files, for instance 2,000 of 1,000 lines, dealt out to the publishers month by month."""
    return _make(root, list(_dealt(files, rows_each)), seed)


def make_large(root: Path, files: int, rows_each: int, seed: int = SEED) -> SampleInfo:
    """A mirror of a few large files, each of another publisher and month."""
    return _make(root, list(_dealt(files, rows_each)), seed)


def _dealt(files: int, rows_each: int) -> Iterator[Sheet]:
    if files < 1 or rows_each < 1:
        raise ValueError(f"files={files}, rows_each={rows_each}: both have to be at least 1")
    everybody = bodies()
    for number in range(files):
        month_at, at = divmod(number, len(everybody))
        part, month_at = divmod(month_at, len(MONTHS))
        body, month = everybody[at], MONTHS[month_at]
        name = f"spend-over-{body.threshold}-{month:%Y-%m}{f'-part-{part + 1}' if part else ''}.csv"
        yield Sheet(number, body, month, f"spend/{body.id}/{name}", rows_each)


def _make(root: Path, sheets: list[Sheet], seed: int, beside: Sequence[Published] = ()) -> SampleInfo:
    truth, published = [], []
    for sheet in sheets:
        (root / sheet.path).parent.mkdir(parents=True, exist_ok=True)
        truth.append(_write(root, sheet, seed))
        published.append(Published(sheet.path, _next_month(sheet.month) + timedelta(days=27)))
    write_manifest(root, [*published, *beside])
    write_register(root)
    (root / "truth").mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(truth, TRUTH_SCHEMA), root / "truth" / "files.parquet", compression="zstd")
    return SampleInfo(root, len(sheets), sum(sheet.lines for sheet in sheets), has_truth=False)


def _write(root: Path, sheet: Sheet, seed: int) -> dict[str, Any]:
    """Write one file; its truth."""
    rng = np.random.default_rng([seed, sheet.number])
    pence = _pence(rng, sheet)
    total = int(pence.sum())
    titled, pound, totalled = sheet.number % 7 == 3, sheet.number % 5 == 2, sheet.number % 11 == 6
    encoding = "cp1252" if pound else "utf-8"
    heading = [*HEADINGS[:7], "Amount (£)" if pound else "Amount", HEADINGS[8]]
    with (root / sheet.path).open("wb") as out:
        if titled:
            out.write(f"SAMPLE DATA: {sheet.body.name} spending {sheet.month:%B %Y}\r\n".encode(encoding))
        out.write((",".join(heading) + "\r\n").encode(encoding))
        out.write(_body(rng, sheet, pence))
        if totalled:
            out.write(f"Total,,,,,,,{Decimal(total).scaleb(-2)},\r\n".encode(encoding))
    return {
        "path": sheet.path,
        "publisher_id": sheet.body.id,
        "encoding": encoding,
        "quirks": [name for name, on in (("title_line", titled), ("pound_sign", pound), ("total_row", totalled)) if on],
        "row_count": sheet.lines + 1 + titled + totalled,
        "transaction_count": sheet.lines,
        "set_aside_count": 1 + titled + totalled,
        "total_gbp": Decimal(total).scaleb(-2),
    }


def _pence(rng: np.random.Generator, sheet: Sheet) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Heavy-tailed amounts around half the threshold, since payments are split; one in a hundred is a refund."""
    pounds = rng.lognormal(np.log(sheet.body.threshold * 0.5), 1.3, sheet.lines)
    pence = np.minimum(np.rint(pounds * 100), 5_000_000_000_00).astype(np.int64) + 1
    return np.where(rng.random(sheet.lines) < 0.01, -pence, pence)


def _body(rng: np.random.Generator, sheet: Sheet, pence: np.ndarray[Any, np.dtype[np.int64]]) -> bytes:
    """The lines as CSV without a heading, ordered by day."""
    count, vocabulary = sheet.lines, words()
    last = calendar.monthrange(sheet.month.year, sheet.month.month)[1]
    days = pa.array([f"{day:02}/{sheet.month:%m/%Y}" for day in range(1, last + 1)])
    names = pa.array(suppliers())
    # A payment takes one to a few lines, which share its number, supplier and day: four payments in five lines, as in
    # the lists of real departments.
    payment = np.cumsum(rng.random(count) < PAYMENTS_A_LINE)
    paid = int(payment[-1]) + 1
    ranks = np.minimum(rng.zipf(1.3, paid) - 1, 10**9) % len(names)
    numbers = 10_000_000 + sheet.number * sheet.lines + payment
    family = sheet.body.name
    table = pa.table(
        [
            pa.repeat(family, count),
            pa.repeat(sheet.body.entity, count),
            days.take(pa.array(np.sort(rng.integers(0, last, paid))[payment])),
            _drawn(rng, vocabulary["expense_types"], count),
            _drawn(rng, vocabulary["expense_areas"], count),
            names.take(pa.array(((ranks + sheet.number * 37) % len(names))[payment])),
            pa.array(numbers),
            _decimals(pence),
            _drawn(rng, vocabulary["descriptions"], count),
        ],
        names=list(HEADINGS),
    )
    buffer = io.BytesIO()
    # Some publishers quote every text, others none; no name of the vocabulary needs it.
    quoting = "needed" if sheet.number % 2 else "none"
    options = pa_csv.WriteOptions(include_header=False, quoting_style=quoting, eol="\r\n")
    pa_csv.write_csv(table, buffer, options)
    return buffer.getvalue()


def _drawn(rng: np.random.Generator, choices: list[str], count: int) -> pa.Array:
    return pa.array(choices).take(pa.array(rng.integers(0, len(choices), count)))


def _decimals(pence: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Array:
    """Pence as decimal128(18, 2), exactly: the low and the high half of each 128-bit number side by side."""
    halves = np.empty((len(pence), 2), dtype=np.int64)
    halves[:, 0] = pence
    halves[:, 1] = pence >> 63
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(pence), [None, pa.py_buffer(halves.tobytes())])


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
