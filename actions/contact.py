"""Finds the e-mail address or telephone number in what a customer wrote, and tells a name from other words."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

LONGEST_CONTACT: Final = 254
LONGEST_NAME: Final = 80
_REGIONS: Final = ("IT", "GB")  # tried in this order for a number without its country's prefix
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w-])"
)
_PHONE: Final = re.compile(r"(?<![\w+])(?:\+|00)?\d(?:[\d\s./()-]*\d)(?!\w)")
_ANNOUNCED: Final = re.compile(
    r"^\W*(?:(?:buongiorno|ciao|salve|hello|hi)\W+)?"
    r"(?:(?:mi chiamo|il mio nome è|sono|io sono|my name is|my name's|i am|i'm|it's|this is)\s+|(?:nome|name)\s*:\s*)",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[ '’.-]+[^\W\d_][^\W\d_'’.-]*){0,5}\.?")
_TAKEN_BACK: Final = re.compile(
    r"\b(?:actually|my name is|my name's|it's|its|name is|mi chiamo|il (?:mio )?nome è|anzi,?|sono)\s+"
    r"((?!(?:Il|La|Lo|The|My|A|An|I)\b)[A-ZÀ-Ý][\w'’]+(?:\s+[A-ZÀ-Ý][\w'’]+)*)"
)
_CORRECTS: Final = re.compile(
    r"\b(?:no|anzi|scus\w+|errore|sbagliat\w+|sbaglio|corre\w+|invece|sorry|wrong|mistake|mistyped|actually|instead)\b",
    re.IGNORECASE,
)
# words of sentences, none of which is part of a name in Italian or English
_OF_SENTENCES: Final = re.compile(
    r"\b(?:che|chi|cosa|come|dove|quando|quanto|perché|perchè|sta|sto|stai|è|ho|hai|fa|fai|voglio|vorrei|adesso|ora|subito|mah|non"
    r"|bene|mio|mia|questo|questa|hurry|up|now|what|who|how|when|where|why|is|are|my|your|want|need|this|that|you|not)\b",
    re.IGNORECASE,
)
_CONTACT_BEGINS: Final = re.compile(r"\S+@|\+?\d")
# what a contact is called, left over before it
_CALLED: Final = re.compile(
    r"[\W_]*\b(?:e-?mail|mail|tel|telefono|phone|cell|cellulare|mobile|numero|number)?[\W_]*$", re.IGNORECASE
)
# words people answer with that are no name
_COURTESIES: Final = re.compile(
    r"(?:\W*\b(?:s[iì]|no|ok|okay|va|bene|certo|grazie|ciao|buongiorno|buonasera|salve|perché|boh|niente|nessuno|anonimo"
    r"|yes|yeah|sure|thanks|thank|you|hello|hi|hey|why|what|nothing|nobody|anonymous|none|please)\b)+\W*",
    re.IGNORECASE,
)


def find_contact(text: str) -> str | None:
    """The first e-mail address, else the first telephone number (a plus kept, no other signs); None without either.

    >>> find_contact("mi trovate al 02 555 0199")
    '025550199'
    """
    text = text[:1000]
    email = _EMAIL.search(text)
    if email and len(email.group()) <= LONGEST_CONTACT:
        return email.group()
    return next((number for found in _PHONE.finditer(text) if (number := _telephone(found.group()))), None)


def _telephone(written: str) -> str | None:
    """The number as it can be dialled, when it can be one."""
    digits = re.sub(r"\D", "", written)
    if not 6 <= len(digits) <= 15:
        return None
    digits = "+" + digits if written.startswith("+") else digits
    possible = False
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return digits  # as it was given: 020 7946 0018 is a number in London, and one in Milan
        possible |= phonenumbers.is_possible_number(number)
    # numbering plans grow faster than their tables; an order number doesn't begin like a telephone number
    return digits if possible and digits.startswith(("+", "0")) else None


def find_name(text: str) -> str | None:
    """The name a customer gave, without "my name is"; None when the words are no name.

    >>> find_name("mi chiamo Anna de' Bardi"), find_name("perché?")
    ("Anna de' Bardi", None)
    """
    name = " ".join(_ANNOUNCED.sub("", text[:400]).split()).strip(" .,;!")
    if not 2 <= len(name) <= LONGEST_NAME or not _NAME.fullmatch(name):
        return None
    return None if _COURTESIES.fullmatch(name) or _OF_SENTENCES.search(name) else name


def name_before_contact(text: str) -> str | None:
    """The name given together with a contact, before it.

    >>> name_before_contact("Name: Helen Marsh, email helen@example.org")
    'Helen Marsh'
    """
    return find_name(_CALLED.sub("", _CONTACT_BEGINS.split(text)[0]))


def corrected_name(text: str) -> str | None:
    """The name that takes the place of one given before.

    >>> corrected_name("sorry its actually Robert not Bob"), corrected_name("scusi, il pacco non arriva")
    ('Robert', None)
    """
    found = _TAKEN_BACK.search(text) if corrects(text) else None
    return find_name(found.group(1)) if found else None


def corrects(text: str) -> bool:
    """Whether these words take something back.

    >>> corrects("no, la mail è anna@example.it"), corrects("scrivete ad anna@example.it")
    (True, False)
    """
    return _CORRECTS.search(text) is not None
