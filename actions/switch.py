"""Going on in another language because the customer asked for it."""

from __future__ import annotations

import re
from typing import Any, Final

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction

from actions.dialogue import FORM, Event, in_form, language, set_slots, words
from actions.reply import say_answer
from actions.source import Knowledge, Source
from knowledge.language import surely_none_of

_NAMES: Final = {
    "it": re.compile(r"\bital(?:iano|ian|iana|y)?\b|\bita\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:ingl(?:ese|es)|engl?ish|eng)\b", re.IGNORECASE),
}


def wanted(text: str, spoken: str) -> str:
    """The language asked for; when none is named, the one not spoken now.

    >>> wanted("can we speak Italian?", "en"), wanted("non parlo italiano, english please", "it")
    ('it', 'en')
    """
    named = [lang for lang, pattern in _NAMES.items() if pattern.search(text)]
    others = [lang for lang in _NAMES if lang != spoken]
    return named[0] if len(named) == 1 and not _refuses(text, named[0]) else others[0]


def _refuses(text: str, lang: str) -> bool:
    """Whether the one language named is named as the one that isn't spoken: "non parlo italiano"."""
    named = _NAMES[lang].search(text)
    before = text[: named.start()] if named else ""
    return re.search(r"\b(?:non|no|not|don't|can't|cannot|do not)\b", before[-40:], re.IGNORECASE) is not None


def _speaks_of_none(text: str) -> bool:
    """Whether it is asked, in another language, for that language: "¿hablas español?"."""
    return not any(pattern.search(text) for pattern in _NAMES.values()) and surely_none_of(text, tuple(_NAMES))


class SwitchLanguage(Action):  # type: ignore[misc]  # rasa_sdk ships no types
    """Changes the language; what is said in it comes from the action that follows, when the change is made."""

    def name(self) -> str:
        return "action_switch_language"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        given = {entity["entity"]: str(entity["value"]) for entity in tracker.latest_message.get("entities", [])}
        chosen = given.get("to")
        if chosen is None and _speaks_of_none(words(tracker)):
            dispatcher.utter_message(response="utter_languages", json_message={"kind": "clarify"})
            return []
        lang = chosen if chosen in _NAMES else wanted(words(tracker), language(tracker))
        return [*set_slots(tracker, language=lang), FollowupAction("action_go_on_in_language")]


class GoOnInLanguage(Action):  # type: ignore[misc]
    """Says so in the new language, with the last answer in it when the article exists there."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_go_on_in_language"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        lang, base = language(tracker), self.knowledge.base
        dispatcher.utter_message(response="utter_language_switched", json_message={"kind": "notice", "language": lang})
        if in_form(tracker):
            return [FollowupAction(FORM)]
        answered = tracker.get_slot("answered")
        article = base.article(answered, lang) if answered and tracker.get_slot("awaiting") == "resolution" else None
        if article is None or article.lang != lang:
            return []
        version = base.current()
        return say_answer(dispatcher, tracker, [Source.of_article(article, version.name if version else None)])
