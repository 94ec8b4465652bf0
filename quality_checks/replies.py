"""Joins publishers' replies to findings, so that a comment stands beside what it is about.

Belongs here: filling core_findings.reply_text. Does not belong here: what a reply is (sources.reply).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sources.reply import Reply

if TYPE_CHECKING:
    import duckdb


def attach_replies(con: duckdb.DuckDBPyConnection, replies: Iterable[Reply], findings: str = "core_findings") -> None:
    """Set `reply_text` in the table `findings` to the replies to each line's rule or to itself, oldest first.

    One a line: the day, the text, and in brackets the source. A reply speaks only for its own publisher's findings.
    """
    rows = [
        [one.publisher_id, one.rule_id, one.finding_id, place, f"{one.date.isoformat()}: {one.text} ({one.source})"]
        for place, one in enumerate(replies)
    ]
    if not rows:
        return
    con.execute(
        "CREATE OR REPLACE TEMP TABLE replies "
        "(publisher_id VARCHAR, rule_id VARCHAR, finding_id VARCHAR, place INTEGER, words VARCHAR)"
    )
    con.executemany("INSERT INTO replies VALUES (?, ?, ?, ?, ?)", rows)
    table = '"' + findings.replace('"', '""') + '"'
    con.execute(
        f"UPDATE {table} AS f SET reply_text = joined.words FROM ("
        "SELECT o.finding_id, string_agg(r.words, chr(10) ORDER BY r.place) AS words "
        f"FROM {table} AS o JOIN replies AS r ON r.publisher_id = o.publisher_id "
        "AND (r.rule_id = o.rule_id OR r.finding_id = o.finding_id) GROUP BY o.finding_id"
        ") AS joined WHERE joined.finding_id = f.finding_id"
    )
    con.execute("DROP TABLE replies")
