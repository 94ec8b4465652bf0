"""The main job up to the lake and no further: `python -m benchmarks.lake MIRROR HOME` prints the seconds of its stages as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipelines.choose import RunOptions
from pipelines.progress import Progress
from pipelines.run import ingest, look
from pipelines.work import opened


def main(mirror: Path, home: Path) -> None:
    progress = Progress()
    with opened(RunOptions(mirror=mirror, home=home), progress) as work:
        look(work)
        for _ in ingest(work):
            pass
    print(json.dumps(progress.seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
