"""The intent ensemble on vectors that can be told apart, and its threshold."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np

from bot.ensemble import Ensemble
from bot.nonsense import nonsense
from bot.threshold import choose_threshold, noise_floor

WORDS = {
    "greet": "ciao salve",
    "thank": "grazie mille",
    "return": "reso libro",
    "where": "dove pacco",
    "price": "costo prezzo",
}
NAMES = list(WORDS)


def examples(per_class: int, seed: int = 0) -> tuple[list[str], np.ndarray, list[str]]:
    random = np.random.RandomState(seed)
    texts, vectors, labels = [], [], []
    for number, (name, words) in enumerate(WORDS.items()):
        for _ in range(per_class):
            vector = random.randn(16) * 0.15
            vector[number] += 1
            vectors.append(vector / np.linalg.norm(vector))
            texts.append(f"{words} {random.randint(100)}")
            labels.append(name)
    return texts, np.asarray(vectors, np.float32), labels


class EnsembleReads(unittest.TestCase):
    def setUp(self) -> None:
        self.texts, self.vectors, self.labels = examples(12)
        self.model = Ensemble.fit(self.texts, self.vectors, self.labels)

    def test_it_reads_what_it_has_not_seen(self) -> None:
        texts, vectors, labels = examples(5, seed=1)
        found = self.model.scores(texts, vectors)
        self.assertEqual([self.model.classes[i] for i in found.argmax(1)], labels)
        self.assertTrue(((found >= 0) & (found <= 1)).all())

    def test_one_text_alone_is_read_as_it_is_among_others(self) -> None:
        texts, vectors, _ = examples(3, seed=4)
        texts[:3] = ["", "???", "grazie grazie grazie"]
        between = vectors[:12] + vectors[3:15]  # what could be one or the other
        texts, vectors = [*texts, *["xyzzy"] * len(between)], np.r_[vectors, between]
        together = self.model.scores(texts, vectors)
        near = 0
        for number, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
            alone = self.model.best(text, vector)
            near += len(alone) - 1
            self.assertEqual(alone[0][0], self.model.classes[together[number].argmax()])
            self.assertEqual([score for _, score in alone], sorted((score for _, score in alone), reverse=True))
            for name, score in alone:
                self.assertAlmostEqual(score, together[number][self.model.classes.index(name)], places=5)
        self.assertGreater(near, 0)

    def test_the_order_of_examples_does_not_matter(self) -> None:
        order = np.random.RandomState(3).permutation(len(self.texts))
        again = Ensemble.fit([self.texts[i] for i in order], self.vectors[order], [self.labels[i] for i in order])
        one, two = (model.scores(self.texts[:3], self.vectors[:3]) for model in (self.model, again))
        np.testing.assert_allclose(one, two, atol=1e-2)

    def test_nothing_known_scores_below_the_threshold(self) -> None:
        threshold = choose_threshold(self.texts, self.vectors, self.labels)
        texts, vectors, _ = examples(5, seed=2)
        self.assertGreater((self.model.scores(texts, vectors).max(1) >= threshold).mean(), 0.8)
        strange = np.zeros((1, 16), np.float32)
        strange[0, 15] = 1
        self.assertLess(self.model.scores(["xyzzy"], strange).max(), threshold)

    def test_one_intent_may_stand_for_all_else(self) -> None:
        texts, vectors, labels = examples(40)
        labels = ["other" if name in NAMES[3:] else name for name in labels]
        # what is none of the other intents scores low, and none of it is taken for one of them: nothing need be refused
        clear = choose_threshold(texts, vectors, labels, open_intent="other")
        known = [i for i, name in enumerate(labels) if name != "other"]
        scores = Ensemble.fit(texts, vectors, labels).scores([texts[i] for i in known], vectors[known]).max(1)
        self.assertGreater((scores >= clear).mean(), 0.9)
        mixed = vectors.copy()
        mixed[::7] = np.roll(vectors, 40, axis=0)[::7]  # some of everything looks like something else
        self.assertGreater(choose_threshold(texts, mixed, labels, open_intent="other"), 0.0)
        self.assertEqual(
            choose_threshold(texts, vectors, labels, open_intent="absent"), choose_threshold(texts, vectors, labels)
        )

    def test_nine_in_ten_texts_that_mean_nothing_are_refused(self) -> None:
        noise = nonsense(self.texts, 200)
        self.assertEqual(noise, nonsense(self.texts, 200))
        self.assertEqual(len(set(noise)), 200)
        self.assertFalse(set(noise) & set(self.texts))
        vectors = np.random.RandomState(5).randn(200, 16).astype(np.float32)
        floor = noise_floor(self.model, noise, vectors, NAMES[0])
        found = self.model.scores(noise, vectors)
        taken = (found.max(1) >= floor) & (np.asarray(self.model.classes)[found.argmax(1)] != NAMES[0])
        self.assertAlmostEqual(taken.mean(), 0.1, delta=0.01)

    def test_saving_and_loading_changes_nothing(self) -> None:
        self.model.threshold = 0.4
        with tempfile.TemporaryDirectory() as folder:
            self.model.save(Path(folder))
            loaded = Ensemble.load(Path(folder))
        self.assertEqual((loaded.classes, loaded.threshold), (self.model.classes, 0.4))
        one, two = (model.scores(self.texts, self.vectors) for model in (self.model, loaded))
        np.testing.assert_allclose(one, two, rtol=1e-5)

    def test_few_examples_and_one_or_two_classes_work(self) -> None:
        for kept in (1, 2):
            few = [i for i, name in enumerate(self.labels) if name in NAMES[:kept]][:: 12 // 2]
            texts, labels = [self.texts[i] for i in few], [self.labels[i] for i in few]
            model = Ensemble.fit(texts, self.vectors[few], labels)
            self.assertEqual(model.scores(texts, self.vectors[few]).shape, (len(few), kept))
            self.assertEqual(choose_threshold(texts, self.vectors[few], labels), 0.0)
