"""Which character stands between the cells, by how evenly it divides the lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from math import sqrt

DELIMITERS = ",;\t|"
RARE = "^~\N{BROKEN BAR}:\x1f"
"""Texts and times hold these by chance, so that more is asked of them."""
RARE_SHARE = 0.9
RARE_WIDTH = 3
RARE_ADVANTAGE = 2.0
"""A rare one is taken where this share of the lines has one width, this or wider, and it divides this much better than the others."""
SAMPLE_ROWS = 300

# Spreadsheets take a first line such as `sep=;` as a declaration.
DECLARED = re.compile(r'"?sep=(.)"?,*\s*', re.IGNORECASE)


def declared_delimiter(first_line: str) -> str | None:
    """The delimiter that a first line of the form `sep=;` declares."""
    match = DECLARED.fullmatch(first_line)
    return match.group(1) if match and match.group(1) in DELIMITERS + RARE else None


def find_delimiter(lines: Iterable[str]) -> str:
    """The delimiter under which most rows have one and the same width; a wider table wins over a narrower one.

    Semicolon files with decimal commas, and tab files with commas in their amounts, are even in two ways: hence the
    weight of the width; and where two are equal, the comma yields, as texts hold it by chance. A text that no delimiter divides is one column of a comma file.
    """
    sample = [line for line in islice(lines, SAMPLE_ROWS) if line.strip()]
    is_quoted = any('"' in line for line in sample)
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        width, count = _division(sample, delimiter, is_quoted=is_quoted)
        score = count * sqrt(width - 1)
        if count and score >= best_score:
            best, best_score = delimiter, score
    for delimiter in RARE:
        width, count = _division(sample, delimiter, is_quoted=is_quoted)
        score = count * sqrt(width - 1)
        if width >= RARE_WIDTH and count >= RARE_SHARE * len(sample) and score > RARE_ADVANTAGE * best_score:
            return delimiter
    return best


def _division(sample: list[str], delimiter: str, *, is_quoted: bool) -> tuple[int, int]:
    """The width of the rows that weighs most under this delimiter, and how many rows have it; 1 and 0 where it is in none."""
    if not any(delimiter in line for line in sample):
        return 1, 0
    widths = (
        Counter(map(len, csv.reader(sample, delimiter=delimiter)))
        if is_quoted
        else Counter(line.count(delimiter) + 1 for line in sample)
    )
    return max(widths.items(), key=lambda one: one[1] * sqrt(one[0] - 1), default=(1, 0))
