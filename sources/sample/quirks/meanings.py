"""What the file is about: nil returns, repeated content, money that must not be counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sources.sample.drafts import Draft, Row


def nil_return(draft: Draft) -> None:
    """States that there was nothing to publish."""
    draft.lines = []
    draft.after_rendering.append(lambda rows: [*rows, Row(["Nil return (SAMPLE DATA)"], "nil_return")])
    draft.expected |= {"status": "explained", "reason": "nil_return"}


def headings_only(draft: Draft) -> None:
    """Headings without a line, and without a word why; the last of them says that it is all a sample."""
    draft.lines = []
    draft.heads = {**draft.heads, "sample": "SAMPLE DATA"}
    draft.expected |= {"status": "explained", "reason": "no_rows"}


def redacted_names(draft: Draft) -> None:
    """Names withheld, and one left empty."""
    draft.lines[0].supplier = "REDACTED - personal data"
    draft.lines[1].supplier = ""


def identical_lines(draft: Draft) -> None:
    """The same line three times: often legitimate, so all are kept and counted."""
    draft.lines[4:4] = [replace(draft.lines[4]), replace(draft.lines[4])]


def tax_on_its_own_line(draft: Draft) -> None:
    """A payment's VAT as a line of its own under the same number."""
    first = draft.lines[3]
    tax = replace(first, expense_type="VAT (recoverable)", pence=(first.pence or 0) // 5, description="VAT")
    draft.lines.insert(4, tax)


def period_in_the_name_is_another(draft: Draft) -> None:
    """The file is named after one month and holds the lines of the next year's."""
    for line in draft.lines:
        if line.day:
            line.day = date(line.day.year + 1, line.day.month, min(line.day.day, 28))


def numbers_in_scientific_notation(draft: Draft) -> None:
    """Transaction numbers that a spreadsheet turned into powers of ten."""
    for line in draft.lines[:4]:
        line.number = "4.72E+21"


def hostile_text(draft: Draft) -> None:
    """Suppliers that are markup, a formula, a query, and letters that turn direction."""
    names = ("<script>alert(1)</script>", '=HYPERLINK("https://sample.invalid")', "'; drop table suppliers; --")
    for line, name in zip(draft.lines, names, strict=False):
        line.supplier = name
