"""What a month that is not there would have held: an interval from the publisher's own other months.

Belongs here: the arithmetic. Does not belong here: which months are absent (calendar). docs/calendar.md gives the method
and how often the interval held on months held back. Nothing of this enters a total.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

LEVEL = 0.80
"""Share of absent months that the interval is meant to hold."""
NEIGHBOURS = 12
"""Observed months nearest in time from which the level is taken."""
MIN_MONTHS = 6
MIN_SAME_MONTHS = 3
"""Other years in which the same month of the year has to be observed before it corrects the level."""
MANY = 30
"""Residuals from which their own quantiles are used; with fewer, Student's t with their spread."""
DISTANCES = (1, 2, 3, 6, 12, 24)
"""Classes of distance, in months, from an absent month to the nearest observed one."""
LIMIT = Decimal("9999999999999999.99")


@dataclass(frozen=True, slots=True)
class Interval:
    """Ends in GBP, three significant figures each."""

    low_gbp: Decimal
    high_gbp: Decimal


def intervals(totals: Mapping[date, float], absent: Sequence[date]) -> list[Interval | None]:
    """One interval for each month of `absent` (first days), None where the publisher's months do not allow one.

    `totals` are the GBP of observed months; those not above zero have no logarithm and are left out. The prediction is
    the median of the logs of the nearest months, corrected by the median deviation of the same month in other years.
    Its error is measured by leaving each observed month out, and all closer to it than the absent month is to any.
    """
    import numpy as np  # noqa: PLC0415 - a tenth of a second that other commands do not pay

    months = sorted(month for month, total in totals.items() if total > 0)
    if len(months) < MIN_MONTHS or not absent:
        return [None] * len(absent)
    at = np.array([_number(month) for month in months])
    logs = np.log(np.array([totals[month] for month in months]))
    wanted = np.array([_number(month) for month in absent])
    nearest = np.abs(wanted[:, None] - at[None, :]).min(axis=1)
    found: list[Interval | None] = [None] * len(absent)
    for distance in DISTANCES:
        below = max((one for one in DISTANCES if one < distance), default=0)
        places = np.flatnonzero((nearest > below) & (nearest <= distance))
        if not places.size:
            continue
        residuals = logs - _predict(at, logs, at, distance)
        residuals = residuals[np.isfinite(residuals)]
        if residuals.size < MIN_MONTHS:
            continue
        low, high = _spread(residuals)
        for place, centre in zip(places, _predict(at, logs, wanted[places], 1), strict=True):
            found[place] = _interval(float(centre) + low, float(centre) + high)
    return found


def _predict(at: Any, logs: Any, wanted: Any, distance: int) -> Any:
    """Predicted logs at the months `wanted`, from observed months at least `distance` away; NaN where too few are."""
    import numpy as np  # noqa: PLC0415

    gaps = np.abs(wanted[:, None] - at[None, :]).astype(float)
    usable = gaps >= distance
    gaps[~usable] = np.inf
    order = np.argsort(gaps, axis=1, kind="stable")[:, :NEIGHBOURS]
    taken = np.take_along_axis(gaps, order, axis=1)
    near = np.where(np.isfinite(taken), logs[order], np.nan)
    enough = np.isfinite(near).sum(axis=1) >= MIN_MONTHS - 1
    predicted = np.full(wanted.shape, np.nan)
    if enough.any():
        predicted[enough] = np.nanmedian(near[enough], axis=1)
    own_level = _own_levels(at, logs)
    same = usable & ((wanted[:, None] - at[None, :]) % 12 == 0)
    seasonal = enough & (same.sum(axis=1) >= MIN_SAME_MONTHS)
    if seasonal.any():
        deviations = np.where(same[seasonal], (logs - own_level)[None, :], np.nan)
        predicted[seasonal] += np.nanmedian(deviations, axis=1)
    return predicted


def _own_levels(at: Any, logs: Any) -> Any:
    """Level around each observed month, the month itself among its neighbours."""
    import numpy as np  # noqa: PLC0415

    order = np.argsort(np.abs(at[:, None] - at[None, :]), axis=1, kind="stable")[:, : NEIGHBOURS + 1]
    return np.median(logs[order], axis=1)


def _spread(residuals: Any) -> tuple[float, float]:
    """Lower and upper error that LEVEL of new errors should lie between."""
    import numpy as np  # noqa: PLC0415
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    tail = (1 - LEVEL) / 2
    count = residuals.size
    if count >= MANY:
        # One more than the sample's own place, as for a new month (conformal prediction).
        ordered = np.sort(residuals)
        place = max(math.floor((count + 1) * tail), 1)
        return float(ordered[place - 1]), float(ordered[count - place])
    reach = float(t.ppf(1 - tail, count - 1)) * math.sqrt(float(np.mean(residuals**2)) * (1 + 1 / count))
    return -reach, reach


def _interval(low: float, high: float) -> Interval | None:
    if high > math.log(float(LIMIT)):
        return None
    return Interval(_rounded(math.exp(low)), _rounded(math.exp(high)))


def _rounded(pounds: float) -> Decimal:
    """Three significant figures: the method knows no more, and it hides how machines differ in the last digit."""
    return Decimal(f"{pounds:.2e}").quantize(Decimal("0.01"))


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1
