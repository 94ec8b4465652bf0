"""The pages of the site: one YAML each in published/site/pages, read here.

Belongs here: what a page is: its address, its parameters, the SQL whose rows it shows, the charts drawn of them. Each page
has a template of its name in published/datasette/templates/site and, for nothing, a JSON twin, a CSV of each query, and
its place in the OpenAPI document. Does not belong here: asking the release (answers.py) or serving (plugin.py).
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

HERE = Path(__file__).parent
PAGES = HERE / "pages"
CHARTS = HERE / "charts"
PLACE = re.compile(r"\{([a-z_]+)\}")


class Strict(BaseModel):
    """A part of a page file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(Strict):
    """A value that the address gives: a part of its path, or after the question mark.

    `kind` search: words typed by a person, made into a full-text query; count: a whole number from 0 to `most`;
    version: that of a release; an address with one that does not stand leads to nothing.
    """

    description: str
    kind: Literal["text", "search", "count", "version"] = "text"
    default: str | int = ""
    most: int = 100_000
    example: str | int = ""


class Query(Strict):
    """SQL over the release's SQLite. `one`: a single row, not a list; `required`: without it, there is no such page."""

    sql: str
    one: bool = False
    required: bool = False


class Chart(Strict):
    """A Vega-Lite specification of published/site/charts, drawn of the rows of `query`."""

    query: str
    spec: str
    title: str
    description: str


class Page(Strict):
    """One page. `extra` names what Python adds to the answers (extras.py), where SQL cannot know it."""

    name: str
    route: str
    title: str
    description: str
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    queries: dict[str, Query] = Field(default_factory=dict)
    charts: dict[str, Chart] = Field(default_factory=dict)
    extra: str | None = None
    indexed: bool = True
    """Whether search engines may list it with whatever parameters."""
    example: str | None = None
    """SQL whose first row is path parameters of a page that the release has, for the OpenAPI document; without it, `ahead`,
    or else the examples of the parameters."""
    ahead: str | None = None
    """SQL whose rows are path parameters, in order, of the pages that a server makes before anybody asks: those with charts
    that are read most. Their pictures last from release to release."""
    is_changing: bool = False
    """Whether it shows more than the release holds, so that no answer may be kept."""
    script: str | None = None
    """A script of the site that makes more of the page; it works without."""

    @property
    def in_path(self) -> tuple[str, ...]:
        return tuple(PLACE.findall(self.route))

    @property
    def pattern(self) -> str:
        """Regular expression of its addresses: page, .json, .csv or .vl.json."""
        path = "".join(
            f"(?P<{part[1:-1]}>[^/]+?)" if PLACE.fullmatch(part) else re.escape(part)
            for part in re.split(r"(\{[a-z_]+\})", self.route)
        )
        path = r"/(?:index(?=\.))?" if path == "/" else path
        return rf"^{path}(?P<suffix>\.json|\.csv|\.vl\.json)?$"

    @property
    def twin(self) -> str:
        """Route of the JSON twin, less its suffix."""
        return "/index" if self.route == "/" else self.route

    @model_validator(mode="after")
    def names_are_declared(self) -> Self:
        """Raises ValueError where the path names a parameter, or a chart a query or a specification, that is not there."""
        if missing := set(self.in_path) - set(self.parameters):
            raise ValueError(f"no parameter {', '.join(sorted(missing))}")
        for chart in self.charts.values():
            if chart.query not in self.queries or not (CHARTS / f"{chart.spec}.json").is_file():
                raise ValueError(f"chart {chart.title}: no such query or specification")
        return self


@cache
def pages() -> tuple[Page, ...]:
    """Every page, by route. Raises ValueError with the file's name where one is wrong."""
    return tuple(sorted((read_page(path) for path in PAGES.glob("*.yaml")), key=lambda page: page.route))


def read_page(path: Path) -> Page:
    """The page declared in `path`; its name is the file's. Raises ValueError naming the file."""
    try:
        return Page(name=path.stem, **yaml.safe_load(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: {error}") from error


@cache
def specification(name: str) -> dict[str, Any]:
    """The Vega-Lite specification `name` with the site's theme as its config, and no data yet."""
    spec: dict[str, Any] = json.loads((CHARTS / f"{name}.json").read_text(encoding="utf-8"))
    theme: dict[str, Any] = json.loads((CHARTS / "theme" / "theme.json").read_text(encoding="utf-8"))
    return {**spec, "config": {**theme, **spec.get("config", {})}}
