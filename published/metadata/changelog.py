"""CHANGELOG.md of a release: what changed, with figures, newest first. The words are in changelog.md.jinja."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from published.metadata.pages import render

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "CHANGELOG.md"
ENTRY = "\n## "


def changelog(package: Mapping[str, Any], changed: Mapping[str, Any], earlier: str = "") -> str:
    """`changed` as `changes.changes` gives it; `earlier`: the text of the release before, whose entries follow."""
    _, mark, entries = earlier.partition(ENTRY)
    datasets = [
        {**one, "money": [{**money, "moved": Decimal(money["moved"])} for money in one["money"]]}
        for one in changed["datasets"]
    ]
    text = render("changelog.md.jinja", package=package, changed=changed, datasets=datasets)
    return text + mark + entries
