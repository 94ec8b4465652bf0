"""What stands beside the sample's files: manifest.csv and the register entries of its publishers.

Does not belong here: the files themselves, nor what is true of them.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

import yaml

from sources.sample.world import SITE, Body, bodies

COLUMNS = ("path", "source_url", "published_date", "sha256")


@dataclass(frozen=True, slots=True)
class Published:
    """One file of the mirror: its path below the root, and the day on which it was published."""

    path: str
    published_date: date

    @property
    def source_url(self) -> str:
        return f"{SITE}/{quote(self.path)}"


def write_manifest(root: Path, files: Iterable[Published]) -> Path:
    """manifest.csv of the mirror at `root`, ordered by path. Every file has to be there already: its bytes are hashed."""
    path = root / "manifest.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for file in sorted(files, key=lambda file: file.path):
            writer.writerow((file.path, file.source_url, file.published_date.isoformat(), _sha256(root / file.path)))
    return path


def write_register(root: Path) -> Path:
    """One YAML for each invented publisher under root/register, in the format of sources/publishers; the folder."""
    folder = root / "register"
    folder.mkdir(parents=True, exist_ok=True)
    for body in bodies():
        text = yaml.safe_dump(_entry(body), sort_keys=False, allow_unicode=True, width=1000)
        (folder / f"{body.id}.yaml").write_text(
            f"# SAMPLE DATA: an invented body.\n{text}", encoding="utf-8", newline="\n"
        )
    return folder


def _entry(body: Body) -> dict[str, object]:
    return {
        "id": body.id,
        "name": body.name,
        "abbreviations": [body.abbreviation],
        "kind": body.kind,
        "family": body.family,
        "duty_start": date(2022, 4, 1),
        "duty_end": date(2025, 4, 1),
        "thresholds": [{"series": "spend_over_threshold", "from": date(2022, 4, 1), "amount_gbp": body.threshold}],
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
