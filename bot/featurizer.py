"""Dense features: the sentence vector that came with the turn, or the app's encoder in training."""

from __future__ import annotations

from typing import Any, Dict, List, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encode import encode
from bot.turn import TURN


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectorFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence features from the app's encoder; the same vector stands for each token."""

    def __init__(self, config: Dict[Text, Any], name: Text) -> None:
        super().__init__(name, config)

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceVectorFeaturizer":
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        return None

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every distinct example text once and attach its features."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        texts = sorted({example.get(TEXT) for example in examples})
        vectors = dict(zip(texts, encode(texts), strict=True))
        for example in examples:
            self._attach(example, vectors[example.get(TEXT)])
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Attach the turn's vector, or ask the encoder when the turn brought none."""
        for message in messages:
            turn, text = TURN.get(), message.get(TEXT)
            if turn is not None and turn.vector is not None:
                self._attach(message, turn.vector)
            elif text:
                self._attach(message, encode([text])[0])
        return messages

    def _attach(self, message: Message, vector: np.ndarray) -> None:
        tokens = message.get(TOKENS_NAMES[TEXT]) or []
        row = np.asarray(vector, np.float32).reshape(1, -1)
        sequence = np.repeat(row, max(len(tokens), 1), axis=0)
        for kind, features in ((FEATURE_TYPE_SEQUENCE, sequence), (FEATURE_TYPE_SENTENCE, row)):
            message.add_features(Features(features, kind, TEXT, self._identifier))
