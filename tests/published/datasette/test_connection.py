"""SQL that means harm, through the page where anybody may write some."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest

from published.datasette import connection
from published.serve import SETTINGS, open_release

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

ENDLESS = "with recursive c(x) as (values(1) union all select x + 1 from c) select {} from c"


@pytest.fixture(scope="module")
def app(released: Path) -> ASGIApp:
    return open_release(released).app


def answer(app: ASGIApp, sql: str, suffix: str = ".json") -> httpx.Response:
    async def request() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return await client.get(f"/public-value{suffix}", params={"sql": sql, "_shape": "array"})

    return asyncio.run(request())


@pytest.mark.parametrize(
    "sql",
    [
        "select load_extension('libc.so.6')",
        "select fts3_tokenizer('simple')",
        "select zeroblob(1000000000)",
        "select hex(zeroblob(16000000))",
        "select zeroblob(9000000) from transactions a, transactions b",
        "with x as (select 1) delete from transactions",
        "with x as (select 1) insert into transactions (transaction_id) values ('x')",
        "with x as (select 1) update sqlite_master set sql = 'x'",
        "select 1; attach 'x.db' as x",
        "attach database '/etc/passwd' as x",
        "vacuum into '/tmp/x.db'",
        "explain attach 'x.db' as x",
        "pragma query_only = 0",
        "/* select */ pragma writable_schema = 1",
        "select * from pragma_journal_mode",
        "select 1 where 'a' like '" + "%a" * 600 + "'",
        "select " + "(" * 300 + "1" + ")" * 300,
        " union all ".join(["select 1"] * 60),
    ],
)
def test_what_does_not_read_or_grows_without_bounds_is_refused(app: ASGIApp, sql: str) -> None:
    response = answer(app, sql)
    assert response.status_code == 400, response.text[:200]
    assert answer(app, "select count(*) as n from transactions").json() == [{"n": 4}]


@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS.format("count(*)"),
        ENDLESS.format("sum(length(hex(randomblob(1000))))"),
        "select count(*) from " + ", ".join(f"about_columns c{number}" for number in range(8)),
        "select group_concat(a.description) from about_columns a, about_columns b, about_columns c order by 1",
    ],
)
def test_a_query_without_end_is_cut_and_the_server_goes_on(app: ASGIApp, sql: str) -> None:
    begun = time.process_time()
    response = answer(app, sql)
    assert response.status_code == 400
    assert time.process_time() - begun < 3 * int(SETTINGS["sql_time_limit_ms"]) / 1000
    assert answer(app, "select count(*) as n from transactions").json() == [{"n": 4}]


def test_a_page_that_was_cut_says_where_the_whole_data_is(app: ASGIApp) -> None:
    text = answer(app, ENDLESS.format("count(*)"), suffix="").text
    assert "/datasets" in text


def test_what_reads_is_answered_as_before(app: ASGIApp) -> None:
    assert answer(app, "select rowid from transactions_fts where transactions_fts match 'smith'").status_code == 200
    assert answer(app, "select value from json_each('[1, 2]')").json() == [{"value": 1}, {"value": 2}]
    assert answer(app, "select name from pragma_table_info('publishers') limit 1").json() == [{"name": "publisher_id"}]
    assert len(answer(app, ENDLESS.format("x") + " limit 5000").json()) == SETTINGS["max_returned_rows"]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from pragma_database_list",
        "select file from pragma_database_list()",
        "select d.file || '' as f from pragma_database_list as d where d.file is not null union select name from pragma_database_list",
        "explain select file from pragma_database_list",
    ],
)
def test_no_query_tells_where_the_file_lies(app: ASGIApp, released: Path, sql: str) -> None:
    response = answer(app, sql)
    assert response.status_code == 200
    assert str(released.parents[2]) not in response.text
    assert "public-value.sqlite" not in response.text


@pytest.mark.parametrize(
    "path", ["/-/databases.json", "/-/databases", "/-/threads.json", "/-/plugins.json", "/-/messages"]
)
def test_pages_about_the_machine_are_closed(app: ASGIApp, path: str) -> None:
    async def request() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.test") as client:
            return await client.get(path)

    assert asyncio.run(request()).status_code == 404


def test_the_size_of_an_answer_is_counted_a_query_and_not_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST_ANSWER", 10)
    with closing(sqlite3.connect(":memory:")) as con:
        connection.restrict(con)
        for _ in range(3):
            assert [tuple(row) for row in con.execute("select 'sixsix', 1")] == [("sixsix", 1)]
        with pytest.raises(sqlite3.OperationalError, match="fewer rows or columns"):
            con.execute("select 'sixsix' union all select 'sixsiy'").fetchall()
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            con.execute("create table x (y)")
