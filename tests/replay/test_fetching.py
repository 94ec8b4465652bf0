"""The fetcher against a host that misbehaves: over real HTTP, on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sources.fetch import Downloaded, Fetcher, FetchError, FetchSettings, GoneError, RefusedError, Validators
from sources.fetch.errors import NotAllowedError, PassingError, TooLargeError
from sources.fetch.hosts import Host
from sources.fetch.replies import NONE, retry_after

CONTENT = b"Department,Amount\n" + b"Kites,25000.00\n" * 4000
FILE = "/media/1/spend.csv"


@pytest.fixture
def host(corpora: Any, serve: Any, tmp_path: Path) -> Any:
    (tmp_path / "spend.csv").write_bytes(CONTENT)
    pages = {"/page": "<a href='/x.csv'>x</a>"}
    return serve(
        corpora.write(
            tmp_path / "corpus",
            [],
            {FILE: tmp_path / "spend.csv"},
            pages=pages,
            robots="User-agent: *\nDisallow: /private/\n",
        )
    )


def _with(host: Any, work: Callable[[Fetcher], Awaitable[Any]], **more: Any) -> Any:
    async def go() -> Any:
        async with Fetcher(FetchSettings(**host.settings(**more))) as fetcher:
            return await work(fetcher)

    return asyncio.run(go())


def _download(host: Any, folder: Path, *, validators: Validators = NONE, keep: bool = False, **more: Any) -> Downloaded:
    return _with(
        host,
        lambda fetcher: fetcher.download(
            host.address + FILE, folder / "in", folder / "out.csv", validators, keep_unless=keep
        ),
        **more,
    )


def _statuses(host: Any) -> list[int]:
    return [one[1] for one in host.log() if one[0] == FILE]


def test_a_file_comes_whole_and_is_not_sent_again_while_it_is_the_same(host: Any, tmp_path: Path) -> None:
    first = _download(host, tmp_path)
    assert (tmp_path / "out.csv").read_bytes() == CONTENT
    assert _download(host, tmp_path, validators=first.validators).is_unchanged
    assert _statuses(host) == [200, 304]
    assert list((tmp_path / "in").iterdir()) == []


@pytest.mark.parametrize("kind", ["busy", "broken", "cut", "wrong_length"])
def test_passing_trouble_is_tried_again(host: Any, tmp_path: Path, kind: str) -> None:
    host.fault((FILE, kind, 1))
    _download(host, tmp_path)
    assert (tmp_path / "out.csv").read_bytes() == CONTENT


def test_a_file_that_broke_off_is_gone_on_with_in_a_later_run(host: Any, tmp_path: Path) -> None:
    host.fault((FILE, "cut", 1))
    with pytest.raises(PassingError, match="broke off before its end"):
        _download(host, tmp_path, fetch_attempts=1)
    assert not (tmp_path / "out.csv").exists()
    _download(host, tmp_path)
    asked = [one for one in host.log() if one[0] == FILE]
    assert [one[1] for one in asked] == [200, 206]
    assert asked[1][2] == f"bytes={len(CONTENT) // 2}-"
    assert (tmp_path / "out.csv").read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_is_not_put_together_from_two(host: Any, tmp_path: Path) -> None:
    host.fault((FILE, "cut", 1))
    with pytest.raises(PassingError):
        _download(host, tmp_path, fetch_attempts=1)
    (tmp_path / "spend.csv").write_bytes(CONTENT.upper())
    _download(host, tmp_path)
    assert (tmp_path / "out.csv").read_bytes() == CONTENT.upper()


def test_trouble_that_stays_is_told_with_the_address(host: Any, tmp_path: Path) -> None:
    host.fault((FILE, "broken", 9))
    with pytest.raises(PassingError, match=f"{FILE}: the host answers HTTP 500"):
        _download(host, tmp_path)
    assert _statuses(host) == [500, 500, 500]


def test_a_host_that_asks_for_more_patience_than_we_have_is_left(host: Any, tmp_path: Path) -> None:
    host.fault((FILE, "long_wait", 9))
    with pytest.raises(PassingError, match="asks to wait 86,400 seconds"):
        _download(host, tmp_path)
    assert _statuses(host) == [429]


def test_nothing_there_is_not_tried_again(host: Any, tmp_path: Path) -> None:
    host.fault((FILE, "gone", 9))
    with pytest.raises(GoneError, match=r"nothing is there \(HTTP 410\)"):
        _download(host, tmp_path)
    assert _statuses(host) == [410]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("loop", "more than 5 redirects"),
        ("private", "10.0.0.1 is an address of a private network"),
        ("file_scheme", "only http and https"),
    ],
)
def test_a_redirect_to_where_nothing_is_fetched_from_is_refused(
    host: Any, tmp_path: Path, kind: str, words: str
) -> None:
    host.fault((FILE, kind, 99))
    with pytest.raises(RefusedError, match=words) as error:
        _download(host, tmp_path)
    assert error.value.reason == "address_refused"


def test_this_machine_is_not_fetched_from_unless_a_test_says_so(host: Any, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"port|address of this machine"):
        _download(host, tmp_path, fetch_allow_loopback=False)
    named = host.address.replace("127.0.0.1", "localhost")
    with pytest.raises(RefusedError):
        _with(host, lambda fetcher: fetcher.get(f"{named}/page", is_api=True), fetch_allow_loopback=False)
    assert host.log() == []


def test_a_slow_host_is_not_waited_for_without_end(host: Any, tmp_path: Path) -> None:
    host.fault((FILE, "slow", 9))
    with pytest.raises(PassingError, match="takes too long to answer"):
        _download(host, tmp_path, fetch_attempts=1, fetch_read_seconds=0.2)
    host.fault((FILE, "drip", 9))
    with pytest.raises(PassingError, match="took longer than"):
        _download(host, tmp_path, fetch_attempts=1, fetch_total_seconds=0.5)


def test_a_file_over_the_limit_is_left(host: Any, tmp_path: Path) -> None:
    with pytest.raises(TooLargeError, match=f"the file is {len(CONTENT):,} bytes, over the limit of 1,000"):
        _download(host, tmp_path, fetch_max_bytes=1000)
    assert list((tmp_path / "in").iterdir()) == []
    with pytest.raises(TooLargeError, match="the page is larger than 10 bytes"):
        _with(host, lambda fetcher: fetcher.get(f"{host.address}/page"), fetch_max_page_bytes=10)


def test_a_web_page_does_not_take_the_place_of_a_file(host: Any, tmp_path: Path) -> None:
    _download(host, tmp_path)
    host.fault((FILE, "wrong_type", 9))
    with pytest.raises(PassingError, match="the earlier file is kept"):
        _download(host, tmp_path, keep=True)
    assert (tmp_path / "out.csv").read_bytes() == CONTENT


def test_what_robots_txt_forbids_is_not_fetched(host: Any) -> None:
    with pytest.raises(NotAllowedError, match=r"robots\.txt asks"):
        _with(host, lambda fetcher: fetcher.get(f"{host.address}/private/a.csv"))
    assert [one[0] for one in host.log()] == ["/robots.txt"]


def test_a_refused_parameter_is_told_in_the_hosts_words(host: Any) -> None:
    with pytest.raises(FetchError, match=r"HTTP 422.*Unexpected parameters: colour"):
        _with(host, lambda fetcher: fetcher.get(f"{host.address}/api/search.json?colour=blue", is_api=True))


def test_a_host_that_is_down_is_left_after_a_few_addresses(host: Any) -> None:
    host.fault(("/media/", "broken", 999))

    async def many(fetcher: Fetcher) -> list[str]:
        said = []
        for number in range(10):
            with pytest.raises(PassingError) as error:
                await fetcher.get(f"{host.address}/media/{number}")
            said.append(str(error.value))
        return said

    said = _with(host, many)
    assert "left for the next run" in said[-1]
    assert len([one for one in host.log() if one[0].startswith("/media/")]) <= 18


def test_requests_to_one_host_keep_their_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(round(seconds, 6))

    async def five(host: Host) -> None:
        for _ in range(3):
            async with host.turn():
                pass
        host.hold(10)  # the host asked one of us to wait
        async with host.turn():
            pass

    monkeypatch.setattr("sources.fetch.hosts.asyncio.sleep", sleep)
    monkeypatch.setattr("sources.fetch.hosts.asyncio.get_running_loop", lambda: SimpleNamespace(time=lambda: 100.0))
    asyncio.run(five(Host(rate=20, concurrency=2)))
    assert pauses == [0.0, 0.05, 0.1, 10.0]


def test_the_user_agent_names_us_and_whom_to_write_to(host: Any) -> None:
    _with(host, lambda fetcher: fetcher.get(f"{host.address}/page"), contact="data@example.org\r\nX: y (z)")
    assert {one[4] for one in host.log()} == {"PublicValue/0.1 (+data@example.orgX: y z)"}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("-5", None),
        ("²", None),
    ],
)
def test_how_long_to_wait_is_read_as_seconds_or_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds
