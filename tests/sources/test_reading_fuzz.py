"""Real files spoilt at random, from a fixed seed: no exception escapes, no row is lost, the same bytes give the same rows."""

from __future__ import annotations

import hashlib
import os
import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sources.inputs import Distribution
from sources.reading import Reading, read_distribution
from sources.registry import load_registry
from sources.schema.model import codes

MIRROR = os.environ.get("PUBLICVALUE_REAL_MIRROR")
ROUNDS = 30
LARGEST = 150_000
"""Bytes of a file worth spoiling: larger ones only cost time."""

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not MIRROR, reason="PUBLICVALUE_REAL_MIRROR does not name the folder of real files"),
]


@cache
def originals() -> list[tuple[str, bytes]]:
    files = sorted(Path(str(MIRROR), "spend").glob("*/*"))
    small = [(path.name, path.read_bytes()) for path in files if path.stat().st_size <= LARGEST]
    assert len(small) > 100
    return small


def read(data: bytes, name: str) -> Reading:
    distribution = Distribution("unregistered", f"spend/unregistered/{name}")
    return read_distribution(data, distribution, load_registry().get("unregistered"), hashlib.sha256(data).hexdigest())


def assert_conserved(found: Reading) -> None:
    file, classes = found.file, Counter(found.rows["row_class"].to_pylist())
    assert file["row_count"] == found.rows.num_rows == file["transaction_count"] + file["set_aside_count"]
    assert classes["transaction"] == file["transaction_count"]
    assert set(classes) <= set(codes("row_classes"))
    assert file["file_status"] in codes("file_statuses")
    assert file["file_reason_code"] is None or file["file_reason_code"] in codes("file_reasons")
    if file["container"] == "csv":
        # A row begins on a line of its own and its cells may hold several.
        lines = found.rows["line_number"].to_pylist()
        assert lines == sorted(set(lines))
        assert file["row_count"] <= file["physical_line_count"]
        assert not lines or lines[-1] <= file["physical_line_count"]


def truncated(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def spliced(data: bytes, rng: random.Random) -> bytes:
    other = rng.choice(originals())[1]
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def recoded(data: bytes, rng: random.Random) -> bytes:
    text = data.decode(rng.choice(["cp1252", "utf-8", "cp850", "mac_roman"]), errors="replace")
    return text.encode(
        rng.choice(["utf-16", "utf-16-le", "utf-8-sig", "utf-8", "utf-32", "cp850", "ascii"]), errors="replace"
    )


def sprinkled(data: bytes, rng: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(rng.randrange(1, 60)):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def doubled(data: bytes, rng: random.Random) -> bytes:
    return data * rng.randrange(2, 4)


def shuffled(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def quoted(data: bytes, rng: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(spoilt) + 1)
        spoilt[at:at] = b'"'
    return bytes(spoilt)


def recut(data: bytes, rng: random.Random) -> bytes:
    return data.replace(
        rng.choice([b",", b"\r\n", b'"', b" "]), rng.choice([b";", b"\t", b"\n", b"\r", b"", b",,", b"\0"])
    )


def noise(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(9)] + rng.randbytes(rng.randrange(2000))


@pytest.mark.parametrize(
    "spoil", [truncated, spliced, recoded, sprinkled, doubled, shuffled, quoted, recut, noise], ids=lambda f: f.__name__
)
def test_spoilt_files_are_read_or_explained_and_no_row_is_lost(spoil: Callable[[bytes, random.Random], bytes]) -> None:
    rng = random.Random(spoil.__name__)  # noqa: S311 - chance from a seed, so that a failure can be seen again
    for place in range(ROUNDS):
        name, data = rng.choice(originals())
        spoilt = spoil(data, rng)
        found = read(spoilt, name)
        assert_conserved(found)
        if place % 10 == 0:
            again = read(spoilt, name)
            assert again.file == found.file
            assert again.rows.equals(found.rows)


def test_shuffled_lines_hold_the_same_payments() -> None:
    """Row order is no evidence, but for totals, which need their lines above, and for rows that follow one heading."""
    rng = random.Random(5)  # noqa: S311 - see above
    plain = [
        (name, data) for name, data in originals() if read(data, name).file["set_aside_count"] == 1 and b'"' not in data
    ]
    for name, data in rng.sample(plain, 15):
        head, *lines = data.splitlines(keepends=True)
        if not lines or not lines[-1].endswith(b"\n"):
            continue
        rng.shuffle(lines)
        before, after = read(data, name), read(head + b"".join(lines), name)
        assert after.file["total_gbp"] == before.file["total_gbp"]
        assert sorted(after.rows["row_hash"].to_pylist()) == sorted(before.rows["row_hash"].to_pylist())


def test_one_stray_quote_in_a_large_file_costs_the_lines_it_touches() -> None:
    """A file of 20,000 lines made of a real file's: wherever the quote stands, at most its own line is lost."""
    name, data = next((name, data) for name, data in originals() if b'"' in data and data.count(b"\n") > 300)
    head, *lines = data.splitlines(keepends=True)
    large = (head + b"".join(lines) * (20_000 // len(lines) + 1)).splitlines(keepends=True)
    whole = read(b"".join(large), name).file
    rng = random.Random(7)  # noqa: S311 - see above
    for _ in range(4):
        at = rng.randrange(1, len(large))
        place = rng.randrange(len(large[at]) - 1)
        touched = large[at][:place] + b'"' + large[at][place:]
        found = read(b"".join([*large[:at], touched, *large[at + 1 :]]), name).file
        assert found["physical_line_count"] == whole["physical_line_count"]
        assert whole["transaction_count"] - found["transaction_count"] <= 1
