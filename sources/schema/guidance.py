"""The columns that HM Treasury's guidance on spend over 25,000 pounds asks for, as fields of the schema, in its order."""

from __future__ import annotations

GUIDANCE_FIELDS = (
    "department_family",
    "entity",
    "payment_date",
    "expense_type",
    "expense_area",
    "supplier_name",
    "transaction_number",
    "amount_gbp",
)
