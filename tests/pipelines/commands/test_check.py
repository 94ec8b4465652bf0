"""The check before publication: exit codes, what the terminal says, files written, and that hostile text does nothing."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines import checking
from pipelines.commands import check

HEADER = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount,Description,Supplier postcode\n"
SOUND = "Hills,Hills,{day:02}/04/2024,Consultancy,Finance,Acme {day} Ltd,{day},{amount}.00,Advice,SW1A 2AA\n"


def write(folder: Path, *lines: str, name: str = "hills-spend-april-2024.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def sound_lines() -> list[str]:
    return [SOUND.format(day=day, amount=30_000 + day) for day in range(1, 11)]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(check.command, [str(one) for one in arguments])


def test_a_sound_file_ends_with_0_and_says_what_was_not_asked(tmp_path: Path) -> None:
    result = run(write(tmp_path, *sound_lines()))
    assert result.exit_code == 0
    assert "hills-spend-april-2024.csv: 10 payment lines" in result.output
    assert (
        "One file cannot answer this; it needs the publication calendar. month_missing, published_late" in result.output
    )


def test_errors_end_with_1_and_are_listed_with_line_value_and_mend(tmp_path: Path) -> None:
    lines = sound_lines()
    lines[4] = lines[4].replace("30005.00", "#REF!")
    result = run(write(tmp_path, *lines))
    assert result.exit_code == 1
    assert "Not usable as published" in result.output
    assert "ERROR: " in result.output
    assert "line 6: #REF!" in result.output
    assert "\n  Mend: " in result.output


def test_an_unreadable_file_ends_with_2(tmp_path: Path) -> None:
    path = tmp_path / "april.csv"
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n")
    assert run(path).exit_code == 2


@pytest.mark.parametrize("arguments", [["missing.csv"], ["."], ["--publisher", "no-such-body", __file__]])
def test_wrong_usage_ends_with_2_and_one_line(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "check", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_our_own_failure_ends_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk on\nfire")

    monkeypatch.setattr(checking, "checked", broken)
    result = run(write(tmp_path, *sound_lines()))
    assert isinstance(result.exception, check.CheckFailedError)
    assert result.exception.exit_code == 3
    assert str(result.exception) == "the check failed, which says nothing about the files: disk on fire"


def test_every_finding_is_in_the_json_the_csv_and_the_pages(tmp_path: Path) -> None:
    lines = [line.replace(",SW1A 2AA", ",") if day > 3 else line for day, line in enumerate(sound_lines(), start=1)]
    path = write(tmp_path, *lines)
    listed = json.loads(run(path, "--json").output)
    (postcodes,) = [rule for rule in listed["rules"] if rule["rule_id"] == "postcode_blank"]
    assert postcodes["failed_count"] == 7
    assert [one["line_number"] for one in postcodes["findings"]] == [5, 6, 7, 8, 9, 10, 11]
    shown = run(path, "--csv", tmp_path / "out/findings.csv", "--html", tmp_path / "pages").output
    assert "... and 4 more; --csv or --html lists all" in shown
    with (tmp_path / "out/findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for row in csv.DictReader(file) if row["rule_id"] == "postcode_blank") == 7
    page = (tmp_path / "pages/unregistered/rules/postcode_blank/1.html").read_text(encoding="utf-8")
    assert page.count("<td>supplier_postcode</td>") == 7
    assert "CHECK BEFORE PUBLICATION." in page


def test_pages_are_not_written_over_what_is_there(tmp_path: Path) -> None:
    path = write(tmp_path, *sound_lines())
    done = run(path, "--html", tmp_path)
    assert "is no empty folder" in str(done.exception)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_nothing_is_stored_where_nothing_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, *sound_lines())
    (tmp_path / "tmp").mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path / "home")
    assert run(path).exit_code == 0
    assert list((tmp_path / "tmp").iterdir()) == []
    assert list((tmp_path / "home").iterdir()) == []


def test_hostile_text_does_nothing_on_the_terminal_in_pages_or_in_a_spreadsheet(tmp_path: Path) -> None:
    names = [
        "\x1b[2J\x1b]0;owned\x07Acme",
        "\u202eGPJ",
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "'; drop table x; --",
    ]
    lines = [line.replace(f"Acme {day} Ltd", names[day % 5]).replace(f"{30_000 + day}.00", f"{names[day % 5]}") for day, line in enumerate(sound_lines(), start=1)]  # fmt: skip
    path = write(tmp_path, *lines)
    result = run(path, "--csv", tmp_path / "f.csv", "--html", tmp_path / "pages")
    assert result.exit_code in {1, 2}
    assert all(character.isprintable() or character == "\n" for character in result.output)
    text = (tmp_path / "f.csv").read_text(encoding="utf-8-sig")
    assert ',"=' not in text
    assert "'=HYPERLINK(1)" in text
    for page in (tmp_path / "pages").rglob("*.html"):
        assert "<script" not in page.read_text(encoding="utf-8")


def test_two_files_of_one_name_are_two_files(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, *sound_lines())
    listed = json.loads(run(*sorted(tmp_path.glob("*/*.csv")), "--json").output)
    assert [file["lines"] for file in listed["files"]] == [10, 10]


def test_a_check_brings_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    path = write(tmp_path, *(SOUND.format(day=place % 28 + 1, amount=25_000 + place) for place in range(5_000)))
    code = (
        "import sys; sys.argv = ['publicvalue', 'check', sys.argv[1]]\n"
        "from pipelines.cli import main\n"
        "try: main()\n"
        "finally: print([name for name in ('pandas', 'dagster', 'great_expectations') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_a_cell_of_ten_megabytes_is_read_and_shown_short(tmp_path: Path) -> None:
    lines = sound_lines()
    lines[3] = lines[3].replace("Acme 4 Ltd", "#REF! " + "<" * 10_000_000)
    lines[4] = lines[4].replace("Acme 5 Ltd", "")
    result = run(write(tmp_path, *lines), "--csv", tmp_path / "f.csv", "--html", tmp_path / "pages")
    assert result.exit_code == 1
    assert "line 6" in result.output
    assert len(result.output) < 20_000
    assert max(page.stat().st_size for page in (tmp_path / "pages").rglob("*.html")) < 300_000
