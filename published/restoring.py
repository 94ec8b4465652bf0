"""Builds the dropped whole files of a release again, from an older release that is whole and the deltas since.

The result is taken only where every file has the checksum that it had when it was released.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from published import store
from published.datasets import datasets
from published.deltas import FOLDER, apply_delta
from published.errors import ReleaseError
from published.metadata.checksums import NAME, read_checksums, sha256
from published.release_deltas import read_index
from published.reopen import as_warehouse, build_again, has_todays_shape
from published.retention import whole_files
from published.standing import read_standing, write_standing
from published.version import Version


def restore(channel_dir: Path, version: Version) -> list[str]:
    """Names of the files built again and put back. The home has to be locked.

    Raises ReleaseError where the release has fields that today's code does not declare, where no older release is whole,
    or where a file would not be what it was; nothing is put back then.
    """
    release = channel_dir / str(version)
    missing = [name for name in whole_files(release) if not (release / name).is_file()]
    if not missing:
        _note_whole(channel_dir, version)  # where an earlier one was killed before it did
        return []
    if not has_todays_shape(release):
        raise ReleaseError(
            f"{version} holds other datasets or fields than this code declares; rebuild it with the code that "
            f"{release / 'provenance.json'} names"
        )
    with tempfile.TemporaryDirectory(dir=channel_dir, prefix=store.BUILDING) as scratch:
        before, folder = _parquets(channel_dir, version, Path(scratch))
        with as_warehouse(folder) as con:
            built = build_again(con, channel_dir, version, before)
        try:
            wanted = read_checksums(release)
            if other := [
                name for name in missing if not (built / name).is_file() or sha256(built / name) != wanted[name]
            ]:
                raise ReleaseError(
                    f"{version}: {other[0]} would differ from what was released ({NAME}), so nothing was put back; "
                    f"rebuild it with the code that {release / 'provenance.json'} names"
                )
            for name in sorted(missing, key=lambda one: one == store.WHOLE):  # its presence says that all are there
                (release / name).parent.mkdir(parents=True, exist_ok=True)
                (built / name).rename(release / name)
        finally:
            shutil.rmtree(built, ignore_errors=True)
    _note_whole(channel_dir, version)
    return missing


def _note_whole(channel_dir: Path, version: Version) -> None:
    standing = read_standing(channel_dir)
    if standing.dropped.pop(str(version), None):
        write_standing(channel_dir, standing)


def _parquets(channel_dir: Path, version: Version, scratch: Path) -> tuple[Path, Path]:
    """Folders with every dataset's Parquet file of the release before `version`, which holds all else too, and of `version`
    itself, made by applying deltas one after the other.
    """
    import duckdb  # noqa: PLC0415 - only a restoration pays for it

    versions = [one for one in store.versions(channel_dir) if one <= version]
    whole = [one for one in versions if (channel_dir / str(one) / store.WHOLE).exists()]
    if not whole:
        raise ReleaseError(f"no release before {version} has its whole files, so its deltas cannot be applied to any")
    before = held = channel_dir / str(whole[-1])
    with duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"}) as con:
        for step in versions[versions.index(whole[-1]) + 1 :]:
            target = scratch / str(step)
            target.mkdir()
            index = read_index(channel_dir / str(step)) or {"from": None, "datasets": {}}
            if index["from"] != held.name:
                raise ReleaseError(f"{step} has no deltas against {held.name}, so {version} cannot be built from them")
            for dataset in datasets():
                old, now = held / f"{dataset.name}.parquet", target / f"{dataset.name}.parquet"
                change = index["datasets"].get(dataset.name)
                if change is not None:
                    delta = channel_dir / str(step) / FOLDER / f"{dataset.name}.parquet"
                    apply_delta(con, dataset, old, delta, now, is_whole=change["is_whole"])
                elif old.is_file():
                    shutil.copyfile(old, now)
            before, held = held, target
    for path in (channel_dir / before.name).iterdir():  # what describes it
        if not (before / path.name).exists():
            (before / path.name).symlink_to(path)
    return before, held
