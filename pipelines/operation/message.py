"""What a person is told after a run, as short plain text. Nothing to tell, no message.

Belongs here: the words, and which of them are news. Does not belong here: sending (alerts.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.operation.silence import Silent
from pipelines.summary import RunSummary
from sources.one_step import replace_file

SHOWN = 10
"""How many lines of a list a message holds; the site has the rest."""


@dataclass(frozen=True, slots=True)
class Message:
    """`needs_person`: something waits for somebody's decision or help."""

    title: str
    body: str
    needs_person: bool = False


def after_run(
    summary: RunSummary,
    changed: Mapping[str, Any] | None,
    silent: Sequence[Silent],
    told: Told,
    *,
    site: str = "",
    overdue: Sequence[tuple[str, date, str]] = (),
) -> Message | None:
    """One message for the whole run. `changed`: what published.metadata.changes says of the release, None without a new one;
    `overdue`: publisher, month and state of months that it calls late or missing and the one before did not.

    A problem or a silent publisher that the last message named already is no news.
    """
    problems = [problem for problem in summary.problems if problem not in told.problems]
    quiet = [one for one in silent if one.publisher_id not in told.silent]
    held = summary.held if summary.is_new_release else []
    if not (summary.is_new_release or problems or quiet):
        return None
    parts: list[str] = []
    if held:
        parts += [f"Release {summary.release} is held; {summary.latest or 'nothing'} is served. Why:", *held]
        parts += [f"Look at it, then: publicvalue approve {summary.release} --channel {summary.channel}"]
    elif summary.is_new_release:
        parts += [f"Release {summary.release} is out."]
    if changed:
        parts += _changes(changed)
    if overdue and not held:
        words = [f"{publisher}: {month:%B %Y} {state}" for publisher, month, state in overdue]
        parts += ["", f"Late or missing now ({len(words):,}):", *_some(words)]
    if problems:
        parts += ["", f"What went wrong ({len(problems):,}):", *_some(problems)]
    if quiet:
        words = [f"{one.publisher_id}: nothing new since {one.last_new.isoformat()}" for one in quiet]
        parts += ["", f"Gone silent ({len(quiet):,}):", *_some(words)]
    if site and summary.is_new_release and not held:
        parts += ["", f"{site}/releases"]
    return Message(_title(summary, held, problems, quiet), "\n".join(parts), bool(held or problems or quiet))


def run_failed(channel: str, error: str) -> Message:
    return Message(
        f"Public Value ({channel}): the run failed",
        f"{error}\nNothing was released; what was released before is still served. The next run goes on where this one stopped.",
        needs_person=True,
    )


def new_findings(publisher_id: str, version: str, rules: Sequence[tuple[str, str, int]], site: str = "") -> Message:
    """To a publisher's subscribers. `rules`: severity, title and number of new findings, in the order to be shown."""
    total = sum(number for *_, number in rules)
    lines = [f"{number:,} {severity}: {title}" for severity, title, number in rules]
    link = [f"{site}/reports/{publisher_id}/"] if site else []
    return Message(
        f"Public Value {version}: {total:,} new findings about {publisher_id}", "\n".join([*_some(lines), *link])
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What the last message said stands, so that it is not said every morning."""

    problems: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    @classmethod
    def at(cls, path: Path) -> Told:
        """What is noted at `path`; nothing where it cannot be read, so that a thing is rather said twice than never."""
        try:
            noted = json.loads(path.read_text(encoding="utf-8"))
            return cls(tuple(noted["problems"]), tuple(noted["silent"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    @classmethod
    def of(cls, summary: RunSummary, silent: Sequence[Silent]) -> Told:
        return cls(tuple(summary.problems), tuple(one.publisher_id for one in silent))

    def save(self, path: Path) -> None:
        replace_file(path, json.dumps({"problems": self.problems, "silent": self.silent}, indent=1))


def _title(summary: RunSummary, held: Sequence[str], problems: Sequence[str], quiet: Sequence[Silent]) -> str:
    news = [
        f"release {summary.release} is held and waits for you" if held else "",
        f"release {summary.release} is out" if summary.is_new_release and not held else "",
        f"{len(problems):,} {'problem' if len(problems) == 1 else 'problems'}" if problems else "",
        f"{len(quiet):,} gone silent" if quiet else "",
    ]
    return f"Public Value ({summary.channel}): " + ", ".join(words for words in news if words)


def _changes(changed: Mapping[str, Any]) -> list[str]:
    lines = list(changed["why"])
    counts = []
    for one in changed["datasets"]:
        money = "".join(f"; {name['field']} moved by £{Decimal(name['moved']):,.2f}" for name in one["money"])
        counts.append(f"{one['name']}: +{one['added']:,} -{one['deleted']:,} ~{one['modified']:,}{money}")
    return [*_some(lines), *(["", "Rows added, gone, corrected:", *_some(counts)] if counts else [])]


def _some(lines: Sequence[str]) -> list[str]:
    more = [f"and {len(lines) - SHOWN:,} more"] if len(lines) > SHOWN else []
    return [*lines[:SHOWN], *more]
