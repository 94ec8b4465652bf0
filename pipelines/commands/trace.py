"""`publicvalue trace`: the way back from a published figure to the raw cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from pipelines.home_option import home_option
from pipelines.release_options import (
    channel_folder,
    channel_option,
    given_home,
    json_option,
    release_folder,
)
from sources.errors import UsageError


@click.command(
    name="trace",
    epilog="""
    \b
    publicvalue trace 0f3a9c1b2d4e5f60
    publicvalue trace 0f3a9c1b2d4e5f60 --version 1.0.0 --json
    publicvalue trace --score sample-kites
    publicvalue trace --score sample-kites --period 2023-24
    """,
)
@click.argument("transaction_id", required=False, metavar="TRANSACTION_ID")
@click.option("--score", "entity", metavar="ENTITY", help="Trace this body's index instead of a transaction.")
@click.option("--period", metavar="YEAR", help="With --score: the financial year. [default: the last with a score]")
@click.option("--version", "version", metavar="VERSION", help="Release. [default: the one served]")
@channel_option
@home_option
@json_option
def command(
    *,
    transaction_id: str | None,
    entity: str | None,
    period: str | None,
    version: str | None,
    channel: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Print the way back: query, inputs, snapshot, file, sheet, line, raw cells.

    The cells are read again from the stored copy of the published file, whose checksum is computed anew: it is a proof.
    """
    from published.trace import trace_score, trace_transaction  # noqa: PLC0415 - a second that --help does not pay

    if (transaction_id is None) == (entity is None):
        raise UsageError("give a TRANSACTION_ID, or --score ENTITY; ids stand in the first column of transactions.csv")
    held = given_home(home)
    release = release_folder(channel_folder(held, channel), version)
    if entity is not None:
        found = trace_score(release, held.snapshots, entity, period)
        words = _score_in_words
    else:
        found = trace_transaction(release, held.snapshots, str(transaction_id))
        words = _transaction_in_words
    click.echo(json.dumps(found, indent=2, ensure_ascii=False, default=str) if as_json else words(found))


def _transaction_in_words(found: dict[str, Any]) -> str:
    line = found["published_as"]
    lines = [
        ("Transaction", f"{line['transaction_id']} in release {found['release']}, channel {found['channel']}"),
        ("Query", found["query"]),
        (
            "Published as",
            ", ".join(
                f"{name} {line[name]}" for name in ("payment_date", "supplier_name", "amount_gbp") if name in line
            ),
        ),
        ("Counted", "yes" if line["is_counted"] else f"no: {line.get('not_counted_reason')}"),
        ("Guesses", ", ".join(line.get("flags", ())) or "none"),
        *_source_in_words(found["source"]),
    ]
    return "\n".join(f"{name:<14}{words}" for name, words in lines)


def _source_in_words(source: dict[str, Any]) -> list[tuple[str, str]]:
    where = (
        f"sheet {source['sheet']!r}, line {source['line_number']}"
        if source["sheet"]
        else f"line {source['line_number']}"
    )
    lines = [
        ("File", f"{source['file_name']} ({source['source_url'] or source['source_path'] or 'address not known'})"),
        ("Snapshot", f"sha256 {source['snapshot_sha256']}"),
        ("Place", where),
    ]
    if source["raw_cells"] is not None:
        names = source["heading"] or []
        for place, cell in enumerate(source["raw_cells"]):
            name = names[place].strip() if place < len(names) and names[place].strip() else f"column {place + 1}"
            lines.append(("Raw cells" if place == 0 else "", f"{name}: {cell!r}"))
    return [*lines, ("Proof", source["proof"])]


def _score_in_words(found: dict[str, Any]) -> str:
    lines = [
        (
            "Scores of",
            f"{found['entity_id']}, {found['period_label']}, in release {found['release']}, channel {found['channel']}",
        ),
        ("Query", found["query"]),
    ]
    for one in found["scores"]:
        figure = one["withheld_reason"] or "withheld" if one["score"] is None else f"{one['score']:.1f}"
        lines.append(("", f"{one['score_level']} {one['score_item']}: {figure}"))
    for measure in found["measures"]:
        score = "not scored" if measure["score"] is None else f"score {measure['score']:.1f}"
        lines.append(
            (
                "Measure",
                f"{measure['measure_id']} {measure['name']}: {measure['value']:g} {measure['measure_unit']}, {score}",
            )
        )
        lines.append(("", f"  formula (method {measure['method_version']}): {measure['formula']}"))
        for source in measure["inputs"]:
            lines.append(("  Input", f"{source['source']}, {source['rows']} rows: {source['query']}"))
            for example in source.get("examples", ()):
                lines += [(f"    {name}" if name else "", words) for name, words in _source_in_words(example)]
    return "\n".join(f"{name:<14}{words}" for name, words in lines)
