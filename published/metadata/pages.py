"""Renders the Markdown pages of a release from templates beside this module."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

HERE = Path(__file__).parent


def render(template: str, **values: Any) -> str:
    """Without runs of empty lines, and ending with one line end."""
    text = _environment().get_template(template).render(**values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def counted(count: int, one: str) -> str:
    """1 row; 2,000 rows."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def pounds(amount: Any) -> str:
    """-£1,234.50, of a Decimal."""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def cell(text: str) -> str:
    """`text` in one cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def anchor(title: str) -> str:
    """The anchor that Markdown readers give to a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown, and every value in it is our own text
    )
    environment.filters |= {"cell": cell, "anchor": anchor, "pounds": pounds}
    environment.globals |= {"counted": counted}
    return environment
