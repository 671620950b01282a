"""Payment details in what customers write, of cards and accounts: nobody here needs them, so they are never stored."""

from __future__ import annotations

import re
from typing import Final

from stdnum import iban, isbn, luhn

_NUMBER: Final = re.compile(r"(?<![\w.,+-])\d(?:[ -]?\d){13,18}(?![\w-])")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b", re.IGNORECASE)
_CODE: Final = re.compile(
    r"\b(cvv2?|cvc2?|cid|codice (?:di sicurezza|cvv|cvc)|security code)(\W{0,3}|\W+(?:è|is)\W+)\d{3,4}\b", re.IGNORECASE
)
_ISSUERS: Final = (
    "34",
    "35",
    "36",
    "37",
    "38",
    "30",
    "4",
    "50",
    "51",
    "52",
    "53",
    "54",
    "55",
    "56",
    "57",
    "58",
    "6",
    "2",
)


def mask(text: str) -> tuple[str, bool]:
    """The text without card and account numbers, but for their last four signs, and without security codes.

    And whether there was one.

    >>> mask("la mia carta è 4111 1111 1111 1111")
    ('la mia carta è •••• 1111', True)
    """
    hidden = _CODE.sub(r"\1\2•••", _IBAN.sub(_hide_account, _NUMBER.sub(_hide, text)))
    return hidden, hidden != text


def _hide(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found.group())
    is_card = digits.startswith(_ISSUERS) and luhn.is_valid(digits) and not isbn.is_valid(digits)
    return f"•••• {digits[-4:]}" if is_card else found.group()


def _hide_account(found: re.Match[str]) -> str:
    """The number may be followed by words that could be part of it: the longest valid beginning counts."""
    written = found.group()
    for end in range(len(written), 0, -1):
        if written[end - 1].isalnum() and iban.is_valid(written[:end]):
            return f"•••• {written[:end][-4:]}{written[end:]}"
    return written
