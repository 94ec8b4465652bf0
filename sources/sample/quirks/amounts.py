"""How money is written."""

from __future__ import annotations

from sources.sample.drafts import Draft, Row, money_grouped, money_plain
from sources.sample.world import Line


def pounds_and_commas(draft: Draft) -> None:
    """£1,234.50, the minus before the sign."""
    draft.money_format = lambda line: (
        money_grouped(line).replace("-", "-£") if (line.pence or 0) < 0 else f"£{money_grouped(line)}"
    )


def minus_a_penny(draft: Draft) -> None:
    """-£0.01: what a ledger leaves behind."""
    draft.lines[1].pence = -1
    pounds_and_commas(draft)


def padded_amounts(draft: Draft) -> None:
    """Blanks around every amount, as a spreadsheet's accounting format leaves them."""
    draft.money_format = lambda line: f" {money_grouped(line)} "


def parentheses(draft: Draft) -> None:
    """(24,000.00) for a negative."""
    draft.lines[1].pence = -(draft.lines[1].pence or 1)
    draft.money_format = lambda line: f"({money_grouped(line)[1:]})" if (line.pence or 0) < 0 else money_grouped(line)


def dash_for_zero(draft: Draft) -> None:
    """A dash where the amount is zero."""
    draft.lines[1].pence = 0
    draft.money_format = lambda line: " - " if line.pence == 0 else money_grouped(line)


def trailing_minus(draft: Draft) -> None:
    """1,234- for a negative."""
    draft.lines[1].pence = -(draft.lines[1].pence or 1)
    draft.money_format = lambda line: f"{money_grouped(line)[1:]}-" if (line.pence or 0) < 0 else money_grouped(line)


def scientific_amount(draft: Draft) -> None:
    """1.2E+05 in one line."""
    odd = draft.lines[1]
    odd.pence = 120_000_00
    draft.money_format = lambda line: "1.2E+05" if line is odd else money_plain(line)


def spreadsheet_error(draft: Draft) -> None:
    """#REF! where an amount was."""
    odd = draft.lines[1]
    odd.pence = None
    draft.money_format = lambda line: "#REF!" if line is odd else money_plain(line)


def unreadable_amount(draft: Draft) -> None:
    """Words in place of an amount: kept beside an empty amount."""
    odd = draft.lines[1]
    odd.pence = None
    draft.money_format = lambda line: "to be confirmed" if line is odd else money_plain(line)


def many_decimals(draft: Draft) -> None:
    """Tenths of pence, from a division; rounded half up."""
    draft.money_format = lambda line: f"{money_plain(line)}4" if (line.pence or 0) >= 0 else money_plain(line)


def net_beside_gross(draft: Draft) -> None:
    """Two amount columns: the net one is the amount."""
    heads: dict[str, str] = {}
    for name, head in draft.heads.items():
        if name == "amount_gbp":
            heads |= {"amount_gbp": "Net", "amount_alternative_gbp": "Gross"}
        else:
            heads[name] = head
    draft.heads = heads
    for line in draft.lines:
        pence = line.pence or 0
        gross = Line(line.day, "", "", "", "", pence + pence // 5, "")
        line.extra["amount_alternative_gbp"] = money_plain(gross)


def no_amount(draft: Draft) -> None:
    """A line whose amount cell is empty: set aside, since nobody can say what it was."""
    odd = draft.lines[1]
    odd.pence = None

    def set_aside(rows: list[Row]) -> list[Row]:
        for row in rows:
            if row.line is odd:
                row.kind = "no_amount"
        return rows

    draft.after_rendering.append(set_aside)


def title_in_thousands(draft: Draft) -> None:
    """A title above the heading says that all figures are in thousands of pounds; the heading does not."""
    draft.titles = [Row(["SAMPLE DATA - all figures in £000s"], "title")]
    for line in draft.lines:
        line.pence = (line.pence or 0) // 1000 * 1000
    draft.money_format = lambda line: money_plain(Line(None, "", "", "", "", (line.pence or 0) // 1000, ""))


def debit_and_credit(draft: Draft) -> None:
    """Payments in one column, refunds in another, and no column of amounts."""
    draft.lines[2].pence = -(draft.lines[2].pence or 1)
    heads: dict[str, str] = {}
    for name, head in draft.heads.items():
        heads |= {"debit": "Debit", "credit": "Credit"} if name == "amount_gbp" else {name: head}
    draft.heads = heads
    for line in draft.lines:
        pence = line.pence or 0
        text = money_plain(Line(None, "", "", "", "", abs(pence), ""))
        line.extra |= {"debit": text if pence >= 0 else "", "credit": text if pence < 0 else ""}
