"""Threads of a release: the SQLite file grows in one of its own, table by table, while the other files are written.

Belongs here: handing over what is ready, and stopping cleanly where anything fails. Does not belong here: how the file is
made (published/formats/sqlite_file.py) or what else goes on meanwhile (building.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Full, Queue, SimpleQueue
from typing import TYPE_CHECKING, Any, Self, TypeVar

from published.formats.sqlite_file import write_sqlite

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from published.datasets import Dataset, Link
    from published.formats.sqlite_file import Rows

T = TypeVar("T")
WORKER: dict[str, str | int | float | list[str]] = {"threads": 1, "memory_limit": "400MB"}


@dataclass(slots=True)
class Growing:
    """The file under way. Give it every dataset as it gets ready, then what was found out about keys and links."""

    path: Path
    ready: SimpleQueue[tuple[Dataset, Rows] | None] = field(default_factory=SimpleQueue)
    settled: Future[tuple[set[str], dict[str, list[Link]]]] = field(default_factory=Future)
    done: Future[None] | None = None

    def add(self, dataset: Dataset, parquet: Path) -> None:
        self.ready.put((dataset, parquet))

    @contextmanager
    def fed(self, dataset: Dataset) -> Iterator[Callable[[pa.Table], None]]:
        """Takes the dataset's rows table by table, in their order, as soon as they are made; one waits at a time."""
        tables: Queue[Any] = Queue(1)

        def put(table: pa.Table | None) -> None:
            while True:
                if self.done is not None and self.done.done():
                    self.done.result()  # raises: the thread does not end by itself while rows come
                try:
                    return tables.put(table, timeout=1)
                except Full:
                    continue

        self.ready.put((dataset, iter(tables.get, None)))
        try:
            yield put
        finally:
            put(None)

    def settle(self, keyed: set[str], links: dict[str, list[Link]]) -> None:
        """No further dataset comes. `keyed`: those whose key is complete and unique; `links`: foreign keys that hold."""
        self.ready.put(None)
        self.settled.set_result((keyed, links))

    def finish(self) -> None:
        """Waits until the file is whole. Raises what its thread raised."""
        if self.done is not None:
            self.done.result()

    def give_up(self) -> None:
        """Lets the thread end early. Without effect where all was handed over."""
        if self.settled.cancel():
            self.ready.put(None)

    def write(self) -> None:
        with worker() as con:
            write_sqlite(con, self.path, iter(self.ready.get, None), self.settled.result)


@contextmanager
def growing(path: Path) -> Iterator[Growing]:
    """A new SQLite file at `path`; on leaving, its thread has ended, whatever happened."""
    with ThreadPoolExecutor(1) as pool:
        file = Growing(path)
        file.done = pool.submit(file.write)
        try:
            yield file
        finally:
            file.give_up()


class Beside:
    """A thread with a DuckDB of its own, which does one thing after another while others go on.

    Opening a DuckDB takes 7 ms, which 50 datasets would pay again and again. On leaving, what was submitted has ended.
    """

    def __enter__(self) -> Self:
        self._open = ExitStack()
        self._con = self._open.enter_context(worker())
        self._pool = self._open.enter_context(ThreadPoolExecutor(1))
        return self

    def __exit__(self, *raised: object) -> None:
        self._open.close()

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """`function` is given the connection, then `arguments`."""
        return self._pool.submit(function, self._con, *arguments)


@contextmanager
def worker(threads: int = 1) -> Iterator[DuckDBPyConnection]:
    """A DuckDB of its own that reads only the release's files, so that steps can overlap without sharing a connection."""
    import duckdb  # noqa: PLC0415 - only a release build pays for it

    with closing(duckdb.connect(config={**WORKER, "threads": threads})) as con:
        yield con
