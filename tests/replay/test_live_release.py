"""What a release says of hostile, replaced, withdrawn and missing files, fetched live; and that the folder gives the same as a mirror."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.choose import RunOptions
from pipelines.run import run

HEAD = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
AS_OF = date(2026, 11, 25)


def _list(path: Path, month: int, amount: str) -> Path:
    lines = (f"T,T,{day:02}/{month:02}/2026,Rent,F,Supplier {day} Ltd,{day},{amount}\n" for day in range(1, 4))
    path.write_text(HEAD + "".join(lines), encoding="ascii")
    return path


def _bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("june-2026.csv", "w") as member:
        for _ in range(300):
            member.write(b"\0" * 1024**2)
    return path


def _ask(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(home / "warehouse.duckdb", read_only=True) as con:
        return con.execute(sql).fetchall()


@pytest.mark.slow
def test_every_fate_of_a_file_is_told_in_the_release(
    corpora: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug, titles = "hm-treasury", {"4": "April 2026", "5": "May 2026", "6": "June 2026"}
    urls = {month: f"{corpora.ASSETS}/media/{month}/data.csv" for month in titles}
    urls["6"] = f"{corpora.ASSETS}/media/6/june-2026.zip"
    pages = [
        corpora.document(f"/government/publications/{month}", f"Spend over £25,000: {title}", slug, date(2026, 7, 1),
                         attachments=[corpora.attachment(urls[month], "Data")])
        for month, title in titles.items()
    ]  # fmt: skip
    pages[2]["details"]["attachments"][0]["filename"] = "../../../../../june-2026.zip"
    files = {urls[month]: _list(tmp_path / f"{month}.csv", int(month), "30000.00") for month in ("4", "5")}
    files[urls["6"]] = _bomb(tmp_path / "bomb.zip")
    host = serve(corpora.write(tmp_path / "corpus", pages, files))
    for name, value in host.settings(discover_recheck_days=0).items():
        monkeypatch.setenv(f"PUBLICVALUE_{name.upper()}", str(value))
    home = tmp_path / "home"
    options = RunOptions(live=True, publishers=(slug,), home=home, as_of=AS_OF)
    run(options)
    # The month is known from the page alone: the files are called data.csv.
    held = "SELECT period_start::VARCHAR, file_status, file_reason_code FROM core_distributions ORDER BY 1"
    assert _ask(home, held) == [
        ("2026-04-01", "read", None), ("2026-05-01", "read", None), ("2026-06-01", "unreadable", "archive_limit"),
    ]  # fmt: skip
    said = _ask(
        home,
        "SELECT f.rule_id FROM core_findings AS f JOIN core_distributions AS d USING (publication_id) "
        "WHERE d.file_reason_code = 'archive_limit'",
    )
    assert ("file_cannot_be_opened",) in said
    assert list(tmp_path.rglob("june-2026.zip")) == [home / "live/spend/hm-treasury/june-2026.zip"]

    def edit(corpus: dict[str, Any]) -> None:
        april, may, _ = corpus["documents"]
        april["details"]["attachments"][0]["url"] = urls["4"].replace("/4/", "/44/")
        may["withdrawn_notice"] = {"explanation": "<p>Mistaken.</p>", "withdrawn_at": "2026-11-24T10:00:00Z"}
        corpus["files"]["/media/44/data.csv"] = str(_list(tmp_path / "44.csv", 4, "31000.00"))

    host.change(edit)
    live = run(options)
    changes = _ask(home, "SELECT revision_kind, count(*) FROM core_revisions GROUP BY ALL ORDER BY ALL")
    assert changes == [("changed", 3), ("file_replaced", 1), ("file_withdrawn", 1), ("removed", 3)]
    statuses = dict(_ask(home, "SELECT strftime(due_month, '%Y-%m'), calendar_status FROM core_publication_calendar "
                               "WHERE series = 'spend_over_threshold' AND due_month >= DATE '2026-04-01'"))  # fmt: skip
    assert statuses == {
        "2026-04": "late", "2026-05": "withdrawn", "2026-06": "on_time", "2026-07": "missing", "2026-08": "missing",
        "2026-09": "missing", "2026-10": "too_early",
    }  # fmt: skip
    assert live.is_new_release
    assert not run(options).is_new_release
