"""Where a table's heading stands in a grid: rows scored by how many different columns their cells name.

Does not belong here: what one heading means (headers.py), which column is used for what (columns.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sources.layout.headers import Match, hints_at_amount, match, spec
from sources.values import looks_like_amount, looks_like_date

TOP_ROWS = 60
"""A heading is looked for in so many rows from the top ..."""
BOTTOM_ROWS = 20
"""... and so many from the bottom: some files are sorted with their heading last."""
LEAST_TARGETS = 3
"""Different columns that a heading names at least. Two suffice where one is the amount and half the cells are known."""
RARE_WORDING = 0.004
"""Taken from a heading's score for each place its wording stands behind the commonest one ('number' behind 'transaction number')."""
CLEARLY_BETTER = 0.1
"""By so much does a heading joined from two rows score better than either row alone."""
MAXIMUM_COLUMNS = 200
"""Columns kept. What stands further right is reported."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the grid rows it was joined from, its cells and what each was taken for."""

    rows: tuple[int, ...]
    cells: tuple[str, ...]
    matches: tuple[Match | None, ...]

    @property
    def targets(self) -> frozenset[str]:
        return frozenset(found.target for found in self.matches if found)

    @property
    def score(self) -> float:
        """Different columns named, a little less for wordings that are rare for their column."""
        best: dict[str, float] = {}
        for found in self.matches:
            if found:
                worth = found.score - RARE_WORDING * min(found.rank, 100)
                best[found.target] = max(best.get(found.target, 0.0), worth)
        return sum(best.values())

    def agrees_with(self, other: Heading) -> bool:
        """Whether both put the amount, the date and the supplier into the same columns."""
        return all(self._first(target) == other._first(target) for target in ("amount", "date", "supplier_name"))

    def beats(self, part: Heading) -> bool:
        """Whether the heading, joined from two rows, names more than one of them alone; or as much, each row with words for
        several of its columns: 'Supplier | Payment | Net' over 'Name | Date | Amount'.
        """
        kinds, parts_kinds = ({target.partition("_")[0] for target in one.targets} for one in (self, part))
        if not kinds >= parts_kinds:
            return False
        if self.score > part.score + CLEARLY_BETTER:
            return True
        split = sum(1 for whole, cell in zip(self.cells, part.cells, strict=False) if whole != cell and cell.strip())
        return split >= LEAST_TARGETS and self.named >= part.named and self.score > part.score - CLEARLY_BETTER

    @property
    def named(self) -> int:
        return sum(1 for found in self.matches if found)

    def completed_by(self, other: Heading) -> Heading:
        """The heading with the names that a repetition of it has for columns that are blank here."""
        width = max(len(self.cells), len(other.cells))
        cells = [heading.cells + ("",) * (width - len(heading.cells)) for heading in (self, other)]
        matches = [heading.matches + (None,) * (width - len(heading.matches)) for heading in (self, other)]
        own = [bool(cell.strip()) for cell in cells[0]]
        return Heading(
            self.rows,
            tuple(mine if has else theirs for has, mine, theirs in zip(own, *cells, strict=True)),
            tuple(mine if has else theirs for has, mine, theirs in zip(own, *matches, strict=True)),
        )

    def _first(self, target: str) -> int | None:
        return next((i for i, found in enumerate(self.matches) if found and found.target == target), None)


def heading_of(rows: tuple[int, ...], cells: Sequence[str]) -> Heading | None:
    """The cells as a heading, or None where they do not name enough columns or hold values."""
    cells = cells[:MAXIMUM_COLUMNS]
    # Most rows looked at hold payments: their dates and sums are known far sooner than what no cell of theirs means.
    if any(_is_value(cell) and match(cell) is None for cell in cells):
        return None
    matches = tuple(match(cell) for cell in cells)
    heading = Heading(rows, tuple(cells), matches)
    targets = heading.targets
    named = sum(1 for cell in cells if cell.strip())
    enough = len(targets) >= LEAST_TARGETS or (
        len(targets) == 2
        and 2 * sum(1 for found in matches if found) >= named
        and (any(target.startswith("amount") for target in targets) or any(map(hints_at_amount, cells)))
    )
    if not enough or 3 * sum(1 for found in matches if found) < named:
        return None
    return heading


@lru_cache(maxsize=65536)
def _is_value(cell: str) -> bool:
    text = cell.strip()
    return len(text) > 2 and (looks_like_date(text) or (looks_like_amount(text) and not text.isdigit()))


def heading_at(rows: Sequence[Sequence[str]], index: int) -> Heading | None:
    """The heading anchored at row `index`, joined with the row above or below where that names more columns."""
    alone = heading_of((index,), rows[index])
    if alone is None and holds_values(rows[index]):
        return None
    best = alone
    for upper in (index - 1, index):
        lower = upper + 1
        other = upper if upper < index else lower
        if upper < 0 or lower == len(rows) or not _says_anything(rows[other]) or holds_values(rows[other]):
            continue
        joined = heading_of((upper, lower), _join(rows[upper], rows[lower]))
        # A title above a whole heading names nothing more: the join has to beat both of its rows alone.
        rivals = [heading for heading in (best, heading_of((other,), rows[other])) if heading]
        if joined and (_is_unfinished(rows[upper], rows[lower]) or all(joined.beats(rival) for rival in rivals)):
            best = joined
    return _with_third_row(rows, best) if best and len(best.rows) == 2 else best


def _with_third_row(rows: Sequence[Sequence[str]], pair: Heading) -> Heading:
    """The heading of two rows joined with the one above or below where that names more columns still."""
    best = pair
    for third in (pair.rows[0] - 1, pair.rows[-1] + 1):
        if not 0 <= third < len(rows) or not _says_anything(rows[third]) or holds_values(rows[third]):
            continue
        cells = _join(rows[third], pair.cells) if third < pair.rows[0] else _join(pair.cells, rows[third])
        joined = heading_of(tuple(sorted((third, *pair.rows))), cells)
        if joined and joined.score > best.score + CLEARLY_BETTER and joined.targets >= pair.targets:
            best = joined
    return best


def _is_unfinished(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a cell ends in the middle of its wording, which the cell below goes on with ('Date of' over 'payment')."""
    return any(
        below.strip() and above.lower().split()[-1:] and above.lower().split()[-1] in spec()["unfinished"]
        for above, below in zip(upper, lower, strict=False)
    )


def _says_anything(row: Sequence[str]) -> bool:
    """Whether a letter or a figure stands in the row: one of dashes under the headings is none of them."""
    return any(map(str.isalnum, "".join(row)))


def holds_values(row: Sequence[str]) -> bool:
    """Whether a date or a sum stands in the row, so that it is no heading."""
    return any(_is_value(cell) for cell in row)


def _join(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    return [f"{a.strip()} {b.strip()}".strip() for a, b in zip(above, below, strict=True)]


def first_heading(rows: Sequence[Sequence[str]]) -> Heading | None:
    """The heading that the table begins with, or (where it is sorted to the end) ends with.

    The earliest that names at least six tenths of the columns that the best one names: a report that stands further
    down has a heading of its own, which the rows between find again.
    """
    count = len(rows)
    near: Iterable[int] = [*range(min(TOP_ROWS, count)), *range(max(TOP_ROWS, count - BOTTOM_ROWS), count)]
    found = [heading for index in near if any(rows[index]) and (heading := heading_at(rows, index))]
    if not found:
        return None
    best = max(heading.score for heading in found)
    return next(heading for heading in found if heading.score >= 0.6 * best)
