"""Order numbers and products in what customers write: kept, shown to the agent, never asked for again.

The brand says what its references look like: `[references] order = "LM-\\d{5}"` and `products = ["Lamp", …]` in its
file. Without a pattern, a number is taken for an order's where the words before it say so. The titles on the brand's
shelves are products too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

SHORTEST_PRODUCT: Final = 5  # characters; shorter titles are words like any other
LONGEST_TEXT: Final = 4000
LONGEST_FILLING: Final = 80
_ANNOUNCED: Final = re.compile(
    r"(?:\b(?:ordin[ei]|order|numero d['’]ordine|codice ordine|pedido)\b[^\w\n]{0,3}"
    r"(?:(?:è|is|il|the|n|nr|no|num|numero|number|id|code|codice|d['’]ordine)\b[.°: ]{0,3}){0,3}|#)\W{0,3}"
    r"((?=[A-Z0-9-]*\d{3})[A-Z0-9]+(?:-[A-Z0-9]+)*)\b",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(r"\W*([A-Z]{1,4}-?\d{4,10})\W*", re.IGNORECASE)  # digits alone may be a telephone number
_WORD: Final = re.compile(r"[^\W_]+")
# what may stand around a number without making a question of it
_FILLING: Final = re.compile(
    r"(?:\W*\b(?:ordin[ei]|order|numero|number|n|nr|no|num|id|codice|code|l|il|lo|la|the|mio|my|è|is|ecco|here|it|d|di|of"
    r"|questo|this|s[ìi]|yes|ok|buongiorno|ciao|hello|hi|grazie|thanks|it's|s)\b)*\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class References:
    """What this brand's orders and products are called."""

    orders: tuple[re.Pattern[str], ...]
    products: dict[str, str]

    @classmethod
    def of(cls, table: dict[str, Any]) -> References:
        """As the brand's file says. A pattern that can't be read is left out rather than stopping the desk."""
        said = table.get("references", {})
        patterns = [_ANNOUNCED]
        if own := said.get("order"):
            try:
                patterns.insert(0, re.compile(rf"(?<![\w-])({own})(?![\w-])", re.IGNORECASE))
            except re.error:
                patterns = [_ANNOUNCED]
        titles = [*said.get("products", []), *_shelved(table)]
        return cls(tuple(patterns), {_plain(title): title for title in titles if len(title) >= SHORTEST_PRODUCT})

    def order(self, text: str) -> str | None:
        """The first order number, in capitals."""
        for pattern in self.orders:
            if found := pattern.search(text[:LONGEST_TEXT]):
                return found.group(1).upper()
        alone = _ALONE.fullmatch(text[:LONGEST_TEXT])
        return alone.group(1).upper() if alone else None

    def product(self, text: str) -> str | None:
        """The product named, the longest name first; its words must be there in their order."""
        said = f" {_plain(text[:LONGEST_TEXT])} "
        named = [plain for plain in self.products if f" {plain} " in said]
        return self.products[max(named, key=len)] if named else None

    def only(self, text: str) -> bool:
        """Whether a message gives an order number and asks nothing."""
        order = self.order(text)
        if order is None:
            return False
        rest = re.sub(re.escape(order), " ", text, flags=re.IGNORECASE)
        return len(rest) < LONGEST_FILLING and _FILLING.fullmatch(rest) is not None


def note(facts: dict[str, Any], references: References, text: str) -> None:
    """Keep what the text refers to among the facts; a later reference replaces an earlier one."""
    order, product = references.order(text), references.product(text)
    if order:
        facts["order"] = order
    if product:
        facts["product"] = product
    if order or product:
        facts["entity_ref"] = (facts.get("order") or product or "")[:100]


def _shelved(table: dict[str, Any]) -> Iterable[str]:
    for texts in table.values():
        for shelf in texts.get("shelves", []) if isinstance(texts, dict) else []:
            yield from (book["title"] for book in shelf.get("books", []) if isinstance(book.get("title"), str))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
