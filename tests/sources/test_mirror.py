from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from sources.errors import UsageError
from sources.inputs import Distribution
from sources.mirror import MirrorSource


def _write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("amount\n1\n")


def _paths(source: MirrorSource) -> list[str]:
    return [one.path for one in source.distributions()]


def test_spending_and_outcomes_are_listed_in_order_of_path(tmp_path: Path) -> None:
    _write(tmp_path, "spend/b/x.csv", "spend/a/2021/y.csv", "outcomes/waits/z.csv", "README.md")
    source = MirrorSource(tmp_path)
    assert _paths(source) == ["outcomes/waits/z.csv", "spend/a/2021/y.csv", "spend/b/x.csv"]
    assert [(one.kind, one.publisher_id, one.dataset_id) for one in source.distributions()] == [
        ("outcome", "waits", "waits"),
        ("spend", "a", None),
        ("spend", "b", None),
    ]
    assert source.problems == []
    assert source.fetch(list(source.distributions())[1]) == tmp_path / "spend/a/2021/y.csv"


def test_the_manifest_gives_address_and_date(tmp_path: Path) -> None:
    _write(tmp_path, "spend/a/x.csv", "spend/a/y.csv")
    (tmp_path / "manifest.csv").write_text(
        "Path,role,source_url,published_date\n"
        "spend/a/x.csv,spend,https://example.org/x.csv,2024-05-31\n"
        "spend/a/y.csv,spend,,2024-06-30T09:30:00Z\n"
    )
    x, y = MirrorSource(tmp_path).distributions()
    assert (x.url, x.published_date) == ("https://example.org/x.csv", date(2024, 5, 31))
    assert (y.url, y.published_date) == (None, date(2024, 6, 30))


