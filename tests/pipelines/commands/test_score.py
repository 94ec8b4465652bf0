"""`publicvalue score` on a release written by hand: a card, an explanation, other weights and values."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.commands.score import command
from pipelines.scoring.catalogue import measures
from pipelines.scoring.released import index_of, load, rescored
from pipelines.scoring.tables import Row, write
from sources.errors import UsageError

BODIES = [f"body-{number:02}" for number in range(10)]
YEARS = (date(2024, 3, 31), date(2025, 3, 31))


def value(measure: Any, body: str, year: date, share: float) -> Row:
    """A value at `share` of the way from the worst anchor to the best."""
    low, high = measure.anchors[0], measure.anchors[-1]
    return {
        "measure_id": measure.id,
        "entity_id": body,
        "entity_name": body.replace("-", " ").title(),
        "compare_family": "ministerial_department",
        "period_label": f"{year.year - 1}-{year.year % 100}",
        "period_end": year,
        "breakdown": "",
        "value": low + share * (high - low),
        "is_unbounded": False,
        "measure_unit": measure.unit,
        "value_status": "ok",
        "is_scored": True,
    }


def write_release(folder: Path, **held: list[Row]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        for name in ("measure_values", "scores", "trajectories"):
            write(con, f"mart_{name}", held.get(name, []))
            con.execute(f"COPY mart_{name} TO '{folder / name}.parquet'")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "releases" / "sample" / "1.0.0"
    rows = [
        value(measure, body, year, 0.3 + 0.04 * place + (0.1 if year == YEARS[1] and measure.id == "G5" else 0.0))
        for measure in measures()
        if measure.is_scored and not measure.applies_to
        for place, body in enumerate(BODIES)
        for year in YEARS
    ]
    rows += [
        {
            **value(measures()[0], body, YEARS[1], 0.5),
            "measure_id": "I2",
            "value": None,
            "value_status": "not_applicable",
        }
        for body in BODIES
    ]
    write_release(folder, measure_values=rows)
    (folder.parent / "latest").symlink_to("1.0.0")
    return tmp_path


@pytest.fixture
def ask(home: Path) -> Callable[..., Any]:
    def run(*words: str) -> Any:
        result = CliRunner().invoke(
            command, [*words, "--home", str(home), "--json"], catch_exceptions=False, standalone_mode=False
        )
        return json.loads(result.output) if result.exit_code == 0 and result.exception is None else result

    return run


def test_without_a_body_it_lists_whom_to_ask_about(ask: Callable[..., Any]) -> None:
    assert ask()["bodies"] == BODIES


def test_card_shows_every_measure_once(ask: Callable[..., Any]) -> None:
    shown = [row["measure_id"] for row in ask("body-03")["measures"]]
    assert len(shown) == len(set(shown)) >= 20


def test_a_card_reads_in_words_with_what_is_known_of_each_value(home: Path) -> None:
    folder = home / "releases" / "sample" / "1.0.0"
    (c3,) = [one for one in measures() if one.id == "C3"]
    row = {**value(c3, "body-03", YEARS[1], 0.5), "value": 86.0, "value_se": 1.0}
    scored = {
        "entity_id": "body-03",
        "entity_name": "Body 03",
        "compare_family": "ministerial_department",
        "score_level": "index",
    }
    index = {
        **scored,
        "period_label": "2024-25",
        "score_item": "index",
        "score": 60.0,
        "interval_low": 55.0,
        "interval_high": 65.0,
    }
    promise = {"target_id": "t", "entity_id": "body-03", "target_title": "Wait less", "target_value": 95.0, "value": 69.5,
               "status_reason": "no date was given"}  # fmt: skip
    write_release(
        folder,
        measure_values=[row],
        scores=[{**index, "rank_low": 2, "rank_high": 5, "method_rank_low": 1, "method_rank_high": 7}],
        trajectories=[promise],
    )
    shown = CliRunner().invoke(command, ["body-03", "--home", str(home)], standalone_mode=False).output.splitlines()
    assert any(
        line.startswith("  C3  user satisfaction") and line.endswith("86% (90% interval 84.36 to 87.64)")
        for line in shown
    )
    assert any("60.0" in line and "55.0 to 65.0" in line and line.endswith("rank 2 to 5") for line in shown)
    assert "  Wait less: 69.5, target 95. No date was given." in shown


def test_explanation_names_the_measure_that_moved_and_adds_up(ask: Callable[..., Any]) -> None:
    found = ask("--explain", "body-03")
    moved = {step["item"]: step["points"] for step in found["steps"] if abs(step["points"]) > 1e-12}
    assert set(moved) == {"G5"}
    assert found["end"] - found["start"] == pytest.approx(moved["G5"], abs=1e-9)
    assert found["end"] > found["start"]


@pytest.fixture(scope="module")
def after_a_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two releases. 1.0.0 is of 2022-23 and 2023-24, by a method that made each index 2 points higher than today's does;
    2.0.0 is of 2023-24 and 2024-25, with C3 restated in both, G5 better in 2024-25 and C5 there for the first time.
    """
    home = tmp_path_factory.mktemp("after-a-year")
    stood = home / "releases" / "sample"
    before, between, now = (date(year, 3, 31) for year in (2023, 2024, 2025))

    def rows(years: tuple[date, ...], *, without: str = "", **moved: float) -> list[Row]:
        return [
            value(one, body, year, 0.3 + 0.04 * place + moved.get(f"{one.id}_{year.year}", 0.0))
            for one in measures()
            if one.is_scored and not one.applies_to and one.id != without
            for place, body in enumerate(BODIES)
            for year in years
        ]

    old = rows((before, between), without="C5")
    write_release(stood / "1.0.0", measure_values=old)
    with duckdb.connect() as con:
        then = load(con, stood / "1.0.0", is_sample=True)
    by_todays_method = {body: index_of(rescored(then, then.bodies[body]), then.bodies[body]) or 0.0 for body in BODIES}
    index = {"compare_family": "ministerial_department", "score_level": "index", "score_item": "index"}
    published = [
        {**index, "entity_id": body, "entity_name": body, "period_label": "2023-24", "score": score + 2.0}
        for body, score in by_todays_method.items()
    ]
    write_release(stood / "1.0.0", measure_values=old, scores=published)
    new = rows((between, now), C3_2024=-0.1, C3_2025=-0.1, G5_2025=0.15)
    write_release(
        stood / "2.0.0",
        measure_values=[row for row in new if (row["measure_id"], row["period_end"]) != ("C5", between)],
    )
    (stood / "latest").symlink_to("2.0.0")
    return home


