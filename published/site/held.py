"""What the site knows of the release it serves, beside the database: its description, its files, the releases around it."""

from __future__ import annotations

import json
import re
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

from published import store
from published.changed_publishers import PublisherChange, changed_publishers
from published.metadata.checksums import NAME as CHECKSUMS
from published.metadata.checksums import read_checksums, sha256
from published.metadata.data_package import NAME as PACKAGE
from published.reports import FOLDER as REPORTS
from published.site.drawing import FOLDER as CHARTS
from published.site.drawing import Drawings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BODY_AND_YEAR = re.compile(r"(?:^|/)(?P<publisher>[^/]+)/[^/]*(?P<year>\d{4}-\d{2})\.csv$")


class Held:
    """One release, as the pages need it. It never changes, so that what was read is kept."""

    def __init__(
        self,
        release: Path,
        *,
        address: str = "",
        check: tuple[str, ...] = (),
        corrections: str = "",
        repository: str = "",
        operation: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        """`address` is the site's own, as readers know it, without a slash at its end; code to copy holds it. `check` is the
        command that checks a dropped file, empty where the site does not offer that.
        """
        self.release = release
        self.address = address
        self.check = check
        self.corrections = corrections
        """Where a reader writes to who runs the site; empty where no address is set."""
        self.repository = repository.rstrip("/")
        """Where the code lives, with its form for corrections; empty where that is not set."""
        self.operation = operation
        """How the operation stands that makes the releases (pipelines/operation/state.py); None where nothing is known of it."""
        self._changed: dict[str, dict[str, PublisherChange]] = {}
        self._counting = threading.Lock()
        above = release.resolve().parents  # <home>/releases/<channel>/<version>
        self.drawings = Drawings(above[2] / CHARTS if len(above) > 2 and above[1].name == "releases" else None)

    @cached_property
    def package(self) -> dict[str, Any]:
        return read_package(self.release)

    @cached_property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Tabular resource by name."""
        return {one["name"]: one for one in self.package["resources"] if "schema" in one}

    @cached_property
    def files(self) -> dict[str, str]:
        """SHA-256 by file name, of everything that can be downloaded."""
        return {**read_checksums(self.release), CHECKSUMS: sha256(self.release / CHECKSUMS)}

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Bytes by file name, without the pages of the reports, and without whole files that were dropped."""
        paths = {name: self.release / name for name in self.files if not name.startswith(f"{REPORTS}/")}
        return {name: path.stat().st_size for name, path in paths.items() if path.is_file()}

    @cached_property
    def cuts(self) -> dict[str, list[dict[str, Any]]]:
        """Files of one body and year, by publisher."""
        found: dict[str, list[dict[str, Any]]] = {}
        for name in sorted(self.sizes):
            if cut := BODY_AND_YEAR.search(name):
                one = {"financial_year": cut["year"], "file": name, "bytes": self.sizes[name]}
                found.setdefault(cut["publisher"], []).append(one)
        return found

    def changed_publishers(self, version: str) -> dict[str, PublisherChange]:
        """What a release beside this one changed, by publisher; counted once."""
        with self._counting:
            if version not in self._changed:
                self._changed[version] = changed_publishers(self.release.with_name(version), titles_of=self.release)
            return self._changed[version]

    def beside(self, version: str) -> Held:
        """The release of that version, for what its files say; itself where it is that."""
        return self if version == self.release.name else Held(self.release.with_name(version), address=self.address)

    @property
    def versions(self) -> list[str]:
        """Versions that stand beside this one, newest first."""
        return [str(version) for version in reversed(store.versions(self.release.parent))] or [self.release.name]


def read_package(release: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((release / PACKAGE).read_text(encoding="utf-8"))
    return described
