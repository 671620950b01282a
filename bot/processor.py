"""Rasa's message processor with a graph that runs in order, and without copies made for log lines nobody reads."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

import rasa.core.agent
import rasa.core.processor
from rasa.core.processor import MessageProcessor

from bot.graph import without_scheduler


class TurnProcessor(MessageProcessor):
    """Reads messages and runs the dialogue as Rasa's own does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.graph_runner = without_scheduler(self.graph_runner)

    def _check_for_unseen_features(self, parse_data: Dict[Text, Any]) -> None:
        """Nothing read is unknown to the domain the model was trained with; Rasa builds an empty domain to find out."""


class _NoCopies:
    """Stands in for the module `copy` where Rasa uses it for nothing but the arguments of debug lines."""

    @staticmethod
    def deepcopy(value: Any, memo: Optional[List[Any]] = None) -> Any:
        return value


def install() -> None:
    """Have the agent make this processor: it names Rasa's, and no setting says otherwise."""
    rasa.core.agent.MessageProcessor = TurnProcessor
    rasa.core.processor.copy = _NoCopies
