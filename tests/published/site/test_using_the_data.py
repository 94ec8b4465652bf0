"""What the pages of docs/using-the-data tell people to type, typed."""

from __future__ import annotations

import asyncio
import re
import textwrap
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import httpx

from published.serve import open_release
from published.site.texts import DOCS

if TYPE_CHECKING:
    from pathlib import Path

TOTAL = Decimal("26234.50")


def snippets(reader: str) -> list[str]:
    """The indented blocks of a page, in their order."""
    text = (DOCS / "using-the-data" / f"{reader}.md").read_text(encoding="utf-8")
    return [textwrap.dedent(block).strip() for block in re.findall(r"(?:^ {4}\S.*\n)+", text, re.MULTILINE)]


async def followed(release: Path, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(open_release(release).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test", follow_redirects=True) as client:
        return await client.get(path)


def test_sql_python_and_curl_give_the_counted_total_and_the_newest_file(released: Path) -> None:
    sql, python, r = snippets("analysts")
    (curl,) = snippets("journalists")
    assert r.startswith('lines <- read.csv("<site>/releases/1.0.0/transactions.csv"')  # R is not at hand in tests
    here = released.as_posix()
    with duckdb.connect() as con:
        assert con.execute(sql.replace("<site>/releases/1.0.0", here)).fetchone() == (TOTAL,)
    names: dict[str, Any] = {}
    exec(python.replace("<site>/releases/1.0.0", here), names)  # noqa: S102 - text of this project
    assert names["total"] == TOTAL
    answer = asyncio.run(followed(released, curl.split("<site>")[1]))
    assert curl.startswith("curl --location")
    assert answer.content == (released / "transactions.csv").read_bytes()
