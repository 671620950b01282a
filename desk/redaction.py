"""Customers' words without what identifies them: what is found gives way to a word in brackets, such as [phone].

Numbers that check themselves (IBAN, cards, phone numbers) are judged by python-stdnum and phonenumbers, the rest by the
words around them. It errs towards taking out too much; prices, dates, times and ISBNs stay. A name that nothing
announces can't be told from other words: a person reads before anything is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import phonenumbers
from stdnum import iban, isbn, luhn
from stdnum.exceptions import ValidationError

from desk import catalogue

LONGEST: Final = 20_000
"""Characters looked at; what comes after them is cut off rather than shown unread."""
_REGIONS: Final = ("IT", "GB")
# grouped in ways phonenumbers takes for something else: 333 123 4567
_PHONE: Final = re.compile(r"(?<![\w.,/-])(?:3\d{2}|0\d{1,3})[ ./-]?\d{2,4}(?:[ .-]?\d{2,4}){1,2}(?![\w/]|[.,]\d)")

_EMAIL: Final = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_LINK: Final = re.compile(r"https?://[^\s<>()\[\]]+|www\.[^\s<>()\[\]]+", re.IGNORECASE)
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b", re.IGNORECASE)
# a form every letter and digit of which has its place; a wrong check letter is a typing mistake, not another thing
_TAX_CODE: Final = re.compile(
    r"\b[A-Z]{6} ?[0-9LMNPQRSTUV]{2} ?[ABCDEHLMPRST] ?[0-9LMNPQRSTUV]{2} ?[A-Z][0-9LMNPQRSTUV]{3} ?[A-Z]\b",
    re.IGNORECASE,
)
_LONG_NUMBER: Final = re.compile(r"(?<![\w.,])\d(?:[ .-]?\d){10,22}(?![\w]|[.,]\d)")
_VAT: Final = re.compile(
    r"\b(?:p(?:artita)?\.? ?iva|vat(?: (?:no|number))?)\b\.?\s*:?\s*(?:IT ?)?\d{8,12}\b", re.IGNORECASE
)
_ORDER: Final = re.compile(
    r"(?P<said>\b(?:ordin[ei]|order|pratica|ticket|tracking|spedizione|shipment|fattura|invoice|reso|client[ei]|customer|"
    r"account)\b(?:\s+(?:numero|number|cliente|id|code|codice|no|num))?\s*(?:n[.°ºr]{0,2}|#|:|è|is)*\s*)"
    r"(?P<number>(?=[A-Z0-9/_-]*\d)[A-Z0-9][A-Z0-9/_-]{3,})",
    re.IGNORECASE,
)
_HASH: Final = re.compile(r"(?<!\w)#\s?\d{3,}\b")
_REFERENCE: Final = re.compile(r"\b(?=[A-Z0-9-]*[A-Z])(?=(?:[A-Z-]*\d){3})[A-Z0-9]+(?:-[A-Z0-9]+)*\b")
_DIGITS: Final = re.compile(r"(?<![\w.,/:€£$-])\d{6,}(?![\w/:]|[.,]\d)")
# written with capitals a street may have many words; without, "via roma 12" but not "in via di spedizione da 5 giorni"
_STREET: Final = re.compile(
    r"\b(?i:via|viale|v\.le|piazza|p\.za|piazzale|corso|c\.so|largo|vicolo|lungomare|strada)\s+"
    r"(?:(?:(?:d[aei]|de[il]|dell[aeo]|degli|dell['’]|san|santa|[A-ZÀ-Þ0-9IVX][\w.'’]*)\s*){0,4}[A-ZÀ-Þ][\w.'’]*"
    r"|(?:(?:dei|della|delle|del|di|san|santa|porta)\s+){0,2}[a-zà-þ]{3,})"
    r",?\s+(?:(?i:n|numero|civico)[.°]?\s*)?\d{1,4}(?:\s?/?[a-zA-Z])?\b(?:[\s,-]+\d{5}\b)?"
    r"|\b\d{1,4}[a-z]?,?\s+(?:[A-Z][\w']+\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Square|Close|Terrace)\b"
)
_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_CAPITALS: Final = r"[A-ZÀ-Þ][\w'’-]+"
_NAMED: Final = re.compile(
    r"(?P<said>\b(?i:mi chiamo|il mio nome è|a nome di|intestat[oa] a|"
    r"my name is|my name's|in the name of|under the name of)\s+)"
    r"(?P<name>[^\W\d_][\w'’-]+(?:"
    rf"(?:\s+(?:(?:de|di|del|della|van|von|la|lo)\s+)?{_CAPITALS}){{1,3}}|\s+[^\W\d_]+(?=\s*(?:[,.;!?]|$)))?)"
)
_TITLED: Final = re.compile(
    r"(?P<said>\b(?i:signor|signora|sig\.|sig\.ra|dott\.|dott\.ssa|mr\.?|mrs\.?|ms\.?)\s+)"
    rf"(?P<name>{_CAPITALS}(?:\s+{_CAPITALS}){{0,3}})"
)

Replace = Callable[[str], str]


def redact(text: str, language: str = catalogue.DEFAULT, names: tuple[str, ...] = ()) -> str:
    """The text with personal data replaced by words of the language; `names` are people known to be spoken of.

    >>> redact("Write to ada@example.org about order LM-20419")
    'Write to [e-mail] about order [number]'
    """
    text = text[:LONGEST]

    def mark(kind: str) -> str:
        return f"[{catalogue.text(language, f'redaction.{kind}')}]"

    for step in _STEPS:
        text = step(text, mark)
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: mark("name"), text)
    return text


def _emails(text: str, mark: Replace) -> str:
    return _EMAIL.sub(lambda _: mark("email"), text)


def _links(text: str, mark: Replace) -> str:
    """A link keeps its place on the site; what follows it may name a person or open a session."""

    def bare(found: re.Match[str]) -> str:
        try:
            parts = urlsplit(found[0])
            host = (parts.netloc or "").rsplit("@", 1)[-1]
        except ValueError:
            return mark("link")
        return urlunsplit((parts.scheme, host, parts.path, "", ""))

    return _LINK.sub(bare, text)


def _numbers(text: str, mark: Replace) -> str:
    """Bank accounts, tax codes, cards: told by their form and their check digits."""

    def account(found: re.Match[str]) -> str:
        # the pattern may have run into the next words: the account is the longest beginning that checks
        for end in range(len(found[0]), 14, -1):
            if iban.is_valid(found[0][:end]):
                return mark("iban") + found[0][end:]
        return found[0]

    def long_number(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        if len(digits) == 13 and isbn.is_valid(digits):
            return found[0]
        if 13 <= len(digits) <= 19 and _checks(digits):
            return mark("card")
        return found[0] if len(digits) < 13 else mark("number")

    text = _IBAN.sub(account, text)
    text = _TAX_CODE.sub(lambda _: mark("tax_code"), text)
    text = _VAT.sub(lambda _: mark("tax_code"), text)
    return _LONG_NUMBER.sub(long_number, text)


def _checks(digits: str) -> bool:
    try:
        luhn.validate(digits)
    except ValidationError:
        return False
    return True


def _references(text: str, mark: Replace) -> str:
    """Orders, parcels, customers: a number after the word for it, or one that mixes letters and digits."""
    text = _ORDER.sub(lambda found: found["said"] + mark("number"), text)
    text = _HASH.sub(lambda _: mark("number"), text)
    return _REFERENCE.sub(lambda _: mark("number"), text)


def _phones(text: str, mark: Replace) -> str:
    """Phone numbers as people in Italy and Britain write them, and any with its country's prefix."""
    found: dict[int, int] = {}
    for region in _REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            if not _is_isbn(match.raw_string):
                found[match.start] = max(match.end, found.get(match.start, 0))
    text = "".join(_pieces(text, sorted(found.items()), mark("phone")))
    return _PHONE.sub(lambda match: mark("phone") if len(re.sub(r"\D", "", match[0])) >= 8 else match[0], text)


def _pieces(text: str, spans: list[tuple[int, int]], replacement: str) -> Iterator[str]:
    at = 0
    for start, end in spans:
        if start >= at:
            yield text[at:start]
            yield replacement
        at = max(at, end)
    yield text[at:]


def _is_isbn(text: str) -> bool:
    digits = re.sub(r"[ -]", "", text)
    return len(digits) in (10, 13) and isbn.is_valid(digits)


def _places(text: str, mark: Replace) -> str:
    text = _STREET.sub(lambda _: mark("address"), text)
    return _POSTCODE.sub(lambda _: mark("address"), text)


def _names(text: str, mark: Replace) -> str:
    for pattern in (_NAMED, _TITLED):
        text = pattern.sub(lambda found: found["said"] + mark("name"), text)
    return text


def _left_over(text: str, mark: Replace) -> str:
    """Six digits and more say nothing to a reader and may be anybody's."""
    return _DIGITS.sub(lambda found: found[0] if _is_isbn(found[0]) else mark("number"), text)


_STEPS: Final = (_links, _emails, _numbers, _phones, _places, _references, _names, _left_over)
