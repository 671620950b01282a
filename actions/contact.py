"""Finds the e-mail address or telephone number in what a customer wrote."""

from __future__ import annotations

import re
from typing import Final

LONGEST_CONTACT: Final = 254
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w-])"
)
_PHONE: Final = re.compile(r"(?<![\w+])(?:\+|00)?\d(?:[\d\s./()-]*\d)(?!\w)")


def find_contact(text: str) -> str | None:
    """The first e-mail address, else the first telephone number (6 to 15 digits, a plus kept); None without either.

    >>> find_contact("mi trovate al 02 555 1234")
    '025551234'
    """
    text = text[:1000]
    email = _EMAIL.search(text)
    if email and len(email.group()) <= LONGEST_CONTACT:
        return email.group()
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if 6 <= len(digits) <= 15:
            return ("+" if found.group().startswith("+") else "") + digits
    return None
