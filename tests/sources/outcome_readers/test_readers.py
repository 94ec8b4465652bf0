"""Each reader on small files of our own, and all of them on files that nobody foresaw."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.outcome_readers.figures import Figure
from sources.outcome_readers.read import read_outcome_file
from sources.outcome_sets import outcome_sets
from sources.schema.model import codes

SETS = outcome_sets()
WAITS = "nhs-accident-and-emergency"
WAIT_HEADINGS = ["Period", "Org Code", "Parent Org", "Org name", *SETS[WAITS].files[0].options["columns"]]


def text_of(rows: list[list[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def figures_of(dataset: str, name: str, rows: list[list[object]]) -> list[Figure]:
    return read_outcome_file(text_of(rows), name, SETS[dataset])[1].figures


def waits(code: str, attended: int, over: int, booked: int = 0, booked_over: int = 0) -> list[object]:
    counts = [attended, 0, 0, booked, 0, 0, over, 0, 0, booked_over, 0, 0, 0, 0, 0, 0, 0, 0]
    return ["MSitAE-JUNE-2021", code, "REGION", f"TRUST {code}", *counts]


def only(figures: list[Figure], metric: str, name: str) -> Figure:
    (found,) = [one for one in figures if one.metric == metric and one.entity is not None and one.entity.name == name]
    return found


def test_booked_attendances_count_in_the_four_hour_share() -> None:
    figures = figures_of(WAITS, "June-2021.csv", [WAIT_HEADINGS, waits("RAA", 900, 180, booked=100, booked_over=20)])
    share = only(figures, "four_hour_pct", "TRUST RAA")
    assert (share.value.number, share.sample_size, share.flags) == (80.0, 1000, ("derived",))


def test_many_majors_and_no_wait_is_not_reported_and_leaves_england() -> None:
    rows = [WAIT_HEADINGS, waits("RAA", 1000, 250), waits("RBB", 1001, 0), waits("RCC", 1000, 0)]
    figures = figures_of(WAITS, "June-2021.csv", rows)
    pilot = only(figures, "four_hour_pct", "TRUST RBB")
    assert (pilot.value.number, pilot.value.status) == (None, "not_reported")
    published = only(figures, "over_four_hours_type_1", "TRUST RBB")
    assert (published.value.number, published.value.raw, published.value.status) == (None, "0", "not_reported")
    assert only(figures, "four_hour_pct", "TRUST RCC").value.number == 100.0
    england = only(figures, "four_hour_pct", "England")
    assert (england.value.number, england.sample_size) == (87.5, 2000)
    assert "partial_cover" in england.flags
    assert only(figures, "attendances", "England").value.number == 3001.0


def test_the_total_row_is_known_in_any_spelling_and_compared() -> None:
    for spelling in ("TOTAL", "Total ", "TOTAl"):
        total = [spelling, spelling, spelling, spelling, 999, *[0] * 17]
        content = text_of([WAIT_HEADINGS, waits("RAA", 1000, 250), total])
        found = read_outcome_file(content, "June-2021.csv", SETS[WAITS])[1]
        assert {one.entity.code for one in found.figures if one.entity} == {"RAA", ""}
        assert [note.code for note in found.notes] == ["total_differs", "total_differs"]
        assert "the rows add up to 1,000, the total says 999" in found.notes[0].detail


def test_a_provider_with_no_attendance_has_no_share() -> None:
    figures = figures_of(WAITS, "June-2021.csv", [WAIT_HEADINGS, waits("RAA", 0, 0)])
    assert [one for one in figures if one.metric == "four_hour_pct" and one.entity and one.entity.code == "RAA"] == []


def test_a_dash_in_the_service_figures_is_missing_and_not_zero() -> None:
    headings = [
        "Abbr",
        "Department",
        "Agency/body",
        "Agency abbr",
        "Name of service",
        "Slug",
        "2013-Q2 Vol.",
        "2013-Q2 CPT (£)",
        "2013-Q2 Digital vol.",
        "2013-Q3 Vol.",
    ]
    row = ["HO", "Home Office", "-", "-", "Apply", "apply", "1,200", "-", "", ""]
    figures = figures_of("govuk-service-performance", "services.csv", [headings, row])
    assert [(one.metric, one.value.number, one.value.status) for one in figures] == [
        ("volume", 1200.0, "reported"),
        ("cost_per_transaction", None, "missing"),
        ("digital_volume", None, "missing"),
    ]
    assert {one.period.label for one in figures if one.period} == {"year to 2013-03"}


def test_the_first_quarter_and_a_slip_in_a_heading_are_put_right() -> None:
    services = [["Slug", "Name of service", "Department", "2012-Q4 Vol."], ["a", "A", "D", "1"]]
    volumes = [["Name of service", "Department", "January 2014 to December 2015: volume"], ["A", "D", "1"]]
    (first,) = figures_of("govuk-service-performance", "services.csv", services)
    (slip,) = figures_of("govuk-service-performance", "transaction-volumes.csv", volumes)
    assert first.period is not None
    assert slip.period is not None
    assert (first.period.label, slip.period.label) == ("year to 2012-03", "year to 2014-12")


def test_reserves_take_their_year_from_the_title_and_leave_notes_out() -> None:
    rows: list[list[object]] = [
        ["Revenue Outturn (RO) 2016-17"],
        [
            "E-code",
            "Local authority",
            "Class",
            "Other earmarked reserves level at 1 April",
            "Estimated unallocated financial reserves level at 1 April",
            "Unallocated reserves level at 31 March",
        ],
        ["E1", "Anytown", "SD", "100", "50", "…"],
        ["E2", "Anytown Police", "O", "7", "1", "2"],
        ["", "ENGLAND", "", "107", "51", "2"],
        ["", "CLASS BREAKDOWN", "", "", "", ""],
    ]
    figures = figures_of("local-authority-reserves", "RS.csv", rows)
    assert {(one.entity.name, one.entity.kind) for one in figures if one.entity} == {
        ("Anytown", "council"), ("Anytown Police", "body"), ("ENGLAND", "country"),
    }  # fmt: skip
    assert only(figures, "usable_reserves_opening", "Anytown").value.number == 150.0
    assert only(figures, "unallocated_reserves_closing", "Anytown").value.status == "missing"
    assert only(figures, "usable_reserves_closing", "Anytown").value.status == "missing"


def test_a_label_of_another_metric_is_found_out() -> None:
    rows: list[list[object]] = [
        ["measure", "label"],
        ["LM_TS", "My team"],
        ["MT_TS", "My team"],
        ["B01", "I am interested"],
        ["X99Y", "?"],
    ]
    found = read_outcome_file(text_of(rows), "x_orgscores_measures.csv", SETS["civil-service-people-survey"])[1]
    assert [(one.metric, one.flags) for one in found.figures] == [
        ("lm_ts", ("label_corrected",)),
        ("mt_ts", ()),
        ("b01", ()),
    ]
    assert [(note.code, note.line) for note in found.notes] == [("label_contradicts", 2), ("metric_unknown", 5)]


def test_words_and_days_become_figures_where_the_dataset_says_so() -> None:
    projects = figures_of(
        "major-projects",
        "portfolio-2022.csv",
        [["Organisation ID", "Department", "Project ID", "Delivery Confidence Assessment", "Whole Life Cost (£m)"],
         ["d", "D", "P1", "Amber/Red", "12.5"],
         ["d", "D", "P2", "Exempt under Section 43 of the Freedom of Information Act 2000", "1"],
         ["d", "D", "P3", "Mauve", "1"]],
    )  # fmt: skip
    ratings = [(one.value.number, one.value.status) for one in projects if one.metric == "delivery_confidence"]
    assert ratings == [(25.0, "reported"), (None, "not_applicable"), (None, "unreadable")]
    (days,) = figures_of(
        "statistics-release-calendar",
        "calendar.csv",
        [
            ["organisation_id", "organisation", "release", "frequency", "period_end", "published"],
            ["d", "D", "R", "quarterly", "2022-06-30", "2022-09-12"],
        ],
    )
    assert days.value.number == 74.0


def test_a_file_without_the_headings_says_what_was_looked_for() -> None:
    found = read_outcome_file(b"a,b\n1,2\n", "services.csv", SETS["govuk-service-performance"])[1]
    assert (found.reason, found.figures) == ("no_figures", [])
    assert "the wide reader found none of the headings" in found.detail
    assert found.reason in codes("file_reasons")


cells = st.one_of(
    st.sampled_from(["-", "", "1", "2013-Q2", "TOTAL", "E1", "2016-17", "(1)", "\x00", "1e99"]), st.text(max_size=12)
)
DATASETS = sorted((name, rule.pattern.replace("*", "2020-21 ")) for name, one in SETS.items() for rule in one.files)


def wanted_headings(dataset: str) -> list[str]:
    """Headings that some file of the dataset has to have, so that the readers get past them."""
    found: list[str] = []
    for rule in SETS[dataset].files:
        for part in (rule.options.get("entity", {}), rule.options.get("period", {}), rule.options.get("long", {})):
            found += [
                value for key, value in part.items() if key in {"code", "name", "group", "column", "metric", "value"}
            ]
        found += [value["column"] for value in rule.options.get("values", [])]
        found += [*rule.options.get("breakdown", {}).values(), *rule.options.get("columns", {})]
    return [
        *dict.fromkeys(found),
        "E-code",
        "Local authority",
        "Class",
        "Org Code",
        "Org name",
        "Period",
        "2013-Q2 Vol.",
    ]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(DATASETS), st.lists(st.lists(cells, max_size=30), max_size=8), st.booleans())
def test_no_cell_breaks_a_reader_and_bad_cells_become_a_status(
    dataset: tuple[str, str], rows: list[list[str]], headed: bool
) -> None:
    name, file_name = dataset
    content = text_of([*([wanted_headings(name)] if headed else []), *rows])
    found = read_outcome_file(content, file_name, SETS[name])[1]
    for figure in found.figures:
        assert figure.value.status in codes("outcome_statuses")
        assert (figure.value.number is None) == (figure.value.status != "reported")
        assert set(figure.flags) <= set(codes("outcome_flags"))
        assert figure.line >= 1
    assert {note.code for note in found.notes} <= set(codes("reading_notes"))
    assert bool(found.figures) != bool(found.reason)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DATASETS), st.binary(max_size=400))
def test_no_bytes_break_a_reader(dataset: tuple[str, str], data: bytes) -> None:
    found = read_outcome_file(data, dataset[1], SETS[dataset[0]])[1]
    assert bool(found.figures) != bool(found.reason)
