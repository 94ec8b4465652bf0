"""Findings of any number and any kind: nothing left out, pages small, nothing from a file can act."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from published.reports.rows import row, row_sql
from published.reports.text import FORMULA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb

HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","Click")',
    "'; drop table core_findings; --",
    "\u202egpj.exe\u202c",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+44 20 7946 0000",
    "\t=1+1",
    "  =1+1",
    "＝1+1",
    "\x1b[31mred\x1b[0m",
    "two\nlines",
    "</td></tr></table><h1>Mine</h1>",
    "{{ 7 * 7 }}",
    "£1,234.50 & more",
]
NEUTRALISED = {1, 4, 5, 6, 7, 8, 9}
"""Places of those that a spreadsheet might take for a formula."""


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def fill(con: duckdb.DuckDBPyConnection, values: list[str]) -> None:
    """One finding of the rule on spelling for each value, in place of all others."""
    con.execute("DELETE FROM core_findings")
    con.executemany(
        "INSERT INTO core_findings (finding_id, rule_id, rule_version, publisher_id, publication_id, distribution_id, "
        "sheet, line_number, column_name, raw_value, finding_detail) "
        "VALUES (?, 'supplier_spelling', 3, 'dept-of-kites', 'p1', 'd1', '', ?, 'supplier_name', ?, ?)",
        [[f"h{place:05}", place, value, value] for place, value in enumerate(values)],
    )


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_hostile_values_are_text_on_the_page_and_no_formula_in_the_csv(
    reports: Callable[..., Path], judged: duckdb.DuckDBPyConnection
) -> None:
    csv.field_size_limit(20_000_000)
    fill(judged, HOSTILE)
    folder = reports() / "dept-of-kites"
    page = (folder / "rules/supplier_spelling/1.html").read_text(encoding="utf-8")
    elements = Elements(page).found
    assert "script" not in elements
    assert elements.count("h1") == 1
    assert elements.count("tr") == 2 + 1 + 1 + len(HOSTILE)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "[U+202E]gpj.exe[U+202C]" in page
    assert "[U+001B][31mred" in page
    assert "two↵lines" in page
    assert "{{ 7 * 7 }}" in page
    assert re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", page) is None
    found = csv_rows(folder / "findings.csv")
    wanted = [f"'{value}" if place in NEUTRALISED else value for place, value in enumerate(HOSTILE)]
    assert [one["raw_value"] for one in found] == wanted
    assert [one["finding_detail"] for one in found] == wanted


def test_a_cell_of_ten_megabytes_is_cut_on_the_page_and_whole_in_the_csv(
    reports: Callable[..., Path], judged: duckdb.DuckDBPyConnection
) -> None:
    csv.field_size_limit(20_000_000)
    fill(judged, ["<" * 10_000_000])
    folder = reports() / "dept-of-kites"
    page = folder / "rules/supplier_spelling/1.html"
    assert page.stat().st_size < 20_000
    assert "&lt;" * 200 + "… (10,000,000 characters)" in page.read_text()
    assert csv_rows(folder / "findings.csv")[0]["raw_value"] == "<" * 10_000_000


def test_many_findings_are_all_listed_on_pages_under_300_kilobytes(
    reports: Callable[..., Path], judged: duckdb.DuckDBPyConnection
) -> None:
    fill(judged, [f"<{place}>" + '"' * 190 for place in range(2_000)])
    folder = reports() / "dept-of-kites"
    pages = sorted(folder.glob("rules/supplier_spelling/*.html"), key=lambda path: int(path.stem))
    assert len(pages) > 10
    assert max(page.stat().st_size for page in folder.rglob("*.html")) < 300_000
    listed = [int(number) for page in pages for number in re.findall(r"<bdi>&lt;(\d+)&gt;", page.read_text())]
    assert listed == list(range(2_000))
    for number, page in enumerate(pages, start=1):
        text = page.read_text()
        assert ('rel="next"' in text) == (number < len(pages))
        assert ('rel="prev"' in text) == (number > 1)
        assert text.count('class="group"') == 1
    assert f"Page 1 of {len(pages)}" in pages[0].read_text()


def test_a_publisher_named_like_a_path_stays_in_its_folder(
    reports: Callable[..., Path], judged: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    name = "../../<b>Evil & Co</b>"
    judged.execute("INSERT INTO core_publishers (publisher_id, publisher_name) VALUES (?, ?)", [name, name])
    judged.execute(
        "INSERT INTO core_publications (publication_id, publisher_id, series) VALUES ('../x', ?, 'unknown')", [name]
    )
    folder = reports("deep/in/here")
    made = sorted(path.name for path in folder.iterdir() if path.is_dir())
    assert len(made) == 2
    assert made[0].startswith("b-evil-co-b-")
    assert sorted(path.name for path in (tmp_path / "deep/in").iterdir()) == ["here"]
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["in"]
    assert "<b>Evil" not in (folder / "index.html").read_text()


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415

    return duckdb.connect()


@settings(deadline=None)
@given(
    value=st.one_of(st.text(), st.text(alphabet="ab&<>\"' £é日=-"), st.none()),
    detail=st.text(max_size=500),
    line=st.one_of(st.none(), st.integers(0, 10**7)),
    pence=st.one_of(st.none(), st.integers(-(10**8), 10**15)),
)
def test_duckdb_and_python_make_the_same_row(
    con: duckdb.DuckDBPyConnection, value: str | None, detail: str, line: int | None, pence: int | None
) -> None:
    values = con.execute(
        "SELECT CAST(? AS BIGINT) AS line_number, 'amount_gbp' AS column_name, CAST(? AS VARCHAR) AS raw_value, "
        "CAST(? AS VARCHAR) AS finding_detail, CAST(CAST(? AS DECIMAL(20,0)) / 100 AS DECIMAL(18,2)) AS money_gbp, "
        "CAST(NULL AS VARCHAR) AS reply_text",
        [line, None if value is None else clean(value), clean(detail), pence],
    ).to_arrow_table()
    con.register("finding", values)
    (made,) = con.execute(f"SELECT {row_sql('finding')} FROM finding").fetchone() or (None,)
    if made is not None:
        assert made == row(values.to_pylist()[0])


def clean(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


@given(st.text(alphabet="=+-@ \t\n\raZ1'_^[`é＝"))
def test_what_stands_in_a_csv_never_starts_a_formula(text: str) -> None:
    neutral = f"'{text}" if re.search(FORMULA, text) else text
    assert not neutral.lstrip(" \t\r\n").startswith(("=", "+", "-", "@", "＝"))
