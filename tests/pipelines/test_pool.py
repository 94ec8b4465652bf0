from __future__ import annotations

import time
from typing import Any

from pipelines.pool import each

# The work is the built-in exec: worker processes need not find this file, and a task is the code that it runs.


def _outcomes(*tasks: str, **options: Any) -> dict[str, str | None]:
    return dict(each(exec, list(tasks), **options))


def test_every_task_is_yielded_once() -> None:
    tasks = [f"x = {number}" for number in range(25)]
    done = [task for task, error in each(exec, tasks, chunk_weight=4) if error is None]
    assert sorted(done) == sorted(tasks)


def test_a_task_that_raises_costs_itself_only() -> None:
    outcomes = _outcomes("x = 1", "1 / 0", "x = 2", chunk_weight=3)
    assert outcomes.pop("1 / 0") == "ZeroDivisionError: division by zero"
    assert outcomes == {"x = 1": None, "x = 2": None}


def test_a_task_that_kills_its_process_costs_itself_only() -> None:
    deadly = "import os; os._exit(9)"
    outcomes = _outcomes("x = 1", "x = 2", deadly, *(f"y = {n}" for n in range(6)), chunk_weight=3)
    assert outcomes.pop(deadly) == "the process that worked on it died or did not end"
    assert len(outcomes) == 8
    assert set(outcomes.values()) == {None}


def test_a_task_that_never_ends_costs_itself_only() -> None:
    begun = time.monotonic()
    outcomes = _outcomes("import time; time.sleep(300)", "x = 1", time_limit=2.0)
    assert outcomes["import time; time.sleep(300)"] == "the process that worked on it died or did not end"
    assert outcomes["x = 1"] is None
    assert time.monotonic() - begun < 60
