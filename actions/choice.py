"""Which of the titles offered was meant: pressed, numbered, named, or none of them."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import unquote

from rasa_sdk import Action

from actions.dialogue import Event, language, words
from actions.reply import Option, ask_back, say_answer, say_none
from actions.source import Knowledge, Source

_ORDINALS: Final = (
    re.compile(
        r"\W*(?:n[.°]?\s*|the\s+|l[ao]\s+|il\s+|number\s+|numero\s+)?(?:1|prim[ao]|first|one|uno)(?:\s+one)?\W*"
    ),
    re.compile(r"\W*(?:n[.°]?\s*|the\s+|l[ao]\s+|il\s+|number\s+|numero\s+)?(?:2|second[ao]?|two|due)(?:\s+one)?\W*"),
    re.compile(
        r"\W*(?:n[.°]?\s*|the\s+|l[ao]\s+|il\s+|number\s+|numero\s+)?(?:3|terz[ao]|third|three|tre)(?:\s+one)?\W*"
    ),
)
_LAST: Final = re.compile(r"\W*(?:the\s+|l['’]\s*)?(?:ultim[ao]|last)(?:\s+one)?\W*")
_WORD: Final = re.compile(r"\w+")


def chosen(text: str, options: list[Option]) -> Option | None:
    """The option these words name, by its place or its title; None when they are something else.

    >>> chosen("la seconda", [{"title": "Resi"}, {"title": "Rimborsi"}])
    {'title': 'Rimborsi'}
    """
    said = text.casefold().strip()
    for place, pattern in enumerate(_ORDINALS[: len(options)]):
        if pattern.fullmatch(said):
            return options[place]
    if options and _LAST.fullmatch(said):
        return options[-1]
    words_said = _WORD.findall(said)
    return next((one for one in options if _WORD.findall(one["title"].casefold()) == words_said), None)


class ChosenArticle(Action):  # type: ignore[misc]  # rasa_sdk ships no types
    """Answers from the article whose title the customer chose: their own words still, not a new question."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_chosen_article"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        given = {entity["entity"]: str(entity["value"]) for entity in tracker.latest_message.get("entities", [])}
        lang = given.get("article_lang") or language(tracker)
        return answer_from(self.knowledge, dispatcher, tracker, unquote(given.get("article", "")), lang)


class AcceptTitle(Action):  # type: ignore[misc]
    """A yes to the titles: the one offered, or which of them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_accept_title"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        options = tracker.get_slot("options") or []
        meant = options[0] if len(options) == 1 else chosen(words(tracker), options)
        if meant is not None:
            return answer_from(self.knowledge, dispatcher, tracker, meant["article"], meant["lang"])
        return ask_back(dispatcher, tracker, options, "utter_which") if options else say_none(dispatcher, tracker)


class NoneOfThese(Action):  # type: ignore[misc]
    """None of the titles offered was what the customer meant, unless the words read as a no name one of them: "1"."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_none_of_these"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        meant = chosen(words(tracker), tracker.get_slot("options") or [])
        if meant is not None:
            return answer_from(self.knowledge, dispatcher, tracker, meant["article"], meant["lang"])
        return say_none(dispatcher, tracker)


def answer_from(knowledge: Knowledge, dispatcher: Any, tracker: Any, article: str, lang: str) -> list[Event]:
    """Answer from one article, in the language of the conversation when it has it."""
    spoken, version = language(tracker), knowledge.base.current()
    found = knowledge.base.article(article, spoken) or knowledge.base.article(article, lang)
    if found is None:  # withdrawn since it was offered
        return say_none(dispatcher, tracker)
    return say_answer(dispatcher, tracker, [Source.of_article(found, version.name if version else None)])
