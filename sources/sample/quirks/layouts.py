"""Where things stand in the table."""

from __future__ import annotations

from sources.sample.drafts import Draft, Row, money_grouped, money_plain
from sources.sample.world import Line


def _total(rows: list[Row]) -> int:
    return sum(row.line.pence or 0 for row in rows if row.line and row.kind == "transaction")


def _sum_row(draft: Draft, pence: int, kind: str, word: str) -> Row:
    cells = [""] * len(draft.heads)
    cells[0] = word
    cells[draft.column("amount_gbp")] = money_grouped(Line(None, "", "", "", "", pence, ""))
    return Row(cells, kind)


def title_lines(draft: Draft) -> None:
    """The report's name and a blank line above the heading."""
    draft.titles = [Row([f"SAMPLE DATA - {draft.body.name}: payments over the threshold"], "title"), Row([], "blank")]


def header_split_over_two_rows(draft: Draft) -> None:
    """'Transaction' in one row, 'number' under it."""

    def split(rows: list[Row]) -> list[Row]:
        at = next(i for i, row in enumerate(rows) if row.kind == "header")
        upper = [""] * len(draft.heads)
        column = draft.column("transaction_number")
        upper[column], rows[at].cells[column] = "Transaction", "number"
        return [*rows[:at], Row(upper, "header"), *rows[at:]]

    draft.after_rendering.append(split)


def newline_in_header(draft: Draft) -> None:
    """A heading of two lines in one cell."""
    draft.heads = {**draft.heads, "transaction_number": "Transaction\nnumber"}


def misspelt_headers(draft: Draft) -> None:
    """Headings with a letter wrong."""
    misspelt = {"supplier_name": "Supplicer", "expense_type": "Expence Type", "transaction_number": "Transation number"}
    draft.heads = {name: misspelt.get(name, head) for name, head in draft.heads.items()}


def misaligned_header(draft: Draft) -> None:
    """One heading too many in front, so that every heading stands a column right of its cells."""

    def move(rows: list[Row]) -> list[Row]:
        for row in rows:
            if row.kind == "header":
                row.cells = ["", *row.cells]
        return rows

    draft.after_rendering.append(move)


def two_reports_stacked(draft: Draft) -> None:
    """A second report with its own columns below the first."""

    def stack(rows: list[Row]) -> list[Row]:
        half = len(rows) // 2
        order = list(reversed(draft.heads))
        heads = [draft.heads[name] for name in order]
        lower = [
            Row([draft.cell(name, row.line) for name in order], row.kind, row.line) for row in rows[half:] if row.line
        ]
        return [*rows[:half], Row([], "blank"), Row(heads, "header"), *lower]

    draft.after_rendering.append(stack)


def repeated_header(draft: Draft) -> None:
    """The heading again in the middle, as where two months' sheets were pasted together."""

    def repeat(rows: list[Row]) -> list[Row]:
        half = len(rows) // 2
        return [*rows[:half], Row(list(draft.heads.values()), "repeated_header"), *rows[half:]]

    draft.after_rendering.append(repeat)


def heading_at_the_end(draft: Draft) -> None:
    """A table sorted with its heading, which landed below the lines."""
    draft.after_rendering.append(
        lambda rows: [row for row in rows if row.kind != "header"] + [row for row in rows if row.kind == "header"]
    )


def phantom_columns(draft: Draft) -> None:
    """240 empty columns to the right of every line."""

    def widen(rows: list[Row]) -> list[Row]:
        for row in rows:
            row.cells = [*row.cells, *[""] * 240]
        return rows

    draft.after_rendering.append(widen)


def trailing_blank_rows(draft: Draft) -> None:
    """40,000 empty rows below the lines."""
    draft.after_rendering.append(lambda rows: rows + [Row([""] * len(draft.heads), "blank") for _ in range(40_000)])


def total_row(draft: Draft) -> None:
    """The sum of all lines below them; a supplier whose name begins with Total is none."""
    draft.lines[0].supplier = "Total Make-Believe Plc"
    draft.after_rendering.append(lambda rows: [*rows, _sum_row(draft, _total(rows), "total", "Total")])


def total_without_a_word(draft: Draft) -> None:
    """A number alone below the amounts, which is their sum."""
    draft.after_rendering.append(lambda rows: [*rows, Row([], "blank"), _sum_row(draft, _total(rows), "total", "")])


def subtotals(draft: Draft) -> None:
    """A subtotal after each half, and a grand total."""

    def insert(rows: list[Row]) -> list[Row]:
        half = len(rows) // 2
        first, second = rows[:half], rows[half:]
        return [
            *first,
            _sum_row(draft, _total(first), "subtotal", "Sub-total"),
            *second,
            _sum_row(draft, _total(second), "subtotal", "Sub-total"),
            _sum_row(draft, _total(rows), "total", "Grand Total"),
        ]

    draft.after_rendering.append(insert)


def wrong_total(draft: Draft) -> None:
    """A row that says it is the total, and is not."""
    draft.after_rendering.append(
        lambda rows: [*rows, _sum_row(draft, _total(rows) + 1_234_500, "unproved_total", "Total")]
    )


def shifted_row(draft: Draft) -> None:
    """One line a column to the right: unambiguous, so it is moved back."""

    def shift(rows: list[Row]) -> list[Row]:
        paid = [row for row in rows if row.line]
        paid[5].cells = ["", *paid[5].cells]
        return rows

    draft.after_rendering.append(shift)


def notes_below(draft: Draft) -> None:
    """A sentence under the lines, after a blank row."""
    text = "SAMPLE DATA. Amounts include irrecoverable make-believe tax."
    draft.after_rendering.append(lambda rows: [*rows, Row([], "blank"), Row([text], "note")])


def stray_cells(draft: Draft) -> None:
    """Numbers far to the right of the table, left over from somebody's sum."""
    cells = [""] * (len(draft.heads) + 12) + ["19961", "5"]
    draft.after_rendering.append(lambda rows: [*rows, Row(list(cells), "stray_cells")])


def column_of_zeros(draft: Draft) -> None:
    """Rows of zeros that a linked sheet left below the lines."""
    draft.after_rendering.append(
        lambda rows: [*rows, *(Row(["0"] * len(draft.heads), "column_filler") for _ in range(6))]
    )


def stray_quotation_mark(draft: Draft) -> None:
    """One quotation mark that nothing closes, in a file of many lines: it costs its own line at most."""
    draft.lines[7].description = "@@stray quotation mark"
    draft.after_encoding.append(lambda data: data.replace(b"@@stray", b'"stray'))


def unknown_columns(draft: Draft) -> None:
    """Columns that nobody knows; kept as they are."""
    draft.heads = {**draft.heads, "cost": "Responsible officer's grade", "flag": "Batch"}
    for place, line in enumerate(draft.lines):
        line.extra |= {"cost": "ABC"[place % 3], "flag": f"B{place % 7}"}


def amount_without_heading(draft: Draft) -> None:
    """The amount's heading was left out; its column is known by its contents."""
    draft.heads = {
        **{name: head for name, head in draft.heads.items() if name not in {"amount_gbp", "description"}},
        "amount_gbp": "",
    }
    draft.money_format = lambda line: f"£{money_plain(line)}"
