"""Data Docs of the latest run: the suites of Great Expectations over the warehouse that stands, as pages in the home.

A step of its own, since it runs every rule a second time and the library alone takes seconds to start: `publicvalue run
--data-docs`, or the job data_docs. Does not belong here: the suites (quality_checks.suites) and the pages (published.reports).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.summary import loaded
from sources.errors import PublicValueError

if TYPE_CHECKING:
    from pipelines.work import Work


def make_data_docs(work: Work) -> dict[str, Any]:
    """Replaces <home>/data-docs. Returns where they are, the rules that find something, and what of our own tables is broken.

    Raises PublicValueError where no run has finished.
    """
    import duckdb  # noqa: PLC0415 - only where the step runs

    from published.reports.data_docs import FOLDER, write_data_docs  # noqa: PLC0415 - brings jinja2
    from quality_checks.suites import run_suites  # noqa: PLC0415 - brings Great Expectations

    built = loaded(work.built_path)
    if built is None or not work.home.warehouse.is_file():
        raise PublicValueError(f"{work.home.root}: no run has finished, so there is nothing to describe; run first")
    out = work.home.root / FOLDER
    with (
        work.progress.stage("Data Docs") as stage,
        tempfile.TemporaryDirectory(dir=work.home.tmp) as folder,
        duckdb.connect(str(work.home.warehouse), read_only=True) as con,
    ):
        done = run_suites(con, as_of=work.as_of, docs=Path(folder), registry=work.registry)
        write_data_docs(
            Path(folder),
            out,
            failing=done.failing,
            broken=done.broken,
            channel=work.channel,
            release=built["release"],
            as_of=work.as_of,
        )
        stage.outcome = str(out / "index.html")
    return {
        "path": str(out / "index.html"),
        "failing": sum(map(bool, done.failing.values())),
        "broken": list(done.broken),
    }
