"""The texts of the project as pages: which there are, and their Markdown made HTML.

Belongs here: headings, contents, and folding of what is long. Does not belong here: asking for a page (extras.py).
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DOCS = Path(__file__).parents[2] / "docs"


class Text(NamedTuple):
    """What the list of texts calls it, and its file under DOCS."""

    title: str
    file: str


TEXTS = {
    "methodology": Text("How value for money is measured", "methodology.md"),
    "rules": Text("The rules of quality", "rules/README.md"),
    "rule-precision": Text("How often the rules are right", "rule-precision.md"),
    "quirks-compared": Text("The quirks of real files, and the rules meant for them", "quirks-compared.md"),
    "using-the-data": Text("Using the data", "using-the-data.md"),
    "for-analysts": Text("Using the data: for analysts", "using-the-data/analysts.md"),
    "for-journalists": Text("Using the data: for journalists", "using-the-data/journalists.md"),
    "for-departments": Text("Using the data: for departments", "using-the-data/departments.md"),
}
"""By name in the address."""
BY_FILE = {text.file.rpartition("/")[2]: name for name, text in TEXTS.items()}
LISTED, FOLDED = 4, 9
"""From so many sections on, a text has a list of contents; from so many on, its sections are folded and are that list."""


class Section(NamedTuple):
    """A heading's level (0 before the first) and HTML within, its anchor, and what follows up to the next heading."""

    level: int
    heading: str
    anchor: str
    html: str


def text_file(name: str) -> Path | None:
    """The file of a text or, as rule-<id>, of a rule's page; None where there is none of the name."""
    if name.startswith("rule-") and name not in TEXTS:
        rule = name.removeprefix("rule-")
        path = DOCS / "rules" / f"{rule}.md" if re.fullmatch(r"[a-z0-9_]+", rule) else None
    else:
        path = DOCS / TEXTS[name].file if name in TEXTS else None
    return path if path is not None and path.is_file() else None


@cache
def rendered(path: Path) -> tuple[str, str]:
    """Title and HTML of a text: HTML in it is shown, not obeyed, and links that run something are none."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only texts pay for it

    parser = MarkdownIt("js-default")
    tokens = parser.parse(path.read_text(encoding="utf-8"))
    title = next((tokens[at + 1].content for at, one in enumerate(tokens) if one.type == "heading_open"), path.stem)
    if tokens and tokens[0].type == "heading_open":
        del tokens[:3]
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # a wide one scrolls, by keys too
        elif token.type in {"th_open", "td_open"} and token.attrs.pop("style", None) == "text-align:right":
            token.attrSet("class", "number")  # the policy of the site allows no style in a page
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("href", _link(str(child.attrGet("href") or "")))
    return title, _page(_sections(parser, tokens))


def _sections(parser: MarkdownIt, tokens: Sequence[Token]) -> list[Section]:
    """The first heading of the page is its own, so that the highest of the text is of the second level."""

    def html(some: Sequence[Token]) -> str:
        return str(parser.renderer.render(some, parser.options, {}))

    starts = [at for at, token in enumerate(tokens) if token.type == "heading_open"]
    down = 2 - min((int(tokens[at].tag[1]) for at in starts), default=2)
    made = [Section(0, "", "", html(tokens[: starts[0] if starts else len(tokens)]))]
    for at, end in pairwise([*starts, len(tokens)]):
        heading = html([tokens[at + 1]])
        anchor = re.sub(r"[^a-z0-9]+", "-", tokens[at + 1].content.lower()).strip("-")
        made.append(Section(int(tokens[at].tag[1]) + down, heading, anchor, html(tokens[at + 3 : end])))
    return made


def _page(sections: Sequence[Section]) -> str:
    """Parts of a text of several parts (second level) stand open, and their sections (third level) are what is folded."""
    levels = [one.level for one in sections if one.level]
    wanted = 3 if levels.count(3) >= FOLDED else 2
    count = levels.count(wanted)
    html, is_open = [], False
    for one in sections:
        if is_open and one.level <= wanted:
            html.append("</div></details>\n")
            is_open = False
        if one.level == wanted and count >= FOLDED:
            html.append(f'<details class="fold"><summary><h{one.level}>{one.heading}</h{one.level}></summary>')
            html.append(f'<div id="{one.anchor}">\n')
            is_open = True
        elif one.level:
            html.append(f'<h{one.level} id="{one.anchor}">{one.heading}</h{one.level}>\n')
        html.append(one.html)
        if not one.level and LISTED <= count < FOLDED:
            html.append(_contents([each for each in sections if each.level == wanted]))
    return "".join([*html, "</div></details>\n" if is_open else ""])


def _contents(sections: Sequence[Section]) -> str:
    lines = (f'<li><a href="#{one.anchor}">{re.sub("<[^>]*>", "", one.heading)}</a></li>' for one in sections)
    return f'<nav class="contents" aria-label="Contents"><ul>{"".join(lines)}</ul></nav>\n'


def _link(href: str) -> str:
    """Links between texts lead to their pages; others stay as they are."""
    if match := re.fullmatch(r"(?:[a-z.-]+/)*([A-Za-z0-9_-]+\.md)(#.*)?", href):
        file, anchor = match[1], match[2] or ""
        if file in BY_FILE:
            return f"/texts/{BY_FILE[file]}{anchor}"
        if (DOCS / "rules" / file).is_file():
            return f"/texts/rule-{file.removesuffix('.md')}{anchor}"
    return href
