"""How much a reader will take in, declared once. Everything read is hostile until it has been measured."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes unless the name says otherwise. The limit of 200 columns and that of a cell's length are the layout's."""

    file_bytes: int = 512 * MIB
    archive_bytes: int = 2048 * MIB
    """Unpacked, all members together."""
    archive_ratio: int = 100
    """Unpacked to packed, for the whole archive and for each member."""
    archive_members: int = 2000
    ratio_floor_bytes: int = MIB
    """Members that unpack to less than this are let through at any ratio: small repetitive files pack very well."""
    workbook_bytes: int = 1024 * MIB
    workbook_ratio: int = 400
    """Worksheets are repetitive XML: honest ones with many styled blank cells pack at 150:1."""
    workbook_parts: int = 20_000
    sheet_cells: int = 24_000_000
    """Rows times columns of one sheet: what a full sheet of 1,048,576 rows and 22 columns holds; 0.6 GB in memory."""
    sheet_count: int = 500
