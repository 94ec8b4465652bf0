"""The engine: stable and uncapped findings, money that is touched once, tiers by named rules, hostile cells left harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from quality_checks.engine import prepare, run_rules
from quality_checks.rule import all_rules, read_rule
from sources.errors import PublicValueError
from sources.registry import Registry

HEAD = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
NAME = "spend-over-25000-april-2024.csv"
Row = tuple[str, str, str]


def line(supplier: str, number: str, amount: str, day: str = "03/04/2024") -> str:
    return f"North Hill,North Hill Department,{day},Rent,Finance,{supplier},{number},{amount}\n"


@pytest.fixture
def warehouse(shelf: Any, as_of: Any) -> Iterator[Callable[..., duckdb.DuckDBPyConnection]]:
    """Builds a warehouse of files of one publisher, and runs the rules."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def build(*lines: str, **options: Any) -> duckdb.DuckDBPyConnection:
        shelf.add("north-hill", {NAME: (HEAD + "".join(lines)).encode()})
        con = duckdb.connect()
        opened.append(con)
        shelf.build(con)
        run_rules(con, as_of=as_of, **options)
        return con

    yield build
    for con in opened:
        con.close()


def tier(con: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    (found,) = con.execute("SELECT DISTINCT tier, tier_reason FROM mart_quality_by_publication").fetchall()
    return found


SOUND = (line("Acme Ltd", "1", "30000.00"), line("Brick Ltd", "2", "69000.00"), line("Cable Ltd", "3", "40000.00"))


def test_a_clean_file_is_sound(warehouse: Any) -> None:
    assert tier(warehouse(*SOUND)) == ("sound", "No errors and no warnings.")


def test_a_warning_means_use_with_care(warehouse: Any) -> None:
    con = warehouse(*SOUND, line("Delta Ltd", "4", "$30000.00"))
    assert tier(con) == ("with_care", "Fails with a warning: The pound sign is a pound sign.")


def test_an_error_in_a_required_column_is_not_usable(warehouse: Any) -> None:
    con = warehouse(*SOUND, line("", "4", "30000.00"))
    assert tier(con) == ("not_usable", "Errors in required columns; fails: Every line has a supplier.")


def test_money_touched_is_the_absolute_amount_of_counted_lines(warehouse: Any) -> None:
    con = warehouse(*SOUND, line("", "4", "-30000.00"), line("", "5", "20.50"))
    found = con.execute(
        "SELECT failed_count, money_gbp::VARCHAR FROM core_rule_results WHERE rule_id = 'supplier_blank'"
    ).fetchall()
    assert found == [(2, "30020.50")]


def test_every_rule_has_one_result_for_every_publication(tried: Any) -> None:
    (wrong,) = tried.con.execute(
        "SELECT count(*) FROM core_rules AS r CROSS JOIN core_publications AS p LEFT JOIN core_rule_results AS f "
        "ON f.rule_id = r.rule_id AND f.publication_id = p.publication_id "
        "WHERE r.rule_scope <> 'publisher' AND f.rule_id IS NULL"
    ).fetchone()
    assert wrong == 0


def test_results_count_what_the_findings_hold(tried: Any) -> None:
    differing = tried.con.execute(
        "SELECT rule_id FROM (SELECT rule_id, sum(failed_count) AS n FROM core_rule_results GROUP BY 1) "
        "FULL JOIN (SELECT rule_id, count(*) AS m FROM core_findings GROUP BY 1) USING (rule_id) "
        "WHERE coalesce(n, 0) <> coalesce(m, 0)"
    ).fetchall()
    assert differing == []


def test_finding_ids_are_unique_and_stay_when_lines_move(warehouse: Any, shelf: Any) -> None:
    first = warehouse(*SOUND, line("", "4", "30000.00"))
    shelf.clear()
    moved = warehouse(line("Echo Ltd", "9", "26000.00"), line("", "4", "30000.00"), *SOUND)
    question = "SELECT finding_id FROM core_findings WHERE rule_id = 'supplier_blank'"
    assert first.execute(question).fetchall() == moved.execute(question).fetchall()
    assert moved.execute("SELECT count(*) - count(DISTINCT finding_id) FROM core_findings").fetchall() == [(0,)]


def test_the_same_warehouse_gives_the_same_tables(tried: Any) -> None:
    tables = ("core_findings", "core_rule_results", "mart_quality_by_publication")

    def content() -> list[Any]:
        return [tried.con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in tables]

    before = content()
    run_rules(tried.con, as_of=tried.as_of)
    assert content() == before


def test_what_one_file_cannot_answer_is_not_applicable_and_says_so(warehouse: Any) -> None:
    con = warehouse(*SOUND, without={"history", "calendar"})
    found = con.execute(
        "SELECT rule_result, not_applicable_reason FROM core_rule_results WHERE rule_id = 'signs_turned'"
    )
    assert found.fetchall() == [
        ("not_applicable", "One file cannot answer this; it needs the publisher's other publications.")
    ]


def test_private_persons_are_counted_in_public_and_shown_to_the_publisher_alone(warehouse: Any, shelf: Any) -> None:
    person = line("Mrs Ada Lovelace", "4", "30000.00")
    question = "SELECT raw_value, line_number FROM core_findings WHERE rule_id = 'supplier_perhaps_private_person'"
    assert warehouse(*SOUND, person).execute(question).fetchall() == [(None, None)]
    shelf.clear()
    assert warehouse(*SOUND, person, own_file=True).execute(question).fetchall() == [("Mrs Ada Lovelace", 5)]


HOSTILE = ("<script>alert(1)</script>", '=HYPERLINK("http://x")', "'; DROP TABLE core_findings; --")


@pytest.mark.parametrize("supplier", HOSTILE)
def test_hostile_suppliers_come_out_as_they_went_in(warehouse: Any, supplier: str) -> None:
    quoted = '"' + supplier.replace('"', '""') + '"'
    con = warehouse(*SOUND, line(quoted, "4", "$30000.00"))
    found = con.execute(
        "SELECT t.supplier_name FROM core_findings AS f JOIN core_transactions AS t USING (transaction_id) "
        "WHERE f.rule_id = 'amount_dollar_sign'"
    ).fetchall()
    assert found == [(supplier,)]


def test_marks_that_turn_text_round_do_not_reach_the_findings(warehouse: Any) -> None:
    con = warehouse(*SOUND, line("\u202eevil\u202c", "4", "30000.00"))
    assert con.execute("SELECT supplier_name FROM core_transactions WHERE line_number = 5").fetchall() == [("evil",)]


def test_a_cell_of_ten_million_characters_stops_nothing(warehouse: Any) -> None:
    con = warehouse(*SOUND, line("A" * 10_000_000, "4", "30000.00"))
    assert con.execute("SELECT count(*) FROM core_rule_results WHERE rule_id = 'amount_zero'").fetchall() == [(1,)]


GOOD, BAD = ("SW1A 2AA", "m1 1ae", "GIR 0AA", "EC1A1BB", "W1A 0AX", "BFPO 57"), ("QQ1 1AA", "SW1A 2CA", "12345", "SW1A")


@pytest.mark.parametrize(("text", "is_right"), [(one, True) for one in GOOD] + [(one, False) for one in BAD])
def test_postcodes_by_form(con: duckdb.DuckDBPyConnection, text: str, is_right: bool) -> None:
    assert con.execute("SELECT q_is_postcode(?)", [text]).fetchall() == [(is_right,)]


# 980 7806 84: 9*8+8*7+0*6+7*5+8*4+0*3+6*2 = 207, and 207 + 84 = 291 = 3 * 97.
# 100 0000 34: 8 + 34 = 42, and 42 + 55 = 97. The third differs in its last digit.
@pytest.mark.parametrize(
    ("text", "is_right"),
    [("GB 980 7806 84", True), ("100000034", True), ("980780685", False), ("000000000", False), ("GD001", True),
     ("GD500", False), ("HA500", True), ("980780684001", True), ("98078068", False)],
)  # fmt: skip
def test_vat_numbers_by_check_digits(con: duckdb.DuckDBPyConnection, text: str, is_right: bool) -> None:
    assert con.execute("SELECT q_is_vat_number(?)", [text]).fetchall() == [(is_right,)]


@pytest.mark.parametrize(
    ("amount", "words"),
    [("1234567.89", "£1,234,567.89"), ("-0.50", "-£0.50"), ("999.99", "£999.99"), ("1000.00", "£1,000.00")],
)
def test_money_in_words(con: duckdb.DuckDBPyConnection, amount: str, words: str) -> None:
    assert con.execute("SELECT q_pounds(CAST(? AS DECIMAL(18,2)))", [amount]).fetchall() == [(words,)]


@pytest.fixture(scope="module")
def con(tried: Any) -> duckdb.DuckDBPyConnection:
    prepare(tried.con, as_of=tried.as_of)
    return tried.con


def test_a_rule_whose_sql_does_not_run_is_named(tried: Any) -> None:
    broken = all_rules()[0].model_copy(update={"sql": "SELECT nonsense FROM nowhere"})
    with pytest.raises(PublicValueError, match=f"rule {broken.id}: its SQL does not run"):
        run_rules(tried.con, [broken], as_of=tried.as_of)
    run_rules(tried.con, as_of=tried.as_of)


def test_a_rule_file_that_lacks_something_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "validity" / "half_a_rule.yaml"
    path.parent.mkdir()
    path.write_text("id: half_a_rule\nversion: 1\n", encoding="utf-8")
    with pytest.raises(PublicValueError, match=r"half_a_rule\.yaml: title: Field required"):
        read_rule(path)


def test_findings_name_no_private_persons_but_the_publishers_own_check_does(shelf: Any, as_of: Any) -> None:
    line = "North Hill,North Hill Department,03/04/2024,Rent,Finance,{},{},{}\n"
    text = HEAD + line.format("12345 - Mrs Ada Lovelace", 1, "30000.00")
    text += line.format("Mr Alan Turing", 2, "") + line.format("Mr Kipling Cakes Ltd 1234567", 3, "30000.00")
    shelf.add("north-hill", {"spend-over-25000-april-2024.csv": text.encode()})
    wanted = {
        False: {
            ("amount_blank", "(withheld: perhaps the name of a private person)"),
            ("identifier_in_supplier", "(withheld: perhaps the name of a private person)"),
            ("identifier_in_supplier", "Mr Kipling Cakes Ltd 1234567"),
        },
        True: {
            (
                "amount_blank",
                '["North Hill", "North Hill Department", "03/04/2024", "Rent", "Finance", "Mr Alan Turing", "2"]',
            ),
            ("identifier_in_supplier", "12345 - Mrs Ada Lovelace"),
            ("identifier_in_supplier", "Mr Kipling Cakes Ltd 1234567"),
        },
    }
    for own_file, values in wanted.items():
        with duckdb.connect() as con:
            shelf.build(con)
            run_rules(con, as_of=as_of, own_file=own_file)
            found = con.execute(
                "SELECT rule_id, raw_value FROM core_findings WHERE rule_id IN ('amount_blank', 'identifier_in_supplier')"
            ).fetchall()
            assert set(found) == values


def test_other_names_of_the_publisher_are_its_own_department_family(shelf: Any, as_of: Any) -> None:
    line = "{},North Hill Department,03/04/2024,Rent,Finance,Acme Ltd,{},30000.00\n"
    names = ("North Hill Department", "HM Treasury", "Cabinet Office")
    text = HEAD + "".join(line.format(name, place) for place, name in enumerate(names))
    shelf.add("north-hill", {"spend-over-25000-april-2024.csv": text.encode()})
    renamed = shelf.publishers["north-hill"].model_copy(update={"aliases": ("HM TREASURY",)})
    with duckdb.connect() as con:
        shelf.build(con)
        run_rules(con, as_of=as_of, registry=Registry([renamed]))
        found = con.execute(
            "SELECT raw_value FROM core_findings WHERE rule_id = 'department_family_of_another'"
        ).fetchall()
    assert found == [("Cabinet Office",)]
