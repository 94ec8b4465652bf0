"""The registers kept by hand: every file is sound, and what is wrong with one is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from sources.errors import RegistryError
from sources.outcome_sets import outcome_sets
from sources.publisher import HERE
from sources.registers import REGISTERS, Attribution, Entry, Judgement, Programme, Reason, Target, load_register
from sources.registry import load_registry

FILES = sorted(path for name in REGISTERS for path in (HERE / name).glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_every_entry_is_complete_and_points_at_things_that_exist(path: Path) -> None:
    (one,) = [entry for entry in load_register(path.parent.name, REGISTERS[path.parent.name]) if entry.id == path.stem]
    registry, sets = load_registry(), outcome_sets()
    for field in ("owner_publisher", "publisher", "department"):
        named = getattr(one, field, None)
        assert named is None or named in registry
    if dataset := getattr(one, "dataset", None):
        assert dataset in sets
        metric = getattr(one, "metric", None)
        assert metric is None or sets[dataset].metric(metric) is not None


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_what_is_verified_has_an_address(path: Path) -> None:
    for source in sources_in(yaml.safe_load(path.read_text(encoding="utf-8"))):
        assert not source["is_verified"] or source["url"].startswith("https://")
        assert len(source["how"]) > 10


def sources_in(loaded: object) -> list[dict[str, str]]:
    if isinstance(loaded, dict):
        here = [loaded["source"]] if "source" in loaded else []
        return here + [found for part in loaded.values() for found in sources_in(part)]
    return [found for part in loaded for found in sources_in(part)] if isinstance(loaded, list) else []


@pytest.mark.parametrize(("name", "model"), [("judgements", Judgement), ("attribution", Attribution)])
def test_the_example_of_a_register_without_entries_is_valid(name: str, model: type[Entry]) -> None:
    text = (HERE / name / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert model.model_validate(yaml.safe_load(example)).id.startswith("example")


def test_the_four_hour_promises_follow_each_other() -> None:
    targets = {one.id: one for one in load_register("targets", Target)}
    assert {one.target_value for one in targets.values()} == {95.0, 76.0, 78.0}
    assert targets["four-hour-76-by-march-2024"].superseded_by == "four-hour-78-by-march-2025"
    assert targets["four-hour-standard-95"].plan == "hold"


SOURCE = {"citation": "a document", "is_verified": False, "how": "not at hand"}
TARGET = {
    "id": "t", "title": "T", "outcome": "O", "dataset": "d", "metric": "m", "entity": "e", "direction": "higher",
    "target_value": 1, "plan": "line", "source": SOURCE,
}  # fmt: skip
SHARE = {"outcome": "O", "year": "2024-25", "alpha": "0.5", "basis": "published mapping", "confidence": "high"}
SHARES = {"id": "a", "department": "d", "programme": "P", "source": SOURCE}
PROGRAMME = {
    "id": "p", "title": "P", "promise": "all of it", "shown_by": "M", "state": "met", "state_date": "2026-01-01",
    "state_reason": "because", "facts": [{"kind": "promise", "text": "promised", "source": SOURCE}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "entry", "words"),
    [
        (Target, {**TARGET, "plan": "points"}, "such a plan needs them"),
        (Target, {**TARGET, "baseline_value": 1}, "a baseline has a date"),
        (Target, {**TARGET, "baseline_date": "2024-01-01", "target_date": "2023-01-01"}, "is not after baseline_date"),
        (Target, {**TARGET, "superseded_by": "nothing"}, "no entry 'nothing'"),
        (Attribution, {**SHARES, "shares": [SHARE]}, "adds up to 0.5, not to 1"),
        (Attribution, {**SHARES, "shares": [SHARE, SHARE]}, "named twice"),
        (Attribution, {**SHARES, "shares": [{**SHARE, "alpha": "1", "basis": "equal split"}]}, "low confidence"),
        (Programme, PROGRAMME, "needs a fact of kind evidence"),
        (Programme, {**PROGRAMME, "state": "on_track", "promised_by": "2020-01-01"}, "had passed"),
        (Programme, {**PROGRAMME, "state": "done"}, "code list programme_states"),
        (Reason, {"id": "r", "kind": "event", "title": "R", "text": "r", "start": "2024-01-02", "end": "2024-01-01", "source": SOURCE}, "is before start"),
        (Judgement, {"id": "other"}, "differs from the file's name"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_its_file(
    tmp_path: Path, model: type[Entry], entry: dict[str, object], words: str
) -> None:
    if model is Judgement:
        entry = {
            "id": "other", "publisher": "p", "area": "1.1", "assessor": "A", "date": "2024-01-01", "rating": "G",
            "evidence": "seen", "source": SOURCE,
        }  # fmt: skip
    stem = str(entry["id"]) if model is not Judgement else "j"
    (tmp_path / f"{stem}.yaml").write_text(yaml.safe_dump(entry), encoding="utf-8")
    with pytest.raises(RegistryError, match=re.escape(words)):
        load_register("any", model, tmp_path)
