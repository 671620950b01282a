"""From what the customer wrote to an answer with its source, a question back, or an honest "I found nothing"."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
from rasa_sdk import Action

from actions.choice import answer_from, chosen
from actions.context import leans, search_in_context
from actions.dialogue import Event, await_nothing, await_person, in_form, language, misses, set_slots, words
from actions.odd import odd
from actions.questions import questions_in
from actions.reply import SEVERAL_MISSES, ask_back, options_of, say_answer, say_none
from actions.sensitive import SELF_HARM, despairs, say_sensitive
from actions.source import Knowledge, Source, propose
from knowledge.retriever import SearchResult

SAME: Final = 0.9  # cosine from which the encoder takes one question for another in other words
LONGEST_TOPIC: Final = 300
# about what the form asks for
_WHY: Final = re.compile(
    r"\b(?:perch[eéè]|come mai|a che (?:cosa )?(?:vi |le )?serve|why|what for)\b.{0,40}"
    r"\b(?:serv\w+|vole\w+|chiede\w*|nome|e-?mail|mail|telefono|numero|recapito|need|want|ask\w*|name|phone|number)\b",
    re.IGNORECASE,
)
LONGEST_QUESTION: Final = 900  # characters; of what is longer the encoder reads the beginning only


class Answer(Action):  # type: ignore[misc]  # rasa_sdk ships no types
    """Answers the customer's question from the knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        return answer(self.knowledge, dispatcher, tracker, words(tracker))


def answer(knowledge: Knowledge, dispatcher: Any, tracker: Any, text: str) -> list[Event]:
    """Everything that may be said to a message that asks something, or that nobody understood."""
    if despairs(text):
        return say_sensitive(dispatcher, tracker, SELF_HARM)
    offered = (tracker.get_slot("options") or []) if tracker.get_slot("awaiting") == "choice" else []
    meant = chosen(text, offered)
    if meant is not None:
        return answer_from(knowledge, dispatcher, tracker, meant["article"], meant["lang"])
    if in_form(tracker) and asks_why(text):
        dispatcher.utter_message(response="utter_why_asked", json_message={"kind": "clarify"})
        return []
    strange = odd(text)
    if strange is not None:
        return _say_odd(dispatcher, tracker, strange)
    if tracker.get_slot("only_reference"):
        dispatcher.utter_message(response="utter_reference_noted")
        return await_nothing(tracker)
    text = _without_reference(text, tracker.get_slot("reference"))
    parts = questions_in(text)
    if parts and (several := _answer_several(knowledge, dispatcher, tracker, parts)) is not None:
        return [*several, *set_slots(tracker, topic=parts[-1][:LONGEST_TOPIC])]
    return _answer_one(knowledge, dispatcher, tracker, text)


def asks_why(text: str) -> bool:
    """Whether it is asked what the form wants something for.

    >>> asks_why("perché vi serve il mio nome?"), asks_why("perché il pacco non arriva?")
    (True, False)
    """
    return _WHY.search(text) is not None


def _answer_one(knowledge: Knowledge, dispatcher: Any, tracker: Any, text: str) -> list[Event]:
    topic, answered = tracker.get_slot("topic"), tracker.get_slot("answered")
    found, in_context = search_in_context(knowledge, text, language(tracker), topic, answered)
    custom = _again(knowledge, tracker, text, topic)
    kept = [] if in_form(tracker) else set_slots(tracker, topic=_topic(topic, text))
    if found.decision == "answer" and found.matches:
        source = Source.of_match(found.matches[0], found.version)
        return [*say_answer(dispatcher, tracker, [source], in_context=in_context), *kept]
    if found.decision == "clarify" and found.matches and misses(tracker) + _asked_before(tracker) < SEVERAL_MISSES:
        options, missed = options_of(found.matches), set_slots(tracker, misses=misses(tracker) + _asked_before(tracker))
        asked = ask_back(dispatcher, tracker, options, "utter_clarify", **custom, **propose(found))
        return [*asked, *kept, *missed]
    if len(text) > LONGEST_QUESTION and not misses(tracker):
        dispatcher.utter_message(response="utter_too_long", json_message={"kind": "clarify"})
        return [*await_nothing(tracker), *set_slots(tracker, misses=1)]
    return [*say_none(dispatcher, tracker, **custom, **propose(found)), *kept]


def _without_reference(text: str, reference: str | None) -> str:
    """The question without its order's number: no article is about it, and it hides what is asked.

    >>> _without_reference("dov'è il mio ordine 482913?", "482913")
    "dov'è il mio ordine ?"
    """
    rest = re.sub(re.escape(reference), "", text, flags=re.IGNORECASE) if reference else text
    return rest if any(letter.isalpha() for letter in rest) else text


def _asked_before(tracker: Any) -> int:
    """Asked which was meant already, the customer chose none and wrote again: that was a miss."""
    return int(tracker.get_slot("awaiting") == "choice")


def _topic(topic: str | None, text: str) -> str:
    """What the next question may lean on; a question that leaned itself says little without its own ground."""
    return (f"{topic} {text}" if topic and leans(text) else text)[-LONGEST_TOPIC:]


def _again(knowledge: Knowledge, tracker: Any, text: str, topic: str | None) -> dict[str, Any]:
    """A question put again after a miss is effort on the customer's side, and goes on record as such."""
    if not topic or not (misses(tracker) or _asked_before(tracker)) or leans(text):
        return {}
    if topic.casefold().split() == text.casefold().split():
        return {"observed": "repeated_question"}
    now, before = (knowledge.base.encoder.queries([one])[0] for one in (text, topic))
    return {"observed": "reformulation"} if float(np.dot(now, before)) >= SAME else {}


def _answer_several(knowledge: Knowledge, dispatcher: Any, tracker: Any, parts: list[str]) -> list[Event] | None:
    """All the questions, or some with the others named; None when the message is better taken as one question."""
    results: list[SearchResult] = []
    before, answered = tracker.get_slot("topic"), tracker.get_slot("answered")
    for part in parts:
        found, _ = search_in_context(knowledge, part, language(tracker), before, answered)
        results.append(found)
        before, answered = part, found.matches[0].article_id if found.matches else None
    sources = _different([one for one in results if one.decision == "answer" and one.matches])
    others = [one for one in results if one.decision != "answer"]
    if not sources or (len(sources) == 1 and not others) or (others and in_form(tracker)):
        return None
    unsure = next((one for one in others if one.decision == "clarify" and one.matches), None)
    said = say_answer(dispatcher, tracker, sources, asks=not others)
    if unsure is not None:
        return [*said, *ask_back(dispatcher, tracker, options_of(unsure.matches), "utter_clarify_other")]
    if others:
        offer = {"kind": "fallback", "offer_handoff": {"why": "fallback"}}
        dispatcher.utter_message(response="utter_other_unanswered", json_message=offer)
        return [*said, *await_person(tracker, "fallback")]
    return said


def _different(results: list[SearchResult]) -> list[Source]:
    """One source per article, in the order of the questions."""
    sources = {one.matches[0].article_id: Source.of_match(one.matches[0], one.version) for one in reversed(results)}
    return [*reversed(sources.values())]


def _say_odd(dispatcher: Any, tracker: Any, response: str) -> list[Event]:
    """Said once or twice; who goes on in the same way is offered a person like anybody who isn't understood."""
    count = misses(tracker)
    if count >= SEVERAL_MISSES - 1:
        return say_none(dispatcher, tracker)
    dispatcher.utter_message(response=response, json_message={"kind": "clarify"})
    return set_slots(tracker, misses=count + 1)
