"""Every number of the method's reference files, each by the function that the pipeline uses.

The files are not ours to copy: PUBLICVALUE_METHOD names their folder. Each leaf of reference_numbers.json is either an
input of some check or the result of one, and a leaf that is neither fails. The tolerance is half of the last digit printed
(in a list: of its longest number), 1e-9 of the value where all digits of a float are printed.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.scoring import (
    appraisal,
    attribution,
    benford,
    concentration,
    deflate,
    forecast,
    funnel,
    index_numbers,
    likelihood,
    plans,
    proportions,
    ratios,
    reserves,
    trajectory,
)
from pipelines.scoring.composite.aggregate import arithmetic
from pipelines.scoring.composite.denominate import denominate
from pipelines.scoring.composite.normalise import anchor_score, min_max
from pipelines.scoring.composite.outliers import treat_outliers
from pipelines.scoring.composite.screen import screen
from pipelines.scoring.efficiency import dea, productivity
from pipelines.scoring.explain.bennet import Split, bennet
from pipelines.scoring.uncertainty.sensitivity import Sensitivity, sensitivity

METHOD = os.environ.get("PUBLICVALUE_METHOD")
pytestmark = pytest.mark.skipif(not METHOD, reason="PUBLICVALUE_METHOD does not name the method's folder")

Z95 = 1.959964  # as the reference rounds it in Wald's margin and in Byar's interval, though not in Wilson's


@cache
def reference() -> dict[str, Any]:
    text = Path(METHOD or "", "reference_numbers.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return read


def at(path: str) -> Any:
    node: Any = reference()
    for key in path.split("."):
        node = node[key]
    return node


def array(path: str) -> np.ndarray[Any, Any]:
    return np.array(at(path), dtype=np.float64)


def number(path: str) -> float:
    return float(at(path))


# --- the ASEM example, from COINr's documentation -------------------------------------------------------------------------


def table(name: str) -> list[dict[str, str]]:
    with Path(METHOD or "", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def asem() -> tuple[list[str], dict[str, np.ndarray[Any, Any]]]:
    """Country codes that pass the screen, and their scores by aggregate."""
    data, meta = table("asem/ASEM_iData.csv"), table("asem/ASEM_iMeta.csv")
    indicators = [row for row in meta if row["Type"] == "Indicator"]

    def column(name: str) -> list[float]:
        return [float(row[name]) if row[name] not in ("", "NA") else np.nan for row in data]

    values = np.array([column(row["iCode"]) for row in indicators]).T
    sizes = np.array([column(row["Denominator"]) if row["Denominator"] else [1.0] * len(data) for row in indicators]).T
    kept = screen(values, minimum=0.9)
    scaled = denominate(values, sizes)[kept]
    treated = np.column_stack([treat_outliers(scaled[:, j]).values for j in range(scaled.shape[1])])
    scores = min_max(treated, np.array([float(row["Direction"]) for row in indicators]))
    found = {row["iCode"]: scores[:, j] for j, row in enumerate(indicators)}
    for level in ("2.0", "3.0", "4.0"):
        for parent in [row for row in meta if row["Level"] == level]:
            children = [row for row in meta if row["Parent"] == parent["iCode"]]
            weights = np.array([float(row["Weight"]) for row in children])
            found[parent["iCode"]] = arithmetic(np.column_stack([found[row["iCode"]] for row in children]), weights)
    return [row["uCode"] for row, keep in zip(data, kept, strict=True) if keep], found


def test_the_asem_aggregates_are_reproduced_to_a_billionth() -> None:
    codes, found = asem()
    expected = table("asem/expected_aggregates.csv")
    names = [name for name in expected[0] if name not in ("uCode", "Rank")]
    assert len(names) == 11
    assert sorted(codes) == sorted(row["uCode"] for row in expected)
    place = [codes.index(row["uCode"]) for row in expected]
    for name in names:
        assert found[name][place] == pytest.approx([float(row[name]) for row in expected], abs=1e-9, rel=0), name
    order = np.argsort(-found["Index"])
    by_rank = sorted(expected, key=lambda row: float(row["Rank"]))
    assert [codes[i] for i in order] == [row["uCode"] for row in by_rank]


def test_the_index_number_files_hold_the_same_basket() -> None:
    for name, key in (("price6.csv", "p"), ("quantity6.csv", "q")):
        rows = table(f"index_numbers/{name}")
        read = np.array([[float(cell) for cell in row.values()] for row in rows])
        assert read.tolist() == array(f"index_numbers.{key}").tolist()


# --- reference_numbers.json -------------------------------------------------------------------------------------------------


@cache
def ishigami() -> Sensitivity:
    a, b = number("ishigami.a"), number("ishigami.b")

    def model(u: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        x = np.pi * (2.0 * u - 1.0)
        result = np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
        return np.asarray(result)

    return sensitivity(model, inputs=3, points=16384)


def dea_fls(measure: Callable[..., Any], returns: str) -> Any:
    return measure(array("dea_fls.X"), array("dea_fls.Y")[:, None], returns)


def hospital() -> Any:
    x = np.column_stack([array("dea_cst.hospital.doctors"), array("dea_cst.hospital.nurses")])
    y = np.column_stack([array("dea_cst.hospital.outp"), array("dea_cst.hospital.inp")])
    return dea.input_efficiency(x, y, dea.CRS)


def basket(how: Callable[..., Any], formula: Callable[..., float], *, quantity: bool = False) -> Any:
    p, q = array("index_numbers.p"), array("index_numbers.q")
    return how(formula, q, p) if quantity else how(formula, p, q)


def promise() -> plans.Promise:
    (t0, y0), (t1, y1) = array("worked.trajectory.baseline"), array("worked.trajectory.target")
    return plans.Promise(t0, y0, t1, y1, direction=1)


def series() -> np.ndarray[Any, Any]:
    return array("worked.trajectory.y")


def horizon() -> int:
    return int(array("worked.trajectory.target")[0] - array("worked.trajectory.t")[-1])


def latest() -> float:
    return float(series()[-1])


# The reference gives only results here; these inputs are worked back from them.
SCORES_0, SCORES_1 = np.array([50.0, 60.0, 40.0, np.nan]), np.array([55.0, 60.0, 50.0, 65.0])
WEIGHTS_0, WEIGHTS_1 = np.array([1, 1, 1, 0]) / 3.0, np.full(4, 0.25)
ACTIVITIES = np.array([[100.0, 50.0], [102.0, 49.0], [102.6, 54.1]])
ACTIVITY_COSTS = np.array([[3.0, 4.0], [3.15, 4.1], [1.0, 1.0]])
INPUTS = np.array([[198.0, 64.65], [200.0, 67.97], [205.0, 65.0425]])
INPUT_COSTS = np.array([[1.0, 1.0], [4.5661, 1.0], [1.0, 1.0]])
QUALITY = np.array([1.0, 1.01, 1.015])


def moved() -> Split:
    return bennet(SCORES_0, WEIGHTS_0, SCORES_1, WEIGHTS_1)


def ons_output() -> Any:
    return productivity.chained_volume(ACTIVITY_COSTS, ACTIVITIES)


def ons_inputs() -> Any:
    return productivity.chained_volume(INPUT_COSTS, INPUTS)


def deflators() -> dict[str, float]:
    return {year: float(value) for year, value in at("gdp_deflator_calendar_2024_100").items()}


def real_2020_to_2022() -> float:
    return deflate.growth(100.0, deflate.in_prices_of(110.0, "2022", "2020", deflators()))


def shares(path: str) -> np.ndarray[Any, Any]:
    percent = array(path)
    return percent / 100.0


def anchored(kind: str, results: str) -> dict[str, float]:
    anchors = array(f"worked.anchors.{kind}")
    return {value: float(anchor_score(np.array(float(value)), anchors)) for value in at(f"worked.anchors.{results}")}


def icer(place: str) -> float:
    return float(np.diff(array(f"worked.icer.{place}"))[0])


NINE = "worked.hhi.nine_firms"

CHECKS: dict[str, Callable[[], Any]] = {
    "asem_missing.n": lambda: len(asem()[0]),
    "asem_missing.top": lambda: {
        asem()[0][i]: asem()[1]["Index"][i] for i in np.argsort(-asem()[1]["Index"])[: len(at("asem_missing.top"))]
    },
    "ishigami.S1": lambda: ishigami().first,
    "ishigami.ST": lambda: ishigami().total,
    "ishigami.V": lambda: ishigami().variance,
    "dea_fls.crs_in": lambda: dea_fls(dea.input_efficiency, dea.CRS),
    "dea_fls.vrs_in": lambda: dea_fls(dea.input_efficiency, dea.VRS),
    "dea_fls.crs_out": lambda: dea_fls(dea.output_expansion, dea.CRS),
    "dea_cst.one.ccr": lambda: dea.input_efficiency(
        array("dea_cst.one.x")[:, None], array("dea_cst.one.y")[:, None], dea.CRS
    ),
    "dea_cst.two.ccr": lambda: dea.input_efficiency(array("dea_cst.two.x"), array("dea_cst.two.y")[:, None], dea.CRS),
    "dea_cst.hospital.ccr": hospital,
    "index_numbers.lasp_p_fixed": lambda: basket(index_numbers.fixed_base, index_numbers.laspeyres),
    "index_numbers.paas_p_fixed": lambda: basket(index_numbers.fixed_base, index_numbers.paasche),
    "index_numbers.fisher_p": lambda: basket(index_numbers.fixed_base, index_numbers.fisher),
    "index_numbers.lasp_p_chain": lambda: basket(index_numbers.chained, index_numbers.laspeyres),
    "index_numbers.paas_p_chain": lambda: basket(index_numbers.chained, index_numbers.paasche),
    "index_numbers.lasp_q_fixed": lambda: basket(index_numbers.fixed_base, index_numbers.laspeyres, quantity=True),
    "index_numbers.lasp_q_chain": lambda: basket(index_numbers.chained, index_numbers.laspeyres, quantity=True),
    "index_numbers.paas_q_chain": lambda: basket(index_numbers.chained, index_numbers.paasche, quantity=True),
    "index_numbers.value": lambda: index_numbers.value_index(array("index_numbers.p"), array("index_numbers.q")),
    "benford_mad_nigrini.close": lambda: next(limit for limit, word in benford.NIGRINI if word == "close"),
    "benford_mad_nigrini.acceptable": lambda: next(limit for limit, word in benford.NIGRINI if word == "acceptable"),
    "benford_mad_nigrini.marginal": lambda: next(limit for limit, word in benford.NIGRINI if word == "marginal"),
    "worked.trajectory.plan_at_4": lambda: plans.line(promise(), 4.0),
    "worked.trajectory.gap_share": lambda: trajectory.position(promise(), latest(), plans.line(promise(), 4.0)),
    "worked.trajectory.pct_delivered": lambda: trajectory.delivered(promise(), latest()),
    "worked.trajectory.pct_expected": lambda: plans.elapsed_share(promise(), 4.0),
    "worked.trajectory.required_run_rate": lambda: trajectory.required_rate(promise(), latest(), 4.0),
    "worked.trajectory.slope": lambda: forecast.fit_line(series())[2],
    "worked.trajectory.intercept": lambda: forecast.fit_line(series())[1],
    "worked.trajectory.s": lambda: np.sqrt((forecast.fit_line(series())[3] ** 2).sum() / 3),
    "worked.trajectory.forecast": lambda: forecast.regression(series(), horizon()).mean,
    "worked.trajectory.se_pred": lambda: forecast.regression(series(), horizon()).se,
    "worked.trajectory.pi80": lambda: forecast.regression(series(), horizon()).interval(0.8),
    "worked.trajectory.P_hit_ols": lambda: likelihood.p_hit(forecast.regression(series(), horizon()), promise()),
    "worked.trajectory.rw_forecast": lambda: forecast.drift(series(), horizon()).mean,
    "worked.trajectory.rw_se": lambda: forecast.drift(series(), horizon()).se,
    "worked.trajectory.P_hit_rw": lambda: likelihood.p_hit(forecast.drift(series(), horizon()), promise()),
    "worked.survey.wald_moe": lambda: proportions.wald_margin(
        number("worked.survey.p"), number("worked.survey.n"), z=Z95
    ),
    "worked.survey.wilson": lambda: proportions.wilson(number("worked.survey.p"), number("worked.survey.n")),
    "worked.survey.z_64_75": lambda: proportions.difference_z(0.64, 1000, 0.75, 1000),
    "worked.survey.z_64_66": lambda: proportions.difference_z(0.64, 1000, 0.66, 1000),
    "worked.seed.admin_share": lambda: ratios.share_of(2.4, 95.0),
    "worked.seed.benefit_per_head": lambda: ratios.per_unit(48_000.0, 7.0),
    "worked.seed.employment_gap_pp": lambda: ratios.gap_pp(75.0, 47.0),
    "worked.reserves.years_latest": lambda: reserves.years_left(array("worked.reserves.R"), 1),
    "worked.reserves.years_avg3": lambda: reserves.years_left(array("worked.reserves.R"), 3),
    "worked.bennet.A0": lambda: moved().start,
    "worked.bennet.A1": lambda: moved().end,
    "worked.bennet.performance": lambda: moved().performance,
    "worked.bennet.coverage": lambda: moved().coverage,
    "worked.bennet.residual": lambda: moved().residual,
    "worked.ons_toy.output": ons_output,
    "worked.ons_toy.qadj_output": lambda: productivity.quality_adjusted(ons_output(), QUALITY),
    "worked.ons_toy.inputs": ons_inputs,
    "worked.ons_toy.productivity": lambda: productivity.productivity(
        array("worked.ons_toy.qadj_output"), array("worked.ons_toy.inputs")
    ),
    "worked.deflator.real_100_2020_in_2024": lambda: deflate.in_prices_of(100.0, "2020", "2024", deflators()),
    "worked.deflator.naive_cash_growth": lambda: deflate.growth(100.0, 110.0),
    "worked.deflator.real_growth_100_2020_to_110_2022": real_2020_to_2022,
    "worked.hhi.doj_30_30_20_20": lambda: concentration.hhi(np.array([0.3, 0.3, 0.2, 0.2])),
    "worked.hhi.nine_pre": lambda: concentration.hhi(shares(NINE)),
    "worked.hhi.merge_5_4": lambda: concentration.hhi_after_merger(shares(NINE), 7, 8),
    "worked.hhi.merge_25_20": lambda: concentration.hhi_after_merger(shares(NINE), 0, 1),
    "worked.hhi.n_eff_2600": lambda: concentration.effective_number(2600.0),
    "worked.benford": benford.expected_shares,
    "worked.icer.icer": lambda: appraisal.cost_effectiveness(icer("C"), icer("E")),
    "worked.icer.nmb_lambda_0_08": lambda: appraisal.net_benefit(icer("C"), icer("E"), 0.08),
    "worked.stpr.df1": lambda: appraisal.discount_factor(1),
    "worked.stpr.df5": lambda: appraisal.discount_factor(5),
    "worked.stpr.df30": lambda: appraisal.discount_factor(30),
    "worked.stpr.df31": lambda: appraisal.discount_factor(31),
    "worked.stpr.df75": lambda: appraisal.discount_factor(75),
    "worked.stpr.npv": lambda: appraisal.net_present_value([-100.0, 50.0, 50.0, 50.0]),
    "worked.joined_up.mismatch": lambda: attribution.mismatch(
        array("worked.joined_up.cost_share"), array("worked.joined_up.benefit_share")
    ),
    "worked.joined_up.fragmentation": lambda: attribution.fragmentation(array("worked.joined_up.cost_share")),
    "worked.anchors.scores": lambda: anchored("prompt5", "scores"),
    "worked.anchors.lag_scores": lambda: anchored("lag_desc", "lag_scores"),
    "worked.funnel.l95": lambda: funnel.limits(number("worked.funnel.p"), 400, funnel.LIMIT_95)[0],
    "worked.funnel.u998": lambda: funnel.limits(number("worked.funnel.p"), 400, funnel.LIMIT_998)[1],
    "worked.byar": lambda: ratios.byar(30, 25, z=Z95),
    "worked.eei.index": lambda: ratios.engagement_index(array("worked.eei.responses")),
}

INPUT_PATHS = (
    *("ishigami.a", "ishigami.b", "dea_fls.X", "dea_fls.Y", "dea_cst.one.x", "dea_cst.one.y", "dea_cst.two.x"),
    *("dea_cst.two.y", "dea_cst.hospital.doctors", "dea_cst.hospital.nurses", "dea_cst.hospital.outp"),
    *("dea_cst.hospital.inp", "index_numbers.p", "index_numbers.q", "gdp_deflator_calendar_2024_100"),
    *("worked.trajectory.t", "worked.trajectory.y", "worked.trajectory.baseline", "worked.trajectory.target"),
    *("worked.survey.p", "worked.survey.n", "worked.reserves.R", "worked.hhi.nine_firms", "worked.icer.C"),
    *("worked.icer.E", "worked.joined_up.cost_share", "worked.joined_up.benefit_share", "worked.anchors.prompt5"),
    *("worked.anchors.lag_desc", "worked.funnel.p", "worked.funnel.n", "worked.eei.responses"),
)
TOLERANCES = {"ishigami.S1": 0.005, "ishigami.ST": 0.005, "ishigami.V": 0.005, "worked.bennet.residual": 1e-9}


def leaves(node: Any, path: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for key, child in node.items():
            yield from leaves(child, f"{path}.{key}" if path else key)
    elif not isinstance(node, str):
        yield path


def test_every_number_is_an_input_or_the_result_of_a_check() -> None:
    known = (*CHECKS, *INPUT_PATHS)
    strays = [leaf for leaf in leaves(reference()) if not any(leaf == k or leaf.startswith(f"{k}.") for k in known)]
    assert strays == []


def tolerance(path: str, printed: list[Decimal]) -> float:
    if path in TOLERANCES:
        return TOLERANCES[path]
    decimals = max(-int(n.as_tuple().exponent) for n in printed)
    digits = max(len(n.as_tuple().digits) for n in printed)
    largest = float(max(abs(n) for n in printed))
    return 1e-9 * max(1.0, largest) if digits >= 12 or decimals <= 0 else 0.5 * 10.0**-decimals + 1e-12


@pytest.mark.parametrize("path", list(CHECKS))
def test_the_number_is_reproduced(path: str) -> None:
    expected, found = at(path), CHECKS[path]()
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        expected, found = list(expected.values()), list(found.values())
    printed = expected if isinstance(expected, list) else [expected]
    measured = np.atleast_1d(np.asarray(found, dtype=np.float64)).tolist()
    assert measured == pytest.approx([float(n) for n in printed], rel=0, abs=tolerance(path, printed))