def explained(home: Path, *words: str) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    result = CliRunner().invoke(
        command,
        ["--explain", "body-03", *words, "--home", str(home), "--json"],
        catch_exceptions=False,
        standalone_mode=False,
    )
    found = json.loads(result.output)
    stages: dict[str, dict[str, float]] = {}
    for step in found["steps"]:
        if abs(step["points"]) > 1e-9:
            stages.setdefault(step["stage"], {})[step["item"]] = step["points"]
    return found, stages


def test_a_change_since_an_earlier_release_is_told_stage_by_stage_and_adds_up(after_a_year: Path) -> None:
    found, stages = explained(after_a_year, "--from", "1.0.0")
    stood = after_a_year / "releases" / "sample"
    with duckdb.connect() as con:
        held = load(con, stood / "2.0.0", is_sample=True)
        (published,) = con.execute(
            f"SELECT score FROM read_parquet('{stood / '1.0.0' / 'scores.parquet'}') WHERE entity_id = 'body-03'"
        ).fetchall()[0]
    assert (found["from"], found["to"]) == ("1.0.0 (2023-24)", "2.0.0 (2024-25)")
    assert found["start"] == published
    assert found["end"] == pytest.approx(
        index_of(rescored(held, held.bodies["body-03"]), held.bodies["body-03"]), abs=1e-9
    )
    assert found["end"] - found["start"] == pytest.approx(sum(step["points"] for step in found["steps"]), abs=1e-9)
    assert list(stages) == ["data_revision", "method_change", "coverage", "performance"]
    assert set(stages["data_revision"]) == {"C3"}
    assert stages["data_revision"]["C3"] < 0
    assert sum(stages["method_change"].values()) == pytest.approx(-2.0, abs=1e-9)
    assert "C5" in stages["coverage"]
    assert set(stages["performance"]) == {"G5"}
    assert stages["performance"]["G5"] > 0


def test_the_same_home_between_two_years_knows_no_revision_and_no_method(after_a_year: Path) -> None:
    found, stages = explained(after_a_year)
    assert (found["from"], found["to"]) == ("2023-24", "2024-25")
    assert found["end"] - found["start"] == pytest.approx(sum(step["points"] for step in found["steps"]), abs=1e-9)
    assert list(stages) == ["coverage", "performance"]
    assert set(stages["performance"]) == {"G5"}
    since_release, by_release = explained(after_a_year, "--from", "1.0.0")
    assert since_release["end"] == pytest.approx(found["end"], abs=1e-9)
    assert stages["performance"]["G5"] == pytest.approx(by_release["performance"]["G5"], abs=1e-9)


