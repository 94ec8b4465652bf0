"""Questions that people ask, as canned queries of Datasette: one SQL file each in published/site/questions.

The first comment line of a file is the title, the second says what the answer is; parameters are `:names`. They are the
site's and not the release's, so that an older release is asked them too.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from published.datasette.metadata import DATABASE

HERE = Path(__file__).parents[1] / "site" / "questions"


@cache
def questions() -> dict[str, dict[str, str]]:
    """Title, description and SQL by name. Raises ValueError where a file lacks its two lines of words."""
    found = {}
    for path in sorted(HERE.glob("*.sql")):
        title, description, *sql = path.read_text(encoding="utf-8").splitlines()
        if not (title.startswith("-- ") and description.startswith("-- ")):
            raise ValueError(f"{path.name}: the first two lines have to be comments, title and description")
        found[path.stem.replace("_", "-")] = {"title": title[3:], "description": description[3:], "sql": "\n".join(sql)}
    return found


def with_questions(metadata: dict[str, Any]) -> dict[str, Any]:
    """The release's metadata with these questions before its own."""
    together = deepcopy(metadata)
    database = together["databases"][DATABASE]
    database["queries"] = {**questions(), **database.get("queries", {})}
    return together
