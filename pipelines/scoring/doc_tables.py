"""The tables of docs/methodology.md that are made from the measures' files: `python -m pipelines.scoring.doc_tables` puts them in.

Does not belong here: the words around them.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.scoring.catalogue import measures
from pipelines.scoring.measure_tables import is_project_anchor

PAGE = Path(__file__).parents[2] / "docs" / "methodology.md"
BETWEEN = re.compile(r"(<!-- (\w+): made from pipelines/scoring/measures -->\n).*?(<!-- end -->)", re.DOTALL)
STATUS = {
    "computed": "computed",
    "partial": "partial, not scored",
    "no_open_source": "no open source",
    "assessor_only": "assessor only",
}


def _table(headings: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def questions() -> str:
    """Measure, question, what it speaks to and what real data carry."""
    return _table(
        ["measure", "area", "question", "speaks to", "value for money", "real data"],
        [
            [
                f"{one.id} {one.name}",
                one.area,
                one.question,
                one.speaks_to,
                "yes" if one.is_value_for_money else "",
                STATUS[one.status],
            ]
            for one in measures()
        ],
    )


def formulas() -> str:
    """Measure, formula, anchors with basis, minimum."""
    return _table(
        ["measure", "formula", "unit", "0, 25, 50, 75, 100", "basis of the anchors", "least"],
        [
            [
                one.id,
                f"`{one.formula}`",
                one.unit,
                ", ".join(f"{anchor:g}" for anchor in one.anchors or ()) or "none",
                one.anchor_basis + (" (project anchor)" if is_project_anchor(one) else ""),
                one.minimum_sample,
            ]
            for one in measures()
        ],
    )


def caveats() -> str:
    """Measure and what has to be known."""
    return _table(["measure", "what has to be known"], [[one.id, "; ".join(one.caveats)] for one in measures()])


def errors() -> str:
    """Measure and where its standard error comes from, or why it has none."""
    return _table(
        ["measure", "kind", "standard error of a value"],
        [[one.id, one.error_kind.replace("_", " "), one.standard_error] for one in measures()],
    )


def filled(text: str) -> str:
    """The page with every table anew."""
    made = {"questions": questions, "formulas": formulas, "caveats": caveats, "errors": errors}
    return BETWEEN.sub(lambda found: found[1] + "\n" + made[found[2]]() + "\n" + found[3], text)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
