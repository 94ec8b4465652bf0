from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.responses import PlainTextResponse, StreamingResponse

from published.datasette import kept
from published.datasette.kept import Kept

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Counting:
    """Answers with how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await asyncio.sleep(0.01)
        answers: dict[str, ASGIApp] = {
            "/private": PlainTextResponse("x", headers={"Cache-Control": "no-store"}),
            "/cookie": PlainTextResponse("x", headers={"Set-Cookie": "a=b"}),
            "/none": PlainTextResponse("x", 404),
            "/long": PlainTextResponse("x" * 3_000_000),
            "/stream": StreamingResponse(iter([b"a", b"b"])),
        }
        await answers.get(scope["path"], PlainTextResponse(f"{self.asked}"))(scope, receive, send)


def get(app: ASGIApp, *paths: str, method: str = "GET", **more: Any) -> list[httpx.Response]:
    async def requests() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return [await client.request(method, path, **more) for path in paths]

    return asyncio.run(requests())


def test_what_was_answered_is_answered_again_and_not_sent_to_who_has_it() -> None:
    inner = Counting()
    app = Kept(inner)
    first, second = get(app, "/a?b=1", "/a?b=1")
    assert (first.text, second.text, inner.asked) == ("1", "1", 1)
    assert first.headers == second.headers
    (same,) = get(app, "/a?b=1", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    (other,) = get(app, "/a?b=1", headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.text) == (200, "1")


@pytest.mark.parametrize(
    "more", [{"headers": {"Host": "elsewhere.test"}}, {"headers": {"Accept-Encoding": "identity"}}, {"method": "HEAD"}]
)
def test_another_host_encoding_or_method_is_another_answer(more: dict[str, Any]) -> None:
    inner = Counting()
    app = Kept(inner)
    get(app, "/a")
    get(app, "/a", **more)
    assert inner.asked == 2


@pytest.mark.parametrize("path", ["/private", "/cookie", "/none", "/long", "/stream", "/" + "x" * 3000])
def test_what_is_private_wrong_long_or_streamed_is_made_each_time(path: str) -> None:
    inner = Counting()
    app = Kept(inner)
    assert all(one.content for one in get(app, path, path))
    assert inner.asked == 2


def test_requests_at_the_same_time_are_answered_once() -> None:
    inner = Counting()
    app = Kept(inner)

    async def together() -> list[str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return [one.text for one in await asyncio.gather(*(client.get("/a") for _ in range(10)))]

    assert asyncio.run(together()) == ["1"] * 10
    assert inner.asked == 1


def test_what_was_asked_for_longest_ago_goes_when_the_space_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT_BYTES", 2)
    inner = Counting()
    app = Kept(inner)
    get(app, "/a", "/b", "/a", "/c", "/a", "/b")
    assert inner.asked == 4  # a, b, c, and b once more


def test_a_request_that_is_given_up_leaves_the_address_to_the_next() -> None:
    inner = Counting()
    app = Kept(inner)

    async def run() -> str:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            first = asyncio.create_task(client.get("/a"))
            await asyncio.sleep(0)
            first.cancel()
            return (await client.get("/a")).text

    assert asyncio.run(run()) in {"1", "2"}
