"""What a release changed, read back from the release itself and the data package of the one before.

Belongs here: reading. Does not belong here: comparing (deltas.py), or words (metadata/changelog.py, the site, messages).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from published.deltas import FOLDER, OP
from published.metadata.changes import changes
from published.metadata.data_package import NAME
from published.release_deltas import read_index
from sources.schema.duckdb_sql import literal

if TYPE_CHECKING:
    from pathlib import Path


def changed(release: Path) -> dict[str, Any] | None:
    """As published.metadata.changes. None for a first release, and where the one before has left no data package."""
    index = read_index(release)
    if index is None:
        return None
    before = release.parent / index["from"] / NAME
    if not before.is_file():
        return None
    packages = [json.loads(path.read_text(encoding="utf-8")) for path in (before, release / NAME)]
    return changes(packages[0], packages[1], index["datasets"])


def new_findings(release: Path, publisher_id: str) -> list[tuple[str, str, int]]:
    """Findings about a publisher that the release before did not have: severity, title of the rule, number; gravest and most first."""
    import duckdb  # noqa: PLC0415 - only a run with subscribers pays for it

    delta = release / FOLDER / "findings.parquet"
    if not delta.is_file():
        return []
    found = duckdb.execute(
        "SELECT * FROM (SELECT r.severity, r.rule_title, count(*) AS number "
        f"FROM read_parquet({literal(str(delta))}) f "
        f"JOIN read_parquet({literal(str(release / 'rules.parquet'))}) r USING (rule_id) "
        f"WHERE f.{OP} = 'added' AND f.publisher_id = ? GROUP BY ALL) "
        "ORDER BY list_position(['error', 'warning', 'advice'], severity), number DESC, rule_title",
        [publisher_id],
    ).fetchall()
    return [(str(severity), str(title), int(number)) for severity, title, number in found]
