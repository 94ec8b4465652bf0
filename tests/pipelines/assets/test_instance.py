"""Where Dagster keeps its history: files of the home, or a real Postgres."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.instance import instance_text, make_stores, set_environment
from pipelines.assets.launch import launch
from pipelines.choose import RunOptions
from pipelines.home import open_home
from pipelines.progress import Progress
from sources.errors import PublicValueError

BINARIES = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))  # noqa: PTH207 - an absolute pattern


@pytest.fixture(autouse=True)
def environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAGSTER_HOME", "PUBLICVALUE_HOME", "PUBLICVALUE_DATABASE"):
        monkeypatch.setenv(name, "")  # what is set meanwhile is put back
        monkeypatch.delenv(name)


def test_without_a_database_the_projects_own_file_is_taken(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    set_environment(home)
    written = (home.dagster / "dagster.yaml").read_text(encoding="utf-8")
    assert written == (Path(__file__).parents[3] / "dagster.yaml").read_text(encoding="utf-8")


def test_with_a_database_only_its_variable_stands_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLICVALUE_DATABASE", "postgresql://me:hunter2@localhost/dagster")
    home = open_home(tmp_path)
    set_environment(home)
    written = (home.dagster / "dagster.yaml").read_text(encoding="utf-8")
    assert written == instance_text(in_database=True)
    assert "hunter2" not in written
    assert "postgres_url:\n      env: PUBLICVALUE_DATABASE" in written
    assert "Sqlite" not in written
    assert "max_concurrent_runs: 1" in written


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_stores_are_made_once_before_two_processes_start_and_a_damaged_one_has_a_remedy(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    set_environment(home)
    make_stores(home)
    make_stores(home)
    with closing(sqlite3.connect(home.dagster / "runs.db")) as con, con:
        ((head,),) = con.execute("SELECT version_num FROM alembic_version").fetchall()
        con.execute("INSERT INTO alembic_version VALUES ('another')")
    assert head
    with pytest.raises(PublicValueError, match=r"delete the folder's \*\.db files"):
        make_stores(home)


@pytest.fixture
def postgres() -> Iterator[str]:
    """Address of a server of our own, on a free port of this machine."""
    if not BINARIES:
        pytest.skip("no Postgres server is installed (Debian: apt-get install postgresql)")
    binaries = Path(BINARIES[-1]).parent
    as_root = os.geteuid() == 0
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if as_root else []
    folder = Path(tempfile.mkdtemp(prefix="publicvalue-postgres-"))
    if as_root:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    listening = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    try:
        subprocess.run(
            [*prefix, str(binaries / "initdb"), "-D", str(data), "-U", "dagster", "-A", "trust", "-E", "UTF8"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        subprocess.run([*control, "-o", listening, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        yield f"postgresql://dagster@127.0.0.1:{port}/postgres"
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_runs_are_recorded_in_postgres(
    postgres: str, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLICVALUE_DATABASE", postgres)
    launch(RunOptions(mirror=mirror, home=tmp_path / "home", as_of=date(2025, 1, 31)), Progress())
    with dg.DagsterInstance.get() as instance:
        assert sorted(run.job_name for run in instance.get_runs()) == ["build", "ingest"]
        assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.SUCCESS}
        assert instance.get_materialized_partitions(dg.AssetKey("lake_rows")) == {"north-hill", "south-hill"}
    assert not list((tmp_path / "home/dagster").rglob("*.db"))


def test_a_run_told_to_stop_amid_a_step_stops_as_any_command_and_the_next_goes_on(
    mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = RunOptions(mirror=mirror, home=tmp_path / "home", as_of=date(2025, 1, 31))
    with monkeypatch.context() as patched:
        patched.setattr("pipelines.assets.ingest.ingest", lambda _: os.kill(os.getpid(), signal.SIGTERM))
        with pytest.raises(KeyboardInterrupt):  # which the command line answers with one word and 130
            launch(options, Progress())
    assert launch(options, Progress()).release == "1.0.0"
    with dg.DagsterInstance.get() as instance:
        assert not instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
