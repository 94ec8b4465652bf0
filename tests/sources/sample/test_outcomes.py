import csv
import hashlib
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sources.sample.outcomes import write_outcomes
from sources.sample.world import bodies

# What each measure of the catalogue needs, beside those that come from the spending files (C1, C2, I5, S1, S2).
NEEDED = {
    "G1": "outcome-plans",
    "G2": "outcome-plans",
    "G3": "outcome-plans",
    "G4": "nhs-accident-and-emergency",
    "G5": "major-projects",
    "G6": "statistics-release-calendar",
    "I1": "departmental-budgets",
    "I2": "local-authority-reserves",
    "I3": "prompt-payment",
    "I4": "departmental-budgets",
    "I6": "unit-costs",
    "I7": "unit-costs",
    "I8": "public-service-productivity",
    "I9": "inputs-and-outputs",
    "I10": "inputs-and-outputs",
    "I11": "programme-cost-effectiveness",
    "I12": "cost-and-benefit-shares",
    "C3": "service-satisfaction",
    "C4": "service-satisfaction",
    "C5": "govuk-service-performance",
    "C6": "govuk-service-performance",
    "C7": "citizen-survey",
    "S3": "provider-outcomes",
    "S4": "civil-service-people-survey",
    "S5": "major-projects",
    "S6": "evaluation-register",
    "S7": "outcome-attribution",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("outcomes")
    write_outcomes(root, 20260101)
    return root


def _rows(root: Path, dataset: str, name: str) -> list[dict[str, str]]:
    path = root / "outcomes" / dataset / f"SAMPLE-DATA-{name}"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _truth(root: Path, dataset: str) -> dict[tuple[str, str, str], Decimal]:
    table = pq.read_table(root / "truth" / "outcomes.parquet", filters=[("dataset", "=", dataset)])
    return {(row["entity"], row["period"], row["metric"]): row["value"] for row in table.to_pylist()}


def _hashes(root: Path) -> dict[str, str]:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(made: Path, tmp_path: Path) -> None:
    write_outcomes(tmp_path / "again", 20260101)
    write_outcomes(tmp_path / "other", 7)
    assert _hashes(tmp_path / "again") == _hashes(made)
    assert _hashes(tmp_path / "other") != _hashes(made)


@pytest.mark.parametrize(("measure", "dataset"), sorted(NEEDED.items()))
def test_every_measure_has_the_dataset_it_needs(made: Path, measure: str, dataset: str) -> None:
    assert list((made / "outcomes" / dataset).glob("SAMPLE-DATA-*.csv")), measure
    assert _truth(made, dataset), measure


def test_coverage_differs_and_ten_of_each_kind_have_the_data_of_an_index(made: Path) -> None:
    kinds = {body.id: body.kind for body in bodies()}
    for dataset in ("departmental-budgets", "prompt-payment", "unit-costs", "civil-service-people-survey"):
        there: dict[str, set[str]] = defaultdict(set)
        for entity, _, _ in _truth(made, dataset):
            there[kinds[entity]].add(entity)
        assert all(10 <= len(there[kind]) <= 12 for kind in ("ministerial_department", "council", "nhs_trust"))
        assert sum(map(len, there.values())) < 36


def test_shares_of_a_programme_add_up_to_one(made: Path) -> None:
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in _rows(made, "outcome-attribution", "attribution.csv"):
        sums[row["department"], row["programme"], row["year"]] += Decimal(row["alpha"])
    assert len(sums) == 36 * 2 * 3
    assert set(sums.values()) == {Decimal(1)}


def test_cost_and_benefit_shares_add_up_to_one(made: Path) -> None:
    sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in _rows(made, "cost-and-benefit-shares", "cost-and-benefit-shares.csv"):
        total = sums[row["organisation_id"], row["policy"], row["year"]]
        total[0] += Decimal(row["cost_share"])
        total[1] += Decimal(row["benefit_share"])
    assert all(total == [1, 1] for total in sums.values())


def test_a_council_opens_a_year_with_what_it_closed_the_last_one_with(made: Path) -> None:
    before = {row["Local authority"]: row for row in _rows(made, "local-authority-reserves", "reserves-2023-24.csv")}
    for row in _rows(made, "local-authority-reserves", "reserves-2024-25.csv"):
        earlier = before[row["Local authority"]]
        assert row["Unallocated reserves at 1 April"] == earlier["Unallocated reserves at 31 March"]


def test_the_truth_of_waits_is_what_the_files_say(made: Path) -> None:
    names = {body.name: body.id for body in bodies()}
    truth = _truth(made, "nhs-accident-and-emergency")
    rows = [row for row in _rows(made, "nhs-accident-and-emergency", "June-2023.csv") if row["Period"] != "Total"]
    assert len(rows) == 11
    for row in rows:
        over = sum(int(text) for head, text in row.items() if head.startswith("Attendances over 4hrs"))
        attended = sum(int(text) for head, text in row.items() if head.startswith("A&E attendances"))
        entity = names[row["Org name"]]
        assert truth[entity, "2023-06", "over_four_hours"] == over
        assert truth[entity, "2023-06", "attendances"] == attended > over


def test_one_trust_reports_no_waits_in_its_first_year_and_some_later(made: Path) -> None:
    truth = _truth(made, "nhs-accident-and-emergency")
    silent = {entity for (entity, period, metric), value in truth.items() if metric == "over_four_hours" and not value}
    assert len(silent) == 1
    assert truth[silent.pop(), "2023-04", "over_four_hours"] > 0


def test_answers_of_users_never_exceed_their_parts(made: Path) -> None:
    for row in _rows(made, "service-satisfaction", "service-satisfaction.csv"):
        assert 0 < int(row["completed"]) <= int(row["started"])
        assert all(int(row[answer]) >= 0 for answer in ("very_satisfied", "satisfied", "neither", "very_dissatisfied"))


def test_paid_within_five_days_is_within_thirty(made: Path) -> None:
    for row in _rows(made, "prompt-payment", "prompt-payment-2023-24.csv"):
        assert int(row["Paid within 5 days"]) <= int(row["Paid within 30 days"]) <= int(row["Undisputed invoices"])


def test_some_owners_of_projects_stay_and_some_leave(made: Path) -> None:
    first, last = (
        {
            row["Project ID"]: row["Senior Responsible Owner"]
            for row in _rows(made, "major-projects", f"portfolio-{year}.csv")
        }
        for year in (2022, 2024)
    )
    stayed = sum(first[project] == last[project] for project in first)
    assert 0 < stayed < len(first)


def test_ratings_have_five_steps_in_the_first_year_and_three_later(made: Path) -> None:
    def ratings(year: int) -> set[str]:
        return {row["Delivery Confidence Assessment"] for row in _rows(made, "major-projects", f"portfolio-{year}.csv")}

    exempt = {"Exempt under Section 43 of the Freedom of Information Act 2000"}
    assert ratings(2022) - exempt == {"Red", "Amber/Red", "Amber", "Amber/Green", "Green"}
    assert ratings(2024) - exempt == {"Red", "Amber", "Green"}
