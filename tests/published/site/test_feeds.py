"""The feeds of a site whose second release brought a file, findings and a hostile name."""

from __future__ import annotations

import asyncio
import html
import shutil
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from published.changed_publishers import changed_publishers, overdue
from published.serve import open_release
from published.site.atom import Author, Entry, Feed, atom
from published.standing import Standing, write_standing

if TYPE_CHECKING:
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"


def ask(release: Path, path: str, **options: Any) -> httpx.Response:
    app = open_release(release, address="https://site.test", **options).app

    async def request() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return await client.get(path)

    return asyncio.run(request())


def read(response: httpx.Response) -> ET.Element:
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 - made by ourselves


def text(element: ET.Element, *path: str) -> str:
    found = element.find("/".join(ATOM + name for name in path))
    assert found is not None
    return found.text or ""


def test_the_feed_of_the_whole_tells_each_release_newest_first(second: Path) -> None:
    feed = read(ask(second, "/feed.atom", corrections="mailto:data@example.org?subject=x"))
    assert text(feed, "title") == "Releases of Public Value – SAMPLE DATA, invented"
    assert [text(feed, "author", name) for name in ("name", "uri", "email")] == [
        "Public Value", "https://site.test", "data@example.org",
    ]  # fmt: skip
    entries = feed.findall(f"{ATOM}entry")
    assert [text(entry, "title") for entry in entries] == ["Release 1.1.0", "Release 1.0.0"]
    assert datetime.fromisoformat(text(feed, "updated")).tzinfo is not None
    assert text(feed, "updated") == text(entries[0], "updated")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": "https://site.test/feed.atom", "alternate": "https://site.test/releases"}
    assert "<li>Transactions: 1 corrected</li>" in text(entries[0], "content")
    ids = [text(feed, "id"), *(text(entry, "id") for entry in entries)]
    assert len(set(ids)) == 3
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_a_publishers_feed_tells_its_lists_files_and_findings_and_a_name_stays_text(second: Path) -> None:
    feed = read(ask(second, "/departments/dept-of-kites/feed.atom"))
    (entry,) = feed.findall(f"{ATOM}entry")
    assert (
        text(entry, "title") == "Department of Kites (sample), release 1.1.0: 2 new or replaced files, 3 new findings"
    )
    said = text(entry, "content")
    assert "<li>June 2024 (purchasing cards)</li>" in said
    assert "&lt;b&gt;June&lt;/b&gt; &amp; [U+0007].csv" in said
    assert "<p>1 file replaced under the same address.</p>" in said
    assert "<p>Payment lines: 1 corrected.</p>" in said
    assert said.index("2 errors: Every line &lt;names&gt; a supplier") < said.index("1 advice: Every line has a date")
    assert "<li>May 2024: missing</li>" in said


def test_ids_and_times_stay_when_the_next_release_is_served(second: Path) -> None:
    def first_release(release: Path) -> tuple[str, str]:
        entry = read(ask(release, "/feed.atom")).findall(f"{ATOM}entry")[-1]
        return text(entry, "id"), text(entry, "updated")

    assert first_release(second) == first_release(second.with_name("1.0.0"))


def test_what_is_newer_than_the_release_served_is_not_told_and_what_was_held_before_it_says_so(
    second: Path, tmp_path: Path
) -> None:
    titles = [text(one, "title") for one in read(ask(second.with_name("1.0.0"), "/feed.atom")).findall(f"{ATOM}entry")]
    assert titles == ["Release 1.0.0"]
    channel = tmp_path / "releases" / "sample"
    shutil.copytree(second.parent, channel, symlinks=True)
    write_standing(channel, Standing(held={"1.0.0": ["its totals fall"]}))
    entries = read(ask(channel / "1.1.0", "/feed.atom")).findall(f"{ATOM}entry")
    assert ["was held for approval" in text(entry, "content") for entry in entries] == [False, True]


def test_a_publisher_of_whom_nothing_changed_has_an_empty_feed_and_an_unknown_one_none(second: Path) -> None:
    feed = read(ask(second.with_name("1.0.0"), "/departments/dept-of-kites/feed.atom"))
    assert feed.findall(f"{ATOM}entry") == []
    assert text(feed, "updated")
    assert ask(second, "/departments/nobody/feed.atom").status_code == 404


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", "/feed.atom"),
        ("/releases", "/feed.atom"),
        ("/departments/dept-of-kites", "/departments/dept-of-kites/feed.atom"),
    ],
)
def test_pages_lead_to_their_feed(second: Path, page: str, feed: str) -> None:
    shown = ask(second, page).text
    assert f'<link rel="alternate" type="application/atom+xml" title="What changed" href="{feed}">' in shown
    assert f'<a href="{feed}">' in shown


def test_text_that_xml_cannot_hold_is_replaced_and_the_rest_escaped() -> None:
    entry = Entry(
        "urn:x", "a\x00<b>\ud800&\uffff", "2024-07-01T00:00:00+00:00", "https://site.test/?a&b", "<p>&lt;</p>"
    )
    feed = Feed(
        "urn:y",
        "t",
        "s",
        "2024-07-01T00:00:00+00:00",
        "https://site.test/f",
        "https://site.test",
        Author("n"),
        "r",
        [entry],
    )
    read_back = ET.fromstring(atom(feed)).find(f"{ATOM}entry")  # noqa: S314 - made by ourselves
    assert read_back is not None
    assert text(read_back, "title") == "a\ufffd<b>\ufffd&\ufffd"
    assert html.unescape(text(read_back, "content")) == "<p><</p>"


def test_months_that_have_come_to_be_missing_are_overdue(second: Path) -> None:
    assert overdue(changed_publishers(second)) == [("dept-of-kites", date(2024, 5, 1), "missing")]
    assert overdue(changed_publishers(second.with_name("1.0.0"))) == []


def test_new_findings_of_a_publisher_are_counted_by_rule_the_gravest_first(second: Path) -> None:
    assert changed_publishers(second)["dept-of-kites"].findings == {
        "added": [("error", "Every line <names> a supplier", 2), ("advice", "Every line has a date", 1)]
    }


def test_rules_have_the_titles_of_the_release_asked_or_else_their_ids(second: Path) -> None:
    found = changed_publishers(second, titles_of=second.with_name("1.0.0"))["dept-of-kites"].findings
    assert found["added"] == [("error", "named", 2), ("advice", "dated", 1)]
