from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.commands.inspect import command, in_words
from sources.errors import UsageError

HEAD = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
TEXT = (
    HEAD
    + 'D,HQ,03/04/2024,Rent,Estates,Acme Ltd,1,"1,234.50"\nD,HQ,30/04/2024,Gas,Estates,Bravo Ltd,2,(34.50)\n,,,,,,Total,1200\n\n'
)
KEYS = ["file", "container", "encoding", "delimiter", "sheet", "header_line", "columns", "rows_in", "transactions", "set_aside", "total_gbp", "first_date", "last_date", "notes"]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "spend-april-2024.csv"
    path.write_text(TEXT, "utf-8")
    return path


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def as_json(*arguments: str | Path) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_the_json_has_the_agreed_keys_and_types(file: Path) -> None:
    account = as_json(file)
    assert [key for key in account if key in KEYS] == KEYS
    assert {key: account[key] for key in KEYS if key not in {"columns", "notes", "set_aside"}} == {
        "file": str(file),
        "container": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "sheet": None,
        "header_line": 1,
        "rows_in": 5,
        "transactions": 2,
        "total_gbp": "1200.00",
        "first_date": "2024-04-03",
        "last_date": "2024-04-30",
    }
    assert account["set_aside"] == {"header": [1], "total": [4], "blank": [5]}
    assert account["notes"] == []
    assert account["columns"][7] == {"position": 8, "header": "Amount", "field": "amount_gbp", "match": "exact", "score": 1.0}  # fmt: skip


def test_numbers_are_numbers_and_rows_add_up(file: Path) -> None:
    account = as_json(file)
    assert all(type(account[key]) is int for key in ("rows_in", "transactions", "header_line", "set_aside_count"))
    assert account["rows_in"] == account["transactions"] + sum(map(len, account["set_aside"].values()))


def test_one_file_is_an_object_and_several_are_a_list(file: Path) -> None:
    assert isinstance(as_json(file), dict)
    assert [account["file"] for account in as_json(file, file)] == [str(file), str(file)]


def test_a_person_reads_columns_rows_total_dates_and_guesses(file: Path) -> None:
    words = run(file)
    for part in (
        "Heading:   line 1",
        "  6 Supplier -> supplier_name",
        "Rows:      5 = 2 transactions + 3 set aside",
        "1 total: ",
        "Line 4",
        "Total:     £1,200.00",
        "Dates:     2024-04-03 to 2024-04-30",
        "Period:    2024-04-01 to 2024-04-30",
        "1 amount_parentheses: ",
    ):
        assert part in words


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("-1234.50", "-£1,234.50"), ("-0.50", "-£0.50"), ("0", "£0.00"), ("1000000", "£1,000,000.00")],
)
def test_totals_below_zero_are_shown_with_the_sign_before_the_pound(tmp_path: Path, amount: str, shown: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"Supplier,Date,Amount\nAcme Ltd,03/04/2024,{amount}\n", "utf-8")
    assert f"Total:     {shown}\n" in run(path)


def test_a_file_that_cannot_be_read_is_explained_and_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_bytes(b"%PDF-1.7\n")
    account = as_json(path)
    assert (account["status"], account["reason"], account["container"], account["rows_in"]) == ("unreadable", "pdf", "pdf", 0)  # fmt: skip
    assert account["total_gbp"] == "0.00"
    assert account["first_date"] is None
    assert "PDF" in run(path)


@pytest.mark.parametrize("arguments", [["no-such-file.csv"], ["."], ["pyproject.toml", "--publisher", "no-such-body"]])
def test_a_wrong_path_or_publisher_is_one_clear_line_and_exit_code_2(arguments: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "inspect", *arguments], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("publicvalue: ")


def test_a_folder_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder; name the files in it"):
        CliRunner().invoke(command, [str(tmp_path)], catch_exceptions=False)


def test_hostile_text_does_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"Supplier,Date,Amount,\x1b[31mRed\x07\u202e\nAcme Ltd,03/04/2024,1.00,{'x' * 5}\n", "utf-8")
    words = run(path)
    assert all(c == "\n" or c.isprintable() for c in words)
    assert "[31mRed" in words


def test_nothing_is_written(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(file)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_the_words_fit_an_account_without_columns_dates_or_period(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    words = in_words(as_json(path))
    assert "Total:     £0.00" in words
    assert "Dates:" not in words
    assert "Period:" not in words
