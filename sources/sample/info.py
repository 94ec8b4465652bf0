"""What a sample is made from and what was made: shared by the sample with a truth (make.py) and the large one (scale.py)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SEED = 20260101


@dataclass(frozen=True, slots=True)
class SampleInfo:
    """What was made: where, how many files and rows, and whether a table of the truth of each row lies beside."""

    root: Path
    files: int
    rows: int
    has_truth: bool
