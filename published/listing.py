"""The releases of a channel as a list: what each changed, what it takes on the disk, and what stands in its way to `latest`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from published import store
from published.release_deltas import read_index
from published.standing import read_standing

if TYPE_CHECKING:
    from pathlib import Path

PROVENANCE = "provenance.json"


def releases(channel_dir: Path) -> list[dict[str, Any]]:
    """Newest first. `status` is latest, held, rolled_back (newer than a roll-back), or earlier; `changes` are counts by
    dataset against the release before, None for a first one; `tombstones` say what was taken down.
    """
    standing, latest = read_standing(channel_dir), store.latest(channel_dir)
    found = []
    for version in reversed(store.versions(channel_dir)):
        folder, name = channel_dir / str(version), str(version)
        index = read_index(folder)
        if version == latest:
            status = "latest"
        elif name in standing.held:
            status = "held"
        else:
            status = "rolled_back" if latest is not None and version > latest else "earlier"
        found.append(
            {
                "version": name,
                "status": status,
                "built_at": built_at(folder),
                "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
                "is_whole": (folder / store.WHOLE).exists(),
                "changes": None
                if index is None
                else {
                    dataset: {kind: one[kind] for kind in ("added", "modified", "deleted")}
                    for dataset, one in index["datasets"].items()
                },
                "held_because": standing.held.get(name, []),
                "approved": standing.approved.get(name),
                "dropped": standing.dropped.get(name),
                "path": str(folder),
            }
        )
    return found


def in_words(channel: str, found: list[dict[str, Any]], rolled_back: dict[str, str] | None) -> str:
    """The list for a person."""
    lines = [f"Releases of channel {channel}, newest first"]
    for one in found:
        whole = "" if one["is_whole"] else ", whole files dropped"
        lines.append(
            f"  {one['version']:<9}{one['status'].replace('_', ' '):<13}{one['built_at'] or '':<27}"
            f"{one['bytes'] / 1e6:>9,.1f} MB{whole}"
        )
        lines.append(f"  {'':<9}{_changes(one['changes'])}")
        lines += [f"  {'':<9}held: {reason}" for reason in one["held_because"]]
        if approved := one["approved"]:
            lines.append(
                f"  {'':<9}approved on {approved['date']}{' by ' * bool(approved.get('by'))}{approved.get('by', '')}"
            )
    if rolled_back:
        why = f" ({rolled_back['reason']})" if rolled_back.get("reason") else ""
        lines.append(
            f"Rolled back to {rolled_back['to']} on {rolled_back['date']}{why}; the next release that differs is served again"
        )
    return "\n".join(lines)


def _changes(changes: dict[str, dict[str, int]] | None) -> str:
    if changes is None:
        return "the first release"
    if not changes:
        return "same data; other reports or descriptions"
    parts = [
        f"{dataset} {' '.join(f'{sign}{counts[kind]:,}' for kind, sign in (('added', '+'), ('modified', '~'), ('deleted', '-')) if counts[kind]) or 'fields'}"
        for dataset, counts in changes.items()
    ]
    more = f" and {len(parts) - 6} more datasets" if len(parts) > 6 else ""
    return f"{', '.join(parts[:6])}{more}"


def built_at(folder: Path) -> str | None:
    """When a release was built, as its provenance says (ISO 8601); None where that cannot be read."""
    try:
        return str(json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))["built_at"])
    except (OSError, ValueError, KeyError):
        return None
