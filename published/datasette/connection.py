"""What a query may do, whoever wrote it: read the tables of the release, within limits of size; nothing else.

Datasette looks at the text of a query, opens the file as unchangeable and stops a query that takes too long. Here SQLite
itself is told, so that no wording gets past: an authoriser that knows reading alone, and bounds on what a value, a
statement and an answer may grow to, since memory can be filled faster than any limit of time runs out.
"""

from __future__ import annotations

import sqlite3
import weakref
from typing import Any

READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
DENIED_FUNCTIONS = {"load_extension", "fts3_tokenizer"}
PRAGMAS = {
    "data_version", "database_list", "foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo",
    "max_page_count", "page_count", "page_size", "schema_version", "table_info", "table_xinfo",
}  # fmt: skip
"""Those that Datasette allows, and the one that full-text search asks by itself."""
HIDDEN = (sqlite3.SQLITE_READ, "pragma_database_list", "file")
"""Where the file lies is the machine's own; Datasette asks for the rest of that table. It reads as NULL."""
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 16 * 1024 * 1024,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
"""A published cell can hold ten megabytes; nothing that is read is longer than that."""
MOST_ANSWER = 32 * 1024 * 1024
"""Characters and bytes of all rows of one answer."""
TOO_LARGE = "the answer is too large to show; ask for fewer rows or columns, or download the whole data under /datasets"


def restrict(con: sqlite3.Connection) -> None:
    """Makes `con` one that only reads, and refuses what grows beyond LIMITS and MOST_ANSWER."""
    for limit, most in LIMITS.items():
        con.setlimit(limit, most)
    con.row_factory = _bounded()
    con.set_authorizer(_allowed)


def _allowed(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if (action, first, second) == HIDDEN:
        return sqlite3.SQLITE_IGNORE
    if action in READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        return sqlite3.SQLITE_OK  # SQLite's own, when it opens a full-text index; it lets nobody else write there
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if second in DENIED_FUNCTIONS else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first in PRAGMAS else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_DENY


def _bounded() -> Any:
    """A row factory that counts what one cursor gave. Raises sqlite3.OperationalError beyond MOST_ANSWER."""
    counted: Any = lambda: None  # noqa: E731 - stands where a weak reference will
    size = 0

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        nonlocal counted, size
        if counted() is not cursor:
            counted, size = weakref.ref(cursor), 0
        for value in values:
            if value.__class__ is str or value.__class__ is bytes:
                size += len(value)
        if size > MOST_ANSWER:
            raise sqlite3.OperationalError(TOO_LARGE)
        return sqlite3.Row(cursor, values)

    return row
