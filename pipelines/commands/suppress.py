"""`publicvalue suppress`: take a line, a supplier or a file down everywhere."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import click

from pipelines.home_option import home_option
from pipelines.release_options import given_home, today
from sources.errors import UsageError


@click.command(
    name="suppress",
    epilog="""
    \b
    publicvalue suppress --transaction 0f3a9c1b2d4e5f60718293a4 --reason "names a patient" --authority "ICO, case 12"
    publicvalue suppress --supplier "Mrs A Example" --reason "home address" --authority "Data protection officer"
    publicvalue suppress --snapshot 9f86d081... --reason "published in error" --authority "HM Treasury" --yes
    """,
)
@click.option(
    "--transaction", "transaction_id", metavar="ID", help="One line, and every line of the body with the same cells."
)
@click.option("--snapshot", metavar="SHA256", help="One file as it was published.")
@click.option("--supplier", metavar="NAME", help="Every line that pays this supplier, however its name is spelt.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; published in the tombstone.")
@click.option("--authority", required=True, metavar="TEXT", help="Who decided; published in the tombstone.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Day of the decision. [default: today]"
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def command(
    *,
    transaction_id: str | None,
    snapshot: str | None,
    supplier: str | None,
    reason: str,
    authority: str,
    day: datetime | None,
    yes: bool,
    home: Path | None,
) -> None:
    """Take published data down: from the stored files, the lake, the warehouse and every release that holds it.

    Releases are built again under their versions with a dated tombstone and new checksums. It cannot be undone, and is
    applied again whenever the source offers the same. Copies made with `publish` have to be published again.
    """
    from pipelines.suppression import Suppression, find_transaction, supplier_key_sha256, suppress  # noqa: PLC0415 - brings DuckDB

    if sum(one is not None for one in (transaction_id, snapshot, supplier)) != 1:
        raise UsageError("give one of --transaction ID, --snapshot SHA256 and --supplier NAME")
    if snapshot is not None and not re.fullmatch("[0-9a-f]{64}", snapshot):
        raise UsageError(f"--snapshot {snapshot[:80]}: a SHA-256 has 64 digits and letters a to f; see snapshot_sha256")
    held = given_home(home)
    with held.locked():
        date = (day.date() if day else today()).isoformat()
        if transaction_id is not None:
            rows, ids = find_transaction(held, transaction_id)
            entry = Suppression("transaction", reason, authority, date, rows=rows, transaction_ids=ids)
            what = f"transaction {transaction_id}{f' and {len(ids) - 1} with the same cells' if len(ids) > 1 else ''}"
        elif supplier is not None:
            entry = Suppression("supplier", reason, authority, date, supplier_key_sha256=supplier_key_sha256(supplier))
            what = f"every line that pays {supplier!r}"
        else:
            entry = Suppression("snapshot", reason, authority, date, snapshot_sha256=snapshot)
            what = f"the file with the checksum {snapshot}"
        if not yes:
            click.confirm(
                f"Take down {what} from the stored files and all releases in {held.root}? It cannot be undone.",
                abort=True,
            )
        purged = suppress(held, entry)
    for version, count in purged.releases.items():
        click.echo(f"{version}: {count} lines taken out, checksums and tombstone are new")
    click.echo(
        f"{len(purged.snapshots)} stored files changed, {len(purged.releases)} releases built again. "
        "Run `publicvalue run` for a release without it, and `publicvalue publish` for copies elsewhere"
    )
