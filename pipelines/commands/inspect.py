"""`publicvalue inspect`: how one file was read. Stores nothing and needs no home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from pipelines.given_file import bytes_of
from sources.errors import UsageError

LINES_SHOWN = 8
"""Line numbers of one reason that the terminal shows; the JSON holds all."""


@click.command(
    name="inspect",
    epilog="""
    \b
    publicvalue inspect spend-april.csv
    publicvalue inspect *.xlsx --publisher hm-treasury
    publicvalue inspect spend-april.csv --json | jq .columns
    """,
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--publisher",
    "publisher_id",
    metavar="ID",
    help="Read it as this publisher's file, with the quirks its entry declares.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Everything, as JSON: an object for one file, a list for several."
)
def command(files: tuple[Path, ...], publisher_id: str | None, as_json: bool) -> None:
    """Show how FILE was read: format, heading, columns, rows set aside with their lines, total, guesses.

    Nothing is stored. A file that cannot be read is explained, which is no failure: the exit code is 0. It is 2 where
    FILE or the publisher is not there.
    """
    accounts = [account_of(path, publisher_id) for path in files]
    if as_json:
        click.echo(json.dumps(accounts[0] if len(accounts) == 1 else accounts, indent=2, ensure_ascii=False))
        return
    for account in accounts:
        click.echo(in_words(account))


def account_of(path: Path, publisher_id: str | None) -> dict[str, Any]:
    """Account of one file: plain values, money as text with two decimals. Raises UsageError where it cannot be opened."""
    import hashlib  # noqa: PLC0415 - what reads files is imported when a file is read

    from sources.inputs import Distribution  # noqa: PLC0415
    from sources.reading import read_distribution  # noqa: PLC0415
    from sources.registry import load_registry  # noqa: PLC0415

    data = bytes_of(path)
    registry = load_registry()
    if publisher_id is not None and not registry.get(publisher_id).is_registered:
        raise UsageError(f"no publisher {publisher_id!r} in the register; `ls sources/publishers` lists them.")
    publisher = registry.get(publisher_id or "unregistered")
    distribution = Distribution(publisher.id, path.name)
    reading = read_distribution(data, distribution, publisher, hashlib.sha256(data).hexdigest())
    facts = reading.file
    columns = reading.rows.select(["row_class", "line_number"]).to_pydict()
    set_aside: dict[str, list[int]] = {}
    for reason, line in zip(columns["row_class"], columns["line_number"], strict=True):
        if reason != "transaction":
            set_aside.setdefault(reason, []).append(line)
    return {
        "file": str(path),
        "status": facts["file_status"],
        "reason": facts["file_reason_code"],
        "container": facts["container"],
        "encoding": facts["encoding"],
        "delimiter": facts["delimiter"],
        "sheet": facts["sheet"],
        "header_line": facts["header_line"],
        "columns": json.loads(facts["columns"]),
        "rows_in": facts["row_count"],
        "transactions": facts["transaction_count"],
        "set_aside": set_aside,
        "set_aside_count": facts["set_aside_count"],
        "total_gbp": f"{facts['total_gbp']:.2f}",
        "first_date": facts["first_date"] and facts["first_date"].isoformat(),
        "last_date": facts["last_date"] and facts["last_date"].isoformat(),
        "date_order": facts["date_order"],
        "period": facts["period_start"] and f"{facts['period_start']}/{facts['period_end']}",
        "period_evidence": facts["period_evidence"],
        "flags": _flag_counts(reading.rows["flags"].to_pylist()),
        "notes": json.loads(facts["notes"]),
    }


def _flag_counts(flags: list[list[str] | None]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for code in (code for found in flags for code in found or ()):
        counts[code] = counts.get(code, 0) + 1
    return dict(sorted(counts.items()))


def in_words(account: dict[str, Any]) -> str:
    """The account as a person reads it."""
    from sources.schema.model import codes  # noqa: PLC0415 - only the terminal needs the meanings

    lines = [account["file"], f"  {codes('file_statuses')[account['status']]}"]
    if account["reason"]:
        lines.append(f"  Reason:    {codes('file_reasons')[account['reason']]}")
    parts = [account["container"], account["encoding"], account["delimiter"] and f"delimiter {account['delimiter']!r}"]
    lines.append(f"  Format:    {', '.join(filter(None, parts))}")
    if account["sheet"]:
        lines.append(f"  Sheet:     {account['sheet']}")
    if account["header_line"]:
        lines.append(f"  Heading:   line {account['header_line']}")
    lines += [_column_in_words(column) for column in account["columns"]]
    lines.append(
        f"  Rows:      {account['rows_in']:,} = {account['transactions']:,} transactions + {account['set_aside_count']:,} set aside"
    )
    for reason, at in account["set_aside"].items():
        shown = ", ".join(map(str, at[:LINES_SHOWN])) + (" ..." if len(at) > LINES_SHOWN else "")
        lines.append(f"    {len(at):>8,} {reason}: {codes('row_classes')[reason]} Line {shown}")
    lines.append(f"  Total:     {_pounds(account['total_gbp'])}")
    if account["first_date"]:
        lines.append(
            f"  Dates:     {account['first_date']} to {account['last_date']} ({codes('date_orders')[account['date_order']]})"
        )
    if account["period"]:
        lines.append(
            f"  Period:    {account['period'].replace('/', ' to ')} ({codes('period_evidence')[account['period_evidence']]})"
        )
    if account["flags"]:
        lines.append("  Guessed, mended or odd:")
        lines += [f"    {count:>8,} {code}: {codes('flags')[code]}" for code, count in account["flags"].items()]
    if account["notes"]:
        lines.append("  Notes:")
        lines += [f"    {_at(note)}{note['code']}: {note['detail']}" for note in account["notes"]]
    return "\n".join(_harmless(line) for line in lines) + "\n"


def _pounds(total: str) -> str:
    whole, pence = total.removeprefix("-").split(".")
    return f"{'-' if total.startswith('-') else ''}£{int(whole):,}.{pence}"


def _column_in_words(column: dict[str, Any]) -> str:
    how = {"exact": "", "unknown": ""}.get(column["match"], f" ({column['match']})")
    return (
        f"    {column['position']:>3} {column['header'] or '(no heading)'} -> {column['field'] or 'kept as it is'}{how}"
    )


def _at(note: dict[str, Any]) -> str:
    return f"line {note['line']}: " if note["line"] else ""


def _harmless(line: str) -> str:
    """Control characters of a file's text must not reach the terminal."""
    return "".join(c if c.isprintable() else " " for c in line)
