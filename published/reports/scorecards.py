"""One scorecard a publisher: pillars with intervals, measures, promises, plain sentences, and what is missing and why.

Belongs here: which scorecards there are and what they say. Does not belong here: computing a score (the warehouse holds
them), drawing (intervals) or layout (templates).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published.reports.intervals import Line, intervals
from published.reports.pages import Edition, Shelf
from published.reports.score_draws import write_draws
from published.reports.value_words import between, shown
from published.reports.words import PILLARS
from sources.schema.model import codes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOLDER = "scorecards"
Row = dict[str, Any]
PROMISES_SHOWN = 12


def build_scorecards(
    con: DuckDBPyConnection, out: Path, *, release_version: str | None, as_of: date, is_sample: bool
) -> int:
    """Writes out/scorecards/<id>.html and <id>.svg for every publisher with a value, an index, and the draws of each family
    (score_draws); how many scorecards there are.

    `out` is the folder of the reports, whose style sheet the pages use.
    """
    shelf = Shelf(Edition(release_version, as_of, is_sample), out)
    values, scores, promises = _by_entity(con)
    judged: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(con, "SELECT * FROM core_judgements ORDER BY area, judged_date DESC, judgement_id"):
        judged[row["publisher_id"]].append(row)
    names = dict(con.execute("SELECT publisher_id, publisher_name FROM core_publishers ORDER BY 1").fetchall())
    measures = {
        row["measure_id"]: row
        for row in _rows(con, "SELECT * FROM mart_measures ORDER BY pillar, CAST(substr(measure_id, 2) AS INTEGER)")
    }
    cards = [
        (entity, name)
        for entity, name in names.items()
        if any(row["value_status"] == "ok" for row in values.get(entity, []))
    ]
    for entity, name in cards:
        card = scorecard(name, values[entity], scores.get(entity, []), promises.get(entity, []), measures)
        picture = ("pillars", f"{name}: pillars and index", card["alt"], card.pop("lines"))
        shelf.write(
            f"{FOLDER}/{entity}.html",
            "scorecard.html.jinja",
            name=name,
            entity=entity,
            picture=intervals(*picture),
            judgements=judged.get(entity, []),
            ratings=codes("ratings"),
            **card,
        )
        (out / FOLDER / f"{entity}.svg").write_text(intervals(*picture, stands_alone=True) + "\n", encoding="utf-8")
    shelf.write(f"{FOLDER}/index.html", "scorecards.html.jinja", cards=cards)
    write_draws(con, out / FOLDER)
    return len(cards)


def _rows(con: DuckDBPyConnection, sql: str) -> list[Row]:
    found = con.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _by_entity(con: DuckDBPyConnection) -> tuple[dict[str, list[Row]], dict[str, list[Row]], dict[str, list[Row]]]:
    parts: tuple[dict[str, list[Row]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
    known = "(SELECT publisher_id FROM core_publishers)"
    for part, key, sql in zip(
        parts,
        ("entity_id", "entity_id", "outcome_publisher_id"),
        (
            f"SELECT * FROM mart_measure_values WHERE breakdown = '' AND entity_id IN {known} ORDER BY measure_id, period_end",
            f"SELECT * FROM mart_scores WHERE entity_id IN {known} ORDER BY period_label, score_level, score_item",
            f"SELECT * FROM mart_trajectories WHERE outcome_publisher_id IN {known} ORDER BY target_id, entity_id",
        ),
        strict=True,
    ):
        for row in _rows(con, sql):
            part[row[key]].append(row)
    return parts[0], parts[1], parts[2]


def scorecard(
    name: str, values: list[Row], scores: list[Row], promises: list[Row], measures: dict[str, Row]
) -> dict[str, Any]:
    """What the page shows: lines of the picture, measures with a value and their trend, those without, and sentences."""
    latest = max((row["period_label"] for row in scores), default=None)
    now = {row["score_item"]: row for row in scores if row["period_label"] == latest and row["score_level"] != "area"}
    ordered = [now[item] for item in ("index", *PILLARS) if item in now]
    lines = [_line(row) for row in ordered]
    by_measure: dict[str, list[Row]] = defaultdict(list)
    for row in values:
        by_measure[row["measure_id"]].append(row)
    there, missing = [], []
    for measure, about in measures.items():
        own = by_measure.get(measure, [])
        with_value = [row for row in own if row["value_status"] in {"ok", "stale"}]
        if with_value:
            there.append(
                {
                    "about": about,
                    "row": with_value[-1],
                    "shown": shown(with_value[-1]),
                    "between": between(with_value[-1]),
                    "trend": _trend(with_value),
                }
            )
        else:
            missing.append({"about": about, "why": own[-1]["status_reason"] if own else "nothing is held about it"})
    return {
        "lines": lines,
        "alt": "; ".join(f"{line.label}: {line.words}" for line in lines),
        "pillars": [(line.label, row) for line, row in zip(lines, ordered, strict=True)],
        "period": latest,
        "there": there,
        "missing": missing,
        "promises": promises[:PROMISES_SHOWN],
        "promise_count": len(promises),
        "sentences": sentences(name, now.get("index"), promises),
        "reasons": codes("withheld_reasons"),
        "verdicts": codes("verdicts"),
    }


def _line(row: Row) -> Line:
    label = "Index" if row["score_level"] == "index" else f"{row['score_item']} {PILLARS[row['score_item']]}"
    words = f"{row['score']:.0f}" if row["score"] is not None else "withheld"
    return Line(
        label, row["score"], row["interval_low"], row["interval_high"], row["bound_low"], row["bound_high"], words
    )


def _places(low: int, high: int) -> str:
    return f"{low}" if low == high else f"between {low} and {high}"


def _trend(rows: list[Row]) -> str:
    """Against the value of its own before, in words; by score where there is one, since that knows which way is better."""
    own = [row for row in rows if row["value_status"] == "ok"]
    if len(own) < 2 or own[-1]["score"] is None or own[-2]["score"] is None:
        return ""
    change = own[-1]["score"] - own[-2]["score"]
    word = "the same as" if abs(change) < 1 else "better than" if change > 0 else "worse than"
    return f"{word} in {own[-2]['period_label']}"


def sentences(name: str, index: Row | None, promises: list[Row]) -> list[str]:
    """What may be written, with the interval in the sentence. Nothing is said that the data do not carry."""
    said = []
    if index is None or index["score"] is None:
        reason = codes("withheld_reasons").get(index["withheld_reason"] if index else "", "Too little is known.")
        said.append(f"No index is published of {name}. {reason}")
    else:
        between = ""
        if index["interval_low"] is not None:
            between = f"; with errors of measurement it lies between {index['interval_low']:.1f} and {index['interval_high']:.1f}"
        said.append(
            f"On open data for {index['period_label']}, {name} scores {index['score']:.1f} of 100{between}. This is a proxy, no official rating."
        )
        if index["rank_low"] is not None:
            said.append(
                f"Among bodies of its family its place is {_places(index['rank_low'], index['rank_high'])} by errors of measurement; "
                f"other defensible methods make it {_places(index['method_rank_low'], index['method_rank_high'])}."
            )
    for row in promises[:3]:
        if row["verdict"] in {"forecast", "awaiting_outcome"} and row["p_hit"] is not None:
            said.append(
                f"“{row['target_title']}”: {row['value']:.1f} so far, {row['target_value']:g} promised. If the past carries on, the chance "
                f"of keeping the promise is about {row['p_hit']:.0%} (80% interval of the forecast: {row['forecast_low']:.1f} to {row['forecast_high']:.1f})."
            )
        elif row["verdict"] == "too_early":
            said.append(f"“{row['target_title']}”: too early to judge.")
    return said
