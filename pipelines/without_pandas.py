"""A process that leaves pandas out, for those that never use it.

Arrow and DuckDB import it, for a quarter of a second or more, only to ask whether a value is one of its own.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class NotPandas(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:  # noqa: ARG002 - Python's signature
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def without_pandas() -> None:
    """From now on this process finds no pandas; where it is imported already, nothing changes."""
    sys.meta_path.insert(0, NotPandas())
