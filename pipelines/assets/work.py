"""The resource `work`: the run that the assets are steps of.

Started from the command, the resource is the command's own Work. Started from the web interface or the schedule, it is
made of the environment: PUBLICVALUE_HOME, and PUBLICVALUE_MIRROR or PUBLICVALUE_LIVE for another input than the sample.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.choose import RunOptions
from pipelines.operation.records import progress_for
from pipelines.settings import load_settings
from pipelines.work import Work, opened

MIRROR_VARIABLE = "PUBLICVALUE_MIRROR"
LIVE_VARIABLE = "PUBLICVALUE_LIVE"
POOL = "home"
"""Pool of every step that works in the home. It has one writer, so dagster.yaml lets one run of the pool go at a time."""


def options_from_environment() -> RunOptions:
    mirror = os.environ.get(MIRROR_VARIABLE)
    return RunOptions(mirror=Path(mirror) if mirror else None, live=os.environ.get(LIVE_VARIABLE) == "1")


@dg.resource(description="The run under way: home, input, register and date, locked while it lasts.")
def work_resource(_context: dg.InitResourceContext) -> Iterator[Work]:
    with opened(options_from_environment(), progress_for(load_settings())) as work:
        work.is_alone = True
        yield work
