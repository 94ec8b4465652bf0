"""What changed between two releases, and why the version is what it is, told from their data packages.

Belongs here: the facts, as plain data. Does not belong here: comparing lines (published/deltas.py), which gives the counts,
or the words around them (changelog.py).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Counts = dict[str, int]
"""Lines added, modified and deleted."""


def changes(
    before: Mapping[str, Any] | None, now: Mapping[str, Any], counts: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """`before` is None for a first release. `counts`: lines `added`, `modified` and `deleted` of each dataset that differs.

    Keys: `version`, `from` (None for a first release), `why` (sentences), `datasets`: of each dataset that differs its name,
    title, counts, rows before and after, and `money`: of each field in pounds its total before and after and what moved.
    """
    if before is None:
        return {"version": now["version"], "from": None, "as_of": now["asOf"], "why": [], "datasets": []}
    old, new = _tables(before), _tables(now)
    return {
        "version": now["version"],
        "from": before["version"],
        "as_of": now["asOf"],
        "why": [*_shape(old, new), *_methods(before, now), *_content(old, new, counts)],
        "datasets": [_dataset(old.get(name), new.get(name), counts[name]) for name in _in_order(old, new, counts)],
    }


def _tables(package: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {resource["name"]: resource for resource in package["resources"] if "schema" in resource}


def _in_order(old: Mapping[str, Any], new: Mapping[str, Any], counts: Mapping[str, Any]) -> list[str]:
    return [name for name in dict.fromkeys([*new, *old]) if name in counts]


def _shape(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name in sorted(old.keys() - new.keys()):
        yield f"The dataset {name} is gone."
    for name in sorted(old.keys() & new.keys()):
        was, now = _types(old[name]), _types(new[name])
        for column in sorted(was.keys() - now.keys()):
            yield f"The column {column} of {name} is gone."
        for column in sorted(was.keys() & now.keys()):
            if was[column] != now[column]:
                yield f"The column {column} of {name} was of type {was[column]} and is of type {now[column]}."
        if old[name]["key"] != new[name]["key"]:
            yield f"One row of {name} was told by {', '.join(old[name]['key'])}, and is by {', '.join(new[name]['key'])}."
        for column in sorted(now.keys() - was.keys()):
            yield f"The column {column} of {name} is new."
    for name in sorted(new.keys() - old.keys()):
        yield f"The dataset {name} is new."


def _types(table: Mapping[str, Any]) -> dict[str, str]:
    return {one["name"]: one["type"] for one in table["schema"]["fields"]}


def _methods(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Catalogues name their things one by one, other datasets the versions that occur in them."""
    for name, was, versions in _both(before.get("methods", {}), now.get("methods", {})):
        if isinstance(was, dict) and isinstance(versions, dict):
            for thing, earlier, later in _both(was, versions):
                yield f"{thing} ({name}): version {earlier} became {later}."
        else:
            yield f"The method of {name}: version {_joined(was)} became {_joined(versions)}."


def _both(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What is in both and differs, by name."""
    for name in sorted(before.keys() & now.keys()):
        if before[name] != now[name]:
            yield name, before[name], now[name]


def _joined(versions: Any) -> str:
    return ", ".join(versions) or "(none)"


def _content(old: Mapping[str, Any], new: Mapping[str, Any], counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    both = [name for name in _in_order(old, new, counts) if name in old and name in new]
    other_rows = [name for name in both if counts[name]["added"] or counts[name]["deleted"]]
    values = [name for name in both if name not in other_rows and counts[name]["modified"]]
    if other_rows:
        yield f"Rows came or went in {', '.join(other_rows)}."
    if values:
        yield f"Only values were corrected in {', '.join(values)}."
    if not counts:
        yield "The data are the same; the reports about them say something otherwise."


def _dataset(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, counts: Mapping[str, int]) -> dict[str, Any]:
    about = new or old or {}
    was, now = (one.get("totals", {}) if one else {} for one in (old, new))
    return {
        "name": about["name"],
        "title": about["title"],
        **{kind: counts[kind] for kind in ("added", "modified", "deleted")},
        "rows_before": old["rowCount"] if old else 0,
        "rows_after": new["rowCount"] if new else 0,
        "money": [
            {"field": name, "before": was.get(name, "0"), "after": now.get(name, "0"), "moved": str(moved)}
            for name in dict.fromkeys([*now, *was])
            if (moved := Decimal(now.get(name, "0")) - Decimal(was.get(name, "0")))
        ],
    }
