"""Rasa intent classifier around the ensemble; below its threshold the intent is nlu_fallback."""

from __future__ import annotations

import warnings
from typing import Any, Dict, List, Optional, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from bot import parallel
from bot.alignment import Alignment
from bot.encode import encode
from bot.ensemble import STRENGTH, Ensemble
from bot.nonsense import nonsense
from bot.threshold import choose_threshold, noise_floor

RANKING = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EnsembleClassifier(IntentClassifier, GraphComponent):
    """Reads the dense sentence features and the text of a message, and says what the customer wants."""

    @classmethod
    def required_components(cls) -> List[Type]:
        return [DenseFeaturizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        # threshold: null = chosen from the training data; strength: C of the logistic regression; open_intent: what
        # stands for all that is none of the other intents, if the data has it; align: examples in one language teach
        # another, for vectors of the app's encoder
        return {"threshold": None, "strength": STRENGTH, "open_intent": None, "align": True}

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[Ensemble] = None,
    ) -> None:
        self.config, self.model = config, model
        self._storage, self._resource = model_storage, resource

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EnsembleClassifier":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "EnsembleClassifier":
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Ensemble.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts, labels = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        vectors = np.stack([_vector(example) for example in examples])
        alignment = self._alignment(vectors.shape[1])
        # two BLAS threads make the regression a hundred times slower than one
        with threadpool_limits(limits=1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.model = Ensemble.fit(texts, vectors, labels, self.config["strength"], alignment=alignment)
            threshold = self.config["threshold"]
            if threshold is None:
                open_intent = self.config["open_intent"]
                threshold = choose_threshold(texts, vectors, labels, self.config["strength"], open_intent, alignment)
                if open_intent in self.model.classes and alignment is not None:  # the vectors are the encoder's
                    noise = nonsense(texts)
                    threshold = max(threshold, noise_floor(self.model, noise, encode(noise), open_intent))
        self.model.threshold = float(threshold)
        with self._storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    def _alignment(self, dimension: int) -> Optional[Alignment]:
        """Learnt from the encoder's vectors of known translations; None for vectors that aren't the encoder's."""
        if not self.config["align"]:
            return None
        vectors = encode(parallel.texts())
        half = len(vectors) // 2
        return Alignment.fit(vectors[:half], vectors[half:]) if vectors.shape[1] == dimension else None

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            ranking = self._rank(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> List[Dict[Text, Any]]:
        vector = _vector(message)
        if self.model is None or vector is None:
            return [{"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0}]
        found = self.model.best(message.get(TEXT), vector)[:RANKING]
        ranking: List[Dict[Text, Any]] = [{"name": name, "confidence": score} for name, score in found]
        if ranking[0]["confidence"] < self.model.threshold:
            ranking.insert(0, {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0 - ranking[0]["confidence"]})
        return ranking


def _vector(message: Message) -> Optional[np.ndarray]:
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else np.asarray(sentence.features, np.float32).reshape(-1)
