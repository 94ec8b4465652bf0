"""The Datasette plugin: the pages of published/site beside Datasette's own, each with its JSON twin, CSV and charts.

Belongs here: requests in, responses out. Does not belong here: what a page is (published/site/declared.py) or asks
(answers.py).
"""

from __future__ import annotations

import csv
import io
import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import anyio.to_thread
from datasette import hookimpl
from datasette.utils import tilde_decode, tilde_encode
from datasette.utils.asgi import Response
from markupsafe import Markup

from published.datasette.answered import answered
from published.datasette.connection import restrict
from published.datasette.metadata import DATABASE
from published.datasette.polled import polled
from published.datasette.uploads import CHECK, FINDINGS_SHOWN, MOST_BYTES, TWIN, RefusedError, checked
from published.site.answers import Answers, NoSuchPageError, TooSlowError, WrongParameterError
from published.site.artist import CannotDrawError
from published.site.bundle import bundle
from published.site.declared import Page, pages
from published.site.drawing import with_data
from published.site.openapi import ADDRESS as OPENAPI
from published.site.openapi import openapi

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from starlette.types import Receive, Scope

    from published.site.held import Held

SHORT = "public, max-age=60"
SCRIPTS = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For pages with charts: scripts of this site and nothing else, none of them inline and none made from text."""

ATTRIBUTE = "public_value"
log = logging.getLogger(__name__)
VEGA = "/assets/vega.js"


@hookimpl  # type: ignore[untyped-decorator]  # pluggy as Datasette exports it has no types
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    held: Held | None = getattr(datasette, ATTRIBUTE, None)
    if held is None:  # a Datasette that serves something else
        return []
    site = Site(datasette, held)
    return [
        *((page.pattern, site.view(page)) for page in pages()),
        (rf"^{OPENAPI}$", site.describe),
        *polled(datasette, held),
        (rf"^{VEGA}$", vega),
        *([(rf"^{CHECK}(?P<suffix>\.json)?$", site.check)] if held.check else []),
    ]


@hookimpl  # type: ignore[untyped-decorator]  # pluggy as Datasette exports it has no types
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    if database == DATABASE and hasattr(datasette, ATTRIBUTE):
        restrict(conn)


@hookimpl  # type: ignore[untyped-decorator]  # pluggy as Datasette exports it has no types
def skip_csrf(scope: Scope) -> bool:
    """The one form that is posted changes nothing and belongs to nobody, so there is nothing to forge."""
    return bool(scope["path"] in {CHECK, TWIN})


async def vega() -> Response:
    """The library of the charts, as vl-convert carries it."""
    return Response(await bundle(), headers={"Cache-Control": SHORT}, content_type="text/javascript; charset=utf-8")


class Site:
    """The pages of one release."""

    def __init__(self, datasette: Datasette, held: Held) -> None:
        self.datasette = datasette
        self.held = held

    def view(self, page: Page) -> Callable[..., Any]:
        async def respond(request: Request) -> Response:
            suffix = request.url_vars.get("suffix") or ""
            given = {name: tilde_decode(request.url_vars[name]) for name in page.in_path}
            given |= {
                name: value for name in page.parameters if name not in given and (value := request.args.get(name))
            }
            asked = (
                {name: request.args.get(name) or "" for name in ("table", "chart")}
                if suffix in {".csv", ".vl.json"}
                else {}
            )
            try:
                return await self.respond(page, given, suffix, asked, request)
            except WrongParameterError as error:
                return await self.trouble(request, 400, f"This address cannot be read: {error}.", suffix)
            except NoSuchPageError:
                return await self.trouble(request, 404, "This release has nothing under this address.", suffix)
            except TooSlowError:
                words = "This took longer than 3 seconds. The whole data can be downloaded under /datasets."
                return await self.trouble(request, 503, words, suffix)

        return respond

    async def respond(
        self, page: Page, given: dict[str, str], suffix: str, asked: dict[str, str], request: Request
    ) -> Response:
        answers = await answered(self.datasette, self.held, page, given)
        if suffix == ".json":
            return _json(self.twin(page, answers), _kept(page))
        if suffix == ".csv":
            return self.table(page, answers, asked["table"])
        if suffix == ".vl.json":
            if asked["chart"] not in page.charts:
                raise NoSuchPageError
            chart = page.charts[asked["chart"]]
            return _json(with_data(chart, answers.data[chart.query]))
        return await self.html(page, answers, request)

    def twin(self, page: Page, answers: Answers) -> dict[str, Any]:
        package = self.held.package
        about = {"version": package["version"], "channel": package["channel"], "is_sample": package["isSample"]}
        return {
            "page": page.name,
            "release": about,
            "parameters": answers.parameters,
            "missing": answers.missing,
            "data": answers.data,
        }

    def table(self, page: Page, answers: Answers, name: str) -> Response:
        if name not in page.queries:
            raise NoSuchPageError
        found = answers.data[name]
        rows = found if isinstance(found, list) else [found] if found else []
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]) if rows else ["empty"], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        file = f"{page.name}-{name}-{self.held.package['version']}.csv"
        headers = {
            "Content-Disposition": f'attachment; filename="{file}"',
            "Cache-Control": _kept(page),
            "Access-Control-Allow-Origin": "*",
        }
        return Response(text.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")

    async def html(self, page: Page, answers: Answers, request: Request) -> Response:
        pictures = await anyio.to_thread.run_sync(self.pictures, page, answers) if page.charts else {}
        address = page.route
        for name in page.in_path:
            address = address.replace(f"{{{name}}}", tilde_encode(str(answers.parameters[name])))
        rest = urlencode(
            {
                name: value
                for name, value in answers.parameters.items()
                if name not in page.in_path and value != page.parameters[name].default
            }
        )
        base = "/index" if address == "/" else address
        context = {
            **answers.data,
            "page": page,
            "given": answers.parameters,
            "missing": answers.missing,
            "pictures": pictures,
            "address": address,
            "twin": f"{base}.json{'?' if rest else ''}{rest}",
            "table_url": lambda table: f"{base}.csv?{urlencode({'table': table})}{'&' if rest else ''}{rest}",
            "chart_url": lambda chart: f"{base}.vl.json?{urlencode({'chart': chart})}{'&' if rest else ''}{rest}",
            "scripts": [name for name in ("charts" if pictures else None, page.script) if name],
        }
        text = await self.datasette.render_template(
            f"site/{page.name}.html", context, request=request, view_name=page.name
        )
        headers = {"Cache-Control": _kept(page)}
        if context["scripts"]:
            headers["Content-Security-Policy"] = SCRIPTS
        if not page.indexed or rest:
            headers["X-Robots-Tag"] = "noindex"
        return Response.html(text, headers=headers)

    def pictures(self, page: Page, answers: Answers) -> dict[str, Markup]:
        """SVG by chart. One that cannot be drawn is left out: its table stands beside it."""
        drawn = {}
        chosen = {name for name, value in answers.parameters.items() if value != page.parameters[name].default}
        lasting = page.ahead is not None and chosen <= set(page.in_path)
        for name, chart in page.charts.items():
            if rows := answers.data.get(chart.query):
                try:
                    svg = self.held.drawings.svg(chart, rows, lasting=lasting)
                except CannotDrawError as error:
                    log.warning("chart %s of page %s: %s", name, page.name, error)
                    continue
                # Made by a library from a specification of ours; text of the data is escaped by it.
                drawn[name] = Markup(svg)  # noqa: S704 - see above
        return drawn

    async def check(self, request: Request, receive: Receive) -> Response:
        """The page where a file is dropped; posted to, with what the rules found. Its twin answers to what is posted alone."""
        suffix = request.url_vars.get("suffix") or ""
        context: dict[str, Any] = {
            "account": None,
            "refused": None,
            "most": MOST_BYTES // 2**20,
            "shown": FINDINGS_SHOWN,
        }
        status = 200
        if request.method == "POST":
            try:
                context["account"] = await checked(request.scope, receive, self.held.check)
            except RefusedError as error:
                context["refused"], status = str(error), error.status
        if suffix:
            if context["account"] is not None:
                return _json(context["account"], "no-store")
            words = context["refused"] or "Post a file here as multipart/form-data, in a field called file."
            return await self.trouble(request, status if context["refused"] else 405, words, suffix)
        text = await self.datasette.render_template("site/check.html", context, request=request, view_name="check")
        return Response.html(text, status=status, headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})

    async def describe(self) -> Response:
        return _json(await openapi(self.datasette, self.held))

    async def trouble(self, request: Request, status: int, words: str, suffix: str) -> Response:
        if suffix:
            return Response.json(
                {"ok": False, "error": words, "status": status},
                status=status,
                headers={"Access-Control-Allow-Origin": "*"},
            )
        context = {"title": "Not found" if status == 404 else "This did not work", "error": words, "status": status}
        text = await self.datasette.render_template("error.html", context, request=request)
        return Response.html(text, status=status)


def _kept(page: Page) -> str:
    """For how long an answer may be kept."""
    return "no-store" if page.is_changing else SHORT


def _json(value: Any, kept: str = SHORT) -> Response:
    headers = {"Cache-Control": kept, "Access-Control-Allow-Origin": "*"}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(text, headers=headers, content_type="application/json; charset=utf-8")
