"""Data Docs of Great Expectations as plain pages of ours: no script, no style of theirs, nothing from another host.

Belongs here: what is kept of their HTML, and the list of pages. Does not belong here: running the suites
(quality_checks.suites), or when (pipelines.data_docs). What they write needs scripts from elsewhere to list its own pages,
and the site allows none; of each page of results the text and the tables are kept, by a list of elements allowed.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from published.reports.pages import STYLE, Edition, Shelf, environment

FOLDER = "data-docs"
"""Where they lie in the home, and under which address they are served."""
ABOUT = "about.json"
KEPT = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "strong", "b", "em", "code", "pre", "br", "ul", "ol", "li"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
DROPPED = {"script", "style", "head", "nav", "svg", "button", "form", "iframe", "object", "footer", "template"}
"""Left out with everything inside them."""
VOID = {"br"}
EMPTY = re.compile(r"<(p|h[1-6]|strong|li|ul|ol|pre)>\s*</\1>")
BEGINS = "<p>Overview"
"""Above it stand buttons and a list of contents that their scripts fill."""
PERCENTAGE = re.compile(r"<tr><td>Success Percent </td><td>[^<]*</td></tr>")
"""Rules differ too much in weight for a share of them to say anything."""
HEADINGS = re.compile(r"<(/?)h[1-6]>")


class _Kept(HTMLParser):
    """Their page without attributes and with KEPT and TABLES only; text is escaped anew."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in DROPPED:
            self.inside.append(tag)
        elif not self.inside and tag in KEPT | TABLES:
            self.out.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()
        elif not self.inside and tag in (KEPT | TABLES) - VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.out.append(escape(" ".join(data.split()) + " " if data.strip() else ""))


def kept(html: str) -> str:
    """What is kept of a page: headings, text and tables, in their order."""
    parser = _Kept()
    parser.feed(html)
    text = "".join(parser.out)
    while (shorter := EMPTY.sub("", text)) != text:
        text = shorter
    text = HEADINGS.sub(r"<\1p>", PERCENTAGE.sub("", text))
    return text[max(text.find(BEGINS), 0) :]


def write_data_docs(
    raw: Path, out: Path, *, failing: dict[str, int], broken: Sequence[str], channel: str, release: str, as_of: date
) -> None:
    """Makes out/index.html and a page a suite from what Great Expectations wrote to `raw`; what stood at `out` is replaced.

    `failing` is the number of failing rows by rule, `broken` what fails of our own tables, as in SuiteRun.
    """
    aside = out.with_name(out.name + ".new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    shelf = Shelf(Edition(release, as_of, channel == "sample"), aside)
    shutil.copyfile(STYLE, aside / STYLE.name)
    suites = []
    for path in sorted((raw / "validations").rglob("*.html")):
        suite = path.relative_to(raw / "validations").parts[0]
        suites.append(suite)
        shelf.write(f"{suite}.html", "data_docs_suite.html.jinja", suite=suite, body=kept(path.read_text("utf-8")))
    shelf.write(
        "index.html",
        "data_docs.html.jinja",
        suites=suites,
        failing=sorted(failing.items()),
        broken=broken,
        channel=channel,
    )
    (aside / ABOUT).write_text(json.dumps({"channel": channel, "release": release}) + "\n", encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    aside.replace(out)


def none_page(edition: Edition) -> str:
    """What stands in place of the list of pages where the latest run made none, since every report links there."""
    return environment().get_template("data_docs_none.html.jinja").render(edition=edition, root="")
