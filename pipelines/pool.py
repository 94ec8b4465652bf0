"""Work on many things in a few processes, so that one bad thing costs itself and nothing else.

Belongs here: processes, and what happens when one raises, hangs or dies. Does not belong here: what the work is.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for_handles
from typing import TypeVar

from pipelines.without_pandas import without_pandas

T = TypeVar("T")
WORKERS = 2
PRELOAD = ["pyarrow.parquet", "sources.reading"]
TIME_LIMIT = 900.0
"""Seconds in which at least one chunk has to end; else the workers are taken to hang."""


def each(
    work: Callable[[T], object],
    tasks: Sequence[T],
    *,
    weigh: Callable[[T], int] = lambda _task: 1,
    chunk_weight: int = 1,
    workers: int = WORKERS,
    time_limit: float = TIME_LIMIT,
) -> Iterator[tuple[T, str | None]]:
    """Call `work` on every task; yield each task once, as it is done, with None or the words of what went wrong.

    The heaviest begin first; light ones go in chunks of about `chunk_weight`. A task that raises, or that was in a process
    that died or hung, is tried once more, alone. `work` and tasks have to be picklable, and the work repeatable.
    """
    queue = _chunks(sorted(tasks, key=weigh, reverse=True), weigh, chunk_weight)
    suspects: list[T] = []
    while queue:
        for task, error in _until_broken(work, queue, suspects, workers, time_limit):
            if error is None:
                yield task, None
            else:
                suspects.append(task)
    for task in suspects:
        alone: list[T] = []
        for done, error in _until_broken(work, deque([[task]]), alone, 1, time_limit):
            yield done, error
        if alone:
            yield task, "the process that worked on it died or did not end"


def _chunks(tasks: Sequence[T], weigh: Callable[[T], int], chunk_weight: int) -> deque[list[T]]:
    chunks: deque[list[T]] = deque()
    weight = chunk_weight
    for task in tasks:
        if weight >= chunk_weight:
            chunks.append([])
            weight = 0
        chunks[-1].append(task)
        weight += max(1, weigh(task))
    return chunks


def _until_broken(
    work: Callable[[T], object], queue: deque[list[T]], suspects: list[T], workers: int, time_limit: float
) -> Iterator[tuple[T, str | None]]:
    """Work through the queue. When a process dies, what was under way goes to `suspects` and the rest stays in the queue."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare_worker)
    running: dict[Future[list[str | None]], list[T]] = {}
    try:
        while queue or running:
            while queue and len(running) < workers + 1:  # one waits, so that no worker does
                future = pool.submit(
                    _work_on, work, queue[0]
                )  # raises where the pool is broken; the chunk stays queued
                running[future] = queue.popleft()
            ended, _ = wait(running, timeout=time_limit, return_when=FIRST_COMPLETED)
            if not ended:
                for worker in set(multiprocessing.active_children()) - others:
                    worker.kill()
            for future in ended:
                errors = future.result()
                yield from zip(running.pop(future), errors, strict=True)
    except BrokenProcessPool:
        suspects.extend(task for chunk in running.values() for task in chunk)
    finally:
        pool.shutdown(cancel_futures=True)


def _work_on(work: Callable[[T], object], chunk: list[T]) -> list[str | None]:
    errors: list[str | None] = []
    for task in chunk:
        try:
            work(task)
            errors.append(None)
        except Exception as error:  # noqa: BLE001 - whatever it was belongs to this task alone
            errors.append(f"{type(error).__name__}: {error}"[:500])
    return errors


def _prepare_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    import pyarrow as pa  # noqa: PLC0415 - the workers are the parallelism; threads of Arrow's own would only compete

    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own asks the system for its pages anew for every file
    without_pandas()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """A worker whose parent was killed would wait for work for ever."""
    wait_for_handles([sentinel])
    os._exit(1)
