"""A folder of files as published, seen as a Source.

Belongs here: which files a mirror holds, whose they are, and what is refused. Does not belong here: reading them.

Accepted, in this order:
- a folder with `spend/<publisher>/<files>` and, optionally, `outcomes/<dataset>/<files>` and `manifest.csv`;
- a folder called `spend`, which holds `<publisher>/<files>`;
- a folder of `<publisher>/<files>` in which at least one name is in the register;
- a folder of loose files: one publisher, named like the folder.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sources.errors import UsageError
from sources.inputs import Distribution, NotHadError
from sources.manifest import Manifest, read_manifest

LAYOUT = "expected spend/<publisher>/<files> in it, and optionally outcomes/<dataset>/<files> and manifest.csv"


@dataclass(frozen=True, slots=True)
class Found:
    """One file: its place on the disk, and its readable path in the mirror."""

    place: Path
    path: str


class MirrorSource:
    """Source over a folder. Raises UsageError at once where the folder cannot be a mirror.

    `listed_only` leaves files out that manifest.csv does not name: in a folder that is filled by fetching, those are what an
    interrupted run left. `is_known` says whether an id is in the register. `problems` lists, for people, what was left out and why;
    `hidden_files` counts names that begin with a dot.
    """

    is_ours = False

    def __init__(
        self,
        root: Path,
        *,
        channel: str = "mirror",
        is_known: Callable[[str], bool] = lambda _publisher_id: False,
        listed_only: bool = False,
    ) -> None:
        self.channel = channel
        self.root = root
        self.problems: list[str] = []
        self.hidden_files = 0
        if not root.exists():
            raise UsageError(f"{root}: no such folder; give the folder that holds spend/<publisher>/<files>")
        if not root.is_dir():
            raise UsageError(f"{root}: a file, not a folder; `publicvalue inspect` reads single files")
        self._real_root = root.resolve()
        manifest_path = root / "manifest.csv"
        self._manifest = read_manifest(manifest_path) if manifest_path.is_file() else Manifest()
        self.problems += self._manifest.problems
        self._places: dict[str, Path] = {}
        found = [one.path for one in self._files(is_known) if not listed_only or one.path in self._manifest.entries]
        self._not_had = {
            path: entry
            for path, entry in self._manifest.entries.items()
            if entry.reason and re.fullmatch(r"(spend|outcomes)/[^/]+/.+", path)
        }
        self._distributions = [self._describe(path) for path in sorted({*found, *self._not_had})]
        if not any(distribution.kind == "spend" for distribution in self._distributions):
            raise UsageError(f"{root}: no files to read{self._left_out()}; {LAYOUT}")
        if absent := sorted(
            path
            for path in self._manifest.entries
            if path.startswith(("spend/", "outcomes/")) and path not in self._places and path not in self._not_had
        ):
            others = f" and {len(absent) - 1:,} more" if len(absent) > 1 else ""
            self.problems.append(f"{manifest_path}: lists files that are not in the folder: {absent[0]}{others}")

    def distributions(self) -> Iterator[Distribution]:
        """Every file, in the order of its path."""
        return iter(self._distributions)

    def fetch(self, distribution: Distribution) -> Path:
        """Where the bytes are. Raises NotHadError for a file that the manifest says could not be had."""
        if (entry := self._not_had.get(distribution.path)) is not None and distribution.path not in self._places:
            raise NotHadError(entry.reason, entry.detail)
        return self._places[distribution.path]

    def headers(self, distribution: Distribution) -> Mapping[str, str]:  # noqa: ARG002 - part of Source
        """Nothing: a folder does not say what a host said."""
        return {}

    def _files(self, is_known: Callable[[str], bool]) -> list[Found]:
        found = []
        for place, prefix in self._roots(is_known):
            for file in self._walk(place):
                inside = _readable(os.fspath(file.relative_to(place)))
                if prefix in {"spend", "outcomes"} and "/" not in inside:
                    self.problems.append(
                        f"{prefix}/{inside}: stands in no publisher's folder, so it was not read; "
                        f"move it to {prefix}/<{'publisher' if prefix == 'spend' else 'dataset'}>/"
                    )
                    continue
                path = f"{prefix}/{inside}"
                if path in self._places:
                    self.problems.append(f"{path}: two names look the same when written as text; rename one of them")
                    continue
                self._places[path] = file
                found.append(Found(file, path))
        return sorted(found, key=lambda one: one.path)

    def _roots(self, is_known: Callable[[str], bool]) -> list[tuple[Path, str]]:
        if (self.root / "spend").is_dir():
            return [(self.root / name, name) for name in ("spend", "outcomes") if (self.root / name).is_dir()]
        if self._real_root.name == "spend":
            return [(self.root, "spend")]
        visible = sorted(entry for entry in self.root.iterdir() if not entry.name.startswith("."))
        folders = [entry for entry in visible if entry.is_dir()]
        if any(is_known(folder.name) for folder in folders):
            return [(self.root, "spend")]
        if visible and not folders:
            publisher_id = re.sub(r"[^a-z0-9]+", "-", self._real_root.name.lower()).strip("-") or "unnamed"
            self.problems.append(
                f"{self.root}: holds loose files; they were read as those of one publisher, {publisher_id}"
            )
            return [(self.root, f"spend/{publisher_id}")]
        names = ", ".join(_readable(entry.name) for entry in visible[:5]) + (", ..." if len(visible) > 5 else "")
        raise UsageError(f"{self.root}: {f'found only {names}' if visible else 'the folder is empty'}; {LAYOUT}")

    def _walk(self, place: Path) -> Iterator[Path]:
        if not self._stays_inside(place):
            return
        for folder, folders, files in os.walk(place, onerror=self._note_unlisted):
            here = Path(folder)
            self.hidden_files += sum(name.startswith(".") for name in (*folders, *files))
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in folders:
                if (here / name).is_symlink():  # os.walk does not follow it
                    self.problems.append(
                        f"{self._shown(here / name)}: a link to a folder; links to folders are not followed"
                    )
            for name in sorted(files):
                file = here / name
                if name.startswith(".") or (folder == os.fspath(self.root) and name == "manifest.csv"):
                    continue
                if self._is_regular(file):
                    yield file

    def _is_regular(self, file: Path) -> bool:
        try:
            if file.is_symlink() and not self._stays_inside(file):
                return False
            if stat.S_ISREG(file.stat().st_mode):
                return True
        except OSError as error:
            self.problems.append(f"{self._shown(file)}: cannot be looked at ({error.strerror}), so it was not read")
            return False
        self.problems.append(f"{self._shown(file)}: no regular file, so it was not read")
        return False

    def _stays_inside(self, place: Path) -> bool:
        real = place.resolve()
        if not real.is_relative_to(self._real_root):
            self.problems.append(f"{self._shown(place)}: a link that leaves the folder; refused. Copy the file instead")
            return False
        if not real.exists():
            self.problems.append(f"{self._shown(place)}: a link to nothing; remove it")
            return False
        return True

    def _describe(self, path: str) -> Distribution:
        kind, owner, _ = path.split("/", 2)
        entry = self._manifest.entries.get(path)
        identity = entry.identity if entry else None
        return Distribution(
            publisher_id=owner,
            path=path,
            kind="spend" if kind == "spend" else "outcome",
            dataset_id=None if kind == "spend" else owner,
            url=entry.url if entry else None,
            published_date=entry.published_date if entry else None,
            is_address_shared=identity is not None and self._manifest.is_shared(identity),
            first_url=entry.first_url if entry else None,
            title=entry.title if entry else "",
            page_title=entry.page_title if entry else "",
        )

    def _note_unlisted(self, error: OSError) -> None:
        self.problems.append(f"{error.filename}: cannot be listed ({error.strerror}); its files were not read")

    def _shown(self, place: Path) -> str:
        return _readable(os.fspath(place.relative_to(self.root)))

    def _left_out(self) -> str:
        if self.hidden_files:
            return f" ({self.hidden_files:,} hidden ones were ignored)"
        return f" ({self.problems[-1]})" if self.problems else ""


def _readable(name: str) -> str:
    """The name as text: bytes that are not UTF-8 become escapes, so that it can stand in any file that we write."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
