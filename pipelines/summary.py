"""What a run did, in figures and in words.

Belongs here: counting what the warehouse holds, and saying it. Does not belong here: the work itself.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sources.one_step import replace_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHOWN = 6
"""How many of a list the words name."""


@dataclass(slots=True)
class Holds:
    """What the warehouse holds. Money is text with two decimals, so that JSON does not round it."""

    files: dict[str, int] = field(default_factory=dict)
    """Number of files by status: read, explained, unreadable."""
    file_reasons: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    transactions: int = 0
    set_aside: dict[str, int] = field(default_factory=dict)
    counted_gbp: str = "0.00"
    not_counted_gbp: dict[str, str] = field(default_factory=dict)
    publishers: int = 0
    unregistered: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RunSummary:
    """One run. `hashed_files` and `read_files` are the files whose bytes it had to read, 0 where nothing changed."""

    channel: str
    input: str
    home: str
    as_of: str
    holds: Holds
    outcome_files: int
    hashed_files: int
    read_files: int
    release: str
    release_path: str
    is_new_release: bool
    is_limited: bool
    problems: list[str]
    seconds: dict[str, float]
    total_seconds: float = 0.0
    held: list[str] = field(default_factory=list)
    """Why the release is held back from being `latest`; empty where it is not."""
    latest: str = ""
    """The version that is served."""

    def save(self, path: Path) -> None:
        replace_file(path, json.dumps(asdict(self), indent=1, ensure_ascii=False))


def loaded(path: Path) -> dict[str, Any] | None:
    """The summary last saved, None where there is none."""
    try:
        saved: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return saved


def holds_from(saved: dict[str, Any]) -> Holds:
    return Holds(**{one.name: saved[one.name] for one in fields(Holds)})


def count(con: DuckDBPyConnection) -> Holds:
    """Count what the core tables hold."""

    def pairs(query: str) -> dict[str, Any]:
        return dict(con.execute(query).fetchall())

    statuses = "SELECT file_status, count(*) FROM core_distributions GROUP BY ALL ORDER BY ALL"
    reasons = (
        "SELECT file_reason_code, count(*) FROM core_distributions WHERE file_reason_code IS NOT NULL "
        "GROUP BY ALL ORDER BY 2 DESC, 1"
    )
    aside = "SELECT reason_code, count(*) FROM core_set_aside_rows GROUP BY ALL ORDER BY 2 DESC, 1"
    money = (
        "SELECT not_counted_reason, sum(amount_gbp)::VARCHAR FROM core_transactions "
        "WHERE NOT is_counted AND amount_gbp IS NOT NULL GROUP BY ALL ORDER BY 1"
    )
    totals = con.execute(
        "SELECT count(*), sum(amount_gbp) FILTER (is_counted)::VARCHAR FROM core_transactions"
    ).fetchone()
    transactions, counted = totals or (0, None)
    set_aside = pairs(aside)
    publishers = con.execute(
        "SELECT publisher_id, is_registered FROM core_publishers WHERE distribution_count > 0 ORDER BY 1"
    ).fetchall()
    return Holds(
        files=pairs(statuses),
        file_reasons=pairs(reasons),
        rows=transactions + sum(set_aside.values()),
        transactions=transactions,
        set_aside=set_aside,
        counted_gbp=counted or "0.00",
        not_counted_gbp=pairs(money),
        publishers=len(publishers),
        unregistered=[publisher_id for publisher_id, is_registered in publishers if not is_registered],
    )


def in_words(summary: RunSummary) -> str:
    """The summary as the command prints it."""
    holds = summary.holds
    lines = [
        ("SAMPLE DATA", "invented bodies, invented payments" if summary.channel == "sample" else ""),
        ("Input", f"{summary.input}, as of {summary.as_of}"),
        ("Limited", "only the publishers asked for were read; others are as last read" if summary.is_limited else ""),
        ("Files", _files(summary)),
        ("", _listed(holds.file_reasons)),
        (
            "Rows",
            f"{holds.rows:,} = {holds.transactions:,} transactions + {holds.rows - holds.transactions:,} set aside",
        ),
        ("", _listed(holds.set_aside)),
        ("Money", f"{_pounds(holds.counted_gbp)} counted"),
        *(("", f"{_pounds(gbp)} not counted: {reason}") for reason, gbp in holds.not_counted_gbp.items()),
        ("Not in register", _named(holds.unregistered)),
        (
            "Outcome files",
            f"{summary.outcome_files:,} kept"
            if summary.outcome_files
            else "none: only measures of spending have values",
        ),
        ("Left out", f"{len(summary.problems):,} of the input's entries" if summary.problems else ""),
        *(("", problem) for problem in summary.problems[:SHOWN]),
        ("Release", f"{summary.release} {'' if summary.is_new_release else '(as before) '}in {summary.release_path}"),
        ("HELD", "its totals leave the declared bounds, so it is not served" if summary.held else ""),
        *(("", reason) for reason in summary.held),
        ("Served", _served(summary)),
        ("Time", f"{summary.total_seconds:.1f} s"),
        ("Next", _next(summary)),
    ]
    return "\n".join(f"{name:<16}{words}" for name, words in lines if words)


def _files(summary: RunSummary) -> str:
    files = summary.holds.files
    parts = ", ".join(f"{files.get(status, 0):,} {status}" for status in ("read", "explained", "unreadable"))
    fresh = f"{summary.read_files:,} read anew" if summary.read_files else "none had to be read anew"
    return f"{sum(files.values()):,} of {summary.holds.publishers:,} publishers: {parts}; {fresh}"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{code} {number:,}" for code, number in counts.items())


def _named(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more} (read with defaults)" if names else ""


def _pounds(text: str) -> str:
    amount = Decimal(text)
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def _served(summary: RunSummary) -> str:
    if summary.latest in {"", summary.release}:
        return ""
    return f"{summary.latest}, {'until the new one is approved' if summary.held else 'to which a person rolled back'}"


def _next(summary: RunSummary) -> str:
    if summary.held:
        return (
            f"publicvalue diff {summary.latest} {summary.release}    to look at it;    "
            f"publicvalue approve {summary.release}    to serve it"
        )
    if summary.channel == "sample":
        return "publicvalue serve    to browse it;    publicvalue run --mirror FOLDER    for files of your own"
    if summary.holds.files.get("unreadable"):
        return "publicvalue serve    to browse it;    publicvalue inspect FILE    to see why a file was not read"
    return "publicvalue serve    to browse it"
