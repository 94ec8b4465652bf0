"""A file of the sample before it is bytes: rows of cells, each with what it truly is. Quirks change drafts.

Does not belong here: bytes (write.py), single quirks (quirks/).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sources.sample.world import Body, Line

GUIDANCE_HEADS = {
    "department_family": "Department family",
    "entity": "Entity",
    "payment_date": "Date",
    "expense_type": "Expense type",
    "expense_area": "Expense area",
    "supplier_name": "Supplier",
    "transaction_number": "Transaction number",
    "amount_gbp": "Amount",
    "description": "Description",
}
COUNCIL_HEADS = {
    "entity": "Body Name",
    "expense_area": "Organisational Unit",
    "expense_type": "Expenditure Category",
    "payment_date": "Paid Date",
    "transaction_number": "Trans No",
    "amount_gbp": "Net Amount",
    "supplier_name": "Supplier Name",
}
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_slashes(line: Line) -> str:
    return f"{line.day:%d/%m/%Y}" if line.day else ""


def money_plain(line: Line) -> str:
    """Pounds and pence without signs or separators; '' where there is no amount."""
    if line.pence is None:
        return ""
    sign = "-" if line.pence < 0 else ""
    return f"{sign}{abs(line.pence) // 100}.{abs(line.pence) % 100:02d}"


def money_grouped(line: Line) -> str:
    if line.pence is None:
        return ""
    sign = "-" if line.pence < 0 else ""
    return f"{sign}{abs(line.pence) // 100:,}.{abs(line.pence) % 100:02d}"


@dataclass(slots=True)
class Row:
    """One row: its cells, and `transaction` or the reason code it is to be set aside with."""

    cells: list[str]
    kind: str
    line: Line | None = None


@dataclass(slots=True)
class Draft:
    """One file to be. `expected` says what is to become of it as a whole: status, reason, not_counted."""

    body: Body
    name: str
    lines: list[Line]
    heads: dict[str, str]
    published: date
    quirks: list[str] = field(default_factory=list)
    titles: list[Row] = field(default_factory=list)
    day_format: Callable[[Line], str] = day_slashes
    money_format: Callable[[Line], str] = money_plain
    after_rendering: list[Callable[[list[Row]], list[Row]]] = field(default_factory=list)
    after_encoding: list[Callable[[bytes], bytes]] = field(default_factory=list)
    more_sheets: list[tuple[str, list[Row], bool]] = field(default_factory=list)
    container: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\r\n"
    sheet: str = ""
    url_name: str | None = None
    expected: dict[str, str | None] = field(default_factory=dict)

    def cell(self, name: str, line: Line) -> str:
        """Text of one field of one line, in this file's way of writing."""
        written = WRITTEN.get(name)
        return written(self, line) if written else line.extra.get(name, "")

    def rows(self) -> list[Row]:
        """Titles, heading and lines, then what the quirks make of them."""
        rows = [*self.titles, Row(list(self.heads.values()), "header")]
        rows += [Row([self.cell(name, line) for name in self.heads], "transaction", line) for line in self.lines]
        for change in self.after_rendering:
            rows = change(rows)
        return rows

    def column(self, name: str) -> int:
        return list(self.heads).index(name)


WRITTEN: dict[str, Callable[[Draft, Line], str]] = {
    "department_family": lambda draft, _: draft.body.name,
    "entity": lambda draft, _: draft.body.entity,
    "payment_date": lambda draft, line: draft.day_format(line),
    "expense_type": lambda _, line: line.expense_type,
    "expense_area": lambda _, line: line.expense_area,
    "supplier_name": lambda _, line: line.supplier,
    "transaction_number": lambda _, line: line.number,
    "amount_gbp": lambda draft, line: draft.money_format(line),
    "description": lambda _, line: line.description,
}
"""How each field of a line is written; any other is among the line's extras."""


def file_name(body: Body, month: date) -> str:
    over = "25000" if body.threshold == 25_000 else "500"
    return f"{body.id}-spend-over-{over}-{MONTH_NAMES[month.month - 1].lower()}-{month.year}.csv"
