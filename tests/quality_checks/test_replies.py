"""Replies stand beside the findings they are about, and beside no others."""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.schema_duckdb import create_table
from quality_checks.replies import attach_replies
from sources.reply import Reply
from sources.schema.model import table

FINDINGS = [("f1", "hills", "rule-a"), ("f2", "hills", "rule-b"), ("f3", "lakes", "rule-a")]


def replied(*replies: Reply) -> dict[str, str | None]:
    with duckdb.connect() as con:
        con.execute(create_table(table("core_findings")))
        con.executemany("INSERT INTO core_findings (finding_id, publisher_id, rule_id) VALUES (?, ?, ?)", FINDINGS)
        attach_replies(con, replies)
        return dict(con.execute("SELECT finding_id, reply_text FROM core_findings").fetchall())


def test_a_reply_to_a_rule_stands_at_its_publisher_s_findings_only() -> None:
    reply = Reply(publisher_id="hills", date=date(2024, 5, 1), rule_id="rule-a", text="It's so.", source="Letter")
    assert replied(reply) == {"f1": "2024-05-01: It's so. (Letter)", "f2": None, "f3": None}


def test_replies_to_rule_and_finding_stand_together_in_the_order_given() -> None:
    first = Reply(publisher_id="hills", date=date(2024, 5, 1), rule_id="rule-b", text="First.", source="A")
    second = Reply(publisher_id="hills", date=date(2024, 5, 2), finding_id="f2", text="Second.", source="B")
    assert replied(first, second)["f2"] == "2024-05-01: First. (A)\n2024-05-02: Second. (B)"


def test_nobody_replies_for_another_publisher() -> None:
    reply = Reply(publisher_id="lakes", date=date(2024, 5, 1), finding_id="f1", text="Not ours.", source="A")
    assert set(replied(reply).values()) == {None}


def test_without_replies_nothing_is_touched() -> None:
    assert set(replied().values()) == {None}
