"""`publicvalue check`: the rules on files that are not published yet. Nothing is stored but the files asked for, nothing is sent."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sources.errors import PublicValueError, UsageError
from sources.schema.model import codes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LINES_SHOWN = 3
"""Findings of one rule that the terminal shows; the pages, the CSV and the JSON hold all."""
VALUE_SHOWN = 60
ERRORS_FOUND = 1
UNREADABLE = 2


class CheckFailedError(PublicValueError):
    """The check itself broke, which says nothing about the files."""

    exit_code = 3


@click.command(
    name="check",
    epilog="""
    \b
    publicvalue check spend-april.csv --publisher hm-treasury
    publicvalue check *.csv --html report --csv findings.csv
    publicvalue check spend-april.csv --json | jq .rules
    """,
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--publisher",
    "publisher_id",
    metavar="ID",
    help="Check them as this publisher's files, by its entry in the register.",
)
@click.option("--html", metavar="DIR", type=click.Path(path_type=Path), help="Write pages with every finding to DIR.")
@click.option("--csv", "csv_path", metavar="OUT", type=click.Path(path_type=Path), help="Write every finding to OUT.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON, instead of the list.")
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    publisher_id: str | None,
    html: Path | None,
    csv_path: Path | None,
    *,
    as_json: bool,
) -> None:
    """Check FILE before you publish it: the same rules as for published files.

    Shows each rule that fails, how often, the first lines, and how to mend it. Rules that one file cannot answer are
    named as not asked. The exit code is 0 where the files are sound or usable, 1 where there are errors, 2 where a file
    cannot be read or the command was wrong, 3 where the check itself failed.
    """
    if html is not None and html.exists() and (not html.is_dir() or any(html.iterdir())):
        raise UsageError(f"{html} is there already and is no empty folder; name another for --html.")
    try:
        account = _check(files, publisher_id, html, csv_path)
    except UsageError:
        raise
    except Exception as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise CheckFailedError(f"the check failed, which says nothing about the files: {words}") from error
    click.echo(json.dumps(account, indent=2, ensure_ascii=False) if as_json else in_words(account))
    if any(file["status"] == "unreadable" for file in account["files"]):
        ctx.exit(UNREADABLE)
    if any(rule["result"] == "fail" and rule["severity"] == "error" for rule in account["rules"]):
        ctx.exit(ERRORS_FOUND)


def _check(
    files: tuple[Path, ...], publisher_id: str | None, html: Path | None, csv_path: Path | None
) -> dict[str, Any]:
    from pipelines.checking import checked  # noqa: PLC0415 - only a check pays for it

    as_of = datetime.now(UTC).date()
    with checked(files, publisher_id, as_of=as_of) as con:
        if html or csv_path:
            _write(con, html, csv_path, as_of)
        return account_of(con)


def _write(con: DuckDBPyConnection, html: Path | None, csv_path: Path | None, as_of: Any) -> None:
    """The same pages and CSV as in a release, of these files alone."""
    import tempfile  # noqa: PLC0415 - only where files are asked for

    from published.reports.build import build_reports  # noqa: PLC0415 - brings jinja2

    with tempfile.TemporaryDirectory(prefix="publicvalue-check-") as aside:
        out = Path(aside) / "reports"
        build_reports(con, out, release_version=None, as_of=as_of, is_sample=False)
        try:
            if csv_path:
                (found,) = out.glob("*/findings.csv")
                csv_path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(found, csv_path)
            if html:
                shutil.copytree(out, html, dirs_exist_ok=True)
        except OSError as error:
            raise UsageError(f"{error.filename} cannot be written: {error.strerror}.") from error


def account_of(con: DuckDBPyConnection) -> dict[str, Any]:
    """What was found: files, then rules that fail (worst first), pass, or were not asked. Money is text with two decimals."""
    findings: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in _rows(
        con,
        "SELECT rule_id, source_path, sheet, line_number, column_name, raw_value, finding_detail, CAST(money_gbp AS VARCHAR) AS money_gbp "
        "FROM core_findings ORDER BY rule_id, source_path NULLS FIRST, sheet, line_number NULLS FIRST, column_name NULLS FIRST, raw_value, finding_id",
    ):
        findings[one.pop("rule_id")].append(one)
    rules = _rows(
        con,
        "SELECT rule_id, any_value(rule_title) AS title, any_value(remedy) AS remedy, any_value(r.severity) AS severity, "
        "any_value(r.dimension) AS dimension, any_value(rule_scope) AS scope, "
        "CASE WHEN bool_or(rule_result = 'fail') THEN 'fail' WHEN bool_or(rule_result = 'pass') THEN 'pass' "
        "ELSE 'not_applicable' END AS result, min(not_applicable_reason) AS reason, "
        "CAST(coalesce(sum(failed_count), 0) AS BIGINT) AS failed_count, "
        "CAST(coalesce(sum(checked_count), 0) AS BIGINT) AS checked_count "
        "FROM core_rules AS r LEFT JOIN core_rule_results USING (rule_id) GROUP BY rule_id ORDER BY rule_id",
    )
    worst = list(codes("severities"))
    rules.sort(key=lambda rule: (rule["result"] != "fail", worst.index(rule["severity"]), rule["rule_id"]))
    for rule in rules:
        rule["findings"] = findings[rule["rule_id"]]
        if rule["result"] != "not_applicable":
            rule["reason"] = None
    return {
        "files": _rows(
            con,
            "SELECT source_path AS file, file_status AS status, file_reason_code AS reason, transaction_count AS lines, "
            "CAST(total_gbp AS VARCHAR) AS total_gbp, tier, tier_reason FROM core_distributions LEFT JOIN ("
            "SELECT publication_id, any_value(tier) AS tier, any_value(tier_reason) AS tier_reason "
            "FROM mart_quality_by_publication GROUP BY 1) USING (publication_id) ORDER BY source_path",
        ),
        "rules": rules,
    }


def in_words(account: dict[str, Any]) -> str:
    """The account as a person reads it. Text of the files is shown so that it cannot act on the terminal."""
    from published.reports.text import counted, shown  # noqa: PLC0415 - only the terminal needs the words
    from published.reports.words import TIERS, UNITS  # noqa: PLC0415
    from sources.schema.model import codes  # noqa: PLC0415

    lines: list[str] = []
    for file in account["files"]:
        lines.append(f"{file['file']}: {counted(file['lines'] or 0, 'payment line')}")
        if file["reason"]:
            lines.append(f"  {codes('file_reasons')[file['reason']]}")
        if file["tier"]:
            lines.append(f"  {TIERS[file['tier']]}. {file['tier_reason'] or ''}")
    several = len(account["files"]) > 1
    failing = [rule for rule in account["rules"] if rule["result"] == "fail"]
    for rule in failing:
        lines.append("")
        count = counted(rule["failed_count"], *UNITS[rule["scope"]])
        lines.append(f"{rule['severity'].upper()}: {rule['title']} ({rule['rule_id']}): {count}")
        lines += [f"  {_finding(one, several=several)}" for one in rule["findings"][:LINES_SHOWN]]
        if len(rule["findings"]) > LINES_SHOWN:
            lines.append(f"  ... and {len(rule['findings']) - LINES_SHOWN:,} more; --csv or --html lists all")
        lines.append(f"  Mend: {rule['remedy']}")
    passing = sum(1 for rule in account["rules"] if rule["result"] == "pass")
    lines += ["", f"{counted(len(failing), 'rule fails', 'rules fail')}, {counted(passing, 'passes', 'pass')}."]
    reasons: dict[str, list[str]] = defaultdict(list)
    for rule in account["rules"]:
        if rule["result"] == "not_applicable":
            reasons[rule["reason"] or "no reason stated"].append(rule["rule_id"])
    if reasons:
        lines.append("Not asked:")
        lines += [f"  {reason} {', '.join(names)}" for reason, names in sorted(reasons.items())]
    return "\n".join(shown(line, 20_000) for line in lines)


def _finding(one: dict[str, Any], *, several: bool) -> str:
    from published.reports.text import shown  # noqa: PLC0415 - see in_words

    place = [shown(one["source_path"], VALUE_SHOWN)] if several and one["source_path"] else []
    place += [f"sheet {shown(one['sheet'], VALUE_SHOWN)}"] if one["sheet"] else []
    place += [f"line {one['line_number']}"] if one["line_number"] is not None else []
    found = [shown(one["raw_value"], VALUE_SHOWN), shown(one["finding_detail"], 3 * VALUE_SHOWN)]
    return ": ".join(filter(None, [", ".join(place), *found]))


def _rows(con: DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = con.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
