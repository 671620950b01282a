"""From a question to an answer with its source, a question back, or an honest "I found nothing"."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote, unquote

from rasa_sdk import Action

from actions.dialogue import Event, await_nothing, await_person, await_resolution, in_form, language, misses, set_slots
from actions.source import Knowledge, Source

CHOICES: Final = 3
SEVERAL_MISSES: Final = 2  # from here on a person is offered more strongly


class Answer(Action):  # type: ignore[misc]  # rasa_sdk ships no types
    """Answers the customer's question from the knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        lang = language(tracker)
        found = self.knowledge.search(str(tracker.latest_message.get("text") or ""), lang)
        matches = found.matches
        if found.decision == "answer" and matches:
            return say_answer(dispatcher, tracker, Source.of_match(matches[0], found.version))
        if found.decision == "clarify" and matches:
            _ask_back(dispatcher, [(match.article_id, match.lang, match.title) for match in matches])
            return await_nothing(tracker)
        return say_none(dispatcher, tracker)


class ChosenArticle(Action):  # type: ignore[misc]
    """Answers from the article whose title the customer chose."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_chosen_article"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        given = {entity["entity"]: str(entity["value"]) for entity in tracker.latest_message.get("entities", [])}
        article, lang = unquote(given.get("article", "")), given.get("article_lang") or language(tracker)
        base = self.knowledge.base
        chosen, version = base.article(article, lang), base.current()
        if chosen is None:  # withdrawn since it was offered
            return say_none(dispatcher, tracker)
        return say_answer(dispatcher, tracker, Source.of_article(chosen, version.name if version else None))


class NoneOfThese(Action):  # type: ignore[misc]
    """None of the titles offered was what the customer meant."""

    def name(self) -> str:
        return "action_none_of_these"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        return say_none(dispatcher, tracker)


def say_answer(dispatcher: Any, tracker: Any, source: Source) -> list[Event]:
    """The answer with its source, then whether it helped. In the middle of the form only the answer."""
    if source.lang != language(tracker):
        dispatcher.utter_message(response="utter_other_language")
    custom: dict[str, Any] = {"kind": "answer", "citations": [source.citation], "used_context": False}
    if source.reason:
        custom["reason"] = {
            "contact_reason": source.reason,
            "journey_stage": source.stage or "unknown",
            "confidence": source.confidence,
        }
    dispatcher.utter_message(text=source.text, json_message=custom)
    if in_form(tracker):
        return set_slots(tracker, misses=0)
    dispatcher.utter_message(response="utter_ask_resolution")
    return [*await_resolution(tracker), *set_slots(tracker, misses=0)]


def say_none(dispatcher: Any, tracker: Any) -> list[Event]:
    """Nothing found: said plainly, with the offer of a person; more strongly when it happens again."""
    count = misses(tracker) + 1
    again = count >= SEVERAL_MISSES
    custom: dict[str, Any] = {"kind": "fallback", "offer_handoff": {"why": "fallback"}}
    dispatcher.utter_message(response="utter_no_answer_again" if again else "utter_no_answer", json_message=custom)
    return [*([] if in_form(tracker) else await_person(tracker, "fallback")), *set_slots(tracker, misses=count)]


def _ask_back(dispatcher: Any, candidates: list[tuple[str, str, str]]) -> None:
    titles: dict[str, tuple[str, str]] = {}
    for article, lang, title in candidates:
        chosen = json.dumps({"article": quote(article, safe=""), "article_lang": lang})
        titles.setdefault(article, (title, f"/choose_article{chosen}"))
    offered = [*titles.values()][:CHOICES]
    offered += [("", "")] * (CHOICES - len(offered))
    options: dict[str, str] = {}
    for number, (title, payload) in enumerate(offered, 1):
        options |= {f"title_{number}": title, f"payload_{number}": payload}
    dispatcher.utter_message(response="utter_clarify", json_message={"kind": "clarify"}, **options)
