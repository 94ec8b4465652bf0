"""Whatever stands in a file, it is read or its problems are told; nothing is raised."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.publisher import Publisher
from sources.written_yaml import read_model

GOOD = "id: a-b\nname: A\nkind: agency\nfamily: other\nduty_start: 2020-01-01\nthresholds:\n  - {series: unknown, from: 2020-01-01, amount_gbp: 1}\n"


@given(content=st.binary(max_size=200) | st.text(alphabet=":-[]{}#&*!|>'\"\n abc0129.", max_size=120).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_any_content_is_read_or_explained(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a-b.yaml"
    path.write_bytes(content)
    problems: list[str] = []
    assert (read_model(path, problems, Publisher.model_validate) is None) == bool(problems)


@given(place=st.integers(0, len(GOOD) - 1), put=st.sampled_from(list("\t:-[]{}#&*!'\"\n9z")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_a_good_entry_with_one_character_changed_is_read_or_explained(tmp_path: Path, place: int, put: str) -> None:
    path = tmp_path / "a-b.yaml"
    path.write_text(GOOD[:place] + put + GOOD[place + 1 :], encoding="utf-8")
    problems: list[str] = []
    read = read_model(path, problems, Publisher.model_validate)
    assert (read is None) == bool(problems)
    assert all(problem.startswith(f"{path}: ") for problem in problems)


def test_problems_name_the_line_where_the_parser_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("id: a\nname: [open\nkind: agency\n", encoding="utf-8")
    problems: list[str] = []
    assert read_model(path, problems, Publisher.model_validate) is None
    assert problems[0].startswith(f"{path}: line 3: no valid YAML")


def test_a_good_entry_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a-b.yaml"
    path.write_text(GOOD, encoding="utf-8")
    problems: list[str] = []
    read = read_model(path, problems, Publisher.model_validate)
    assert read is not None
    assert (read.id, problems) == ("a-b", [])


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    problems: list[str] = []
    assert read_model(tmp_path / "none.yaml", problems, Publisher.model_validate) is None
    assert "cannot be read" in problems[0]
