from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.layout.headers import Match, basis_of, hints_at_amount, match, normalise, power_of, spec
from sources.schema.model import fields


def target_of(text: str) -> str | None:
    found = match(text)
    return found.target if found else None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Amount (£)", "amount"),
        ("  EXPENSE_TYPE_3 ", "expense type"),
        ("Date of\npayment", "date of payment"),
        ("Department family(T)", "department family"),
        ("Amount [GBP", "amount"),
        ("(£)", ""),
        ("Supplier � Name", "supplier name"),
        ("Ａｍｏｕｎｔ", "amount"),
        ("Supplier Name 1", "supplier name"),
        ("6 Supplier", "supplier"),
        ("8. Amount (£)", "amount"),
        ("14", "14"),
    ],
)
def test_wordings_are_compared_without_case_brackets_punctuation_and_trailing_numbers(text: str, plain: str) -> None:
    assert normalise(text) == plain


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Chq Amt", None),
        ("Chq Date", "date"),
        ("Supp. Type", "supplier_type"),
        ("Payment Docs No.", None),
        ("Cost Ctr", "expense_area"),
        ("Date of Expenditure", "date"),
        ("Amount of the Payment", "amount"),
        ("Amount of VAT", None),
        ("Amount paid in month", "amount"),
        ("Contract number on order", "contract_number"),
        ("Date of birth", None),
        ("Payment amount for VAT", None),
    ],
)
def test_shortened_turned_and_qualified_wordings_are_known_and_come_after_whole_ones(
    text: str, target: str | None
) -> None:
    found = match(text)
    assert (found and found.target) == target
    assert found is None or (found.how == "partial" and found.rank >= 100)


@pytest.mark.parametrize(
    ("text", "hints"),
    [("Actual Value", True), ("Sum Settled", True), ("Chq Amt", True), ("Contract Value", False), ("Payment Ref", False), ("Site", False)],
)  # fmt: skip
def test_words_of_an_unknown_heading_hint_at_an_amount(text: str, hints: bool) -> None:
    assert hints_at_amount(text) is hints


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Department Family", "department_family"),
        ("DATE OF PAYMENT", "date"),
        ("Beneficiary Name", "supplier_name"),
        ("Supplier Beneficiary Name", "supplier_name"),
        ("Body Name", "entity"),
        ("Responsible Unit", "expense_area"),
        ("Organisation Unit", "expense_area"),
        ("Expenses Type", "expense_type"),
        ("ProClass Classification", "expense_type"),
        ("Merchant Category", "expense_type"),
        ("Capital/Revenue", "expenditure_type"),
        ("Net Amount", "amount_net"),
        ("AP Amount (£)", "amount"),
        ("AMOUNT IN STERLING (GBP)", "amount"),
        ("Purpose of Spend", "description"),
        ("Trans Ref", "transaction_number"),
        ("Supp Name", "supplier_name"),
        ("8 Amount", "amount"),
        ("Service_Area_Categorisation", "expense_area"),
        ("Clearing", "date"),
        ("Date Posted", "date"),
        ("Settlement Amount", "amount"),
        ("Total Invoice Amount", "amount"),
        ("Purpose of expenditure (narrative)", "description"),
        ("Amount (net of recoverable VAT)", "amount_net"),
        ("Amount in Sterling (incl VAT)", "amount_gross"),
        ("Expenditure Account", "expense_type"),
        ("Objective Description", "expense_area"),
        ("Creditor Type", "supplier_type"),
    ],
)
def test_headings_of_departments_trusts_and_councils_are_known(text: str, target: str) -> None:
    found = match(text)
    assert found is not None
    assert (found.target, found.how, found.score) == (target, "exact", 1.0)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Amount (excluding VAT)", "amount_net"),
        ("Amount (net)", "amount_net"),
        ("Amount (£) excl. VAT", "amount_net"),
        ("Total (Inc VAT)", "amount_gross"),
        ("Amount (gross)", "amount_gross"),
        ("Amount (paid in May)", "amount"),
    ],
)
def test_what_brackets_say_of_vat_is_heard(text: str, target: str) -> None:
    assert target_of(text) == target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Supplicer", "supplier_name"),
        ("Expence Type", "expense_type"),
        ("Entuty", "entity"),
        ("Transation number", "transaction_number"),
        ("Desciption", "description"),
    ],
)
def test_misspelt_headings_are_matched_and_say_so(text: str, target: str) -> None:
    found = match(text)
    assert found is not None
    assert (found.target, found.how) == (target, "fuzzy")
    assert 0.82 <= found.score < 1


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("DatePaid", "date"),
        ("DetailedExpenditureType", "expense_type"),
        ("CapitalOrRevenue", "expenditure_type"),
        ("DocInvNo", "transaction_number"),
        ("IrrecoverableVAT", None),
        ("ï»¿Department Family", "department_family"),
        ("ÔªøDepartment", "department_family"),
        ("Invoice Net Amount GBP", "amount_net"),
        ("Invoice Net Amount (GBP)", "amount_net"),
        ("Invoice VAT Amount GBP", None),
        ("Invoice Recoverable VAT GBP", None),
        ("Original Currency Amount", None),
        ("Foreign currency amount", None),
        ("No. of Trans", None),
        ("Doc No", "transaction_number"),
        ("OrganisationURI", None),
        ("Supplier URL", None),
        ("OrganisationLabel", "entity"),
        ("Procurement Category Label", "expense_type"),
        ("Cost Code", None),
        ("Police Force", "entity"),
    ],
)
def test_joined_words_damaged_marks_currencies_and_counts(text: str, target: str | None) -> None:
    assert target_of(text) == target


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Amount paid in pounds sterling excluding recoverable VAT", "net"),
        ("Paid (£) ex VAT", "net"),
        ("Spend, VAT included", "gross"),
        ("AmountInclVAT", "gross"),
        ("Amount including irrecoverable VAT", "unstated"),
        ("Gross amount net of VAT", "unstated"),
        ("Net amount", "unstated"),
        ("Amount", "unstated"),
    ],
)
def test_words_beside_vat_tell_the_basis_of_an_amount(text: str, basis: str) -> None:
    assert basis_of(text) == basis


