"""Headings that stand off their data: found by column types, moved only where one move alone makes the types fit."""

from __future__ import annotations

from collections.abc import Sequence

from sources.layout.contents import CLEAR_SHARE, WRONG_SHARE, Content

LONGEST_SHIFT = 3
"""Columns by which headings may stand off their data."""
MARGIN = 0.25
"""By so much must the best place for the break beat another one for the columns between to keep their headings."""

Claims = dict[str, list[tuple[int, int]]]

TYPED = ("date", "amount", "amount_net", "amount_gross")
TEXTUAL = frozenset({"supplier_name", "expense_type", "expense_area", "department_family", "entity", "description"})


def _fit(target: str, content: Content) -> float:
    if target == "date":
        return content.dates
    if target.startswith("amount"):
        return content.amounts if content.dates < WRONG_SHARE else 0.0
    if target == "transaction_number":
        return 1 - content.words if content.filled else 0.0
    return content.words if target in TEXTUAL else 0.0


def realign(claims: Claims, contents: Sequence[Content]) -> tuple[Claims, str]:
    """Claims moved onto their data, and the move in words ('' where nothing was moved).

    Tried only where the date or every amount stands over something else. All headings from one column on move by the
    same number of columns, and no two onto one; the move must put dates and amounts over at least CLEAR_SHARE of their kind, and no other
    distance may do so. Where the break could lie at several columns, those between lose their headings.
    """
    typed = [target for target in TYPED if target in claims]
    if not typed or not any(_off(claims[target], target, contents) for target in typed):
        return claims, ""
    tried: dict[int, list[tuple[float, int]]] = {}
    columns = sorted({column for at in claims.values() for column, _ in at})
    for by in (step for distance in range(1, LONGEST_SHIFT + 1) for step in (distance, -distance)):
        for start in columns:
            moved = _move(claims, start, by)
            places = [column for at in moved.values() for column, _ in at]
            apart = len(set(places)) == len(places) and all(0 <= column < len(contents) for column in places)
            if apart and all(any(_fit(t, contents[c]) >= CLEAR_SHARE for c, _ in moved[t]) for t in typed):
                total = sum(max(_fit(t, contents[c]) for c, _ in at) for t, at in moved.items())
                tried.setdefault(by, []).append((total, start))
    if len(tried) != 1:
        return claims, ""
    by, breaks = next(iter(tried.items()))
    best, start = max(breaks, key=lambda place: (place[0], -place[1]))
    doubtful = [place for total, place in breaks if best - total < MARGIN]
    lost = range(min(doubtful), max(doubtful))
    moved = _move({t: [claim for claim in at if claim[0] not in lost] for t, at in claims.items()}, start, by)
    words = (
        f"headings from column {start + 1} on stand {abs(by)} column(s) {'left' if by > 0 else 'right'} of their data"
    )
    return {t: at for t, at in moved.items() if at}, words


def _off(at: list[tuple[int, int]], target: str, contents: Sequence[Content]) -> bool:
    filled = [contents[column] for column, _ in at if contents[column].filled]
    return bool(filled) and all(_fit(target, content) < WRONG_SHARE for content in filled)


def _move(claims: Claims, start: int, by: int) -> Claims:
    return {target: [(c + by if c >= start else c, rank) for c, rank in at] for target, at in claims.items()}
