"""Which column is used for what: the heading's claims, settled by what stands below it.

Does not belong here: where the heading is (find.py), what a column's cells are like (contents.py), which rows are
payments (rows.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sources.grid import Note
from sources.layout.contents import CLEAR_SHARE, SAMPLE_ROWS, WRONG_SHARE, Content, contents_of
from sources.layout.credit_mark import mark_beside
from sources.layout.find import Heading
from sources.layout.headers import basis_of, hints_at_amount, normalise, power_of
from sources.layout.misaligned import TEXTUAL, realign
from sources.layout.month_year import year_beside
from sources.schema.guidance import GUIDANCE_FIELDS

AMOUNT_PREFERENCE = (("amount_net", "net"), ("amount", "unstated"), ("amount_gross", "gross"))
"""Net before gross where both stand side by side, so that money is counted on one basis; see not_counted_reasons."""
LEAST_NAMES = 5
"""So many different names has a column of payees at least."""
STATE_WORDS = frozenset({"cabinet", "department", "dept", "hm", "ministry", "treasury"})
"""They stand in the names of departments of state, and seldom in those of a council's."""
MONTH_WORDS = frozenset({"month", "period"})
"""In a heading of dates, they say that the day is not told."""
FIELDS = {"date": "payment_date", "amount": "amount_gbp"}

Claims = dict[str, list[tuple[int, int]]]
"""Target to (column, rank of the wording) of each heading that names it."""