def test_manifest_values_that_cannot_be_used_are_told_with_line_and_column(tmp_path: Path) -> None:
    _write(tmp_path, "spend/a/x.csv")
    (tmp_path / "manifest.csv").write_text(
        "path,source_url,published\n"
        "spend/a/x.csv,javascript:alert(1),31/05/2024\n"
        "spend/a/x.csv,,\n"
        "spend/a/gone.csv,,\n"
        ",,\n"
    )
    source = MirrorSource(tmp_path)
    (x,) = source.distributions()
    assert (x.url, x.published_date) == (None, None)
    told = "\n".join(source.problems)
    assert "manifest.csv, line 2, column source_url" in told
    assert "manifest.csv, line 2, column published" in told
    assert "manifest.csv, line 3, column path: 'spend/a/x.csv' is listed twice" in told
    assert "line 5, column path: empty" in told
    assert "spend/a/gone.csv" in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"file,url\nx,y\n", "line 1: no column `path`"),
        (b"", "line 1: no column `path`"),
        (b"path\nspend/a/x.csv\nspend/a/caf\xe9.csv\n", "line 3: not UTF-8"),
    ],
)
def test_a_manifest_that_is_no_table_is_one_clear_error(tmp_path: Path, content: bytes, words: str) -> None:
    _write(tmp_path, "spend/a/x.csv")
    (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(UsageError, match="manifest") as caught:
        MirrorSource(tmp_path)
    assert words in str(caught.value)


def test_two_files_said_to_come_from_one_address_stay_two(tmp_path: Path) -> None:
    _write(tmp_path, "spend/a/x.csv", "spend/a/y.csv", "spend/a/z.csv")
    (tmp_path / "manifest.csv").write_text(
        "path,source_url\nspend/a/x.csv,https://example.org/page\nspend/a/y.csv,https://example.org/page\n"
        "spend/a/z.csv,https://example.org/z.csv\n"
    )
    x, y, z = MirrorSource(tmp_path).distributions()
    assert len({x.distribution_id, y.distribution_id, z.distribution_id}) == 3
    assert (x.is_address_shared, z.is_address_shared) == (True, False)


def test_links_that_leave_the_folder_are_refused_and_inner_ones_read(tmp_path: Path) -> None:
    root = tmp_path / "mirror"
    _write(root, "spend/a/x.csv")
    (tmp_path / "secret.csv").write_text("secret")
    (root / "spend/a/out.csv").symlink_to(tmp_path / "secret.csv")
    (root / "spend/a/in.csv").symlink_to("x.csv")
    (root / "spend/a/dead.csv").symlink_to("nothing.csv")
    (root / "spend/b").symlink_to(tmp_path)
    source = MirrorSource(root)
    assert _paths(source) == ["spend/a/in.csv", "spend/a/x.csv"]
    told = "\n".join(source.problems)
    assert "spend/a/out.csv: a link that leaves the folder" in told
    assert "spend/a/dead.csv: a link to nothing" in told
    assert "spend/b: a link to a folder" in told


def test_hidden_files_are_ignored_and_counted(tmp_path: Path) -> None:
    _write(tmp_path, "spend/a/x.csv", "spend/a/.DS_Store", "spend/.git/config")
    source = MirrorSource(tmp_path)
    assert _paths(source) == ["spend/a/x.csv"]
    assert source.hidden_files == 2


def test_a_name_that_is_not_utf8_is_readable_and_can_be_fetched(tmp_path: Path) -> None:
    _write(tmp_path, "spend/a/x.csv")
    strange = os.fsencode(tmp_path) + b"/spend/a/caf\xe9.csv"
    with open(strange, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(b"amount\n2\n")
    source = MirrorSource(tmp_path)
    first, _ = source.distributions()
    assert first.path == "spend/a/caf\\xe9.csv"
    assert source.fetch(first).read_bytes() == b"amount\n2\n"
    assert len(first.distribution_id) == 16


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    _write(tmp_path, "spend/a/x.csv")
    os.mkfifo(tmp_path / "spend/a/pipe.csv")
    source = MirrorSource(tmp_path)
    assert _paths(source) == ["spend/a/x.csv"]
    assert any("pipe.csv: no regular file" in problem for problem in source.problems)


def test_a_file_in_no_publishers_folder_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "spend/a/x.csv", "spend/loose.csv")
    source = MirrorSource(tmp_path)
    assert _paths(source) == ["spend/a/x.csv"]
    assert any("spend/loose.csv: stands in no publisher's folder" in problem for problem in source.problems)


def test_a_folder_called_spend_is_taken_for_the_mirrors_spend(tmp_path: Path) -> None:
    _write(tmp_path, "spend/a/x.csv")
    assert _paths(MirrorSource(tmp_path / "spend")) == ["spend/a/x.csv"]


def test_a_folder_of_publishers_is_read_where_one_is_known(tmp_path: Path) -> None:
    _write(tmp_path, "hm-treasury/x.csv", "other/y.csv")
    source = MirrorSource(tmp_path, is_known=lambda name: name == "hm-treasury")
    assert _paths(source) == ["spend/hm-treasury/x.csv", "spend/other/y.csv"]
    with pytest.raises(UsageError, match="found only hm-treasury, other"):
        MirrorSource(tmp_path)


def test_loose_files_are_one_publishers_named_like_the_folder(tmp_path: Path) -> None:
    _write(tmp_path, "HM Treasury/x.csv", "HM Treasury/y.csv")
    source = MirrorSource(tmp_path / "HM Treasury")
    assert _paths(source) == ["spend/hm-treasury/x.csv", "spend/hm-treasury/y.csv"]
    assert "one publisher, hm-treasury" in source.problems[0]


def test_wrong_places_are_one_clear_error(tmp_path: Path) -> None:
    _write(tmp_path, "file.csv")
    (tmp_path / "empty").mkdir()
    (tmp_path / "bare/spend/a").mkdir(parents=True)
    for place, words in [
        ("gone", "no such folder"),
        ("file.csv", "a file, not a folder"),
        ("empty", "the folder is empty; expected spend/<publisher>/<files>"),
        ("bare", "no files to read; expected spend/<publisher>/<files>"),
    ]:
        with pytest.raises(UsageError) as caught:
            MirrorSource(tmp_path / place)
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_manifest_gives_titles_and_the_first_address_by_which_a_file_is_known(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / "spend" / "x").mkdir(parents=True, exist_ok=True)
        (tmp_path / "spend" / "x" / name).write_text("A\n", encoding="ascii")
    (tmp_path / "manifest.csv").write_text(
        "path,source_url,title,page_title,first_url\n"
        'spend/x/a.csv,https://new.example/a.csv," May\n2014 ",Spend over 25k,https://old.example/a.csv\n'
        "spend/x/b.csv,https://old.example/a.csv,,,\n"
        "spend/x/c.csv,https://new.example/c.csv,,,javascript:x\n",
        encoding="utf-8",
    )
    source = MirrorSource(tmp_path)
    a, b, c = source.distributions()
    assert (a.title, a.page_title, a.first_url) == ("May 2014", "Spend over 25k", "https://old.example/a.csv")
    assert (b.title, c.first_url) == ("", None)
    # Two files cannot be one: where a manifest says so, the path tells them apart.
    assert len({one.distribution_id for one in (a, b, c)}) == 3
    assert any("first_url: 'javascript:x' is no http or https address" in one for one in source.problems)


def test_a_file_at_a_new_address_is_known_by_its_first_one() -> None:
    first = Distribution("x", "spend/x/a.csv", url="https://old.example/a.csv")
    later = Distribution(
        "x", "spend/x/a-v2.csv", url="https://new.example/a.csv", first_url="https://old.example/a.csv"
    )
    assert later.distribution_id == first.distribution_id
