"""A page that puts a file at a new address has revised it; one that shows another month has not."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sources.fetch import FetchSettings
from sources.live import LiveSource, Synced, Wish, sync
from sources.registry import load_registry

TODAY = date(2026, 11, 25)
PAGE = "/government/publications/spend-2014"


class Place:
    """One page of HM Treasury, whose attachments (address part, title) a test changes."""

    def __init__(self, corpora: Any, serve: Any, root: Path, title: str) -> None:
        self.corpora, self.root, self.title = corpora, root / "mirror", title
        self.files = root / "files"
        self.files.mkdir()
        self.host = serve(corpora.write(root / "corpus", [], {}))

    def show(self, *attachments: tuple[str, str]) -> Synced:
        """The page as it is from now on, and a sync."""
        listed, files = [], {}
        for name, title in attachments:
            path = self.files / name.replace("/", "-")
            path.write_text(f"Supplier,Amount\n{name},25000.00\n", encoding="ascii")
            url = f"{self.corpora.ASSETS}/media/{name}"
            listed.append(self.corpora.attachment(url, title))
            files[f"/media/{name}"] = str(path)
        page = self.corpora.document(PAGE, self.title, "hm-treasury", date(2014, 7, 1), attachments=listed)
        page["public_updated_at"] = f"2026-11-25T09:{len(listed)}0:0{sum(map(len, files)) % 10}Z"
        self.host.change(lambda held: held.update(documents=[page], files=files))
        return self.sync()

    def sync(self, **more: Any) -> Synced:
        settings = FetchSettings(**self.host.settings(discover_recheck_days=0, **more))
        return sync(self.root, load_registry(), {}, settings, today=TODAY, wish=Wish(("hm-treasury",)))

    def ids(self) -> dict[str, str]:
        source = LiveSource(self.root, is_known=lambda _one: True)
        return {str(one.url).partition("/media/")[2]: one.distribution_id for one in source.distributions()}

    def content(self, name: str) -> str:
        source = LiveSource(self.root, is_known=lambda _one: True)
        [one] = [one for one in source.distributions() if str(one.url).endswith(f"/media/{name}")]
        return source.fetch(one).read_text(encoding="ascii")


@pytest.fixture
def place(corpora: Any, serve: Any, tmp_path: Path) -> Place:
    return Place(corpora, serve, tmp_path, "HM Treasury: spend over £25,000")


MAY, JUNE = ("1/data.csv", "May 2014"), ("2/data.csv", "June 2014")


def test_a_file_at_a_new_address_keeps_its_identity(place: Place) -> None:
    place.show(MAY, JUNE)
    before = place.ids()
    again = place.show(("9/corrected.csv", "May 2014 (revised)"), JUNE)
    assert (again.held, again.new, again.changed, again.withdrawn, again.problems) == (2, 0, 1, 0, [])
    assert place.ids() == {"9/corrected.csv": before["1/data.csv"], "2/data.csv": before["2/data.csv"]}
    assert place.content("9/corrected.csv") == "Supplier,Amount\n9/corrected.csv,25000.00\n"
    third = place.show(("8/data.csv", "May 2014"), JUNE)
    assert (third.new, third.changed) == (0, 1)
    assert place.ids()["8/data.csv"] == before["1/data.csv"]


def test_a_page_that_shows_only_the_latest_month_has_not_revised_the_one_before(place: Place) -> None:
    place.show(MAY)
    before = place.ids()
    again = place.show(JUNE)
    assert (again.new, again.changed, again.withdrawn) == (1, 0, 1)
    assert set(place.ids().values()).isdisjoint(before.values())


def test_without_a_period_nobody_can_say_that_it_is_the_same_list(place: Place) -> None:
    place.show(("1/data.csv", "Data"))
    again = place.show(("2/data.csv", "Data"))
    assert (again.new, again.changed, again.withdrawn) == (1, 0, 1)


def test_a_card_list_does_not_take_the_place_of_the_list_over_the_threshold(place: Place) -> None:
    place.show(("1/data.csv", "Spend over £25,000, May 2014"))
    again = place.show(("2/data.csv", "Government procurement card spend, May 2014"))
    assert (again.new, again.changed, again.withdrawn) == (1, 0, 1)


def test_two_candidates_are_told_apart_by_title_or_not_at_all(place: Place) -> None:
    core, agency = ("1/a.csv", "Core department, May 2014"), ("2/b.csv", "Debt office, May 2014")
    place.show(core, agency)
    before = place.ids()
    place.show(("3/a.csv", "Debt office, May 2014"), ("4/x.csv", "Core department, May 2014"))
    assert place.ids() == {"3/a.csv": before["2/b.csv"], "4/x.csv": before["1/a.csv"]}
    unclear = place.show(("5/p.csv", "One, May 2014"), ("6/q.csv", "Other, May 2014"))
    assert (unclear.new, unclear.changed, unclear.withdrawn) == (2, 0, 2)


def test_an_earlier_address_that_is_offered_again_is_a_file_of_its_own(place: Place) -> None:
    place.show(MAY)
    first = place.ids()["1/data.csv"]
    place.show(("3/data.csv", "May 2014"))
    place.show(MAY, ("3/data.csv", "May 2014"))
    assert place.ids()["1/data.csv"] == first
    assert len(set(place.ids().values())) == 2


def test_where_the_new_address_cannot_be_had_the_earlier_file_stands_and_is_tried_again(place: Place) -> None:
    place.show(MAY, JUNE)
    before = place.ids()
    place.host.fault(("/media/9/", "broken", 3))
    failed = place.show(("9/new-name.csv", "May 2014"), JUNE)
    assert [one.partition(": ")[0] for one in failed.problems] == ["hm-treasury"]
    assert (failed.held, failed.withdrawn) == (2, 0)
    assert place.ids() == before
    assert place.content("1/data.csv") == "Supplier,Amount\n1/data.csv,25000.00\n"
    again = place.sync()
    assert (again.new, again.changed, again.withdrawn, again.problems) == (0, 1, 0, [])
    assert place.ids() == {"9/new-name.csv": before["1/data.csv"], "2/data.csv": before["2/data.csv"]}


def test_what_the_host_said_of_the_bytes_is_known(place: Place) -> None:
    place.show(MAY)
    source = LiveSource(place.root, is_known=lambda _one: True)
    [one] = source.distributions()
    said = source.headers(one)
    assert said["content-type"] == "text/csv"
    assert said["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert said["etag"].startswith('"')


def _searches(root: Path) -> set[tuple[str, ...]]:
    with (root / "searches.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["series"], row["month"], row["searched"]) for row in csv.DictReader(lines)}


def test_months_that_are_due_and_not_offered_were_searched_for(place: Place) -> None:
    place.show(MAY, ("2/june.pdf", "June 2014"), ("3/july.docx", "July 2014"))
    found = _searches(place.root)
    months = {month for series, month, _ in found if series == "spend_over_threshold"}
    assert {"2014-04", "2014-08", "2026-09"} <= months
    # May is held; June and July are there, if in a form that cannot be read; October is due on 30 November.
    assert months.isdisjoint({"2014-05", "2014-06", "2014-07", "2026-10"})
    # Nothing of cards was ever seen, so nobody says that they are missing.
    assert {series for series, *_ in found} == {"spend_over_threshold"}
    assert {day for *_, day in found} == {"2026-11-25"}


def test_the_first_day_on_which_it_was_not_there_stands(place: Place) -> None:
    place.show(MAY)
    before = _searches(place.root)
    settings = FetchSettings(**place.host.settings())
    sync(place.root, load_registry(), {}, settings, today=date(2026, 12, 24), wish=Wish(("hm-treasury",)))
    assert _searches(place.root) - before == {("spend_over_threshold", "2026-10", "2026-12-24")}
    assert before - _searches(place.root) == set()
    place.show(MAY, ("4/a.csv", "April 2014"))
    assert ("spend_over_threshold", "2014-04", "2026-11-25") not in _searches(place.root)


def test_a_look_that_was_not_whole_accuses_nobody(place: Place) -> None:
    place.show(MAY, ("2/undated.csv", "Data"))
    before = _searches(place.root)
    place.host.fault(("search.json", "broken", 3))
    later = date(2026, 12, 24)
    settings = FetchSettings(**place.host.settings())
    sync(place.root, load_registry(), {}, settings, today=later, wish=Wish(("hm-treasury",)))
    assert _searches(place.root) == before
    (place.root / "searches.csv").unlink()
    (place.root / "spend/hm-treasury/undated.csv").unlink()
    place.host.fault(("/media/2/", "gone", 1))  # for all that is known, it is the list of any month
    sync(place.root, load_registry(), {}, settings, today=later, wish=Wish(("hm-treasury",)))
    assert _searches(place.root) == set()


def test_a_page_that_may_be_the_list_keeps_its_month_from_being_called_missing(place: Place) -> None:
    place.show(MAY)
    assert ("spend_over_threshold", "2014-08", "2026-11-25") in _searches(place.root)
    other = place.corpora.document(
        "/government/publications/b", "Payments made in August 2014", "hm-treasury", date(2014, 9, 1)
    )
    gifts = place.corpora.document(
        "/government/publications/c", "Ministers' gifts, September 2014", "hm-treasury", date(2014, 10, 1)
    )
    place.host.change(lambda held: held["documents"].extend([other, gifts]))
    place.sync()
    months = {month for _, month, _ in _searches(place.root)}
    assert "2014-08" not in months
    assert "2014-09" in months
