"""Writes everything that a release says about itself, but for checksums and provenance.

Belongs here: which description goes into which file. Does not belong here: what each says (the modules beside this one).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published.metadata import changelog, citation_file, csvw, data_package, dcat, dictionary, schema_org
from published.metadata.changes import changes
from published.metadata.readme import readme

if TYPE_CHECKING:
    from collections.abc import Mapping

README = "README.md"
LOCK = "requirements.lock"
"""Exact versions of the libraries the release was built with, kept with it so that it can be built again."""
OUR_LOCK = Path(__file__).parents[2] / LOCK


def write_metadata(
    folder: Path, package: Mapping[str, Any], *, previous: Path | None, counts: Mapping[str, Mapping[str, int]]
) -> None:
    """`previous`: folder of the release before; `counts`: lines added, modified and deleted of each dataset that differs."""
    texts = {
        README: readme(package),
        dictionary.NAME: dictionary.dictionary(package),
        citation_file.NAME: citation_file.citation_file(package),
        changelog.NAME: _changelog(package, previous, counts),
    }
    described = {
        data_package.NAME: package,
        csvw.NAME: csvw.csvw(package),
        dcat.NAME: dcat.dcat(package),
        schema_org.NAME: schema_org.schema_org(package),
    }
    texts |= {name: json.dumps(value, ensure_ascii=False, indent=2) + "\n" for name, value in described.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    if OUR_LOCK.is_file():  # an installed package has none beside it
        shutil.copyfile(OUR_LOCK, folder / LOCK)


def _changelog(package: Mapping[str, Any], previous: Path | None, counts: Mapping[str, Mapping[str, int]]) -> str:
    if previous is None:
        return changelog.changelog(package, changes(None, package, counts))
    before = json.loads((previous / data_package.NAME).read_text(encoding="utf-8"))
    log = previous / changelog.NAME
    earlier = log.read_text(encoding="utf-8") if log.is_file() else ""
    return changelog.changelog(package, changes(before, package, counts), earlier)
