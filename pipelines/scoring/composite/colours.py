"""Red, amber-red, amber-green, green; and the words that keep a colour from saying more than the data do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.scoring.arrays import FloatArray

COLOURS = ("red", "amber-red", "amber-green", "green")
LIMITS = np.array([25.0, 50.0, 75.0])
UNCERTAIN = "uncertain"
PROJECT_ANCHOR = "project anchor"


def colour_bands(scores: FloatArray) -> NDArray[np.int64]:
    """0 red (below 25), 1 amber-red, 2 amber-green, 3 green (75 and above); -1 where the score is missing."""
    bands = np.searchsorted(LIMITS, scores, side="right")
    return np.asarray(np.where(np.isnan(scores), -1, bands), dtype=np.int64)


def colours(scores: FloatArray, low: FloatArray | None = None, high: FloatArray | None = None) -> list[str | None]:
    """A colour for each of (units,) scores; None where there is no score.

    `uncertain` where the interval from `low` to `high` touches three colours or more (METHOD, Uncertainty).
    """
    bands = colour_bands(scores)
    named: list[str | None] = [None if band < 0 else COLOURS[band] for band in bands]
    if low is None or high is None:
        return named
    wide = colour_bands(high) - colour_bands(low) >= 2
    known = ~np.isnan(low) & ~np.isnan(high)
    return [UNCERTAIN if name and w and k else name for name, w, k in zip(named, wide, known, strict=True)]


def anchor_label(anchor_bases: list[str]) -> str | None:
    """`project anchor` where any of the anchors behind a colour is of our own choosing, else None.

    A basis is the text of the catalogue's `anchor_basis`; one that begins with "project" is ours.
    """
    own = any(basis.strip().lower().startswith("project") for basis in anchor_bases)
    return PROJECT_ANCHOR if own else None
