"""Serves a release with Datasette: immutable, read-only, from what the release says about itself; and moves on to the next."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from published.datasette.metadata import DATABASE, INSPECT, METADATA
from published.datasette.questions import with_questions
from published.errors import ReleaseError
from published.metadata.data_package import NAME, SQLITE
from published.reports import FOLDER as REPORTS
from sources.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

HERE = Path(__file__).parent / "datasette"

SETTINGS = {
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 1500,
    "default_facet_size": 12,
    "suggest_facets": False,
    "allow_download": False,
    "allow_csv_stream": True,
    "max_csv_mb": 100,
    "truncate_cells_html": 200,
    "num_sql_threads": 3,
}


@dataclass(slots=True)
class Served:
    """A release that is open: its ASGI application, and how it is closed."""

    app: ASGIApp
    release: Path
    ahead: Callable[[], list[str]]
    close: Callable[[], None]


def application(release: Path) -> ASGIApp:
    """The site of `release` as an ASGI application. Raises ReleaseError where a file of it is missing or damaged."""
    return open_release(release).app


def open_release(
    release: Path,
    *,
    address: str = "",
    check: Sequence[str] = (),
    corrections: str = "",
    repository: str = "",
    operation: Callable[[], dict[str, Any]] | None = None,
) -> Served:
    """Opens `release`. `address`: the site's own, as readers know it, without a slash at its end; `check`: the command that
    checks a file dropped on the site, or nothing where the site offers no such page; `corrections`: where readers write to;
    `repository`: where the code lives, with its form for corrections; `operation`: how the operation stands, for the status
    page and monitors (pipelines/operation/state.py).

    Raises ReleaseError where a file of it is missing or damaged.
    """
    from datasette.app import Datasette  # noqa: PLC0415 - only serving pays for it
    from datasette.plugins import pm  # noqa: PLC0415 - only serving pays for it
    from starlette.middleware.gzip import GZipMiddleware  # noqa: PLC0415 - only serving pays for it

    from published.datasette import plugin  # noqa: PLC0415 - only serving pays for it
    from published.datasette.data_docs import DataDocs  # noqa: PLC0415 - only serving pays for it
    from published.datasette.downloads import Downloads  # noqa: PLC0415 - only serving pays for it
    from published.datasette.guard import Guard  # noqa: PLC0415 - only serving pays for it
    from published.datasette.kept import Kept  # noqa: PLC0415 - only serving pays for it
    from published.datasette.shown import FILTERS, GLOBALS  # noqa: PLC0415 - only serving pays for it
    from published.datasette.sort_column import SortColumn  # noqa: PLC0415 - only serving pays for it
    from published.datasette.uploads import CHECK, TWIN  # noqa: PLC0415 - only serving pays for it
    from published.reports.pages import Edition  # noqa: PLC0415 - only serving pays for it
    from published.site.ahead import addresses  # noqa: PLC0415 - only serving pays for it
    from published.site.held import Held  # noqa: PLC0415 - only serving pays for it

    package, metadata, inspect = (_read(release / name) for name in (NAME, METADATA, INSPECT))
    if not (release / SQLITE).is_file():
        raise ReleaseError(f"{release} lacks {SQLITE}: build the release again with `publicvalue run`")
    pm.get_plugin(
        "datasette.handle_exception"
    ).rich = None  # else each wrong address draws a picture of the stack on the terminal, for 0.8 s
    if not pm.is_registered(plugin):
        pm.register(plugin, name="public-value")
    datasette = Datasette(
        [],
        immutables=[str(release / SQLITE)],
        inspect_data=inspect,
        metadata=with_questions(metadata),
        settings=SETTINGS,
        template_dir=str(HERE / "templates"),
        static_mounts=[("assets", str(HERE / "static"))],
        cors=True,
    )
    held = Held(
        release,
        address=address,
        check=tuple(check),
        corrections=corrections,
        repository=repository,
        operation=operation,
    )
    setattr(datasette, plugin.ATTRIBUTE, held)
    tables = [resource for resource in package["resources"] if "schema" in resource]
    notes = metadata["databases"][DATABASE]["tables"]
    datasette.jinja_env.filters |= FILTERS
    datasette.jinja_env.globals |= GLOBALS | {
        "has_report": lambda publisher: (release / REPORTS / str(publisher) / "index.html").is_file(),
        "has_reports": (release / REPORTS / "index.html").is_file(),
        "package": package,
        "datasets": {table["name"]: table for table in tables},
        "files": {resource["path"]: resource for resource in package["resources"]},
        "attribution": tables[0]["attribution"],
        "notes": notes,
        "database_name": DATABASE,
        "megabytes": megabytes,
        "links": {table["name"]: _links(table) for table in tables},
        "column_choices": {"_col", "_nocol"},
    }

    def close() -> None:
        # A request that was given up leaves its query running in a thread, and SQLite does not outlive a connection closed
        # under it: the process would end. The limit of time ends every query, so this waits for seconds at most.
        datasette.executor.shutdown(wait=True, cancel_futures=True)
        for database in datasette.databases.values():
            database.close()

    edition = Edition(package["version"], date.fromisoformat(package["asOf"]), package["isSample"])
    pages = Kept(GZipMiddleware(SortColumn(datasette.app(), notes), minimum_size=1000, compresslevel=5))
    app = Guard(
        DataDocs(Downloads(pages, release), release, edition), frozenset({CHECK, TWIN}) if check else frozenset()
    )
    return Served(app, release, partial(addresses, release), close)


def serve(
    release: Path,
    host: str,
    port: int,
    ready: Callable[[str], None],
    *,
    latest: Path | None = None,
    address: str = "",
    check: Sequence[str] = (),
    corrections: str = "",
    repository: str = "",
    operation: Callable[[], dict[str, Any]] | None = None,
) -> None:
    """Serves until interrupted. `ready` is called with the address once it answers, and an interrupt from then on stops it
    in good order; port 0 takes a free one. With `latest`, the link to the newest release, the server moves along with it.
    The rest as in `open_release`; without an address, the one listened on.

    Raises UsageError where the address cannot be had, and ReleaseError as `open_release` does.
    """
    import uvicorn  # noqa: PLC0415 - only serving pays for it

    from published.site.live import Live  # noqa: PLC0415 - only serving pays for it

    with closing(_listen(host, port)) as listening:
        shown = f"[{host}]" if ":" in host else host
        listened = f"http://{shown}:{listening.getsockname()[1]}/"
        open_one = partial(
            open_release,
            address=(address or listened).rstrip("/"),
            check=check,
            corrections=corrections,
            repository=repository,
            operation=operation,
        )
        host = urlsplit(address or listened).netloc
        app = Live(open_one(release), latest or release, open_one, host=host)

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets=sockets)
                ready(listened)

        Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)).run(sockets=[listening])


def megabytes(size: int) -> str:
    """Size for people: 1.5 GB, 4.2 MB, 13 kB."""
    if size >= 1e9:
        return f"{size / 1e9:,.1f} GB"
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{max(size / 1e3, 0.1):,.1f} kB"


def _links(table: dict[str, Any]) -> dict[str, str]:
    """Column to the dataset whose key it holds."""
    return {link["fields"][0]: link["reference"]["resource"] for link in table["schema"].get("foreignKeys", [])}


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise UsageError(f"cannot listen on {host} port {port} ({error}): choose another with --port") from error
    return listening


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path} cannot be read: build the release again with `publicvalue run`") from error
