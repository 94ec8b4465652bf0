"""A waterfall in one plain sentence. Numbers are those of the waterfall; causes are not named, because it does not know any."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.scoring.explain.waterfall import Waterfall

STAGE_WORDS = {"data_revision": "data restated since", "method_change": "a change of method"}
LARGEST = 3
SMALLEST_SHOWN = 0.05


def in_words(change: Waterfall, names: Mapping[str, str], *, largest: int = LARGEST) -> str:
    """For instance "Of the 4.1 points gained, 2.9 come from shorter waits, -0.6 from data restated since, 1.8 from all else."

    `names` gives what each item is called; the `largest` steps are named and the rest is one sum, so that what is said
    adds up to what is shown, but for rounding to a tenth.
    """
    total = change.end - change.start
    if not change.steps or all(abs(step.amount) < SMALLEST_SHOWN for step in change.steps):
        return "No part of the figure changed by as much as a tenth of a point."
    ordered = sorted(change.steps, key=lambda step: (-abs(step.amount), step.stage, step.item))
    named = [step for step in ordered if abs(step.amount) >= SMALLEST_SHOWN][:largest]
    rest = total - sum(step.amount for step in named)
    parts = [f"{_tenths(step.amount)} from {_called(step.stage, step.item, names)}" for step in named]
    if abs(rest) >= SMALLEST_SHOWN:
        parts.append(f"{_tenths(rest)} from all else")
    if abs(total) < SMALLEST_SHOWN:
        return f"The figure stayed as it was, in sum: {', '.join(parts)}."
    verb = "come" if _tenths(named[0].amount) not in {"1.0", "-1.0"} else "comes"
    first = parts[0].replace(" from ", f" {verb} from ", 1)
    return f"Of the {_tenths(abs(total))} points {'gained' if total > 0 else 'lost'}, {', '.join([first, *parts[1:]])}."


def _called(stage: str, item: str, names: Mapping[str, str]) -> str:
    name = names.get(item, item)
    if stage == "data_revision" and item:
        return f"{name} (figures restated since)"
    if stage in STAGE_WORDS:
        return STAGE_WORDS[stage]
    return f"{name} (newly or no longer counted)" if stage == "coverage" else name


def _tenths(points: float) -> str:
    rounded = round(points, 1)
    return f"{rounded + 0.0:.1f}"
