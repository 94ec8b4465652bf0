"""The embedded sample: a mirror folder of files in real formats, with a table of what each truly holds.

Drafts come from the world (what was paid), get their quirks from plan.yaml, are written, and every row is noted where it
came to stand. Does not belong here: what a quirk does (quirks/), large samples for benchmarks (scale.py).
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sources.sample.beside import BESIDE
from sources.sample.drafts import COUNCIL_HEADS, GUIDANCE_HEADS, Draft, file_name
from sources.sample.info import SEED, SampleInfo
from sources.sample.ledger import Published, write_manifest, write_register
from sources.sample.outcomes import write_outcomes
from sources.sample.quirks import quirks
from sources.sample.truth import Truth
from sources.sample.world import MONTHS, Body, bodies, lines_of
from sources.sample.write import write


@cache
def plan() -> Any:
    return yaml.safe_load(Path(__file__).with_name("plan.yaml").read_text(encoding="utf-8"))


def make_sample(root: Path, *, seed: int = SEED, rows: int | None = None) -> SampleInfo:
    """Write the sample to the folder `root`, which is made anew. The same seed and rows give the same bytes.

    Without `rows` it is the small sample with every quirk and `truth/` (what each row is); with it a plain one of so many
    rows, whose truth is known by file. Both have the same `outcomes/`: results of a body are as many whatever it pays.
    """
    if root.exists():
        shutil.rmtree(root)
    root.mkdir(parents=True)
    if rows is not None:
        from sources.sample.scale import make_rows  # noqa: PLC0415 - brings numpy and Arrow's writers

        make_rows(root, rows, seed, write_outcomes(root, seed))
        return SampleInfo(root, sum(1 for _ in (root / "spend").glob("*/*")), rows, has_truth=False)
    truth = Truth()
    published: list[Published] = []
    for draft in drafts(seed):
        path = f"spend/{draft.body.id}/{draft.name}"
        data, placed = write(draft)
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        published.append(Published(path, draft.published))
        truth.add(path, draft, placed)
    published += write_outcomes(root, seed)
    write_register(root)
    write_manifest(root, published)
    truth.write(root / "truth")
    return SampleInfo(root, len(published), truth.rows, has_truth=True)


def drafts(seed: int) -> Iterator[Draft]:
    """Every file of the small sample, in order of publisher and month, with its quirks."""
    planned = {(entry["body"], entry["month"]): entry["quirks"] for entry in plan()["files"]}
    absent = {(entry["body"], entry["month"]) for entry in plan()["absent"]}
    superseded = {(entry["body"], entry["month"]) for entry in plan()["beside"] if entry["what"] == "superseding"}
    for body in bodies():
        for at, month in enumerate(MONTHS):
            if (body.id, at) not in absent:
                names = [*plan()["styles"].get(body.id, []), *planned.get((body.id, at), [])]
                draft = _with_quirks(_monthly(body, month, seed), names)
                if (body.id, at) in superseded:
                    draft.expected["not_counted"] = "superseded_file"
                yield draft
        for entry in plan()["beside"]:
            if entry["body"] == body.id:
                yield _with_quirks(BESIDE[entry["what"]](body, entry["month"], seed), [])


def _monthly(body: Body, month: date, seed: int) -> Draft:
    rng = random.Random(f"{seed}/published/{body.id}/{month}")  # noqa: S311 - a sample has to come out the same
    usual = random.Random(f"{seed}/published/{body.id}").randint(12, 45)  # noqa: S311 - see above
    heads = COUNCIL_HEADS if body.kind == "council" else GUIDANCE_HEADS
    published = month + timedelta(days=31 + usual + rng.randint(-6, 9))
    return Draft(body, file_name(body, month), lines_of(body, month, seed), dict(heads), published)


def _with_quirks(draft: Draft, names: list[str]) -> Draft:
    for name in names:
        quirks()[name](draft)
        draft.quirks.append(name)
    return draft