def test_any_two_years_and_any_two_releases_can_be_set_side_by_side(after_a_year: Path) -> None:
    years, _ = explained(after_a_year, "--from", "2023-24", "--to", "2024-25")
    assert years == explained(after_a_year)[0]
    releases, _ = explained(after_a_year, "--from", "1.0.0", "--to", "2.0.0")
    assert releases == explained(after_a_year, "--from", "1.0.0")[0]
    before, _ = explained(after_a_year, "--to", "1.0.0")
    assert (before["from"], before["to"]) == ("2022-23", "2023-24")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "1.0.0", "--to", "2024-25"], "two releases or two years"),
        (["--from", "2024-25", "--to", "2023-24"], "does not lie before 2023-24"),
        (["--from", "2024-26"], "is written 2024-25"),
        (["--from", "9.9.9"], "no such release"),
        (["--from", "../sample"], "no such release"),
        (["--from", "1999-00"], "there is no index of 1999-00"),
    ],
)
def test_ends_that_do_not_go_together_are_refused_in_one_line(after_a_year: Path, words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as wrong:
        explained(after_a_year, *words)
    assert "\n" not in str(wrong.value)


def test_registered_reasons_stand_below_the_arithmetic(after_a_year: Path, tmp_path: Path) -> None:
    own = shutil.copytree(after_a_year, tmp_path / "own", symlinks=True)
    folder = own / "releases" / "sample" / "2.0.0"
    base = {"change_reason_kind": "policy", "reason_text": "t", "citation": "A document.", "is_verified": True}
    rows = [
        {**base, "reason_id": "fits", "reason_title": "A plan", "outcome_dataset_id": "major-projects", "reason_start": date(2024, 6, 1)},
        {**base, "reason_id": "too-late", "reason_title": "No", "outcome_dataset_id": "major-projects", "reason_start": date(2025, 6, 1)},
        {**base, "reason_id": "of-another", "reason_title": "No", "outcome_dataset_id": "major-projects", "entity_id": "body-09"},
        {**base, "reason_id": "of-what-stood-still", "reason_title": "No", "outcome_dataset_id": "prompt-payment"},
    ]  # fmt: skip
    with duckdb.connect() as con:
        write(con, "core_reasons", rows)
        con.execute(f"COPY core_reasons TO '{folder / 'reasons.parquet'}'")
    found, _ = explained(own, "--from", "1.0.0")
    assert {item: [row["reason_id"] for row in rows] for item, rows in found["reasons"].items()} == {"G5": ["fits"]}
    shown = CliRunner().invoke(command, ["--explain", "body-03", "--home", str(own)], standalone_mode=False).output
    assert "says what moved, not why" in shown
    assert "G5   A plan (2024-06-01 to now). A document." in shown


def test_a_better_value_raises_the_index(home: Path) -> None:
    with duckdb.connect() as con:
        held = load(con, home / "releases" / "sample" / "1.0.0", is_sample=True)
    body = held.bodies["body-03"]
    before = index_of(rescored(held, body), body)
    after = index_of(rescored(held, body, what_if={"C1": 1.0}), body)
    assert before is not None
    assert after is not None
    assert after > before


def test_weights_move_the_index_towards_what_weighs_more(home: Path, tmp_path: Path, ask: Callable[..., Any]) -> None:
    assert home.is_dir()
    weights = tmp_path / "weights.yaml"
    weights.write_text("G5: 50\n", encoding="utf-8")
    declared, asked = ask("body-03", "--weights", str(weights))["index"]
    assert asked > declared


@pytest.mark.parametrize("wrong", ["C1", "C1=soon", "S7=1", "Z9=1"])
def test_a_what_if_that_cannot_be_is_explained(home: Path, wrong: str) -> None:
    with pytest.raises(UsageError, match="--what-if"):
        command.main(["body-03", "--what-if", wrong, "--home", str(home)], standalone_mode=False)


def test_unknown_weights_are_explained(home: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights.yaml"
    weights.write_text("P9: 2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="P9"):
        command.main(["body-03", "--weights", str(weights), "--home", str(home)], standalone_mode=False)


def test_no_such_body_is_met_with_names(home: Path) -> None:
    with pytest.raises(UsageError, match="body-00"):
        command.main(["nobody-at-all", "--home", str(home)], standalone_mode=False)


def test_a_home_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="publicvalue run"):
        command.main(["--home", str(tmp_path / "empty")], standalone_mode=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--what-if", "C1=31"], "need a body"),
        (["body-03", "--what-if", "C1=nan"], "give a measure and a number"),
        (["body-03", "--what-if", "I2=5"], "is asked of council only"),
        (["--explain", "body-03", "--what-if", "C1=31"], "ask one at a time"),
        (["body-03", "--from", "1.0.0"], "give --explain BODY"),
        (["body-03", "--to", "2024-25"], "give --explain BODY"),
        (["body-01", "--explain", "body-02"], "one body at a time"),
        (["body-03", "--weights", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_one_line(home: Path, words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as wrong:
        CliRunner().invoke(command, [*words, "--home", str(home)], catch_exceptions=False, standalone_mode=False)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "give names of measures"),
        ("[1, 2", "line 2: is no YAML"),
        ("P1: x", "P1 is 'x'"),
        ("P1: -2", "P1 is -2"),
        ("P1: .nan", "P1 is nan"),
        ("P1: true", "P1 is True"),
        ("P9: 2", "P9: no measure, area or pillar"),
        ("P1: 0\nP2: 0\nP3: 0\nP4: 0", "one at least above 0"),
    ],
)
def test_weights_that_mean_nothing_are_refused_in_one_line(home: Path, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(UsageError) as wrong:
        CliRunner().invoke(
            command,
            ["body-03", "--weights", str(path), "--home", str(home)],
            catch_exceptions=False,
            standalone_mode=False,
        )
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)
