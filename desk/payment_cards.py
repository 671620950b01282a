"""Payment card numbers in what customers write: nobody here needs them, so they are never stored."""

from __future__ import annotations

import re
from typing import Final

from stdnum import isbn, luhn

_NUMBER: Final = re.compile(r"(?<![\w.,+-])\d(?:[ -]?\d){13,18}(?![\w-])")
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
    """The text with all but the last four digits of each card number hidden, and whether there was one.

    >>> mask("la mia carta è 4111 1111 1111 1111")
    ('la mia carta è •••• 1111', True)
    """
    hidden = _NUMBER.sub(_hide, text)
    return hidden, hidden != text


def _hide(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found.group())
    is_card = digits.startswith(_ISSUERS) and luhn.is_valid(digits) and not isbn.is_valid(digits)
    return f"•••• {digits[-4:]}" if is_card else found.group()
