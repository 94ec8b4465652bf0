"""What the reports of hand-made findings say."""

from __future__ import annotations

import csv
import html
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from published.reports.build import build_reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb


def text_of(page: Path) -> str:
    """Words of a page, without tags, with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))).split())


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.fixture
def kites(reports: Callable[..., Path]) -> Path:
    return reports() / "dept-of-kites"


def test_the_page_names_the_newest_publication_its_tier_and_how_many_are_in_each(kites: Path) -> None:
    said = text_of(kites / "index.html")
    assert "Newest publication May 2024 Usable with care" in said
    assert "Publications 1 not usable as published, 1 usable with care" in said
    assert "Months due 1 on time, 1 late, 1 missing, 1 not yet due" in said
    assert "Public Value release 1.4.0, as of 1 July 2024" in said


def test_mends_come_by_severity_with_rows_money_remedy_and_guidance(kites: Path) -> None:
    titles = re.findall(r'<h3><a href="rules/(\w+)/1.html">', (kites / "index.html").read_text())
    assert titles == ["amount_readable", "postcode_present", "supplier_spelling", "private_person"]
    said = text_of(kites / "index.html")
    assert (
        "6 payment lines in 2 publications, newest May 2024; 2 of the newest 2 publications. £86,234.50 touched."
        in said
    )
    assert "How to mend it. Write it into each line." in said
    assert "Each line names it. Read the guidance ." in said
    assert said.count("not yet compared by us") == 1


def test_dimensions_stand_apart(kites: Path) -> None:
    said = text_of(kites / "index.html")
    april = said[said.index("April 2024 4 lines, £26,234.50 Not usable as published") :]
    assert april.startswith(
        "April 2024 4 lines, £26,234.50 Not usable as published Every amount can be read: 1 line "
        "4 warnings 1 error 2 advice not asked not asked not asked not asked"
    )


def test_a_rule_page_lists_every_finding_with_file_line_and_value(kites: Path) -> None:
    page = kites / "rules/postcode_present/1.html"
    said = text_of(page)
    assert "May 2024 2 2 £60,000.00" in said
    assert "April 2024 4 4 £26,234.50" in said
    assert page.read_text().count("<bdi></bdi>") == 6
    assert (
        'April 2024: <a href="https://example.org/kites-april-2024.csv"><bdi>kites-april-2024.csv</bdi></a>'
        in page.read_text()
    )
    assert "2 supplier_postcode Empty. £25,000.00" in said
    assert "Rule postcode_present , version 3" in said


def test_a_reply_stands_on_the_rule_in_the_report_and_in_the_csv(kites: Path) -> None:
    reply = "3 May 2024: the ledger has no such field."
    assert text_of(kites / "rules/amount_readable/1.html").count(reply) == 1
    assert f"On “Every amount can be read” (1 finding). {reply}" in text_of(kites / "index.html")
    assert [row["reply_text"] for row in rows_of(kites / "findings.csv")].count(reply) == 1


def test_a_reply_to_one_finding_stands_beside_it_alone(
    reports: Callable[..., Path], judged: duckdb.DuckDBPyConnection
) -> None:
    judged.execute("UPDATE core_findings SET reply_text = 'One: mended.' WHERE finding_id = 'f2'")
    judged.execute("UPDATE core_findings SET reply_text = 'Two: not ours.' WHERE finding_id = 'f3'")
    page = (reports() / "dept-of-kites/rules/postcode_present/1.html").read_text()
    assert page.count("Publisher’s comment: One: mended.") == 1
    assert page.count("Publisher’s comment: Two: not ours.") == 1
    assert page.count("Publisher’s comment") == 2


def test_the_csv_holds_every_finding_and_every_column(kites: Path) -> None:
    rows = rows_of(kites / "findings.csv")
    assert [row["finding_id"] for row in rows] == ["f1", "f8", "f9", "f2", "f3", "f4", "f5", "f10", "f6", "f7"]
    assert rows[0] == {
        "finding_id": "f1", "rule_id": "amount_readable", "rule_version": "3", "dimension": "validity", "severity": "error",
        "publisher_id": "dept-of-kites", "publication_id": "p1", "distribution_id": "d1", "transaction_id": "",
        "snapshot_sha256": "ab" * 32, "source_url": "https://example.org/kites-april-2024.csv",
        "source_path": "spend/dept-of-kites/kites-april-2024.csv", "sheet": "", "line_number": "5",
        "column_name": "amount_gbp", "raw_value": "#REF!", "finding_detail": "No amount can be read.",
        "money_gbp": "0.00", "reply_text": "3 May 2024: the ledger has no such field.",
    }  # fmt: skip


def test_a_finding_about_a_publication_stands_under_it_without_file_or_line(kites: Path) -> None:
    said = text_of(kites / "rules/private_person/1.html")
    assert "April 2024 supplier_name 1 line names what looks like a private person. £10.00" in said


def test_the_page_of_a_publication_tells_what_fails_passes_and_could_not_be_asked(kites: Path) -> None:
    said = text_of(kites / "publications/p2.html")
    assert "Every line has a postcode Warning Completeness 2 2 £60,000.00 Write it into each line." in said
    assert "One supplier, one spelling: The file has one supplier only." in said
    assert "Rules that pass Every amount can be read Private persons are not named Every line names a supplier" in said
    assert (
        'href="../../dept-of-kites/rules/postcode_present/1.html#findings"'
        in (kites / "publications/p2.html").read_text()
    )


def test_the_calendar_is_a_picture_with_title_and_description_and_a_table(kites: Path) -> None:
    page = (kites / "index.html").read_text()
    picture = page[page.index('<svg class="chart calendar"') : page.index("</svg>")]
    assert 'role="img" aria-labelledby="calendar-1-t calendar-1-d"' in picture
    assert "1 on time, 1 late, 1 missing, 1 not yet due" in picture
    assert re.findall(r'class="mark">(.)<', picture) == ["M", "L", "O", "·"]
    assert "2024 Missing Late, 12 days On time Not yet due" in text_of(kites / "index.html")
    assert "March 2024 30 June 2024 Missing 30 June 2024 £20,000.00 to £90,000.00" in text_of(kites / "calendar.html")


def test_revisions_tell_lines_and_money_that_moved(kites: Path) -> None:
    said = text_of(kites / "index.html")
    assert "15 June 2024 kites-april-2024.csv Replaced 1 2 1 £157.00 £658.00" in said


def test_the_index_compares_without_ranking(reports: Callable[..., Path], judged: duckdb.DuckDBPyConnection) -> None:
    judged.execute("UPDATE core_publishers SET publisher_name = 'Zebra Board' WHERE publisher_id = 'absent'")
    judged.execute(
        "INSERT INTO core_publication_calendar (publisher_id, series, due_month, calendar_status) "
        "VALUES ('absent', 'spend_over_threshold', '2024-05-01', 'not_observed')"
    )
    said = text_of(reports() / "index.html")
    assert "Department of Kites (sample) May 2024 Usable with care 0 1 1 0" in said
    assert "Zebra Board none in our copy 0 0 0 0" in said
    assert said.index("Department of Kites") < said.index("Zebra Board")


def test_a_body_without_a_file_or_a_duty_has_no_report(reports: Callable[..., Path]) -> None:
    assert not (reports() / "absent").exists()


def test_report_json_keeps_to_its_schema_and_to_the_counts(reports: Callable[..., Path]) -> None:
    folder = reports()
    report: dict[str, Any] = json.loads((folder / "dept-of-kites/report.json").read_text())
    schema = json.loads((folder / "report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)
    assert (report["release_version"], report["as_of"], report["tiers"]) == (
        "1.4.0",
        "2024-07-01",
        {"not_usable": 1, "with_care": 1},
    )
    assert report["mends"] == ["amount_readable", "postcode_present", "supplier_spelling", "private_person"]
    postcode = next(rule for rule in report["rules"] if rule["rule_id"] == "postcode_present")
    assert (postcode["failed_count"], postcode["checked_count"], postcode["money_gbp"]) == (6, 6, "86234.50")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, "score": 71}, schema)


def test_the_same_tables_give_the_same_bytes(reports: Callable[..., Path]) -> None:
    one, other = reports("one"), reports("other")
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(names) == 15
    assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    assert [name for name in names if (one / name).read_bytes() != (other / name).read_bytes()] == []


def test_a_sample_and_a_check_say_so_on_every_page(reports: Callable[..., Path]) -> None:
    for page in reports("sample", is_sample=True).rglob("*.html"):
        assert "SAMPLE DATA." in page.read_text()
    for page in reports("check", None).rglob("*.html"):
        assert "CHECK BEFORE PUBLICATION." in page.read_text()
        assert "release" not in text_of(page).lower().replace("the release’s dataset", "")
    assert "SAMPLE DATA" not in (reports() / "index.html").read_text()


def test_every_link_within_the_reports_leads_somewhere(reports: Callable[..., Path]) -> None:
    folder = reports()
    data_docs = "data-docs/index.html"  # of the latest run, beside the releases
    broken = []
    for page in folder.rglob("*.html"):
        for target in re.findall(r'(?:href)="([^"]+)"', page.read_text()):
            if target.startswith(("http", "#", "data:")) or target.rstrip("/").endswith(("..", data_docs)):
                continue
            path, _, anchor = target.partition("#")
            found = (page.parent / path).resolve()
            if not found.is_file() or (anchor and f'id="{anchor}"' not in found.read_text()):
                broken.append((page.name, target))
    assert broken == []


def test_without_any_rule_or_finding_there_is_a_report_all_the_same(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    build_reports(warehouse, tmp_path, release_version="1.0.0", as_of=date(2024, 7, 1), is_sample=True)
    assert "No rule fails." in text_of(tmp_path / "dept-of-kites/index.html")


def test_corrections_stand_with_both_values_and_those_that_are_stale_first(
    reports: Callable[..., Path], judged: duckdb.DuckDBPyConnection
) -> None:
    judged.execute("DELETE FROM core_corrections")
    judged.executemany(
        "INSERT INTO core_corrections (correction_id, publisher_id, distribution_id, line_number, column_name, value_expected, "
        "value_corrected, value_found, correction_status, correction_reason, correction_date) "
        "VALUES (?, 'dept-of-kites', 'd1', 3, 'amount_gbp', '300.00', '30.00', ?, ?, 'A zero too many.', DATE '2024-06-04')",
        [["kites-one", "300.00", "applied"], ["kites-two", "30.00", "mended"]],
    )
    said = text_of(reports() / "dept-of-kites" / "index.html")
    stale, applied = said.index("kites-two"), said.index("kites-one")
    assert stale < applied
    assert (
        "Stale The publisher now publishes the corrected value, so the correction is stale. 300.00 30.00 30.00" in said
    )
    assert "Applied The value expected stands there; the corrected one takes its place. 300.00 30.00 300.00" in said
