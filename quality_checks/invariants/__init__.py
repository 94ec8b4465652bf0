"""What has to be true of every warehouse, one SQL file each, returning the rows that break it.

Belongs here: invariants of ours. Does not belong here: what is true of a publisher's data (rules, findings). A failure
here is a mistake of this project and stops the release.

The first line of a file is `-- title: ...`. Keys and codes are checked for every declared table, from sources/schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.schema.model import Table, codes, table, table_names

if TYPE_CHECKING:
    import duckdb

HERE = Path(__file__).parent
SAMPLE = 3


@dataclass(frozen=True, slots=True)
class Invariant:
    """`sql` returns the rows that break the invariant."""

    id: str
    title: str
    sql: str


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """`violations` is the full number; `sample` holds the first few, as column to value."""

    id: str
    title: str
    violations: int
    sample: tuple[dict[str, Any], ...]

    @property
    def passed(self) -> bool:
        return self.violations == 0

    @property
    def detail(self) -> str:
        """In words, for a person."""
        if self.passed:
            return "holds"
        return f"{self.title}: {self.violations} violations, for instance {self.sample[0]}"


def _declared() -> list[Table]:
    return [table(name) for name in table_names() if table(name).layer != "lake"]


def _keys_unique() -> Invariant:
    parts = [
        f"SELECT '{one.name}' AS table_name, concat_ws(' / ', {', '.join(one.key)}) AS key_value, count(*) AS row_count "
        f"FROM {one.name} GROUP BY {', '.join(one.key)} HAVING count(*) > 1"
        for one in _declared()
    ]
    return Invariant("keys_are_unique", "No two rows of a table have the same key", "\nUNION ALL ".join(parts))


def _codes_declared() -> Invariant:
    parts = []
    for one in _declared():
        for field in one.fields:
            if field.codes is None:
                continue
            known = ", ".join(f"'{code}'" for code in _codes_of(one.name, field.name, field.codes))
            column = f"unnest({field.name})" if field.type == "list" else field.name
            parts.append(
                f"SELECT '{one.name}.{field.name}' AS column_name, code FROM (SELECT DISTINCT {column} AS code FROM {one.name}) "
                f"WHERE code NOT IN ({known})"
            )
    return Invariant("codes_are_declared", "Every code stands in its code list", "\nUNION ALL ".join(parts))


def _codes_of(table_name: str, field: str, name: str) -> list[str]:
    """Set-aside rows may have any row class but the transaction."""
    return [
        code
        for code in codes(name)
        if (table_name, field, code) != ("core_set_aside_rows", "reason_code", "transaction")
    ]


def _from_files() -> list[Invariant]:
    found = []
    for path in sorted(HERE.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        found.append(Invariant(path.stem, text.splitlines()[0].removeprefix("-- title: "), text))
    return found


INVARIANTS: tuple[Invariant, ...] = (*_from_files(), _keys_unique(), _codes_declared())


def check_invariants(con: duckdb.DuckDBPyConnection) -> list[InvariantResult]:
    """Every invariant over the warehouse open at `con`, in the order of INVARIANTS."""
    return [_check(con, one) for one in INVARIANTS]


def _check(con: duckdb.DuckDBPyConnection, invariant: Invariant) -> InvariantResult:
    body = invariant.sql.rstrip().rstrip(";")
    cursor = con.execute(
        f"SELECT *, count(*) OVER () AS violation_count FROM (\n{body}\n) AS violations ORDER BY ALL LIMIT {SAMPLE}"
    )
    names = [column[0] for column in cursor.description or []][:-1]
    rows = cursor.fetchall()
    sample = tuple(dict(zip(names, row[:-1], strict=True)) for row in rows)
    return InvariantResult(invariant.id, invariant.title, int(rows[0][-1]) if rows else 0, sample)
