"""README.md of a release: what it is, what is in it, how to cite and check it. The words are in readme.md.jinja beside this."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = Path(__file__).parent / "readme.md.jinja"


def readme(package: Mapping[str, Any]) -> str:
    """Made from the data package alone, so that both say the same."""
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, and every value in it is our own text
    )
    tables = [resource for resource in package["resources"] if "schema" in resource]
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(package=package, tables=tables)
