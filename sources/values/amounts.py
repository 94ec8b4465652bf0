"""Text to integer pence. One cell says all there is to know of an amount; what the column means is the layout's business.

Decided, because the text alone does not: `12,34` (one to three digits, a comma, one or two digits) may be 12.34 or a broken
1,234, so it is unreadable; `25000,00`, `1.234,50` and `34,551,00` can be read one way only; commas in odd places before a decimal point
or before a last group of three are separators, and flagged; two minus marks on one figure contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LIMIT_PENCE = 10**18
"""DECIMAL(18,2) holds amounts strictly below this many pence."""

_LONGEST = 80
_MARKS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("amounts.yaml").read_text(encoding="utf-8"))


def _any_of(marks: Iterable[str]) -> str:
    # A code of letters is a mark only where no further letter follows or precedes it.
    ordered = sorted(marks, key=lambda mark: (-len(mark), mark))
    return "|".join(
        rf"(?<![A-Za-z]){re.escape(mark)}(?![A-Za-z])" if mark.isalpha() and mark.isascii() else re.escape(mark)
        for mark in ordered
    )


_ERRORS = frozenset(_MARKS["spreadsheet_error"])
_ZERO_WORDS = frozenset(_MARKS["zero_word"])
_FOREIGN = re.compile(_any_of(_MARKS["foreign"]), re.IGNORECASE)
_CURRENCY = re.compile(_any_of(_MARKS["pound"] + _MARKS["damaged_pound"] + _MARKS["dollar"]), re.IGNORECASE)
_POUND = frozenset(mark.upper() for mark in _MARKS["pound"])
_LEDGER = re.compile(
    rf"(?P<amount>.*\d\W*?)\s*(?P<mark>{'|'.join(_MARKS['credit'] + _MARKS['debit'])})\.?", re.IGNORECASE
)
_CREDIT = frozenset(_MARKS["credit"])
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－\xad", "-"))
_SPACES = re.compile(r"\s+")

_PLAIN = re.compile(r" *(-?)£?(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.(\d{1,2}))? *", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_DIGITS = re.compile(r"(?:\d+\.?\d*|\.\d+)", re.ASCII)
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?", re.ASCII)
_ODD_GROUPS = re.compile(r"\d+(?:,\d+)*,(?:\d+\.\d*|\d{3})", re.ASCII)
_EUROPEAN = re.compile(
    r"\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:\.\d{3}){2,}|\d{4,},\d{2}|\d{1,3}(?:,\d{3})+,\d{2}", re.ASCII
)
_DIGIT = re.compile(r"\d", re.ASCII)
_WORD = re.compile(r"[A-Za-z]{6}")  # longer than any mark of currency
_SCIENTIFIC = re.compile(r"(\d+)(?:\.(\d*))?[eE]([+-]?\d{1,3})", re.ASCII)

Reading = tuple[int | None, tuple[str, ...]]
_UNREADABLE: Reading = (None, ("amount_unreadable",))


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of amounts. `pence[i]` is None where cell i is empty or not read; `flags` has only cells that carry any."""

    pence: list[int | None]
    flags: dict[int, tuple[str, ...]] = field(default_factory=dict)


class _Memo(dict[str, int | None]):
    """Each distinct text is read once; `odd` holds the flags of the texts that have any."""

    def __init__(self, power: int) -> None:
        super().__init__()
        self.power = power
        self.odd: dict[str, tuple[str, ...]] = {}

    def __missing__(self, text: str) -> int | None:
        pence: int | None
        flags: tuple[str, ...] = ()
        if text[-3:-2] == "." and not self.power:
            # Most cells of most files: whole pounds, a point, two digits. Twice as fast as the pattern.
            digits = text[:-3] + text[-2:]
            if digits.isdigit() and digits.isascii() and len(digits) <= 17 and (pence := int(digits)):
                self[text] = pence
                return pence
            if text[-7:-6] == "," and len(text) <= 10:
                # The others of most files: one comma, three digits, a point, two digits.
                digits = text[:-7] + text[-6:-3] + text[-2:]
                if len(digits) > 5 and digits.isdigit() and digits.isascii() and (pence := int(digits)):
                    self[text] = pence
                    return pence
        if self.power:
            pence, flags = _read(text, self.power)
            flags = (*flags, "amount_scaled") if pence else flags
        elif plain := _PLAIN.fullmatch(text):
            sign, whole, fraction = plain.groups("")
            pence = int(sign + whole.replace(",", "") + (fraction + "00")[:2])
            flags = () if pence else ("amount_zero",)
        else:
            pence, flags = _read(text)
        self[text] = pence
        if flags:
            self.odd[text] = flags
        return pence


def parse_amounts(texts: Sequence[str], power: int = 0) -> Amounts:
    """Pence of each cell, and its flags (schema/codes/flags.yaml, `amount_*`). An empty cell is None without a flag. Never raises.

    `power` is that of ten by which the column's heading says that its figures are to be multiplied: 3 for thousands.
    """
    memo = _Memo(power)
    pence = list(map(memo.__getitem__, texts))
    odd = memo.odd
    return Amounts(pence, {index: odd[text] for index, text in enumerate(texts) if text in odd} if odd else {})


def _read(text: str, power: int = 0) -> Reading:
    text = _SPACES.sub(" ", text.translate(_DASHES)).strip().removeprefix("'").strip()
    if not text:
        return None, ()
    if text.upper() in _ERRORS:
        return None, ("amount_spreadsheet_error",)
    if text.lower() in _ZERO_WORDS:
        return 0, ("amount_zero_word", "amount_zero")
    return _UNREADABLE if len(text) > _LONGEST else _figure(text, power)


