"""How an answer, a question back and an honest "I found nothing" are said."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from actions.dialogue import (
    Event,
    await_choice,
    await_nothing,
    await_person,
    await_resolution,
    desk_open,
    in_form,
    language,
    misses,
    set_slots,
)
from actions.source import Source

CHOICES: Final = 3
SEVERAL_MISSES: Final = 2  # from here on a person is offered more strongly
Option = dict[str, str]


def say_answer(
    dispatcher: Any, tracker: Any, sources: list[Source], *, in_context: bool = False, asks: bool = True
) -> list[Event]:
    """Each answer with its source, then once whether it helped. In the middle of the form only the answers."""
    for source in sources:
        if source.lang != language(tracker):
            dispatcher.utter_message(response="utter_other_language")
        custom: dict[str, Any] = {"kind": "answer", "citations": [source.citation], "used_context": in_context}
        dispatcher.utter_message(text=source.text, json_message={**custom, **source.proposal})
    given = set_slots(tracker, misses=0, answered=sources[-1].article_id, options=None)
    if in_form(tracker) or not asks:
        return given
    dispatcher.utter_message(response="utter_ask_resolution")
    return [*await_resolution(tracker), *given]


def say_none(dispatcher: Any, tracker: Any, **custom: Any) -> list[Event]:
    """Nothing found: said plainly, with the offer of a person; more strongly when it happens again.

    In the middle of the form the message being taken is that offer.
    """
    count = misses(tracker) + 1
    offer = {} if in_form(tracker) else {"offer_handoff": {"why": "fallback"}}
    if in_form(tracker):
        response = "utter_no_answer_in_form"
    elif count < SEVERAL_MISSES:
        response = "utter_no_answer"
    elif count == SEVERAL_MISSES:
        response = "utter_no_answer_again" if desk_open(tracker) else "utter_no_answer_closed"
    else:
        response = "utter_no_answer_still" if desk_open(tracker) else "utter_no_answer_still_closed"
    dispatcher.utter_message(response=response, json_message={"kind": "fallback", **offer, **custom})
    kept = set_slots(tracker, misses=count, options=None)
    return [*([] if in_form(tracker) else await_person(tracker, "fallback")), *kept]


def ask_back(dispatcher: Any, tracker: Any, options: list[Option], response: str, **custom: Any) -> list[Event]:
    """Which of these articles was meant; `options` hold article, lang and title."""
    offered = [(one["title"], payload(one)) for one in options]
    offered += [("", "")] * (CHOICES - len(offered))
    values: dict[str, str] = {}
    for number, (title, chosen) in enumerate(offered, 1):
        values |= {f"title_{number}": title, f"payload_{number}": chosen}
    dispatcher.utter_message(response=response, json_message={"kind": "clarify", **custom}, **values)
    return await_nothing(tracker) if in_form(tracker) else await_choice(tracker, options)


def options_of(matches: Any) -> list[Option]:
    """At most three different articles, the best first."""
    options: dict[str, Option] = {}
    for match in matches:
        options.setdefault(match.article_id, {"article": match.article_id, "lang": match.lang, "title": match.title})
    return [*options.values()][:CHOICES]


def payload(option: Option) -> str:
    """What choosing this option tells the assistant."""
    return "/choose_article" + json.dumps(
        {"article": quote(option["article"], safe=""), "article_lang": option["lang"]}
    )
