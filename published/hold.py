"""Whether a new release's totals leave the bounds declared in bounds.yaml, and in which words that is said.

Belongs here: comparing totals of two releases' Parquet files. Does not belong here: what becomes of a release that is held
(standing.py, release.py).
"""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from sources.schema.duckdb_sql import literal, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PATH = Path(__file__).with_name("bounds.yaml")
SHOWN = 5
"""How many cases of one bound are named; the rest is counted."""


class Bound(BaseModel):
    """One entry of bounds.yaml, which explains the keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    dataset: str
    value: str
    match: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    rise_pct: Decimal | None = None
    fall_pct: Decimal | None = None
    at_least: Decimal


@cache
def bounds() -> tuple[Bound, ...]:
    """Raises ValueError where bounds.yaml is wrong."""
    declared = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Bound, ...]).validate_python(declared)


def reasons_to_hold(served: Path, built: Path) -> list[str]:
    """One line for each bound that `built` leaves against `served`; empty where it leaves none.

    A dataset that one of the two lacks is not compared: the version says so already.
    """
    import duckdb  # noqa: PLC0415 - only a release build pays for it

    with closing(duckdb.connect(config={"threads": 1, "memory_limit": "400MB"})) as con:
        return [
            reason
            for bound in bounds()
            if all((release / f"{bound.dataset}.parquet").is_file() for release in (served, built))
            for reason in _reasons(con, bound, served, built)
        ]


def _reasons(con: DuckDBPyConnection, bound: Bound, served: Path, built: Path) -> list[str]:
    before, now = (f"read_parquet({literal(str(release / f'{bound.dataset}.parquet'))})" for release in (served, built))
    value = "count(*)" if bound.value == "lines" else f"coalesce(sum({quoted(bound.value)}), 0)"
    by = "".join(f"{quoted(name)}, " for name in bound.by)
    grouped = "GROUP BY ALL" if bound.by else ""
    sides = []
    for one, other in ((before, now), (now, before)):
        matched = " AND ".join(f"o.{quoted(name)} IS NOT DISTINCT FROM s.{quoted(name)}" for name in bound.match)
        rows = f"{one} s SEMI JOIN {other} o ON {matched}" if bound.match else f"{one} s"
        sides.append(f"SELECT {by}{value} AS amount FROM (SELECT s.* FROM {rows}) {grouped}")
    joined = " AND ".join(f"b.{quoted(name)} IS NOT DISTINCT FROM n.{quoted(name)}" for name in bound.by) or "true"
    tests = []
    if bound.rise_pct is not None:
        tests.append(f"n.amount > b.amount * {1 + bound.rise_pct / 100}")
    if bound.fall_pct is not None:
        tests.append(f"n.amount < b.amount * {1 - bound.fall_pct / 100}")
    cells = "".join(f"b.{quoted(name)}, " for name in bound.by)
    place = ", ".join(str(number) for number in range(1, len(bound.by) + 2))
    found = con.execute(
        f"SELECT {cells}b.amount, n.amount FROM ({sides[0]}) b JOIN ({sides[1]}) n ON {joined} "
        f"WHERE greatest(b.amount, n.amount) >= {bound.at_least} AND b.amount >= 0 AND ({' OR '.join(tests)}) "
        f"ORDER BY abs(n.amount - b.amount) DESC, {place}"
    ).fetchall()
    words = [_words(bound, *row) for row in found[:SHOWN]]
    if len(found) > SHOWN:
        words.append(f"{bound.title}: {len(found) - SHOWN:,} more like these ({bound.id})")
    return words


def _words(bound: Bound, *row: Any) -> str:
    *cell, before, now = row
    of = f" ({', '.join(str(one) for one in cell)})" if cell else ""
    limit = bound.rise_pct if now > before else bound.fall_pct
    moved = f"{abs(Decimal(now) - Decimal(before)) * 100 / Decimal(before):,.0f} %" if before else "from nothing"
    direction = "rises" if now > before else "falls"
    return (
        f"{bound.title}{of}: {direction} by {moved}, from {_number(bound, before)} to {_number(bound, now)}; "
        f"the bound is {limit} % ({bound.id})"
    )


def _number(bound: Bound, value: Any) -> str:
    return f"£{value:,.2f}" if bound.value.endswith("_gbp") else f"{value:,}"