def test_every_abbreviation_is_text() -> None:
    assert [word for pair in spec()["abbreviations"].items() for word in pair if not isinstance(word, str)] == []


def test_an_amount_of_tax_or_in_another_currency_is_not_hinted_at() -> None:
    assert not any(map(hints_at_amount, ("Original Currency Amount", "Foreign total", "Tax paid")))
    assert hints_at_amount("Amount settled")


@pytest.mark.parametrize("text", ["rate", "dote", "Amoeba", "Banana", "VAT", "VAT Amount", "Irrecoverable VAT", "Currency", "#NAME?", "", "£", "Supplier of record for each and every one of our many payments made"])  # fmt: skip
def test_other_words_are_no_heading(text: str) -> None:
    assert match(text) is None


def test_a_heading_may_end_with_a_known_wording() -> None:
    assert match("HBC Ref No.") == Match("transaction_number", "partial", 0.75, 100 + spec()["targets"]["transaction_number"].index("ref no"))  # fmt: skip
    assert target_of("VAT amount paid") is None
    assert target_of("Excluded supplier name") is None


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Dyddiad / Date", "date"),
        ("Cyflenwr/Supplier", "supplier_name"),
        ("Swm\nAmount", "amount"),
        ("Supplier | Payee", "supplier_name"),
        ("Budget / Amount", None),
        ("Date / Amount", None),
        ("And/Or", None),
    ],
)
def test_two_wordings_beside_a_stroke_agree_on_one_column(text: str, target: str | None) -> None:
    assert target_of(text) == target


@pytest.mark.parametrize(
    ("text", "power"),
    [
        ("Amount £000", 3),
        ("Amount (£'000s)", 3),
        ("Amount (000s)", 3),
        ("Value £k", 3),
        ("Amount in thousands", 3),
        ("Value £m", 6),
        ("Amount (£ million)", 6),
        ("Amount", 0),
        ("Payments over £25,000", 0),
        ("Payments over 25 000", 0),
        ("Amount 1000", 0),
        ("Amount (£)", 0),
    ],
)
def test_a_heading_says_by_what_its_figures_are_multiplied(text: str, power: int) -> None:
    assert power_of(text) == power


def test_every_target_becomes_a_field_of_the_schema() -> None:
    amounts = ("amount", "amount_net", "amount_gross", "amount_debit", "amount_credit")
    renamed = {"date": "payment_date", **dict.fromkeys(amounts, "amount_gbp")}
    assert {renamed.get(target, target) for target in spec()["targets"]} <= set(fields())


def test_wordings_are_written_as_they_are_compared() -> None:
    words = [word for target in spec()["targets"].values() for word in target] + spec()["not_ours"]
    assert [word for word in words if normalise(word) != word] == []
    assert len(words) == len(set(words))


@given(st.text(max_size=80))
def test_any_text_is_matched_or_not_without_an_error(text: str) -> None:
    found = match(text)
    assert found is None or found.target in spec()["targets"]
    assert power_of(text) in {0, 3, 6}
