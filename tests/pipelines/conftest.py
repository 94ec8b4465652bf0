"""A small mirror, and what is compared of a release."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "Department family,Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"


def spend_csv(month: int, *amounts: str) -> str:
    return HEADER + "".join(
        f"Hills,North Hill Department,{day:02}/{month:02}/2024,Consultancy,Finance,Supplier {day} Ltd,{month}{day:03},{amount}\n"
        for day, amount in enumerate(amounts, start=1)
    )


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """Two publishers, three files with five payments of 400,000.50 pounds together, and a PDF."""
    root = tmp_path / "mirror"
    files: dict[str, bytes] = {
        "spend/north-hill/north-hill-spend-april-2024.csv": spend_csv(4, "30000.00", "50000.00").encode(),
        "spend/north-hill/north-hill-spend-may-2024.csv": spend_csv(5, "70000.00", "150000.50").encode(),
        "spend/south-hill/south-hill-spend-april-2024.csv": spend_csv(4, "100000.00").encode(),
        "spend/south-hill/south-hill-spend-may-2024.csv": b"%PDF-1.7\n1 0 obj\n",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


@pytest.fixture
def release_bytes() -> Callable[[Path], dict[str, str]]:
    """SHA-256 of each file of a release but the provenance, which alone may differ."""
    return lambda release: {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(release.rglob("*"))
        if path.is_file() and path.name != "provenance.json"
    }
