"""Reports of the small warehouse with tables of quality made by hand (tests/quality.yaml)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from published.reports.build import build_reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb


@pytest.fixture
def reports(judged: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., Path]:
    """Builds the reports of what the warehouse holds by then."""

    def build(name: str = "reports", version: str | None = "1.4.0", *, is_sample: bool = False) -> Path:
        build_reports(judged, tmp_path / name, release_version=version, as_of=date(2024, 7, 1), is_sample=is_sample)
        return tmp_path / name

    return build
