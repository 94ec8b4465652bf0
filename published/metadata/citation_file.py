"""CITATION.cff: how to cite the release, in the form that reference managers and code hosts read (Citation File Format 1.2.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from published.metadata.use import PUBLISHER

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "CITATION.cff"


def citation_file(package: Mapping[str, Any]) -> str:
    described: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite the release and its version.",
        "type": "dataset",
        "title": package["title"],
        "abstract": package["description"],
        "authors": [{"name": PUBLISHER}],
        "version": package["version"],
        "date-released": package["asOf"],
        "license": [licence["name"] for licence in package["licenses"]],
        "keywords": list(package["keywords"]),
    }
    return yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=120)
