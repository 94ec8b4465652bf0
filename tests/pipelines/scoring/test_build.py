"""The scoring stage on the whole sample, and on the mirror of real files: what it says, and what it must not say."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.choose import RunOptions
from pipelines.scoring.build import build_scores
from pipelines.scoring.release_changes import since
from pipelines.scoring.released import load

MIRROR = os.environ.get("PUBLICVALUE_REAL_MIRROR")
AS_OF = date(2025, 6, 30)
FAMILIES = {"ministerial_department", "district_council", "acute_trust"}


LOOKED_AT = (
    "cabinet-office",
    "department-for-culture-media-sport",
    "local-authority-reserves",
    "nhs-accident-and-emergency",
    "govuk-service-performance",
    "civil-service-people-survey",
)
"""Spending of two departments, and the results that tests ask about: reading all real files would take a minute."""


@pytest.fixture(scope="module")
def sample(whole_sample: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(whole_sample / "warehouse.duckdb", read_only=True) as con:
        yield con


@pytest.fixture(scope="module")
def real(
    tmp_path_factory: pytest.TempPathFactory, up_to_the_warehouse: Callable[..., Path]
) -> Iterator[duckdb.DuckDBPyConnection]:
    if MIRROR is None:
        pytest.skip("PUBLICVALUE_REAL_MIRROR is not set: the real files are not at hand")
    options = RunOptions(mirror=Path(MIRROR), home=tmp_path_factory.mktemp("real"), as_of=AS_OF)
    with duckdb.connect(up_to_the_warehouse(options, LOOKED_AT, scored=True), read_only=True) as con:
        yield con


def ask(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def test_every_family_of_the_sample_has_an_index(sample: duckdb.DuckDBPyConnection) -> None:
    found = ask(
        sample,
        "SELECT compare_family, count(score) FROM mart_scores WHERE score_level = 'index' AND period_label = '2024-25' GROUP BY 1",
    )
    assert {family for family, _ in found} == FAMILIES
    assert all(count >= 10 for _, count in found)


def test_every_rank_has_its_interval_around_it(sample: duckdb.DuckDBPyConnection) -> None:
    ((ranked, wrong),) = ask(
        sample,
        "SELECT count(*), count(*) FILTER (rank_low IS NULL OR rank_high IS NULL OR rank_low > rank_high OR method_rank_low IS NULL) "
        "FROM mart_scores WHERE rank IS NOT NULL",
    )
    assert ranked >= 30
    assert wrong == 0


def test_scores_stay_between_0_and_100_and_within_their_bounds(sample: duckdb.DuckDBPyConnection) -> None:
    wrong = ask(
        sample,
        "SELECT * FROM mart_scores WHERE score NOT BETWEEN 0 AND 100 OR score < bound_low - 1e-9 OR score > bound_high + 1e-9",
    )
    assert wrong == []


def test_scores_say_how_much_of_their_weight_has_a_known_error(sample: duckdb.DuckDBPyConnection) -> None:
    ((low, high, partly, wrong),) = ask(
        sample,
        "SELECT min(error_known_share), max(error_known_share), count_if(error_known_share BETWEEN 0.01 AND 0.99), "
        "count_if((error_known_share IS NULL) <> (score IS NULL)) FROM mart_scores",
    )
    assert (low, high, wrong) == (0, 1, 0)
    assert partly > 100
    # Area 1.1 holds a complete count; in 4.2 the error of S4 is not known and S5 is a complete count.
    areas = "SELECT DISTINCT score_item, error_known_share FROM mart_scores WHERE score_level = 'area' AND score IS NOT NULL AND score_item IN ('1.1', '4.2')"
    assert {("1.1", 1), ("4.2", 0.5)} <= set(ask(sample, areas)) <= {("1.1", 1), ("4.2", 0), ("4.2", 0.5), ("4.2", 1)}
    assert ask(sample, "SELECT count(*) FROM mart_measure_values WHERE measure_id = 'I7' AND value_se > 0")[0][0] > 0


def test_parts_of_a_body_are_shown_and_never_scored(sample: duckdb.DuckDBPyConnection) -> None:
    parts = "SELECT count(*), count(score), count_if(is_scored) FROM mart_measure_values WHERE measure_id = 'S1' AND breakdown <> ''"
    ((shown, scored, marked),) = ask(sample, parts)
    assert shown > 1000
    assert (scored, marked) == (0, 0)
    ((wrong,),) = ask(
        sample,
        "SELECT count(*) FROM mart_measure_values AS part JOIN mart_measure_values AS whole USING (measure_id, entity_id, period_label) "
        "WHERE measure_id = 'S1' AND part.breakdown <> '' AND whole.breakdown = '' AND whole.value_status <> 'ok'",
    )
    assert wrong == 0


def test_promises_of_bodies_are_in_their_own_units_and_shares_among_them_stay_shares(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    units = "SELECT metric_unit, count(*), min(forecast_low), max(forecast_high) FROM mart_trajectories WHERE target_id NOT LIKE 'four-hour%' GROUP BY 1"
    found = {unit: (count, low, high) for unit, count, low, high in ask(sample, units)}
    assert set(found) == {"%", "days", "per 100 cases"}
    assert found["%"][0] == 70
    assert found["%"][1] >= 0
    assert found["%"][2] == 100


def test_a_withheld_score_says_why_and_a_shown_one_does_not(sample: duckdb.DuckDBPyConnection) -> None:
    assert ask(sample, "SELECT * FROM mart_scores WHERE (score IS NULL) = (withheld_reason IS NULL)") == []


def test_a_missing_value_says_why(sample: duckdb.DuckDBPyConnection) -> None:
    assert ask(sample, "SELECT * FROM mart_measure_values WHERE value_status <> 'ok' AND status_reason IS NULL") == []


def test_all_measures_but_those_of_the_rules_have_values_in_the_sample(sample: duckdb.DuckDBPyConnection) -> None:
    without = {row[0] for row in ask(sample, "SELECT measure_id FROM mart_measures WHERE value_count = 0")}
    rules_ran = ask(sample, "SELECT count(*) FROM core_rule_results WHERE dimension = 'validity'")[0][0] > 0
    assert without == (set() if rules_ran else {"I5"})


def test_steps_of_a_change_add_up(sample: duckdb.DuckDBPyConnection) -> None:
    found = ask(
        sample,
        "SELECT abs(any_value(score_to) - any_value(score_from) - sum(change_points)) FROM mart_score_changes GROUP BY entity_id",
    )
    assert len(found) >= 30
    assert max(row[0] for row in found) < 1e-9


def test_spending_by_outcome_is_what_was_attributed(sample: duckdb.DuckDBPyConnection) -> None:
    ((out,),) = ask(sample, "SELECT sum(amount_gbp) FROM mart_outcome_spending")
    ((put_in,),) = ask(
        sample,
        "SELECT sum(programme_spend_gbp) FROM (SELECT DISTINCT publisher_id, programme_name, financial_year, programme_spend_gbp FROM core_attribution)",
    )
    assert out == put_in
    assert out > 0


def test_an_index_can_be_worked_out_anew_from_its_published_draws(sample: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        sample, "SELECT entity_id, score_level, score_item, score_parent, score, score_draws FROM mart_score_draws"
    )
    assert {level for _, level, *_ in rows} == {"area", "pillar", "index"}
    drawn = {(body, item): json.loads(draws) if draws else [score] * 256 for body, _, item, _, score, draws in rows}
    indices = [body for body, level, *_ in rows if level == "index"]
    assert len(indices) > 20
    for body in indices:
        pillars = [drawn[body, item] for of, level, item, *_ in rows if of == body and level == "pillar"]
        again = [math.exp(sum(math.log(1 + 0.99 * p) for p in one) / len(one)) for one in zip(*pillars, strict=True)]
        assert again == pytest.approx(drawn[body, "index"], abs=2e-3)
        for of, level, item, *_ in rows:
            if of == body and level == "pillar":
                areas = [drawn[body, i] for o, lev, i, parent, *_ in rows if (o, lev, parent) == (body, "area", item)]
                means = [sum(one) / len(one) for one in zip(*areas, strict=True)]
                assert means == pytest.approx(drawn[body, item], abs=2e-3)


RELEASED = ("scores", "measure_values", "score_changes", "trajectories")


def as_released(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """What a release holds of the marts in `con`."""
    folder.mkdir()
    for name in RELEASED:
        con.execute(f"COPY mart_{name} TO '{folder / name}.parquet'")
    return folder


def test_a_restated_figure_is_what_moved_an_index_since_the_release_before(
    sample: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    ((path,),) = ask(sample, "SELECT path FROM duckdb_databases() WHERE path IS NOT NULL")
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(Path(path).read_bytes())
    body = "sample-kites"
    with duckdb.connect(copy) as con:
        earlier = as_released(con, tmp_path / "1.0.0")
        con.execute(
            "UPDATE core_outcomes SET value = value * 0.7 WHERE outcome_dataset_id = 'service-satisfaction' AND metric_id = 'completed' "
            f"AND coalesce(outcome_publisher_id, entity_id) = '{body}'"
        )
        build_scores(con, None, AS_OF, is_sample=True, earlier=earlier)
        found = con.execute(
            "SELECT entity_id, from_label, to_label, stage, change_item, change_points, score_from, score_to, change_words "
            "FROM mart_score_changes WHERE change_kind = 'release' ORDER BY entity_id, abs(change_points) DESC"
        ).fetchall()
        first = [row for row in found if row[0] == body]
        assert {row[1:3] for row in found} == {("1.0.0 (2024-25)", "the release after 1.0.0")}
        assert {row[3] for row in found} <= {"data_revision", "method_change"}
        assert first[0][4] == "C4"
        assert first[0][5] < -1
        assert "completion rate (figures restated since)" in first[0][8]
        for entity in {row[0] for row in found}:
            own = [row for row in found if row[0] == entity]
            assert own[0][7] - own[0][6] == pytest.approx(sum(row[5] for row in own), abs=1e-9)
        earlier_again = as_released(con, tmp_path / "1.1.0")
        (index,) = con.execute(
            f"SELECT score FROM mart_scores WHERE entity_id = '{body}' AND score_level = 'index' AND period_label = '2024-25'"
        ).fetchall()[0]
        assert index == pytest.approx(first[0][7], abs=1e-12)
        held, before = load(con, earlier_again, is_sample=True), load(con, earlier, is_sample=True)
        change, label, *_ = since(held, before, held.bodies[body], con)
        assert label == "1.0.0 (2024-25)"
        assert change.start == pytest.approx(first[0][6], abs=1e-12)
        assert change.end == pytest.approx(index, abs=1e-9)


def test_scoring_twice_gives_the_same_and_a_kept_forecast_keeps_its_day_and_gets_its_outcome(
    sample: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    ((target, entity, day, value),) = ask(
        sample,
        "SELECT target_id, entity_id, max(period_end), arg_max(value, period_end) FROM core_outcomes JOIN core_targets "
        "USING (outcome_dataset_id, entity_id, breakdown) WHERE core_outcomes.metric_id = 'progress' GROUP BY 1, 2 ORDER BY 1 LIMIT 1",
    )
    ((path,),) = ask(sample, "SELECT path FROM duckdb_databases() WHERE path IS NOT NULL")
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(Path(path).read_bytes())
    with duckdb.connect(copy) as con:
        before = [con.execute(f"SELECT * FROM mart_{name} ORDER BY ALL").fetchall() for name in RELEASED]
        earlier = as_released(con, tmp_path / "1.0.0")
        con.execute(
            "INSERT INTO mart_forecasts BY NAME SELECT ? AS target_id, ? AS entity_id, DATE '2024-06-30' AS known_until, ?::DATE AS promised_date, "
            "DATE '2024-07-15' AS made_date, '1.0' AS method_version, ? AS forecast_value, ? AS forecast_low, ? AS forecast_high, 0.5 AS p_hit, ? AS target_value",
            [target, entity, day, value - 1, value - 2, value + 2, -1e6],
        )
        con.execute("CREATE TEMP TABLE made AS SELECT * FROM mart_forecasts WHERE method_version <> '1.0'")
        con.execute(
            "INSERT INTO mart_forecasts SELECT * REPLACE ('1.0' AS method_version, 1e3 AS forecast_high) FROM made"
        )
        con.execute(f"COPY mart_forecasts TO '{earlier / 'forecasts.parquet'}'")
        build_scores(con, None, AS_OF, is_sample=True, earlier=earlier)
        assert [con.execute(f"SELECT * FROM mart_{name} ORDER BY ALL").fetchall() for name in RELEASED] == before
        (kept,) = con.execute(
            "SELECT made_date, forecast_error, is_inside FROM mart_forecasts WHERE known_until = DATE '2024-06-30'"
        ).fetchall()
        ((by_earlier_method, by_this),) = con.execute(
            "SELECT count_if(method_version = '1.0' AND forecast_high = 1e3), count_if(method_version <> '1.0' AND forecast_high < 1e3) "
            "FROM mart_forecasts WHERE (target_id, entity_id, known_until) IN (SELECT (target_id, entity_id, known_until) FROM made)"
        ).fetchall()
        (were,) = con.execute("SELECT count(*) FROM made").fetchall()[0]
    assert by_earlier_method == by_this == were > 0
    assert kept[0] == date(2024, 7, 15)
    assert kept[1] == pytest.approx(1.0)
    assert kept[2] is True


@pytest.mark.real
def test_sixteen_of_151_councils_had_reserves_for_under_three_years(real: duckdb.DuckDBPyConnection) -> None:
    found = ask(
        real,
        "SELECT count(*), count(*) FILTER (value < 3) FROM mart_measure_values WHERE measure_id = 'I2' AND period_label = '2016-17' "
        "AND value_status = 'ok' AND compare_family IN ('council class L', 'council class MD', 'council class SC', 'council class UA')",
    )
    assert found == [(151, 16)]


@pytest.mark.real
def test_no_index_is_published_of_real_bodies(real: duckdb.DuckDBPyConnection) -> None:
    assert (
        ask(real, "SELECT * FROM mart_scores WHERE score_level = 'index' AND (score IS NOT NULL OR rank IS NOT NULL)")
        == []
    )
    assert ask(real, "SELECT count(*) FROM mart_scores WHERE score_level = 'index'")[0][0] > 0


@pytest.mark.real
def test_concentration_needs_nine_months(real: duckdb.DuckDBPyConnection) -> None:
    months = "SELECT entity_id FROM mart_measure_values WHERE measure_id = 'S1' AND value_status = 'ok'"
    publishers = {row[0] for row in ask(real, months)}
    assert "department-for-culture-media-sport" in publishers
    reasons = ask(
        real,
        "SELECT DISTINCT status_reason FROM mart_measure_values WHERE measure_id = 'S1' AND value_status = 'missing' AND status_reason LIKE '% of 12 months held, 9 are needed'",
    )
    assert len(reasons) >= 1


@pytest.mark.real
def test_four_hour_promises_of_england_stand_as_published(real: duckdb.DuckDBPyConnection) -> None:
    ((points, value, verdict),) = ask(
        real,
        "SELECT point_count, round(value, 1), verdict FROM mart_trajectories WHERE target_id = 'four-hour-76-by-march-2024'",
    )
    assert (points, value, verdict) == (33, 69.5, "awaiting_outcome")


@pytest.mark.real
def test_forecasts_of_trusts_keep_their_word(real: duckdb.DuckDBPyConnection) -> None:
    found = ask(
        real,
        "SELECT horizon, inside_share FROM mart_forecast_coverage WHERE metric_id = 'four_hour_pct' ORDER BY horizon",
    )
    ((forecasts, on_a_bound, beyond),) = ask(
        real,
        "SELECT count(forecast_value), count_if(forecast_high = 100), count_if(least(forecast_low, forecast_value) < 0 "
        "OR greatest(forecast_high, forecast_value) > 100) FROM mart_trajectories WHERE metric_unit = '%'",
    )
    assert forecasts > 200
    assert on_a_bound > 50
    assert beyond == 0
    assert [horizon for horizon, _ in found] == [1, 3, 6, 12]
    assert all(0.74 <= share <= 0.86 for _, share in found)


def test_three_of_122_trusts_lie_outside_the_published_funnel(real: duckdb.DuckDBPyConnection) -> None:
    (found,) = ask(
        real,
        "SELECT count(*), count_if(is_outside), count_if(abs(deviations_raw) > 3.09) FROM mart_funnels "
        "WHERE share_of = 'seen within four hours' AND period_end = '2023-12-31'",
    )
    assert found == (122, 3, 107)


@pytest.mark.parametrize("measure", ["G1", "I5", "I6", "S3"])
def test_partial_measures_of_real_data_are_shown_and_not_scored(real: duckdb.DuckDBPyConnection, measure: str) -> None:
    (found,) = ask(
        real,
        "SELECT count(value) > 0, count(score), bool_or(is_scored) FROM mart_measure_values "
        f"WHERE measure_id = '{measure}' AND value_status = 'ok'",
    )
    assert found == (True, 0, False)


def test_what_flows_into_a_programme_flows_out_of_it(sample: duckdb.DuckDBPyConnection) -> None:
    totals = ask(sample, "SELECT flow_stage, sum(amount_gbp) FROM mart_flows GROUP BY 1 ORDER BY 1")
    (attributed,) = ask(sample, "SELECT sum(amount_gbp) FROM mart_outcome_spending")[0]
    assert totals == [("outcome", attributed), ("programme", attributed)]
    assert attributed > 0


def test_a_delivery_index_names_what_it_lacks(sample: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        sample,
        "SELECT delivery_index, delivery_components, delivery_missing FROM mart_trajectories WHERE p_hit IS NOT NULL",
    )
    assert len(rows) > 20
    for index, components, missing in rows:
        assert 0 <= index <= 100
        assert {"likelihood", "ease", "planning", "capacity"} == set(json.loads(components)) | set(missing) - {
            "S4",
            "S5",
        }


def test_efficiency_has_every_figure_and_none_of_too_few(sample: duckdb.DuckDBPyConnection) -> None:
    kinds = {
        kind for (kind,) in ask(sample, "SELECT DISTINCT efficiency_kind FROM mart_efficiency WHERE value IS NOT NULL")
    }
    assert {"theta_crs", "theta_vrs", "theta_corrected", "malmquist", "productivity", "unit_cost"} <= kinds
    assert ask(sample, "SELECT * FROM mart_efficiency WHERE value IS NULL AND status_reason IS NULL") == []
