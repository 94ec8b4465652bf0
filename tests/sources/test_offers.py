"""Names that can stand in a folder, forms of files, and which of several forms is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.choosing import chosen
from sources.html_links import links_in
from sources.offers import File, file_at, safe_file_name
from sources.places import Places
from sources.relevance import relevance

HOST = "https://assets.publishing.service.gov.uk/media/1"


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        (f"{HOST}/spend%20may%202014.csv?x=1", "spend may 2014.csv"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        (f"{HOST}/..%2f..%2fsecret.csv", "secret.csv"),
        (f"{HOST}/", "1"),
        (".htaccess", "htaccess"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("...", "file"),
        ("", "file"),
        ("Publishable_July_2014_Spend.csv", "Publishable_July_2014_Spend.csv"),
        ("spend-over-£500.csv", "spend-over-£500.csv"),
        ("x" * 400 + ".csv", "x" * 146 + ".csv"),
    ],
)
def test_a_name_becomes_one_plain_component(given_name: str, expected: str) -> None:
    assert safe_file_name(given_name) == expected


@given(st.text())
def test_no_name_leaves_its_folder(name: str) -> None:
    safe = safe_file_name(name)
    assert 0 < len(safe) <= 150
    assert not set("/\\\0\r\n:") & set(safe)
    assert not safe.startswith(".")


def _file(name: str, title: str = "", content_type: str = "") -> File:
    return file_at(f"{HOST}/{name}", title, content_type=content_type)


def _taken(*files: File) -> list[str]:
    return [file.file_name for file, left in chosen(files) if not left]


def test_of_one_list_in_several_forms_the_most_readable_is_taken() -> None:
    forms = [
        _file(f"spend-may-2014.{form}", f"Spend May 2014 ({form.upper()})")
        for form in ("pdf", "xls", "xlsx", "ods", "csv")
    ]
    assert _taken(*forms) == ["spend-may-2014.csv"]
    assert _taken(*forms[:4]) == ["spend-may-2014.ods"]
    assert _taken(*forms[:3]) == ["spend-may-2014.xlsx"]
    assert _taken(forms[0]) == ["spend-may-2014.pdf"]


def test_a_pdf_of_the_same_month_is_left_though_its_title_differs() -> None:
    assert _taken(_file("a.pdf", "Printable list, May 2014"), _file("b.csv", "Spend over £25,000 May 2014")) == [
        "b.csv"
    ]


def test_two_lists_of_one_form_are_both_taken() -> None:
    assert _taken(_file("core.csv", "May 2014: core department"), _file("agency.csv", "May 2014: agency")) == [
        "core.csv",
        "agency.csv",
    ]


def test_what_holds_no_table_is_left_with_the_reason() -> None:
    [(_, why)] = chosen([_file("letter.docx", "Letter")])
    assert why == "its form (docx) holds no table that can be read"


@pytest.mark.parametrize(
    "title",
    [
        "HMT spend greater than £25,000: April 2025", "DfT: spending over £25,000, May 2012", "Spend over £500 June 2019",
        "Home Office: government procurement card spend, 2013", "Invoices over 25k for July", "transactions_over_£25k_2011",
        "Cabinet Office spend data", "Payments to suppliers, March 2020", "GPC spend over £500",
    ],
)  # fmt: skip
def test_titles_of_spending_lists_are_known(title: str) -> None:
    assert relevance(title)[0], relevance(title)


@pytest.mark.parametrize(
    "title",
    [
        "Ministers' gifts, hospitality, travel and meetings", "Prompt payment data: invoices paid over 30 days", "Organogram of staff roles and salaries",
        "Workforce management information", "Exceptions to spending controls", "Special advisers' gifts over £140", "Spending review 2020",
        "How to publish spend data: guidance", "Annual report 2014",
    ],
)  # fmt: skip
def test_titles_of_other_documents_are_left(title: str) -> None:
    assert not relevance(title)[0], relevance(title)


def test_links_are_absolute_and_take_the_heading_of_their_block() -> None:
    page = '<div class="attachment"><h2 class="title">Spend May</h2><a href="/media/2/a.csv#x">Download</a></div><a href="mailto:x">m</a>'
    assert [(one.address, one.text, one.heading) for one in links_in(page, "https://www.gov.uk/page")] == [
        ("https://www.gov.uk/media/2/a.csv", "Download", "Spend May")
    ]


@given(st.one_of(st.text(), st.binary()))
def test_any_page_gives_links_or_none(page: str | bytes) -> None:
    for link in links_in(page, "https://www.gov.uk/page"):
        assert link.address.startswith(("http://", "https://"))


def test_a_link_pattern_that_is_no_regular_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="no regular expression"):
        Places(index_pages=("https://example.org/",), link_pattern="(")
