from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from published.release import ReleaseResult


@pytest.fixture
def sqlite(build: Callable[..., ReleaseResult], tmp_path: Path) -> Path:
    """A copy that may be written to."""
    path = tmp_path / "copy.sqlite"
    shutil.copy(build("one").path / "public-value.sqlite", path)
    return path


def test_a_key_declared_after_loading_is_a_key_by_every_sign(sqlite: Path) -> None:
    with closing(sqlite3.connect(sqlite)) as con:
        columns = con.execute("PRAGMA table_info(transactions)").fetchall()
        assert [name for _, name, *_, place in columns if place] == ["transaction_id"]
        indexes = con.execute("PRAGMA index_list(transactions)").fetchall()
        assert [(name, unique) for _, name, unique, origin, _ in indexes if origin == "pk"] == [
            ("sqlite_autoindex_transactions_1", 1)
        ]
        plan = con.execute("EXPLAIN QUERY PLAN SELECT * FROM transactions WHERE transaction_id = 't1'").fetchall()
        assert "sqlite_autoindex_transactions_1" in plan[0][-1]


def test_sqlite_finds_tables_and_indexes_in_agreement_and_every_link_followed(sqlite: Path) -> None:
    with closing(sqlite3.connect(sqlite)) as con:
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert con.execute("PRAGMA foreign_key_list(transactions)").fetchall()
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_declared_key_refuses_a_second_row(sqlite: Path) -> None:
    with (
        closing(sqlite3.connect(sqlite)) as con,
        pytest.raises(sqlite3.IntegrityError, match=r"transactions\.transaction_id"),
    ):
        con.execute("INSERT INTO transactions (transaction_id) VALUES ('t1')")


def test_a_declared_key_grows_with_its_table(sqlite: Path) -> None:
    with closing(sqlite3.connect(sqlite)) as con:
        con.execute("INSERT INTO transactions (transaction_id) VALUES ('t0')")
        con.commit()
        assert con.execute("SELECT count(*) FROM transactions WHERE transaction_id = 't0'").fetchone() == (1,)
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
