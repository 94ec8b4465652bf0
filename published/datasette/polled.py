"""What programs ask for again and again: the feeds and the metrics.

Belongs here: requests in, responses out. Does not belong here: what they tell (published/site/feeds.py, metrics.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio.to_thread
from datasette.utils import tilde_decode
from datasette.utils.asgi import Response

from published.datasette.answered import answered
from published.datasette.metadata import DATABASE
from published.site import metrics
from published.site.answers import TooSlowError
from published.site.atom import TYPE, atom
from published.site.declared import pages
from published.site.feeds import WHOLE, publisher_feed, release_feed

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from published.site.atom import Feed
    from published.site.held import Held

NAME_OF = "SELECT publisher_name FROM publishers WHERE publisher_id = ?"


def polled(datasette: Datasette, held: Held) -> list[tuple[str, Callable[..., Any]]]:
    """Regular expression of the address, and view, of each."""
    (status,) = (page for page in pages() if page.name == "status")

    async def whole() -> Response:
        return await _respond(lambda: release_feed(held))

    async def of_publisher(request: Request) -> Response:
        publisher = tilde_decode(request.url_vars["publisher_id"])
        found = (await datasette.get_database(DATABASE).execute(NAME_OF, [publisher])).first()
        if found is None:
            return Response.text("This release has no such publisher. /departments lists those it has.\n", status=404)
        name = str(found["publisher_name"] or publisher)
        return await _respond(lambda: publisher_feed(held, publisher, name))

    async def figures() -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            answers = await answered(datasette, held, status, {})
        except TooSlowError:
            return Response.text("The release could not be asked within 3 seconds.\n", status=503, headers=headers)
        return Response(metrics.metrics(answers.data).decode(), headers=headers, content_type=metrics.TYPE)

    return [
        (rf"^{WHOLE}$", whole),
        (r"^/departments/(?P<publisher_id>[^/.]+)/feed\.atom$", of_publisher),
        (rf"^{metrics.ADDRESS}$", figures),
    ]


async def _respond(make: Callable[[], Feed]) -> Response:
    document = await anyio.to_thread.run_sync(lambda: atom(make()))
    headers = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}
    return Response(document.decode(), headers=headers, content_type=f"{TYPE}; charset=utf-8")
