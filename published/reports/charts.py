"""Small pictures as inline SVG: the calendar, its strip, and the trend. Each has a title and a description, and stands beside a table.

Colours come from the style sheet by class, so that pictures follow light, dark and paper; no state is told by colour alone.
Sizes are in units of the view box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from published.reports.words import SEVERITIES, STATUS_MARKS, STATUS_WORDS

MONTHS = ("J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D")
CELL = 24
GAP = 2
LABEL = 44
BAR = 11
TREND_WIDTH = 320
"""At least, so that the labels of the first and the last bar have room; few bars are wider."""
WIDEST_BAR = 71
BAR_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """One publication in the trend: rules it fails, by severity."""

    label: str
    error: int
    warning: int
    advice: int


def calendar(name: str, title: str, description: str, years: Mapping[int, Sequence[str | None]]) -> Markup:
    """A square a month (twelve statuses a year, None where nothing was due), a row a year, a letter for the status in it."""
    shapes: list[str] = []
    for column, letter in enumerate(MONTHS):
        shapes.append(f'<text x="{LABEL + column * CELL + CELL // 2}" y="14" class="mark quiet-ink">{letter}</text>')
    for row, (year, statuses) in enumerate(sorted(years.items())):
        top = 20 + row * CELL
        shapes.append(f'<text x="0" y="{top + 16}" class="year">{year}</text>')
        shapes += _squares(statuses, LABEL, top, CELL)
    size = (LABEL + 12 * CELL, 20 + len(years) * CELL)
    return _picture("calendar", name, (title, description), size, shapes)


def strip(name: str, title: str, statuses: Sequence[str | None]) -> Markup:
    """One row of squares, oldest first."""
    shapes = _squares(statuses, 0, 0, CELL)
    return _picture("strip", name, (title, ""), (max(len(statuses), 1) * CELL, CELL), shapes)


def trend(name: str, title: str, description: str, bars: Sequence[Bar]) -> Markup:
    """A bar a publication, oldest first: the number of rules it fails, errors at the foot, then warnings, then advice."""
    highest = max((bar.error + bar.warning + bar.advice for bar in bars), default=0) or 1
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if highest / step <= 5 or step == 100)
    top = -(-highest // step) * step
    shapes: list[str] = []
    each = max(BAR, min((TREND_WIDTH - LABEL) // max(len(bars), 1), WIDEST_BAR))
    for value in range(0, top + 1, step):
        y = _height(value, top)
        shapes.append(f'<path d="M{LABEL - 12} {y}h{len(bars) * each + 12}" class="rule-line"/>')
        shapes.append(f'<text x="{LABEL - 18}" y="{y + 4}" class="tick">{value}</text>')
    for place, bar in enumerate(bars):
        below = 0
        for severity in SEVERITIES:
            count = getattr(bar, severity)
            if count:
                high, low = _height(below + count, top), _height(below, top)
                x = LABEL + place * each
                shapes.append(
                    f'<rect class="sv-{severity}" x="{x}" y="{high}" width="{each - 3}" height="{low - high}"/>'
                )
                below += count
    if bars:
        shapes.append(f'<text x="{LABEL}" y="{BAR_HEIGHT + 26}" class="year">{escape(bars[0].label)}</text>')
    if len(bars) > 1:
        right = max(LABEL + len(bars) * each, TREND_WIDTH)
        shapes.append(f'<text x="{right}" y="{BAR_HEIGHT + 26}" class="year end">{escape(bars[-1].label)}</text>')
    size = (max(LABEL + len(bars) * each, TREND_WIDTH), BAR_HEIGHT + 34)
    return _picture("trend", name, (title, description), size, shapes)


def _height(value: int, top: int) -> int:
    return 10 + BAR_HEIGHT - round(value / top * BAR_HEIGHT)


def _squares(statuses: Sequence[str | None], left: int, top: int, cell: int) -> list[str]:
    side = cell - GAP
    paths: dict[str, str] = {}
    marks: list[str] = []
    for place, status in enumerate(statuses):
        if status is None:
            continue
        x = left + place * cell
        paths[status] = paths.get(status, "") + f"M{x + 1} {top + 1}h{side}v{side}h-{side}z"
        marks.append(f'<text x="{x + cell // 2}" y="{top + 17}" class="mark">{STATUS_MARKS[status]}</text>')
    return [f'<path class="st-{status}" d="{path}"/>' for status, path in sorted(paths.items())] + marks


def _picture(kind: str, name: str, said: tuple[str, str], size: tuple[int, int], shapes: Sequence[str]) -> Markup:
    """`said` are title and description, `size` width and height."""
    (title, description), (width, height) = said, size
    described = Markup('<desc id="{0}-d">{1}</desc>').format(name, description) if description else Markup("")
    ids = f"{name}-t {name}-d" if description else f"{name}-t"
    # Shapes are made of our own numbers and codes; the only text from outside in them is escaped where it is put in.
    return Markup(
        '<svg class="chart {kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-labelledby="{ids}"><title id="{name}-t">{title}</title>{described}{shapes}</svg>'
    ).format(
        kind=kind, width=width, height=height, ids=ids, name=name, title=title, described=described,
        shapes=Markup("".join(shapes)),  # noqa: S704 - see above
    )  # fmt: skip


def in_words(statuses: Sequence[str | None]) -> str:
    """How often each status occurs, in declared order: 20 on time, 3 late."""
    counts = {status: statuses.count(status) for status in STATUS_WORDS}
    return ", ".join(f"{count} {STATUS_WORDS[status].lower()}" for status, count in counts.items() if count)
