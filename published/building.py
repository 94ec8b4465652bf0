"""The steps that fill a release's folder: Parquet, then CSV, reports and SQLite side by side, read back, described.

Belongs here: what is written, in which order, and what overlaps. Does not belong here: which release it becomes and
how it gets into place (release.py, store.py).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published import release_deltas, verify
from published.beside import Beside, Growing, growing, worker
from published.datasets import Dataset, Link, datasets, licences
from published.datasette.metadata import INSPECT, METADATA, datasette_inspect, datasette_metadata
from published.formats.csv_file import write_csv
from published.formats.parquet_file import write_parquet
from published.formats.sqlite_file import write_about
from published.forms import write_forms
from published.large import is_large, write_large
from published.metadata import data_package as package
from published.metadata.checksums import read_checksums, sha256, write_checksums
from published.metadata.held import filled_links, method_versions
from published.metadata.write import write_metadata
from published.reports import FOLDER as REPORTS
from published.version import FIRST, Change, Content, Version, compare

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from published.deltas import Delta

PROVENANCE = "provenance.json"
TOMBSTONES = "TOMBSTONES.json"
SAMPLE_LICENCE = "CC0-1.0"


@dataclass(slots=True)
class Build:
    """A release under construction."""

    folder: Path
    previous: Path | None
    channel: str
    is_sample: bool
    as_of: date
    tombstones: list[dict[str, str]] = field(default_factory=list)
    """What was taken down from it, with date, authority and reason; written into the release."""
    version: Version | None = None
    """Given where a release that stands is built again; else it is worked out."""
    controls: dict[str, verify.Control] = field(default_factory=dict)
    keyed: set[str] = field(default_factory=set)
    links: dict[str, list[Link]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    forms: dict[str, package.Stored] = field(default_factory=dict)
    """Files that hold a dataset, or a part of it, in a further form; by path."""
    deltas: dict[str, Delta] = field(default_factory=dict)
    """What differs from the release before, by dataset; empty in a first release."""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def notice(self) -> str:
        """What every file has to say of itself where its format lets it."""
        return licences()[SAMPLE_LICENCE].attribution if self.is_sample else ""

    def file(self, dataset: Dataset, kind: str) -> Path:
        return self.folder / f"{dataset.name}.{kind}"

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[step] = round(self.seconds.get(step, 0) + time.perf_counter() - start, 3)


def write(con: DuckDBPyConnection, build: Build, newest: Version | None) -> Version:
    """Every file but provenance.json. Returns `newest` itself where nothing differs from it.

    Each Parquet file is handed on as soon as it stands: to the SQLite file, whose thread takes longest, and to CSV. Each CSV
    file is handed on to the further forms, which go on beside the reports: those wait for the version, and it for the CSV files.
    """
    with (
        growing(build.folder / package.SQLITE) as sqlite,
        Beside() as csv_thread,
        Beside() as forms_thread,
    ):
        csv: dict[str, Future[Content]] = {}
        forms: dict[str, Future[None]] = {}
        for dataset in datasets():
            with build.timed("parquet"):
                _write_parquet(con, build, dataset, sqlite)
            csv[dataset.name] = csv_thread.submit(_write_csv, build, dataset)
            forms[dataset.name] = forms_thread.submit(_write_forms, build, dataset, csv[dataset.name])
        with build.timed("keys and links"):
            _check_keys(build)
        sqlite.settle(build.keyed, build.links)
        contents = {name: future.result() for name, future in csv.items()}
        change = _change(build, contents)
        if newest and change is Change.NONE and not build.version and _reports_differ(con, build, newest):
            change = Change.PATCH
        version = build.version or (newest.after(change) if newest else FIRST)
        if version != newest:
            _write_reports(con, build, version)
        with build.timed("wait for further forms"):
            for done in forms.values():
                done.result()
        with build.timed("wait for sqlite"):
            sqlite.finish()
    if version != newest:
        if newest:
            release_deltas.write_index(build.folder, build.deltas, version_from=str(newest), version_to=str(version))
        _describe(build, version)
    return version


def _write_parquet(con: DuckDBPyConnection, build: Build, dataset: Dataset, sqlite: Growing) -> None:
    """The Parquet file, and its rows for SQLite: after it, or along with it where the dataset is large."""
    build.controls[dataset.name] = control = verify.warehouse_control(con, dataset)
    path = build.file(dataset, "parquet")
    if is_large(dataset, control.rows):
        with sqlite.fed(dataset) as feed:
            build.forms |= write_large(con, dataset, build.folder, notice=build.notice, also=feed)
    else:
        write_parquet(con, dataset, path, build.notice)
        sqlite.add(dataset, path)


def _check_keys(build: Build) -> None:
    with worker(threads=2) as con:
        for dataset in datasets():
            path = build.file(dataset, "parquet")
            if verify.key_holds(con, dataset, path):
                build.keyed.add(dataset.name)
        for dataset in datasets():
            build.links[dataset.name] = [
                link
                for link in dataset.links
                if link.dataset in build.keyed
                and verify.link_holds(
                    con, link, build.file(dataset, "parquet"), build.folder / f"{link.dataset}.parquet"
                )
            ]


def _write_csv(con: DuckDBPyConnection, build: Build, dataset: Dataset) -> Content:
    """CSV, then both text and Parquet read back and hashed."""
    parquet, csv = build.file(dataset, "parquet"), build.file(dataset, "csv")
    with build.timed("csv"):
        write_csv(con, dataset, parquet, csv)
    with build.timed("read back csv and parquet"):
        verify.agree(
            dataset,
            build.controls[dataset.name],
            CSV=verify.csv_control(con, dataset, csv),
            Parquet=verify.parquet_control(con, dataset, parquet),
        )
    with build.timed("checksums"):
        for path in (csv, parquet):
            build.digests[path.name] = sha256(path)
    return package.content(dataset, build.digests[csv.name])


def _write_forms(con: DuckDBPyConnection, build: Build, dataset: Dataset, csv: Future[Content]) -> None:
    """Once its CSV file stands. Raises what writing that raised."""
    csv.result()
    with build.timed("further forms"):
        rows = build.controls[dataset.name].rows
        build.forms |= write_forms(con, dataset, build.folder, rows=rows, is_sample=build.is_sample)


def _write_reports(con: DuckDBPyConnection, build: Build, version: Version, as_of: date | None = None) -> None:
    from published.reports.build import build_reports  # noqa: PLC0415 - brings jinja2 and Arrow
    from published.reports.scorecards import build_scorecards  # noqa: PLC0415 - brings jinja2

    with build.timed("reports"):
        out, day = build.folder / REPORTS, as_of or build.as_of
        build_reports(con, out, release_version=str(version), as_of=day, is_sample=build.is_sample)
        build_scorecards(con, out, release_version=str(version), as_of=day, is_sample=build.is_sample)


def _reports_differ(con: DuckDBPyConnection, build: Build, newest: Version) -> bool:
    """Whether the same data would be reported otherwise than in the release before, on its day and under its version."""
    if build.previous is None:
        return False
    provenance = json.loads((build.previous / PROVENANCE).read_text(encoding="utf-8"))
    day = date.fromisoformat(provenance["as_of"]) if "as_of" in provenance else build.as_of
    _write_reports(con, build, newest, day)
    out = build.folder / REPORTS
    now = {path.relative_to(build.folder).as_posix(): sha256(path) for path in out.rglob("*") if path.is_file()}
    before = {name: one for name, one in read_checksums(build.previous).items() if name.startswith(f"{REPORTS}/")}
    shutil.rmtree(out)
    return now != before


def _change(build: Build, contents: dict[str, Content]) -> Change:
    if build.previous is None:
        return Change.MINOR
    before = package.read_content(json.loads((build.previous / package.NAME).read_text(encoding="utf-8")))
    with build.timed("compare with the release before"), worker() as con:
        build.deltas = release_deltas.write_deltas(con, build.previous, build.folder, before, contents)
    return compare(
        before,
        contents,
        same_rows=lambda name: build.deltas[name].same_keys,
        new_method=lambda name: build.deltas[name].is_new_method,
    )


def _describe(build: Build, version: Version) -> None:
    """What the release says about itself, last of all the checksums."""
    sqlite = build.folder / package.SQLITE
    with worker() as con:
        described = [_described(con, build, dataset) for dataset in datasets()]
        methods = method_versions(con, build.folder)
    title = f"{f'{package.SAMPLE}: ' if build.is_sample else ''}Public Value {version}"
    with build.timed("read back sqlite"):
        about = {"title": title, "version": str(version), "channel": build.channel}
        about |= {"licence": described[0].licence.title, "attribution": described[0].licence.attribution}
        write_about(sqlite, about, datasets())
        for dataset in datasets():
            verify.agree(dataset, build.controls[dataset.name], SQLite=verify.sqlite_control(sqlite, dataset))
    with build.timed("checksums"):
        build.digests[sqlite.name] = sha256(sqlite)
    files = {
        name: package.Stored(name, (build.folder / name).stat().st_size, digest)
        for name, digest in build.digests.items()
    }
    described_package = package.data_package(
        described,
        files | build.forms,
        version=str(version),
        channel=build.channel,
        is_sample=build.is_sample,
        as_of=build.as_of,
        methods=methods,
    )
    counts = {name: delta.counts() for name, delta in build.deltas.items()}
    write_metadata(build.folder, described_package, previous=build.previous, counts=counts)
    write_json(build.folder / METADATA, datasette_metadata(described, title=title, is_sample=build.is_sample))
    hidden = _other_tables(sqlite, {dataset.name for dataset in datasets()})
    write_json(build.folder / INSPECT, datasette_inspect(described, files[sqlite.name], hidden))
    known = build.digests | {name: file.sha256 for name, file in build.forms.items()}
    if build.tombstones:
        write_json(build.folder / TOMBSTONES, build.tombstones)
    write_checksums(build.folder, known, leave_out={PROVENANCE})


def _described(con: DuckDBPyConnection, build: Build, dataset: Dataset) -> package.Described:
    licence = licences()[SAMPLE_LICENCE if build.is_sample else dataset.licence]
    control, links = build.controls[dataset.name], build.links[dataset.name]
    filled = filled_links(con, build.folder, dataset, links)
    keyed = dataset.name in build.keyed
    return package.Described(dataset, control.rows, keyed, links, licence, control.totals, filled)


def _other_tables(sqlite: Path, known: set[str]) -> dict[str, int]:
    """Rows of the tables that search and the descriptions brought along."""
    with closing(sqlite3.connect(f"{sqlite.as_uri()}?mode=ro&immutable=1", uri=True)) as con:
        names = {name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} - known
        return {name: con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(names)}


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
