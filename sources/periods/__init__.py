"""Periods of publications: what one is, which ones a text names, and which one a file is for."""

from __future__ import annotations

from sources.periods.model import Period, financial_year
from sources.periods.names import periods_in_text
from sources.periods.publication import publication_period

__all__ = ["Period", "financial_year", "periods_in_text", "publication_period"]