@dataclass(slots=True)
class Columns:
    """Field to column (from 0). `headers` are the heading's cells; `described` is the public account of each column."""

    headers: list[str]
    index: dict[str, int] = field(default_factory=dict)
    basis: str = "unstated"
    inferred: set[str] = field(default_factory=set)
    described: list[dict[str, object]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    """Without their line, which is that of the heading."""
    credit: int | None = None
    """Column of credits, to be taken off the amount, where the amount stands in a pair of columns; its text stays in `extra`."""
    mark: int | None = None
    """Column that says credit or debit of amounts without a sign; its text stays in `extra`."""
    year: int | None = None
    """Column of the years of a date column that holds months without one; its text stays in `extra`."""
    title_power: int = 0
    """The power of ten that a title above the heading states; a heading's own counts before it."""

    @property
    def extra(self) -> list[int]:
        """Columns that no field uses."""
        used = set(self.index.values())
        return [i for i in range(len(self.headers)) if i not in used]

    def power(self, field_name: str) -> int:
        """The power of ten by which the heading of an amount multiplies its figures."""
        return self.power_at(self.index.get(field_name))

    def power_at(self, column: int | None) -> int:
        return 0 if column is None else power_of(self.headers[column]) or self.title_power

    def free(self, column: int) -> bool:
        return column < len(self.headers) and column not in self.index.values()


def columns_of(heading: Heading, body: Sequence[Sequence[str]]) -> Columns:
    """Settle every column of a table. `body` is the rows under (or over) the heading."""
    contents = contents_of(body, at_least=len(heading.cells))
    columns = Columns([heading.cells[i].strip() if i < len(heading.cells) else "" for i in range(len(contents))])
    claims: Claims = {}
    for column, found in enumerate(heading.matches):
        if found:
            claims.setdefault(found.target, []).append((column, found.rank))
    claims, shift = realign(claims, contents)
    if shift:
        columns.notes.append(Note("header_misaligned", shift))
    _settle_amounts(columns, claims, contents)
    _settle_pair(columns, claims, contents)
    for target, at in claims.items():
        if not target.startswith("amount"):
            _settle(columns, target, at, contents)
    _settle_supplier(columns, claims, contents)
    _infer(columns, claims, contents)
    _exchange_entity(columns, contents)
    _exchange_department(columns, contents, body)
    if columns.basis == "unstated" and "amount_gbp" in columns.index and columns.credit is None:
        columns.basis = basis_of(columns.headers[columns.index["amount_gbp"]])
    columns.mark = mark_beside(columns.headers, columns.index, body)
    columns.year = year_beside(columns.headers, columns.index, body)
    _describe(columns, heading)
    return columns


def _settle(columns: Columns, target: str, at: list[tuple[int, int]], contents: Sequence[Content]) -> None:
    """The best worded claim; a date column must hold dates where another does, a day comes before a month, words before the
    numbers that stand for them, and an empty column yields to a filled one.
    """

    def preference(claim: tuple[int, int]) -> tuple[bool, bool, bool, bool, int, int]:
        column, rank = claim
        content = contents[column]
        return (
            target == "date" and content.filled > 0 and content.dates + content.serials < WRONG_SHARE,
            content.filled == 0,
            target == "date" and _names_a_month(columns.headers[column]),
            target in TEXTUAL and content.digits >= CLEAR_SHARE,
            rank,
            column,
        )

    if free := [claim for claim in at if columns.free(claim[0])]:
        columns.index[FIELDS.get(target, target)] = min(free, key=preference)[0]


def _settle_amounts(columns: Columns, claims: Claims, contents: Sequence[Content]) -> None:
    """By AMOUNT_PREFERENCE among the columns that hold amounts; the first on another basis is the alternative."""
    fullest = max(
        (contents[c].filled for target in claims if target.startswith("amount") for c, _ in claims[target]), default=0
    )
    holders: list[tuple[tuple[bool, bool, int, int, int], str]] = []
    for order, (target, basis) in enumerate(AMOUNT_PREFERENCE):
        for column, rank in claims.get(target, []):
            content = contents[column]
            holds = 2 * content.filled >= fullest > 0 and content.amounts >= WRONG_SHARE
            holders.append(((not holds, not content.filled, order, rank, column), basis))
    holders.sort()
    if not holders or _stands_over_words(columns, holders[0][0][-1], contents):
        return
    (*_, column), columns.basis = holders[0]
    columns.index["amount_gbp"] = column
    rivals = [(other, basis) for (poor, _, _, _, other), basis in holders[1:] if not poor]
    alternative = next((other for other, basis in rivals if basis != columns.basis), None)
    if alternative is not None:
        columns.index["amount_alternative_gbp"] = alternative
    unread = [other + 1 for other, basis in rivals if basis == columns.basis]
    if unread:
        words = f"column {column + 1} is read as the amount; {', '.join(map(str, unread))} is headed so too and kept as it is"
        columns.notes.append(Note("amounts_beside", words))


def _settle_pair(columns: Columns, claims: Claims, contents: Sequence[Content]) -> None:
    """One column of debits and one of credits, where no column is headed as the amount itself."""
    debits, credit = claims.get("amount_debit", []), claims.get("amount_credit", [])
    if "amount_gbp" in columns.index or len(debits) != 1 or len(credit) != 1:
        return
    pair = [column for ((column, _),) in (debits, credit)]
    filled = [contents[column] for column in pair if contents[column].filled]
    if filled and all(content.amounts >= WRONG_SHARE for content in filled):
        columns.index["amount_gbp"], columns.credit = pair
        words = f"the amount is column {pair[0] + 1} (debits) less column {pair[1] + 1} (credits)"
        columns.notes.append(Note("debit_and_credit", words))


def _stands_over_words(columns: Columns, column: int, contents: Sequence[Content]) -> bool:
    """Whether a column headed as the amount holds none, and one other column alone holds money ('Expenditure' over words)."""
    if not contents[column].filled or contents[column].amounts >= WRONG_SHARE:
        return False
    return sum(columns.free(i) and content.money >= CLEAR_SHARE for i, content in enumerate(contents)) == 1


def _settle_supplier(columns: Columns, claims: Claims, contents: Sequence[Content]) -> None:
    """Of two columns headed as supplier, the one of numbers is the publisher's number of the supplier."""
    column = columns.index.get("supplier_name")
    if column is None or not contents[column].filled:
        return
    others = [c for c, _ in claims["supplier_name"] if columns.free(c)]
    named = [c for c in others if contents[c].words >= WRONG_SHARE]
    if contents[column].digits < CLEAR_SHARE:
        for number in (c for c in others if contents[c].digits >= CLEAR_SHARE):
            columns.index.setdefault("supplier_number", number)
        return
    if named:
        columns.index["supplier_name"] = named[0]
        columns.index.setdefault("supplier_number", column)


def _infer(columns: Columns, claims: Claims, contents: Sequence[Content]) -> None:
    """Give a missing essential column its meaning by its contents, where exactly one column can be it."""
    index = columns.index

    def only(field_name: str, fits: list[int]) -> None:
        if field_name not in index and len(fits) == 1:
            index[field_name] = fits[0]
            columns.inferred.add(field_name)

    unknown = [i for i in range(len(contents)) if columns.free(i) and contents[i].filled]
    only("amount_gbp", [i for i in unknown if contents[i].money >= CLEAR_SHARE])
    only(
        "amount_gbp",
        [i for i in unknown if contents[i].amounts >= CLEAR_SHARE and hints_at_amount(columns.headers[i])],
    )
    only("payment_date", [i for i in unknown if contents[i].dates >= CLEAR_SHARE])
    only(
        "supplier_name",
        [i for i in unknown if columns.free(i) and contents[i].words >= CLEAR_SHARE and columns.headers[i]],
    )
    undated = [
        c
        for c, _ in claims.get("date", [])
        if columns.free(c) and contents[c].digits >= CLEAR_SHARE and not _names_a_month(columns.headers[c])
    ]
    only("transaction_number", undated)
    if (
        index.get("entity") == 1
        and columns.free(0)
        and contents[0].words >= CLEAR_SHARE
        and _is_void(columns.headers[0])
    ):
        only("department_family", [0])


def _is_void(header: str) -> bool:
    """Whether a heading names nothing: blank, a figure, or a spreadsheet's error in place of its text ('#NAME?')."""
    return header.startswith("#") or not any(map(str.isalpha, header))


def _names_a_month(header: str) -> bool:
    return not MONTH_WORDS.isdisjoint(normalise(header).split())


def _exchange_entity(columns: Columns, contents: Sequence[Content]) -> None:
    """Where no column says who was paid, one headed 'Company' or 'Organisation' does if it holds several names."""
    column = columns.index.get("entity")
    if column is None or "supplier_name" in columns.index:
        return
    if contents[column].words >= CLEAR_SHARE and contents[column].kinds >= LEAST_NAMES:
        del columns.index["entity"]
        columns.index["supplier_name"] = column
        columns.inferred.add("supplier_name")


def _exchange_department(columns: Columns, contents: Sequence[Content], body: Sequence[Sequence[str]]) -> None:
    """A column headed as the department that holds many names, none of a department of state, tells where in a body money went."""
    column = columns.index.get("department_family")
    if column is None or contents[column].kinds < LEAST_NAMES or "family" in normalise(columns.headers[column]).split():
        return
    words = {word for row in body[:SAMPLE_ROWS] if column < len(row) for word in normalise(row[column]).split()}
    if not words.isdisjoint(STATE_WORDS):
        return
    del columns.index["department_family"]
    columns.index.setdefault("expense_area", column)


def columns_by_content(body: Sequence[Sequence[str]]) -> Columns | None:
    """Columns of a table without any heading: only where one column alone is dates and one alone is money.

    The other columns are named only where the two stand as in HM Treasury's guidance; otherwise they stay `extra`.
    """
    contents = contents_of(body)
    filled = max((content.filled for content in contents), default=0)
    dates = [i for i, c in enumerate(contents) if c.dates >= CLEAR_SHARE and 2 * c.filled >= filled]
    money = [i for i, c in enumerate(contents) if c.money >= CLEAR_SHARE and c.dates == 0 and 2 * c.filled >= filled]
    if filled < 2 or len(dates) != 1 or len(money) != 1:
        return None
    columns = Columns([""] * len(contents), {"payment_date": dates[0], "amount_gbp": money[0]})
    if (dates[0], money[0]) == (GUIDANCE_FIELDS.index("payment_date"), GUIDANCE_FIELDS.index("amount_gbp")):
        columns.index = {name: i for i, name in enumerate(GUIDANCE_FIELDS)}
    columns.inferred = set(columns.index)
    columns.notes.append(Note("header_missing", "no headings; columns inferred from their contents"))
    _describe(columns, None)
    return columns


def _describe(columns: Columns, heading: Heading | None) -> None:
    fields = {column: name for name, column in columns.index.items()}
    for column, header in enumerate(columns.headers):
        name = fields.get(column)
        found = heading.matches[column] if heading and column < len(heading.matches) else None
        how = "unknown" if name is None else "inferred" if name in columns.inferred or not found else found.how
        columns.described.append(
            {
                "position": column + 1,
                "header": header,
                "field": name,
                "match": how,
                "score": found.score if found and how in {"exact", "fuzzy", "partial"} else None,
            }
        )
    while columns.described and not columns.described[-1]["header"] and not columns.described[-1]["field"]:
        columns.described.pop()
