"""What simulated customers want, each a function of a walk; it ends when they have it, or raises DeadEnd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.simulation import wordings as w
from tests.simulation.walk import DeadEnd, Walk

MOST_TRIES: Final = 3


def get_answer(walk: Walk, article: str | None = None) -> str:
    """Ask until the right article is cited, choosing its title when asked back; another wording when it isn't."""
    questions = w.QUESTIONS[walk.lang]
    wanted = article or walk.pick(*questions)
    for text in walk.rng.sample(questions[wanted], len(questions[wanted])):
        walk.say(text)
        if "utter_clarify" in walk.names:
            walk.choose(f'/choose_article{{"article": "{wanted}"')
        if wanted in walk.cited:
            return wanted
    raise DeadEnd(f"{wanted} is not found; {walk.cited} instead")


def wants_an_answer(walk: Walk) -> None:
    get_answer(walk)
    _judge(walk, "yes")
    _maybe_survey(walk)


def wants_a_person(walk: Walk) -> None:
    if walk.rng.random() < 0.5:
        get_answer(walk)
    _ask_for_person(walk)
    walk.reach_person()


def is_served_by_an_agent(walk: Walk) -> None:
    """Asks for a person, who comes, answers and either ends the contact or gives it back to the assistant."""
    _ask_for_person(walk)
    if walk.rng.random() < 0.5:
        walk.reach_person()
    walk.agent_says(w.AGENT_SAYS[walk.lang])
    walk.say(w.THANKS[walk.lang])
    if any(one["from"] == "assistant" for one in walk.heard):
        raise DeadEnd("the assistant speaks while an agent has the conversation")
    if walk.rng.random() < 0.5:
        walk.agent_ends("wrap-up", {"resolution": "yes"})
        if "resolution" not in walk.asked_survey:
            raise DeadEnd(f"whether it is solved is not asked: {walk.asked_survey}")
        walk.ledger.judged = walk.pick("yes", "no")
        walk.answer("resolution", walk.ledger.judged)
    else:
        walk.agent_ends("return")
        get_answer(walk)
        _judge(walk, "yes")


def resumes_after_a_restart(walk: Walk) -> None:
    """Not among the others, who would notice: the bot dies between a question and the one that leans on it."""
    first, second, wanted = walk.pick(*w.FOLLOW_UPS[walk.lang])
    walk.say(first)
    walk.kill_bot()
    walk.say(second)
    if "utter_clarify" in walk.names:
        walk.choose(f'/choose_article{{"article": "{wanted[0]}"')
    if not set(wanted) & set(walk.cited):
        raise DeadEnd(f"{second} after {first} and a restart found {walk.cited}")
    _judge(walk, "yes")


def leaves_a_message(walk: Walk) -> None:
    walk.say(w.LEAVE[walk.lang])
    if walk.rng.random() < 0.3:  # another question in the middle
        walk.say(w.QUESTIONS[walk.lang]["shipping-costs"][0])
        if "shipping-costs" not in walk.cited:
            raise DeadEnd("a question in the form is not answered")
    if walk.rng.random() < 0.2:
        walk.say(walk.pick(*w.CANCEL[walk.lang]))
        if "utter_ticket_cancelled" not in walk.names:
            raise DeadEnd("the form can't be cancelled")
        get_answer(walk)
        return
    walk.reach_person()


def asks_for_a_person_in_the_form(walk: Walk) -> None:
    walk.say(w.LEAVE[walk.lang])
    if walk.rng.random() < 0.5:
        walk.say(walk.pick(*w.NAMES))
    _ask_for_person(walk)
    if not walk.with_people and "utter_closed" not in walk.names:
        raise DeadEnd("a person asked for in the form is not heard")
    walk.reach_person()


def follows_up(walk: Walk) -> None:
    first, second, wanted = walk.pick(*w.FOLLOW_UPS[walk.lang])
    walk.say(first)
    walk.say(second)
    if "utter_clarify" in walk.names:
        walk.choose(f'/choose_article{{"article": "{wanted[0]}"')
    if not set(wanted) & set(walk.cited):
        raise DeadEnd(f"{second} after {first} found {walk.cited}")


def is_not_helped(walk: Walk) -> None:
    get_answer(walk)
    _judge(walk, "no")
    if walk.rng.random() < 0.3:
        walk.choose("/deny")
        _maybe_survey(walk)
        get_answer(walk)
        _judge(walk, "no")
    walk.choose("/request_person")
    walk.reach_person()


def types_gibberish(walk: Walk) -> None:
    for text in walk.rng.sample(w.GIBBERISH, 2):
        walk.say(text)
        if walk.answered_something:  # a guess with titles is fair; the next words decide
            return
    if not walk.offers_person:
        raise DeadEnd("two misses and no person offered")
    if walk.rng.random() < 0.5:
        walk.say(walk.pick(*w.PERSON[walk.lang]))
        walk.reach_person()


