"""Bytes of a published file -> grids of text cells. No knowledge of money, headers or publishers belongs here."""

from __future__ import annotations

from sources.readers.limits import Limits
from sources.readers.read import read_content

__all__ = ["Limits", "read_content"]