def _figure(text: str, power: int) -> Reading:
    if _FOREIGN.search(text) and _DIGIT.search(text):
        return None, ("amount_foreign_sign",)
    flags: list[str] = []
    text, negative = _take_sign(_take_currency(text, flags), flags)
    if negative is None:
        return _UNREADABLE
    if not text:
        return 0, (*flags, "amount_dash_zero", "amount_zero")
    pence = _pence(text, power, flags)
    if pence is None or pence >= LIMIT_PENCE:
        return _UNREADABLE
    if pence == 0:
        flags.append("amount_zero")
    return (-pence if negative else pence), tuple(flags)


def _take_currency(text: str, flags: list[str]) -> str:
    found = _CURRENCY.findall(text)
    if len(found) != 1:
        return text
    mark = found[0]
    rest = _CURRENCY.sub(" ", text).strip()
    if mark in _MARKS["dollar"]:
        flags.append("amount_dollar_sign")
    elif mark.upper() not in _POUND:
        # A damaged sign is believed only where a pound sign would stand: before the digits.
        if not re.fullmatch(r"[-+( ]*", text[: text.index(mark)]):
            return text
        flags.append("amount_damaged_sign")
    return rest


def _take_sign(text: str, flags: list[str]) -> tuple[str, bool | None]:
    """The figure without its sign; empty for a dash alone; None for the sign where the marks contradict each other."""
    if text and not text.strip("- "):
        return "", False
    negative = False
    ledger = _LEDGER.fullmatch(text)
    if ledger:
        text = ledger["amount"].strip()
        flags.append("amount_ledger_mark")
        negative = ledger["mark"].upper() in _CREDIT
    minus = 0
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
        flags.append("amount_parentheses")
        minus += 1
    if text.startswith(("-", "+")):
        minus += text.startswith("-")
        text = text[1:].strip()
    elif text.endswith("-"):
        text = text[:-1].strip()
        flags.append("amount_trailing_minus")
        minus += 1
    if minus + negative > 1 or not text:
        return text, None
    return text, bool(minus or negative)


def _pence(text: str, power: int, flags: list[str]) -> int | None:
    """Pence of an unsigned figure, rounded half up; None where it cannot be read in exactly one way."""
    text = re.sub(r"(?<=,) (?=\d)| (?=,)", "", text)
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        flags.append("amount_scientific")
        whole, fraction, exponent = scientific.groups("")
        return _scaled(whole + fraction, power + int(exponent) - len(fraction) + 2, flags)
    if _DIGITS.fullmatch(text) or _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif _SPACED.fullmatch(text):
        if "," in text:
            flags.append("amount_european")
        text = text.replace(" ", "").replace(",", ".")
    elif _EUROPEAN.fullmatch(text):
        flags.append("amount_european")
        whole, _, fraction = text.rpartition(",") if "," in text else (text, "", "")
        text = re.sub("[.,]", "", whole) + "." + fraction
    elif _ODD_GROUPS.fullmatch(text):
        flags.append("amount_separators")
        text = text.replace(",", "")
    else:
        return None
    whole, _, fraction = text.partition(".")
    return _scaled(whole + fraction, power + 2 - len(fraction), flags)


def _scaled(digits: str, power: int, flags: list[str]) -> int | None:
    """`digits` times ten to the `power`, as an integer: exact, or half up and flagged."""
    number = int(digits)
    if number == 0:
        return 0
    if power >= 0:
        return number * int(10**power) if power <= 20 else None
    unit: int = 10**-power
    quotient, rest = divmod(number, unit)
    if rest:
        flags.append("amount_rounded")
    return quotient + (2 * rest >= unit)


@lru_cache(maxsize=65536)
def looks_like_amount(text: str) -> bool:
    """Whether a person would call the text a money figure: for telling columns apart.

    Blanks, lone dashes, words and spreadsheet errors are no evidence; nor are whole numbers of more than seven digits or with
    a leading zero, which are mostly numbers of transactions.
    """
    bare = text.strip()
    if bare.isdigit():
        return len(bare) <= 7 and (bare[0] != "0" or bare == "0")
    if _PLAIN.fullmatch(bare):
        return True
    if len(bare) > _LONGEST or not _DIGIT.search(bare) or _WORD.search(bare):
        return False
    pence, flags = _read(bare)
    return pence is not None or "amount_foreign_sign" in flags


def amounts_to_decimal(pence: Sequence[int | None]) -> Any:
    """The pence as an Arrow decimal128(18, 2) array of the same length, exact, NULL for None.

    Raises OverflowError for an amount that DECIMAL(18,2) cannot hold.
    """
    import numpy as np  # noqa: PLC0415 - heavy; not every command needs it
    import pyarrow as pa  # noqa: PLC0415 - heavy; not every command needs it

    whole = pa.array(pence, pa.int64())
    validity, data = whole.buffers()
    low = np.frombuffer(data, dtype=np.int64, count=len(whole)) if len(whole) else np.empty(0, np.int64)
    if len(low) and (low.max() >= LIMIT_PENCE or low.min() <= -LIMIT_PENCE):
        raise OverflowError("An amount has more than 16 digits before the decimal point.")
    words = np.empty((len(low), 2), dtype=np.int64)
    words[:, 0] = low
    words[:, 1] = low >> 63  # the upper half of a 128-bit two's complement number repeats the sign
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(low), [validity, pa.py_buffer(words)], whole.null_count)
