"""Was extra spending worth it (I11), and what is a later pound worth now. Shown, never scored."""

from __future__ import annotations

from collections.abc import Sequence

RATES = ((30, 0.035), (75, 0.03), (125, 0.025))


def discount_factor(year: int) -> float:
    """The Green Book's social time preference rate: 3.5% a year to year 30, 3.0% to 75, 2.5% to 125; 1 in year 0.

    Source: HM Treasury, The Green Book (2022), table 7. ValueError before year 0 and after 125.
    """
    if not 0 <= year <= RATES[-1][0]:
        raise ValueError(f"year {year}: discount rates are given for years 0 to {RATES[-1][0]}")
    factor, begin = 1.0, 0
    for until, rate in RATES:
        factor /= (1.0 + rate) ** (min(year, until) - begin)
        if year <= until:
            break
        begin = until
    return factor


def net_present_value(flows: Sequence[float]) -> float:
    """Flows of years 0, 1, 2 ... in real terms, costs negative, each times its discount factor."""
    return sum(flow * discount_factor(year) for year, flow in enumerate(flows))


def quadrant(extra_cost: float, extra_effect: float) -> str:
    """One of dominant (no dearer, no worse, better in one), dominated, costs_more_does_more, costs_less_does_less, same."""
    if extra_cost == 0 and extra_effect == 0:
        return "same"
    if extra_cost <= 0 and extra_effect >= 0:
        return "dominant"
    if extra_cost >= 0 and extra_effect <= 0:
        return "dominated"
    return "costs_more_does_more" if extra_cost > 0 else "costs_less_does_less"


def cost_effectiveness(extra_cost: float, extra_effect: float) -> float:
    """ICER = dC/dE, money a unit of effect; NaN where nothing was gained or lost. Never rank negative ones: use net_benefit."""
    return extra_cost / extra_effect if extra_effect != 0 else float("nan")


def net_benefit(extra_cost: float, extra_effect: float, worth: float) -> float:
    """NMB = lambda dE - dC, `worth` the published value of one unit of effect."""
    return worth * extra_effect - extra_cost
