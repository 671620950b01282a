"""Every action of the assistant, ready to be called by name."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions.answer import Answer
from actions.choice import AcceptTitle, ChosenArticle, NoneOfThese
from actions.handoff import DeclinePerson, HandOff, OfferPerson
from actions.resolution import Resolution
from actions.sensitive import Sensitive
from actions.source import Knowledge
from actions.switch import GoOnInLanguage, SwitchLanguage
from actions.ticket import AskSummary, CancelTicket, CorrectContact, SubmitTicket, TakeMessage, ValidateTicket


def make_executor(knowledge: Knowledge) -> Any:
    """rasa_sdk's executor with the actions registered; `await executor.run(call)` as in its webhook."""
    logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)  # says a line per registered action otherwise
    executor = ActionExecutor()
    for action in (
        Answer(knowledge),
        ChosenArticle(knowledge),
        AcceptTitle(knowledge),
        NoneOfThese(knowledge),
        HandOff(knowledge),
        OfferPerson(),
        DeclinePerson(),
        Sensitive(),
        Resolution(),
        SwitchLanguage(),
        GoOnInLanguage(knowledge),
        TakeMessage(),
        ValidateTicket(knowledge),
        AskSummary(),
        SubmitTicket(knowledge),
        CancelTicket(),
        CorrectContact(knowledge),
    ):
        executor.register_action(action)
    return executor
