"""A folder kept in step with what the replay server offers: complete, incremental, and never the worse for a failure."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sources.errors import UsageError
from sources.fetch import FetchSettings
from sources.inputs import NotHadError
from sources.live import LiveSource, Synced, Wish, sync
from sources.places import Places
from sources.publisher import Publisher
from sources.registry import Registry, load_registry

TODAY = date(2026, 11, 25)
SLUGS = {"hm-treasury": "hm-treasury", "home-office": "home-office"}
HEAD = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"


@pytest.fixture
def offered(corpora: Any, serve: Any, tmp_path: Path) -> Any:
    """Seven files for each of two publishers, in every shape that pages take; and the same laid out by hand."""
    for folder in SLUGS:
        for number in range(7):
            path = tmp_path / "spend" / folder / f"{folder}-list-{number}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{HEAD}A,A,01/01/2014,Rent,B,Acme Ltd,{number},25000.00\n", encoding="ascii")
    return serve(corpora.from_folder(tmp_path / "spend", SLUGS, tmp_path / "corpus", tmp_path / "hand"))


def _sync(
    host: Any,
    root: Path,
    *,
    registry: Registry | None = None,
    since: date | None = None,
    today: date = TODAY,
    **more: Any,
) -> Synced:
    only = () if registry else tuple(SLUGS)
    settings = FetchSettings(**host.settings(**more))
    return sync(root, registry or load_registry(), {}, settings, today=today, wish=Wish(only, since))


def _manifest(root: Path) -> list[tuple[str, ...]]:
    columns = ("path", "source_url", "published", "title", "page_title")
    with (root / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        return sorted(tuple(row[name] for name in columns) for row in csv.DictReader(lines))


def _bytes(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted((root / "spend").rglob("*.csv"))}


def _asked(host: Any, part: str = "/media/") -> list[str]:
    return [one[0] for one in host.log() if part in one[0]]


def _edit(base_path: str, change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def edit(held: dict[str, Any]) -> None:
        change(next(one for one in held["documents"] if one["base_path"] == base_path))

    return edit


def test_the_folder_is_the_mirror_that_a_careful_person_would_have_laid_out(offered: Any, tmp_path: Path) -> None:
    synced = _sync(offered, tmp_path / "mirror")
    assert (synced.held, synced.new, synced.problems) == (14, 14, [])
    assert _manifest(tmp_path / "mirror") == _manifest(tmp_path / "hand")
    assert _bytes(tmp_path / "mirror") == _bytes(tmp_path / "hand")


def test_a_second_look_asks_for_no_document_and_no_file(offered: Any, tmp_path: Path) -> None:
    _sync(offered, tmp_path / "mirror")
    before = (tmp_path / "mirror" / "manifest.csv").stat().st_mtime_ns
    offered.log()
    again = _sync(offered, tmp_path / "mirror")
    assert (again.held, again.new, again.changed) == (14, 0, 0)
    asked = offered.log()
    assert {one[0] for one in asked} == {"/api/search.json"}
    assert {one[1] for one in asked} == {304}
    assert (tmp_path / "mirror" / "manifest.csv").stat().st_mtime_ns == before


def test_after_some_days_everything_is_asked_for_again_and_nothing_is_sent_again(offered: Any, tmp_path: Path) -> None:
    _sync(offered, tmp_path / "mirror")
    offered.log()
    again = _sync(offered, tmp_path / "mirror", today=date(2026, 12, 25))
    assert (again.new, again.changed) == (0, 0)
    log = [one for one in offered.log() if one[0] != "/robots.txt"]
    assert len([one for one in log if "/media/" in one[0]]) == 14
    assert {one[1] for one in log} == {304}


def test_a_changed_file_takes_the_place_of_the_earlier_one(offered: Any, tmp_path: Path) -> None:
    _sync(offered, tmp_path / "mirror")
    changed = tmp_path / "spend" / "hm-treasury" / "hm-treasury-list-0.csv"
    changed.write_text(f"{HEAD}A,A,01/01/2014,Rent,B,Acme Ltd,0,26000.00\n", encoding="ascii")
    again = _sync(offered, tmp_path / "mirror", today=date(2026, 12, 25))
    assert (again.new, again.changed) == (0, 1)
    assert "26000.00" in (tmp_path / "mirror/spend/hm-treasury/hm-treasury-list-0.csv").read_text(encoding="ascii")


def test_a_withdrawn_page_takes_its_files_out_and_they_are_kept_aside(offered: Any, tmp_path: Path) -> None:
    _sync(offered, tmp_path / "mirror")
    notice = {"explanation": "<p>Mistaken.</p>", "withdrawn_at": "2026-11-24T10:00:00Z"}
    page = "/government/publications/hm-treasury-spend-2014-01"
    offered.change(_edit(page, lambda one: one.update(withdrawn_notice=notice)))
    again = _sync(offered, tmp_path / "mirror")
    assert (again.held, again.withdrawn, again.problems) == (13, 1, [])
    assert "spend/hm-treasury/hm-treasury-list-0.csv" not in _bytes(tmp_path / "mirror")
    assert (tmp_path / "mirror/withdrawn/spend/hm-treasury/hm-treasury-list-0.csv").is_file()
    left = [one for found in again.found for one in found.offers if page in one.page]
    assert [one.why for one in left] == ["withdrawn on 2026-11-24: Mistaken."]


def test_one_publishers_failure_stops_no_other_and_moves_nothing_back(offered: Any, tmp_path: Path) -> None:
    _sync(offered, tmp_path / "mirror")
    before = _manifest(tmp_path / "mirror")
    offered.fault(("organisations=home-office", "broken", 99))
    again = _sync(offered, tmp_path / "mirror", today=date(2026, 12, 25))
    assert again.failed == ["home-office"]
    assert again.problems[0].startswith("home-office: could not be looked at, so it stays as it was. ")
    assert _manifest(tmp_path / "mirror") == before
    assert again.held == 14


def test_a_document_that_is_broken_is_named_and_what_it_said_before_stands(offered: Any, tmp_path: Path) -> None:
    _sync(offered, tmp_path / "mirror")
    page = "/government/publications/hm-treasury-spend-2014-01"
    offered.change(_edit(page, lambda one: one.update(details={"body": 5}, public_updated_at="2026-11-25T09:00:00Z")))
    again = _sync(offered, tmp_path / "mirror")
    [problem] = again.problems
    assert problem.endswith(
        f"{page}: not as relied on: details.body.str: Input should be a valid string; details.body.tuple[Rendered, ...]: Input should be a valid array; what was seen of it before stands"
    )
    assert again.held == 14


def test_a_file_that_cannot_be_had_is_listed_with_the_reason(offered: Any, tmp_path: Path) -> None:
    offered.fault(("hm-treasury-list-0", "private", 99), ("home-office-list-1", "gone", 99))
    synced = _sync(offered, tmp_path / "mirror")
    assert synced.held == 12
    assert any(
        "refused: it redirects from a safe connection to an unsafe one, http://10.0.0.1/" in one
        for one in synced.problems
    )
    source = LiveSource(tmp_path / "mirror", is_known=lambda _one: True)
    assert len(list(source.distributions())) == 14
    reasons = {}
    for one in source.distributions():
        try:
            source.fetch(one)
        except NotHadError as error:
            reasons[one.file_name] = error.reason
    assert reasons == {"hm-treasury-list-0.csv": "address_refused", "home-office-list-1.csv": "no_access"}


def test_since_fetches_later_months_and_leaves_what_is_there(offered: Any, tmp_path: Path) -> None:
    some = _sync(offered, tmp_path / "mirror", since=date(2014, 5, 1))
    assert some.held == 6
    assert _sync(offered, tmp_path / "mirror").held == 14
    assert _sync(offered, tmp_path / "mirror", since=date(2014, 5, 1)).held == 14


def test_files_of_one_name_lie_apart_whatever_the_order(offered: Any, corpora: Any, tmp_path: Path) -> None:
    def same_names(held: dict[str, Any]) -> None:
        for number, one in enumerate(held["documents"]):
            for attachment in one["details"].get("attachments", []):
                if attachment["url"].endswith(".csv"):
                    attachment["filename"] = "Spend.csv" if number % 2 else "spend.csv"

    offered.change(same_names)
    one_go = _sync(offered, tmp_path / "one")
    _sync(offered, tmp_path / "two", since=date(2014, 5, 1))
    _sync(offered, tmp_path / "two")
    assert one_go.held == 14
    assert _manifest(tmp_path / "one") == _manifest(tmp_path / "two")
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_a_name_that_is_a_path_stays_in_its_folder(offered: Any, tmp_path: Path) -> None:
    page = "/government/publications/hm-treasury-spend-2014-01"

    def hostile(one: dict[str, Any]) -> None:
        one["details"]["attachments"][0]["filename"] = "../../../../outside.csv"

    offered.change(_edit(page, hostile))
    assert _sync(offered, tmp_path / "mirror").held == 14
    assert (tmp_path / "mirror/spend/hm-treasury/outside.csv").is_file()
    assert list(tmp_path.rglob("outside.csv")) == [tmp_path / "mirror/spend/hm-treasury/outside.csv"]


def test_a_run_that_is_killed_anywhere_is_gone_on_with(offered: Any, tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import date; from pathlib import Path; from sources.fetch import FetchSettings;"
        "from sources.live import Wish, sync; from sources.registry import load_registry;"
        f"sync(Path({str(tmp_path / 'mirror')!r}), load_registry(), {{}}, FetchSettings(), today=date(2026, 11, 25),"
        f"wish=Wish({tuple(SLUGS)!r}))"
    )
    environment = offered.environment(PUBLICVALUE_FETCH_CONCURRENCY="1", PUBLICVALUE_FETCH_RATE="40")
    journal = tmp_path / "mirror/.publicvalue/files.jsonl"
    offered.log()
    for wanted in (1, 4, 8):
        with subprocess.Popen(
            [sys.executable, "-c", program], env=environment, cwd=Path(__file__).parents[2]
        ) as process:
            until = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < until:
                if journal.exists() and journal.read_bytes().count(b'"has_bytes":true') >= wanted:
                    os.kill(process.pid, signal.SIGKILL)
                    break
                time.sleep(0.005)
    _sync(offered, tmp_path / "mirror")
    assert _manifest(tmp_path / "mirror") == _manifest(tmp_path / "hand")
    assert _bytes(tmp_path / "mirror") == _bytes(tmp_path / "hand")
    # At most the file under way is asked for twice in each of the three runs that were killed.
    assert len(_asked(offered)) <= 14 + 3


def test_a_folder_that_somebody_else_filled_is_not_touched(offered: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds files that were not fetched by this command"):
        _sync(offered, tmp_path / "hand")


def test_ten_thousand_results_are_paged_through(corpora: Any, serve: Any, tmp_path: Path) -> None:
    day = date(2014, 3, 1)
    documents = [
        corpora.document(f"/government/publications/meetings-{number}", "Meetings", "hm-treasury", day)
        for number in range(10_000)
    ]
    url = corpora.asset("hm-treasury", "spend.csv")
    (tmp_path / "spend.csv").write_text(HEAD, encoding="ascii")
    documents.append(corpora.document("/government/publications/z", "Spend over £25,000: May 2013", "hm-treasury", date(2013, 7, 1),
                                      attachments=[corpora.attachment(url, "Spend")]))  # fmt: skip
    host = serve(corpora.write(tmp_path / "corpus", documents, {url: tmp_path / "spend.csv"}))
    synced = sync(
        tmp_path / "mirror",
        load_registry(),
        {},
        FetchSettings(**host.settings()),
        today=TODAY,
        wish=Wish(("hm-treasury",)),
    )
    assert (synced.held, synced.problems) == (1, [])
    assert len(_asked(host, "/api/search.json")) == 11


def test_a_collection_is_opened_and_its_withdrawn_documents_left(corpora: Any, serve: Any, tmp_path: Path) -> None:
    (tmp_path / "spend.csv").write_text(HEAD, encoding="ascii")
    day, slug = date(2014, 7, 1), "hm-treasury"
    named = {name: corpora.asset(slug, f"{name}.csv") for name in ("april-2014", "may-2014", "june-2014")}
    pages = [
        # Of a type that search is not asked for, with titles that say nothing: only the collection leads to them.
        corpora.document(f"/government/statistical-data-sets/{name}", name, slug, day, document_type="statistical_data_set",
                         attachments=[corpora.attachment(url, name)])
        for name, url in named.items()
    ]  # fmt: skip
    linked = [
        {
            "base_path": one["base_path"],
            "content_id": one["content_id"],
            "title": one["title"],
            "locale": "en",
            "public_updated_at": one["public_updated_at"],
        }
        for one in pages
    ]
    linked[2]["withdrawn"] = True
    collection = corpora.document(
        "/government/collections/spend", "HM Treasury spend over £25,000", slug, day, document_type="document_collection",
        collection_groups=[{"title": "2014", "documents": [linked[1]["content_id"], linked[0]["content_id"]]}], links={"documents": linked},
    )  # fmt: skip
    files = dict.fromkeys(named.values(), tmp_path / "spend.csv")
    host = serve(corpora.write(tmp_path / "corpus", [collection, *pages], files))
    synced = sync(
        tmp_path / "mirror", load_registry(), {}, FetchSettings(**host.settings()), today=TODAY, wish=Wish((slug,))
    )
    assert sorted(_bytes(tmp_path / "mirror")) == ["spend/hm-treasury/april-2014.csv", "spend/hm-treasury/may-2014.csv"]
    assert [one.why for one in synced.found[0].offers if not one.is_taken] == ["withdrawn"]
    host.log()
    again = sync(
        tmp_path / "mirror", load_registry(), {}, FetchSettings(**host.settings()), today=TODAY, wish=Wish((slug,))
    )
    assert again.held == 2
    assert _asked(host, "/") == ["/api/search.json", "/api/content/government/collections/spend"]


def test_a_councils_page_is_read_by_its_pattern_and_its_loss_is_doubted(
    corpora: Any, serve: Any, tmp_path: Path
) -> None:
    (tmp_path / "spend.csv").write_text(HEAD, encoding="ascii")
    names = [f"payments-{month}-2024.csv" for month in ("april", "may", "june")]
    links = "".join(f'<a href="/files/{name}">List</a>' for name in [*names, "bins.csv"])
    files = {f"/files/{name}": tmp_path / "spend.csv" for name in [*names, "bins.csv", "declared.csv"]}
    host = serve(corpora.write(tmp_path / "corpus", [], files, pages={"/spending": links}))
    places = Places(
        index_pages=(f"{host.address}/spending",),
        link_pattern=r"payments-\w+-20\d\d",
        addresses=(f"{host.address}/files/declared.csv",),
    )
    council = Publisher(id="any-council", name="Any Council", kind="council", family="district_council", sources=places)
    assert _sync(host, tmp_path / "mirror", registry=Registry([council])).held == 4
    assert sorted(_bytes(tmp_path / "mirror")) == sorted(
        f"spend/any-council/{name}" for name in [*names, "declared.csv"]
    )
    host.change(lambda held: held.update(pages={"/spending": "<p>We have a new web site.</p>"}))
    again = _sync(host, tmp_path / "mirror", registry=Registry([council]))
    assert again.held == 4
    [problem] = again.problems
    assert problem.startswith(f"{host.address}/spending: links to 0 of the 3 files held from it; they are kept.")
