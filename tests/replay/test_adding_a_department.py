"""docs/adding-a-department.md, gone through step by step: its entry and its commands as they stand there, on the replay server."""

from __future__ import annotations

import asyncio
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from click.testing import CliRunner

import pipelines.run
from pipelines.assets import launch
from pipelines.cli import cli
from published.serve import application
from sources import registry

DOC = Path(__file__).parents[2] / "docs" / "adding-a-department.md"
ID = "department-for-example"
SPEND = (
    "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
    "Department for Example,DfX,03/0{month}/2026,Consultancy,Finance,Kites Ltd,{month}001,30000.00\n"
)


def blocks() -> tuple[str, list[str]]:
    """The entry, and the commands before and after it."""
    step = DOC.read_text(encoding="utf-8").partition("## Step by step\n")[2].partition("\n## ")[0]
    found = [
        re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in re.findall(r"(?:^    .*\n)+", step, re.MULTILINE)
    ]
    before, entry, after = found
    return entry, [*before.splitlines(), *after.splitlines()]


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the register that an entry can be added to."""
    place = tmp_path / "sources" / "publishers"
    place.mkdir(parents=True)
    for path in (registry.HERE / "publishers").glob("*.yaml"):
        (place / path.name).symlink_to(path)
    monkeypatch.setattr(registry, "HERE", tmp_path / "sources")
    return place


def test_the_walk_through_works_as_it_is_written(
    register: Path, corpora: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, commands = blocks()
    files, documents = {}, []
    for month, name in ((1, "January"), (2, "February")):
        path = tmp_path / f"dfx-spend-{name.lower()}-2026.csv"
        path.write_text(SPEND.format(month=month), encoding="utf-8")
        url, title = corpora.asset(ID, path.name), f"DfX: spend over £25,000, {name} 2026"
        files[url] = path
        documents.append(
            corpora.document(
                f"/government/publications/dfx-{month}", title, ID, date(2026, month + 1, 20),
                attachments=[corpora.attachment(url, title)],
            )
        )  # fmt: skip
    host = serve(corpora.write(tmp_path / "corpus", documents, files))
    for name, value in host.settings().items():
        monkeypatch.setenv(f"PUBLICVALUE_{name.upper()}", str(value))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUBLICVALUE_HOME", raising=False)
    monkeypatch.setattr(launch, "launch", pipelines.run.run)  # the same steps, without Dagster's record of them

    def do(command: str) -> str:
        program, *arguments = shlex.split(command.replace("FILE", next(iter(files.values())).name))
        assert program == "publicvalue"
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, (command, result.output, result.exception)
        return result.output

    inspect, check, inspect_as, discover, run, serve_it = commands
    assert "£30,000.00" in do(inspect)
    (register / f"{ID}.yaml").write_text(entry, encoding="utf-8")
    assert check == ".venv/bin/pytest tests/sources/test_registry.py"
    assert registry.load_registry().get(ID).is_registered
    assert "£30,000.00" in do(inspect_as)
    assert do(discover).startswith(f"{ID}: 2 taken")
    assert "1.0.0" in do(run)
    assert serve_it == "publicvalue serve --home ./trial"
    release = (tmp_path / "trial" / "releases" / "live" / "latest").resolve()
    rows = duckdb.execute(
        "SELECT publisher_name, is_registered, transaction_count FROM read_parquet(?) WHERE publisher_id = ?",
        [str(release / "publishers.parquet"), ID],
    ).fetchall()
    assert rows == [("Department for Example", True, 2)]
    page, report = ask(release, f"/departments/{ID}", f"/reports/{ID}/")
    assert page.status_code == 200
    assert "Department for Example" in page.text
    assert report.status_code == 200


def ask(release: Path, *paths: str) -> list[httpx.Response]:
    async def requests() -> list[httpx.Response]:
        transport = httpx.ASGITransport(application(release))
        async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(requests())
