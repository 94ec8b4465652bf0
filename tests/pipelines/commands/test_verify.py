"""verify: checksums, and a second build from the stored files that comes out to the byte."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from pipelines.choose import RunOptions
from pipelines.cli import cli
from pipelines.run import run

DAY = date(2025, 1, 31)


def test_a_release_is_built_again_to_the_byte_and_damage_and_other_code_are_named(mirror: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(RunOptions(mirror=mirror, home=home, as_of=DAY))
    april = mirror / "spend/south-hill/south-hill-spend-april-2024.csv"
    april.write_bytes(april.read_bytes().replace(b"100000.00", b"100001.00"))
    assert run(RunOptions(mirror=mirror, home=home, as_of=DAY)).release == "1.1.0"
    for path in mirror.rglob("*.csv"):  # the source is gone; the stored files are enough
        path.unlink()
    for part in ("lake", "tmp", "sample"):  # as in a home that was just restored
        shutil.rmtree(home / part)

    def verify(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["verify", *arguments, "--home", str(home)])

    for version in ("1.0.0", "1.1.0"):
        result = verify(version)
        assert "built again from the stored files: every byte came out the same" in result.output
        assert result.exit_code == 0
    assert [path.name for path in (home / "tmp").iterdir() if path.name.startswith("verify-")] == []

    provenance = home / "releases/mirror/1.0.0/provenance.json"
    noted = json.loads(provenance.read_text())
    provenance.write_text(json.dumps({**noted, "code": "0123456789abcdef", "commit": "c0ffee"}))
    assert "not built again: it was made by other code: c0ffee" in verify("1.0.0").output

    suppliers = home / "releases/mirror/1.1.0/suppliers.csv"
    suppliers.write_bytes(suppliers.read_bytes() + b"\n")
    (suppliers.parent / "added.txt").write_text("x")
    (suppliers.parent / "README.md").unlink()
    result = verify("latest", "--checksums-only", "--json")
    assert result.exit_code == 1
    assert json.loads(result.output)["wrong"] == [
        "README.md is missing",
        "added.txt is not listed",
        "suppliers.csv is not what was released",
    ]
