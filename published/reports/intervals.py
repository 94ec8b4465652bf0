"""A picture of scores with their intervals: a dot, the sampling interval as a bar, the bounds as a line.

Belongs here: the drawing, for a page (colours from the style sheet) and to stand alone. Does not belong here: what is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, ROW, TOP = 340, 42, 24
"""Each row has its words above its bar, so that the whole fits a phone without being made small."""
SCALE = (0, 25, 50, 75, 100)
ALONE = (
    "<style>text{font:12px sans-serif;fill:#1d1d1b}.rule-line{stroke:#999;fill:none}.bound{stroke:#666;stroke-width:1.5}"
    ".tick{text-anchor:middle}.end{text-anchor:end}.sv-advice{fill:#7da7d9;stroke:#333}.dot{fill:#1d1d1b}</style>"
    '<rect width="100%" height="100%" fill="#fff"/>'
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: 0 to 100; what is None is not drawn. Without a score the words say why."""

    label: str
    score: float | None
    low: float | None
    high: float | None
    bound_low: float | None
    bound_high: float | None
    words: str


def intervals(name: str, title: str, description: str, lines: Sequence[Line], *, stands_alone: bool = False) -> Markup:
    """An SVG of the rows in their order. `stands_alone` makes it a file of its own, with its colours in it."""
    height = TOP + len(lines) * ROW + 8
    shapes = []
    for value in SCALE:
        shapes.append(f'<path d="M{_x(value)} {TOP - 6}V{height - 6}" class="rule-line"/>')
        shapes.append(f'<text x="{_x(value)}" y="14" class="tick" text-anchor="middle">{value}</text>')
    for place, line in enumerate(lines):
        y = TOP + place * ROW + 30
        shapes.append(f'<text x="4" y="{y - 14}">{escape(line.label)}</text>')
        if line.bound_low is not None and line.bound_high is not None:
            shapes.append(f'<path d="M{_x(line.bound_low)} {y}H{_x(line.bound_high)}" class="rule-line bound"/>')
        if line.low is not None and line.high is not None:
            width = max(_x(line.high) - _x(line.low), 2)
            shapes.append(f'<rect class="sv-advice" x="{_x(line.low)}" y="{y - 6}" width="{width:g}" height="12"/>')
        if line.score is not None:
            shapes.append(f'<circle class="dot" cx="{_x(line.score)}" cy="{y}" r="4" fill="currentColor"/>')
        shapes.append(f'<text x="{WIDTH - 4}" y="{y - 14}" class="end" text-anchor="end">{escape(line.words)}</text>')
    ids = f"{name}-t {name}-d"
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="{ids}"><title id="{name}-t">{title}</title><desc id="{name}-d">{description}</desc>{style}{shapes}</svg>'
    ).format(
        width=WIDTH, height=height, ids=ids, name=name, title=title, description=description,
        style=Markup(ALONE if stands_alone else ""),  # noqa: S704 - a constant of ours
        shapes=Markup("".join(shapes)),  # noqa: S704 - our own numbers, and text escaped where it is put in
    )  # fmt: skip


def _x(value: float) -> float:
    return round(12 + value / 100 * (WIDTH - 24), 1)
