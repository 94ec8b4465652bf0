"""Which character stands between the cells, by how evenly it divides the lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from math import sqrt

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 300

# Spreadsheets take a first line such as `sep=;` as a declaration.
DECLARED = re.compile(r'"?sep=(.)"?,*\s*', re.IGNORECASE)


def declared_delimiter(first_line: str) -> str | None:
    """The delimiter that a first line of the form `sep=;` declares."""
    match = DECLARED.fullmatch(first_line)
    return match.group(1) if match and match.group(1) in DELIMITERS else None


def find_delimiter(lines: Iterable[str]) -> str:
    """The delimiter under which most rows have one and the same width; a wider table wins over a narrower one.

    Semicolon files with decimal commas, and tab files with commas in their amounts, are even in two ways: hence the
    weight of the width; and where two are equal, the comma yields, as texts hold it by chance. A text that no delimiter divides is one column of a comma file.
    """
    sample = [line for line in islice(lines, SAMPLE_ROWS) if line.strip()]
    best, best_score = ",", 0.0
    is_quoted = any('"' in line for line in sample)
    for delimiter in DELIMITERS:
        if not any(delimiter in line for line in sample):
            continue
        widths = (
            Counter(map(len, csv.reader(sample, delimiter=delimiter)))
            if is_quoted
            else Counter(line.count(delimiter) + 1 for line in sample)
        )
        score = max((count * sqrt(width - 1) for width, count in widths.items()), default=0.0)
        if score >= best_score:
            best, best_score = delimiter, score
    return best
