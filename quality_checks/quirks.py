"""The quirks of real files beside the rules meant for them, and the page that tells of it: docs/quirks-compared.md.

`python -m quality_checks.quirks` writes the page; a test fails where page and data differ, and another holds the data to what
the rules find in the files. Belongs here: how quirks.yaml is read and laid out. Does not belong here: what a rule asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from quality_checks.rule import all_rules

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "quirks-compared.md"

BEFORE = """# The quirks of real files, and the rules meant for them

A list of quirks was made, approximately and by other means, of the same 295 published files on which [the rules' precision](rule-precision.md)
was looked at. For every kind of quirk, file by file: does the rule meant for it find the file? Where list and rules differ, the
files were looked at, and it is said who was right. Compared on 26 November 2026; numbers count files. Which files they are stands in
`quality_checks/quirks.yaml`, from which this page is made; a test runs the rules over the files and holds them to it.

| Quirk | Rule meant for it | In the list | Both | List only | Rules only | Who was right, where they differ |
|---|---|---:|---:|---:|---:|---|
"""
BETWEEN = """
Notes below a table are set aside as notes, which is no fault. Blanks around headings, and no-break spaces and line breaks in cells,
are mended on reading, and no rule speaks of them: they keep nobody from using the data. Quirks that are ways of writing (dates,
amounts, encodings) are read, and have no rule unless they leave doubt.

The rules were wrong in nine kinds, and were mended: years of two digits, payments all after the month named or all in the month
before it, headings that stand twice, identifiers other than the transaction number, errors and other cells in columns without
heading, line breaks in headings, columns of blanks to the right, and headings that stand below the payments.

## Quirks that the list does not name

Other quirks were met when the reader was made. Files in which a person saw them, and the rule that finds each of these files:

| Quirk | Rule meant for it | Files |
|---|---|---:|
"""
AFTER = """
Where no file is counted, none of the 295 has the quirk: the rule is tried on its own examples, and by [faults put into real
files](rule-precision.md#rules-that-found-nothing-in-these-files).
"""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Difference(_Part):
    """Files that `only` one of the two names, and who was `right`."""

    only: Literal["list", "rules"]
    right: Literal["list", "rules", "neither"]
    why: str
    files: tuple[str, ...]


class Listed(_Part):
    """A quirk that the list names. `listed` holds regular expressions for what the list says; see quirks.yaml."""

    quirk: str
    listed: dict[Literal["quirk", "encoding"], str]
    rules: tuple[str, ...]
    count: int
    differ: tuple[Difference, ...] = ()

    def only(self, who: str) -> set[str]:
        return {name for one in self.differ if one.only == who for name in one.files}


class Seen(_Part):
    """A quirk that a person saw in `files`."""

    quirk: str
    rules: tuple[str, ...]
    files: tuple[str, ...]


class Quirks(_Part):
    listed: tuple[Listed, ...]
    seen: tuple[Seen, ...]


@cache
def quirks() -> Quirks:
    return Quirks.model_validate(yaml.safe_load((HERE / "quirks.yaml").read_text(encoding="utf-8")))


def page() -> str:
    listed = "".join(_row(one) for one in quirks().listed)
    seen = "".join(f"| {one.quirk} | {_rules(one.rules)} | {len(one.files)} |\n" for one in quirks().seen)
    return BEFORE + listed + BETWEEN + seen + AFTER


def _row(one: Listed) -> str:
    missed, more = len(one.only("list")), len(one.only("rules"))
    said = " ".join(f"{group.right.capitalize()} ({len(group.files)}): {group.why}" for group in one.differ)
    numbers = " | ".join(map(str, (one.count, one.count - missed, missed, more)))
    return f"| {one.quirk} | {_rules(one.rules)} | {numbers} | {said} |\n"


def _rules(rules: Sequence[str]) -> str:
    """Links; a rule that counts in one column only has the column behind it."""
    known = {rule.id for rule in all_rules()}
    parts = []
    for name, _, column in (one.partition(":") for one in rules):
        if name not in known:
            raise ValueError(f"quirks.yaml names the rule {name}, which is none")
        parts.append(f"[{name}](rules/{name}.md)" + (f" ({column})" if column else ""))
    return ", ".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
