"""The resource `work`: the run that the assets are steps of.

Started from the command, the resource is the command's own Work. Started from the web interface, it is made of the
environment: PUBLICVALUE_HOME, and PUBLICVALUE_MIRROR for a folder instead of the sample.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.choose import RunOptions
from pipelines.progress import Lines
from pipelines.run import Work, opened

MIRROR_VARIABLE = "PUBLICVALUE_MIRROR"


def options_from_environment() -> RunOptions:
    mirror = os.environ.get(MIRROR_VARIABLE)
    return RunOptions(mirror=Path(mirror) if mirror else None)


@dg.resource(description="The run under way: home, input, register and date, locked while it lasts.")
def work_resource(_context: dg.InitResourceContext) -> Iterator[Work]:
    with opened(options_from_environment(), Lines()) as work:
        yield work
