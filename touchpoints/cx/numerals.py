"""Numbers and days as spreadsheets write them: with a point, or with a comma as Italian ones do.

What could be read in two ways is refused rather than guessed.
"""

from __future__ import annotations

import re
from datetime import date
from math import isfinite
from typing import Final

_GROUPED_POINT: Final = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+$")
_GROUPED_COMMA: Final = re.compile(r"^[+-]?\d{1,3}(,\d{3})+$")
_WHOLE: Final = re.compile(r"^[+-]?\d+$")
_DECIMAL: Final = re.compile(r"^[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?$")
_ITALIAN_DAY: Final = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
LARGEST: Final = 10**12


def whole(text: str, *, italian: bool) -> int:
    """A whole number. `italian` says that a comma separates decimals and a point thousands. Raises ValueError."""
    text = _trimmed(text)
    grouped, mark = (_GROUPED_POINT, ".") if italian else (_GROUPED_COMMA, ",")
    if grouped.match(text):
        text = text.replace(mark, "")
    if not _WHOLE.match(text):
        cut = re.sub(r"[.,]0+$", "", text)  # 800,0 is 800; 1.000 with the other mark is either 1 or 1000
        if cut == text or _GROUPED_POINT.match(text) or _GROUPED_COMMA.match(text) or not _WHOLE.match(cut):
            raise ValueError(f"{text!r} is no whole number; write it without separators, such as 1200")
        text = cut
    if len(text) > 16 or abs(int(text)) > LARGEST:
        raise ValueError(f"{text[:20]!r} is too large")
    return int(text)


def decimal(text: str, *, italian: bool) -> float:
    """A number that may have decimals. Raises ValueError for NaN, infinity and what could mean two numbers."""
    text = _trimmed(text)
    if italian and re.match(r"^[+-]?\d{1,3}(\.\d{3})+,\d+$", text):
        text = text.replace(".", "")
    elif italian and _GROUPED_POINT.match(text):
        raise ValueError(f"{text!r} could be a thousand or a fraction; write it without a point")
    elif not italian and re.match(r"^[+-]?\d{1,3}(,\d{3})+\.\d+$", text):
        text = text.replace(",", "")
    elif not italian and "," in text:
        raise ValueError(f"{text!r} has a comma; in a file separated by commas decimals take a point")
    if len(text) > 40 or not _DECIMAL.match(text):
        raise ValueError(f"{text[:40]!r} is no number")
    found = float(text.replace(",", "."))
    if not isfinite(found) or abs(found) > LARGEST:
        raise ValueError(f"{text[:40]!r} is out of range")
    return found


def share(text: str, *, italian: bool) -> float:
    """A share from 0 to 1, or a percentage with its sign. Raises ValueError."""
    text = _trimmed(text)
    found = decimal(text[:-1], italian=italian) / 100 if text.endswith("%") else decimal(text, italian=italian)
    if not 0 <= found <= 1:
        raise ValueError(f"{text!r} is no share; write 0.35 or 35%")
    return found


def day(text: str, *, italian: bool) -> date:
    """A day as 2026-03-02, or 02/03/2026 where the file is Italian. Raises ValueError."""
    text = text.strip()
    found = _ITALIAN_DAY.match(text)
    try:
        if found and italian:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no day; write 2026-03-02") from None


def _trimmed(text: str) -> str:
    return text.replace(" ", "").replace(" ", "").replace("−", "-").strip()
