"""Files beside a body's monthly ones: an annual list, a card list, a corrected file, one month's content as another's."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from sources.sample.drafts import GUIDANCE_HEADS, MONTH_NAMES, Draft, file_name
from sources.sample.world import MONTHS, Body, Line, lines_of


def annual(body: Body, at: int, seed: int) -> Draft:
    """The twelve months before month `at` in one file, named by its financial year."""
    months = MONTHS[at - 12 : at]
    lines = [line for month in months for line in lines_of(body, month, seed)]
    year = months[0].year
    draft = Draft(
        body, f"{body.id}-spend-over-25000-{year}-{(year + 1) % 100}.csv", lines, dict(GUIDANCE_HEADS), _end(months[-1])
    )
    draft.expected["not_counted"] = "annual_of_months_held"
    return draft


def purchasing_card(body: Body, at: int, seed: int) -> Draft:
    """Purchases by card of one month, under the headings of such lists."""
    month = MONTHS[at]
    rng = random.Random(f"{seed}/card/{body.id}")  # noqa: S311 - a sample has to come out the same
    lines = [
        replace(line, pence=rng.randint(501_00, 9_999_99), number=f"C{line.number}")
        for line in lines_of(body, month, seed)[:12]
    ]
    heads = {
        "entity": "Body Name",
        "payment_date": "Posting Date",
        "supplier_name": "Merchant Name",
        "amount_gbp": "Transaction Amount",
        "transaction_number": "Transaction Reference Number",
    }
    name = f"{body.id}-procurement-card-spend-{MONTH_NAMES[month.month - 1].lower()}-{month.year}.csv"
    draft = Draft(body, name, lines, heads, _end(month))
    draft.expected["not_counted"] = "purchasing_card_file"
    return draft


def superseding(body: Body, at: int, seed: int) -> Draft:
    """A month's file again, with one amount put right, published two months after the first."""
    month = MONTHS[at]
    lines: list[Line] = lines_of(body, month, seed)
    lines[2].pence = (lines[2].pence or 0) + 100_00
    name = file_name(body, month).replace(".csv", "-amended.csv")
    return Draft(body, name, lines, dict(GUIDANCE_HEADS), _end(month) + timedelta(days=60))


def content_twice(body: Body, at: int, seed: int) -> Draft:
    """The lines of month `at` under the name of the month after."""
    draft = Draft(
        body,
        file_name(body, MONTHS[at + 1]),
        lines_of(body, MONTHS[at], seed),
        dict(GUIDANCE_HEADS),
        _end(MONTHS[at + 1]),
    )
    draft.expected["not_counted"] = "content_published_twice"
    return draft


def gross_copy(body: Body, at: int, seed: int) -> Draft:
    """A month's lines once more, with the tax in their amounts."""
    month = MONTHS[at]
    lines = [replace(line, pence=(line.pence or 0) + (line.pence or 0) // 5) for line in lines_of(body, month, seed)]
    heads = {**GUIDANCE_HEADS, "amount_gbp": "Gross amount"}
    draft = Draft(body, file_name(body, month).replace(".csv", "-gross.csv"), lines, heads, _end(month))
    draft.expected["not_counted"] = "gross_beside_net"
    return draft


BESIDE: dict[str, Callable[[Body, int, int], Draft]] = {
    "annual": annual,
    "purchasing_card": purchasing_card,
    "superseding": superseding,
    "content_twice": content_twice,
    "gross_copy": gross_copy,
}


def _end(month: date) -> date:
    """Some weeks after the month."""
    return month + timedelta(days=58)
