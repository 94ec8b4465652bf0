"""What was seen of pages, and the account of fetched files: kept whole, and never a reason to fail."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sources.fetched_files import Account, Fetched, paths_for, write_manifest
from sources.memory import Memory, Seen

TODAY = date(2026, 11, 25)


def _file(address: str, name: str = "a.csv", **more: object) -> Fetched:
    return Fetched(address, "spend-x", "x", "spend", name, "https://www.gov.uk/page", **more)  # type: ignore[arg-type]


def test_what_was_seen_is_there_again(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "x.json", {"content:/a": Seen("tag", None, "2026", "2026-11-24", "{}")})
    memory.save()
    assert Memory.at(tmp_path / "x.json") == memory


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1, "pages": {}}', '{"version": 2, "pages": {"a": {"no": 1}}}']
)
def test_a_memory_that_cannot_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="ascii")
    assert Memory.at(tmp_path / "x.json").pages == {}


@pytest.mark.parametrize(
    ("timestamp", "checked", "content", "fresh"),
    [
        ("T1", "2026-11-24", "{}", True),
        ("T2", "2026-11-24", "{}", False),  # the page has announced a change
        ("", "2026-11-24", "{}", False),  # it does not say when it changed
        ("T1", "2026-11-18", "{}", False),  # asked for too long ago
        ("T1", "", "{}", False),
        ("T1", "2026-11-24", None, False),
    ],
)
def test_a_page_is_asked_for_again_when_it_may_have_changed(
    timestamp: str, checked: str, content: object, fresh: bool
) -> None:
    assert Seen(None, None, "T1", checked, content).is_fresh(timestamp, TODAY, 7) is fresh


def test_a_torn_line_of_the_account_is_left_out_and_not_continued(tmp_path: Path) -> None:
    account = Account.at(tmp_path / "files.jsonl")
    account.note(_file("https://a", has_bytes=True))
    with account.path.open("ab") as journal:
        journal.write(b'{"address": "https://b", "fin')
    again = Account.at(tmp_path / "files.jsonl")
    assert list(again.files) == ["https://a"]
    again.note(_file("https://c"))
    assert list(Account.at(tmp_path / "files.jsonl").files) == ["https://a", "https://c"]


def test_names_that_differ_in_case_alone_lie_apart() -> None:
    paths = paths_for(
        [_file("https://a/1", "Spend.csv"), _file("https://a/2", "spend.CSV"), _file("https://a/3", "other.csv")]
    )
    assert paths["https://a/3"] == "spend/x/other.csv"
    assert paths["https://a/1"].endswith("/Spend.csv")
    assert len({path.casefold() for path in paths.values()}) == 3


def test_the_manifest_lists_files_and_what_could_not_be_had(tmp_path: Path) -> None:
    files = [
        _file("https://a", path="spend/x/a.csv", has_bytes=True, published="2014-07-01"),
        _file("https://b", path="spend/x/b.csv", reason="address_refused", detail='refused, "10.0.0.1"'),
        _file("https://c", path="spend/x/c.csv"),  # never asked for
    ]
    assert write_manifest(tmp_path / "manifest.csv", files)
    assert not write_manifest(tmp_path / "manifest.csv", files)
    assert (tmp_path / "manifest.csv").read_text(encoding="utf-8").splitlines() == [
        "path,source_url,published,title,page_title,first_url,page,reason,detail",
        "spend/x/a.csv,https://a,2014-07-01,,,,https://www.gov.uk/page,,",
        'spend/x/b.csv,https://b,,,,,https://www.gov.uk/page,address_refused,"refused, ""10.0.0.1"""',
    ]
