"""The id of a document, from its path or address, and the language these name.

`it/orders/pay.md` and `en/orders/pay.md`, or `pay.it.md` and `pay.en.md`, are one article in two languages. A name
alone proves little (`it` may be a department), so it counts when its twin is there too, or the text agrees.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = frozenset(
    re.findall("..", "arbgcacsdadeeleneseteufifrgaglhrhuitjakoltlvmtnlnoplptroruskslsqsrsvtrukzh")
)
REGION: Final = re.compile(r"([a-z]{2})(?:[-_][a-z]{2})?", re.IGNORECASE)
SUFFIX: Final = re.compile(r"(.+)[._-]([a-z]{2})(?:[-_][a-z]{2})?", re.IGNORECASE)
ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,8}$")
UNFIT: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff#?%\\]+")
LONGEST: Final = 160


@dataclass(frozen=True)
class Translation:
    """One language of a document: what is left of its path without it, and whether a twin is there as well."""

    id: str
    lang: str
    paired: bool


def id_of(path: str) -> str:
    """An article id from a path without its ending: no spaces, nothing that would have to be quoted in an address."""
    found = UNFIT.sub("-", path.strip("/")).strip("-")
    return found if len(found) <= LONGEST else found[-LONGEST:].lstrip("/-")


def without_ending(path: str) -> str:
    return ENDING.sub("", path)


def translations(paths: Iterable[str]) -> dict[str, Translation]:
    """For each path (with its ending left out) that names a language, what it is a translation of."""
    found: dict[str, tuple[str, str]] = {}
    languages: dict[str, set[str]] = defaultdict(set)
    trees: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        named = _named(path)
        if named is None:
            continue
        neutral, lang, tree = named
        found[path] = neutral, lang
        languages[neutral].add(lang)
        trees[tree].add(lang)
    result = {}
    for path, (neutral, lang) in found.items():
        named = _named(path)
        tree = named[2] if named else ""
        paired = len(languages[neutral]) > 1 or (tree != "" and len(trees[tree]) > 1)
        result[path] = Translation(id_of(neutral) or "home", lang, paired)
    return result


def _named(path: str) -> tuple[str, str, str] | None:
    """(path without its language, language, the folders it stands in place of)."""
    *folders, name = path.split("/")
    for place, folder in enumerate(folders):
        if lang := _language(REGION.fullmatch(folder)):
            return "/".join([*folders[:place], *folders[place + 1 :], name]), lang, "/".join([*folders[:place], "*"])
    if lang := _language(REGION.fullmatch(name)):  # an address such as /en, the home page of a language
        return "/".join(folders), lang, ""
    suffix = SUFFIX.fullmatch(name)
    if suffix and suffix[2].lower() in LANGUAGES:
        return "/".join([*folders, suffix[1]]), suffix[2].lower(), ""
    return None


def _language(found: re.Match[str] | None) -> str:
    code = found[1].lower() if found else ""
    return code if code in LANGUAGES else ""
