"""Which of a page's files are taken: of the same list in several forms, the one that is easiest to read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from sources.offers import HARD_TO_READ, RANKS, File

FORM_WORDS = re.compile(
    r"\b(csv|ods|xlsx?|excel|open ?document|opendocument|pdf|html?|zip|spreadsheet|format|version|file|download|view online|"
    r"ms|microsoft|machine readable|accessible|\d+(\.\d+)? ?[km]b|\d+ pages?)\b"
)


def chosen(files: Iterable[File]) -> Iterator[tuple[File, str]]:
    """Each file with why it is left; an empty reason means that it is taken."""
    listed = list(files)
    best_by_stem: dict[str, int] = defaultdict(lambda: 99)
    best_by_period: dict[object, int] = defaultdict(lambda: 99)
    for file in listed:
        for stem in _stems(file):
            best_by_stem[stem] = min(best_by_stem[stem], file.rank)
        if file.period is not None:
            best_by_period[file.period] = min(best_by_period[file.period], file.rank)
    for file in listed:
        best = min(best_by_stem[stem] for stem in _stems(file))
        if file.rank >= HARD_TO_READ and file.period is not None:
            best = min(best, best_by_period[file.period])
        if file.form not in RANKS:
            yield file, f"its form ({file.form or 'none given'}) holds no table that can be read"
        elif best < file.rank:
            form = next(name for name, rank in RANKS.items() if rank == best)
            yield file, f"the same list is there as {form.upper()}, which is easier to read than {file.form.upper()}"
        else:
            yield file, ""


def _stems(file: File) -> set[str]:
    """Title and name without the words that speak of the form."""
    name = file.file_name.rpartition(".")[0] or file.file_name
    return {f"title {plain_title(file.title)}", f"name {plain_title(name)}"}


def plain_title(text: str) -> str:
    """In lower case, without the words that speak of the form."""
    words = re.sub(r"[^a-z0-9£]+", " ", re.sub(r"\.(csv|ods|xlsx?|pdf|html?|zip)\b", " ", text.lower()))
    return " ".join(FORM_WORDS.sub(" ", words).split())
