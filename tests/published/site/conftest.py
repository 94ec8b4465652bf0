"""Two releases of a line: the second brought a file, findings and a hostile name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from published.release import build_release

SECOND = """
INSERT INTO core_publications (publisher_id, publication_id, series, period_start, period_end)
  VALUES ('dept-of-kites', 'p3', 'purchasing_card', '2024-06-01', '2024-06-30');
INSERT INTO core_distributions (publisher_id, publication_id, distribution_id, file_name, file_status, series)
  VALUES ('dept-of-kites', 'p3', 'd3', '<b>June</b> & \x07.csv', 'read', 'purchasing_card');
INSERT INTO core_revisions (publisher_id, distribution_id, seen_date, previous_snapshot_sha256, snapshot_sha256, revision_kind, row_hash, occurrence)
  VALUES ('dept-of-kites', 'd1', '2024-07-02', 'a', 'b', 'file_replaced', '', 1);
INSERT INTO core_rules (rule_id, rule_title, severity) VALUES ('named', 'Every line <names> a supplier', 'error'), ('dated', 'Every line has a date', 'advice');
INSERT INTO core_findings (finding_id, rule_id, severity, publisher_id) VALUES
  ('f1', 'dated', 'advice', 'dept-of-kites'), ('f2', 'named', 'error', 'dept-of-kites'), ('f3', 'named', 'error', 'dept-of-kites');
INSERT INTO core_publication_calendar (publisher_id, series, due_month, calendar_status)
  VALUES ('dept-of-kites', 'spend_over_threshold', '2024-05-01', 'missing');
UPDATE core_transactions SET description = 'Kite tails' WHERE transaction_id = 't1';
"""


@pytest.fixture(scope="session")
def second(
    tmp_path_factory: pytest.TempPathFactory,
    new_warehouse: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]],
) -> Path:
    """The second release of a line, with the first beside it."""
    root = tmp_path_factory.mktemp("feeds") / "releases"
    with new_warehouse() as con:
        for number, sql in enumerate(("SELECT 1", SECOND)):
            con.execute(sql)
            path = build_release(
                con, root, channel="sample", provenance={}, inputs_digest=str(number), is_sample=True,
                as_of=date(2024, 7, 1 + number),
            ).path  # fmt: skip
    return path
