"""What a release was made of, kept so that it can be built again when the source has moved on.

runs/inputs/<channel>-<version>/    what was held of each publisher then, and which release was served
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pipelines.home import Home

EARLIER = "served-before"
SEARCHES = "searches.csv"


def keep_inputs(home: Home, channel: str, version: str, earlier: str | None, root: Path) -> None:
    """Copies what was held. `earlier` is the version that was served before, `root` the input's folder."""
    kept = kept_inputs(home, channel, version)
    aside = kept.with_name(f".{kept.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(home.inputs / channel, aside)
    if (root / SEARCHES).is_file():
        shutil.copyfile(root / SEARCHES, aside / SEARCHES)
    (aside / EARLIER).write_text(json.dumps({"latest": earlier}), encoding="ascii")
    shutil.rmtree(kept, ignore_errors=True)
    aside.rename(kept)


def kept_inputs(home: Home, channel: str, version: str) -> Path:
    folder = home.root / "runs" / "inputs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{channel}-{version}"
