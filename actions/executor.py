"""Every action of the assistant, ready to be called by name."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions.answer import Answer, ChosenArticle, NoneOfThese
from actions.handoff import DeclinePerson, HandOff, OfferPerson
from actions.resolution import Resolution
from actions.source import Knowledge
from actions.ticket import CancelTicket, SubmitTicket, TakeMessage, ValidateTicket


def make_executor(knowledge: Knowledge) -> Any:
    """rasa_sdk's executor with the actions registered; `await executor.run(call)` as in its webhook."""
    logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)  # says a line per registered action otherwise
    executor = ActionExecutor()
    for action in (
        Answer(knowledge),
        ChosenArticle(knowledge),
        NoneOfThese(),
        HandOff(),
        OfferPerson(),
        DeclinePerson(),
        Resolution(),
        TakeMessage(),
        ValidateTicket(),
        SubmitTicket(),
        CancelTicket(),
    ):
        executor.register_action(action)
    return executor
