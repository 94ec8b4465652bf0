"""What each file of the sample truly holds, row by row: the table that tests compare readings with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from sources.sample.drafts import Draft
from sources.sample.write import Placed

TEXT_FIELDS = ("department_family", "entity", "expense_type", "expense_area")


@dataclass(slots=True)
class Truth:
    """Gathered while the files are written. `transactions`, `set_aside` and `files` are lists of plain rows."""

    transactions: list[dict[str, Any]] = field(default_factory=list)
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.transactions) + len(self.set_aside)

    def add(self, path: str, draft: Draft, placed: list[Placed]) -> None:
        """Take note of one file. `placed` is every row of it with its sheet and line."""
        for place in placed:
            where = {"path": path, "sheet": place.sheet, "line_number": place.line}
            line = place.row.line
            if place.row.kind != "transaction" or line is None:
                kind = place.row.kind if any(place.row.cells) or place.row.kind != "blank" else "blank"
                self.set_aside.append({**where, "reason_code": kind})
                continue
            self.transactions.append(
                {
                    **where,
                    "payment_date": line.day,
                    "date_precision": line.precision,
                    "amount_gbp": None if line.pence is None else Decimal(line.pence).scaleb(-2),
                    "supplier_name": line.supplier or None,
                    "transaction_number": line.number,
                    **{name: draft.cell(name, line) or None for name in TEXT_FIELDS if name in draft.heads},
                }
            )
        kinds = Counter(place.row.kind for place in placed)
        self.files.append(
            {
                "path": path,
                "publisher_id": draft.body.id,
                "encoding": draft.encoding if draft.container == "csv" else None,
                "delimiter": draft.delimiter if draft.container == "csv" else None,
                "total_gbp": Decimal(sum(place.row.line.pence or 0 for place in placed if place.row.line)).scaleb(-2),
                "container": {"pdf": "pdf", "empty": "empty", "web_page": "html"}.get(draft.container, draft.container),
                "file_status": draft.expected.get("status", "read"),
                "file_reason_code": draft.expected.get("reason"),
                "not_counted_reason": draft.expected.get("not_counted"),
                "quirks": draft.quirks,
                "row_count": len(placed),
                "transaction_count": kinds["transaction"],
                "set_aside_count": len(placed) - kinds["transaction"],
            }
        )

    def write(self, folder: Path) -> None:
        """transactions.parquet, set_aside.parquet and files.parquet in `folder`."""
        import pyarrow as pa  # noqa: PLC0415 - only who makes a sample needs it
        import pyarrow.parquet as pq  # noqa: PLC0415

        folder.mkdir(parents=True, exist_ok=True)
        money = pa.decimal128(18, 2)
        for name, rows in (("transactions", self.transactions), ("set_aside", self.set_aside), ("files", self.files)):
            table = pa.Table.from_pylist(
                [dict.fromkeys(TEXT_FIELDS) | row if name == "transactions" else row for row in rows]
            )
            if name == "transactions":
                column = table.schema.get_field_index("amount_gbp")
                table = table.set_column(column, "amount_gbp", table["amount_gbp"].cast(money))
            pq.write_table(table, folder / f"{name}.parquet")