def abandons(walk: Walk) -> None:
    if walk.rng.random() < 0.5:
        get_answer(walk)
    else:
        walk.say(walk.pick(*w.GIBBERISH))
    walk.end()


def changes_language(walk: Walk) -> None:
    if walk.rng.random() < 0.5:
        get_answer(walk, "store-hours")
    other = "en" if walk.lang == "it" else "it"
    walk.say(w.SWITCH[walk.lang])
    if "utter_language_switched" not in walk.names or other not in walk.languages:
        raise DeadEnd("the language is not changed")
    walk.lang = other
    get_answer(walk)
    if walk.languages - {other}:
        raise DeadEnd("the reply is in the wrong language")
    walk.say("ok")  # to "did this solve it?"
    walk.ledger.judged = "yes"
    if walk.languages - {other}:
        raise DeadEnd("an ok changes the language")


def raises_something_sensitive(walk: Walk) -> None:
    name, text = walk.pick(*w.SENSITIVE[walk.lang].items())
    walk.say(text)
    if name not in walk.names:
        raise DeadEnd(f"{name} is not said")
    walk.ledger.why = "sensitive"
    walk.reach_person()


def despairs(walk: Walk) -> None:
    walk.say(w.DESPAIR[walk.lang])
    if "utter_sensitive_self_harm" not in walk.names:
        raise DeadEnd("somebody in despair is not heard")
    if not walk.with_people:
        walk.choose("/leave_message")
        walk.reach_person()


def asks_two_things(walk: Walk) -> None:
    text, wanted = w.TWO[walk.lang]
    walk.say(text)
    if set(wanted) - set(walk.cited):
        raise DeadEnd(f"of two questions only {walk.cited} are answered")
    _judge(walk, "yes")


def chats_and_swears(walk: Walk) -> None:
    for text in walk.rng.sample(w.SOCIAL[walk.lang], 2):
        walk.say(text)
    walk.say(walk.pick(*w.INSULTS[walk.lang]))
    if not walk.offers_person:
        raise DeadEnd("no person is offered to somebody fed up")
    get_answer(walk)


def has_an_order(walk: Walk) -> None:
    order = str(walk.rng.randrange(10_000, 99_999))
    walk.ledger.order = order
    walk.say(f"{'il mio ordine è il' if walk.lang == 'it' else 'my order number is'} {order}")
    if "utter_reference_noted" not in walk.names:
        raise DeadEnd("an order number alone is not noted")
    walk.say(walk.pick(*w.PERSON[walk.lang]))
    if "utter_summary_and_order_wanted" in walk.names:
        raise DeadEnd("the order number is asked for again")
    walk.reach_person()
    if any("utter_summary_and_order_wanted" in line for line in walk.log):
        raise DeadEnd("the order number is asked for again")


def writes_odd_things(walk: Walk) -> None:
    walk.say(walk.pick(*w.ODD))
    if not (walk.answered_something or walk.offers_person or walk.names):
        raise DeadEnd("an odd message gets no reply that makes sense")
    walk.say(walk.pick(*w.PERSON[walk.lang]))
    walk.reach_person()


def comes_back_after_the_end(walk: Walk) -> None:
    get_answer(walk)
    walk.end()
    walk.ledger.turns = walk.ledger.answers = walk.ledger.fallbacks = 0  # a new contact
    walk.ledger.left = False
    get_answer(walk)
    _judge(walk, "yes")


def _ask_for_person(walk: Walk) -> None:
    walk.say(walk.pick(*w.PERSON[walk.lang]))
    walk.ledger.why = "customer_request"


def _judge(walk: Walk, answer: str) -> None:
    """Say whether it helped, by button or in words."""
    payload, words = ("/affirm", w.YES) if answer == "yes" else ("/deny", w.NO)
    if walk.rng.random() < 0.5:
        walk.choose(payload)
    else:
        walk.say(walk.pick(*words[walk.lang]))
    wanted = "utter_solved" if answer == "yes" else "utter_not_solved"
    if wanted not in walk.names:
        raise DeadEnd(f"a {answer} is not understood: {walk.names}")
    walk.ledger.judged = answer


def _maybe_survey(walk: Walk) -> None:
    """Once the issue can be judged up to three questions may be on the table; answer them, or pass them over."""
    items = walk.asked_survey
    if not 1 <= len(items) <= 3:
        raise DeadEnd(f"the survey has {len(items)} questions")
    walk.ledger.survey = items
    if walk.rng.random() < 0.5:
        walk.answer(items[0], 4)


SCRIPTS: Final[tuple[Callable[[Walk], None], ...]] = (
    wants_an_answer,
    wants_a_person,
    is_served_by_an_agent,
    leaves_a_message,
    asks_for_a_person_in_the_form,
    follows_up,
    is_not_helped,
    types_gibberish,
    abandons,
    changes_language,
    raises_something_sensitive,
    despairs,
    asks_two_things,
    chats_and_swears,
    has_an_order,
    writes_odd_things,
    comes_back_after_the_end,
)
