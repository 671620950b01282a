"""Vectors of two made-up languages, each in a place of its own and each saying things its own way."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np

from bot import parallel
from bot.alignment import Alignment
from bot.ensemble import Ensemble

DIM = 24


def sentences(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """n meanings as the two languages put them."""
    random = np.random.RandomState(7)
    place = random.randn(DIM) * 0.4
    turn = 0.35 * random.randn(DIM, DIM) / np.sqrt(DIM)
    meanings = np.random.RandomState(seed).randn(n, DIM)
    left = meanings + place
    right = meanings - place + meanings @ turn
    return tuple(np.asarray(side / np.linalg.norm(side, axis=1, keepdims=True), np.float32) for side in (left, right))  # type: ignore[return-value]


class LanguagesMeet(unittest.TestCase):
    def setUp(self) -> None:
        self.alignment = Alignment.fit(*sentences(120, seed=0))

    def test_translations_move_towards_each_other(self) -> None:
        left, right = sentences(40, seed=1)
        before = np.linalg.norm(left - right, axis=1).mean()
        after = np.linalg.norm(self.alignment.apply(left) - self.alignment.apply(right), axis=1).mean()
        self.assertLess(after, 0.6 * before)

    def test_meanings_stay_apart(self) -> None:
        left, _ = sentences(40, seed=2)
        moved = self.alignment.apply(left)
        self.assertGreater(np.linalg.norm(moved[:20] - moved[20:], axis=1).mean(), 0.6)

    def test_one_language_teaches_the_other(self) -> None:
        left, right = sentences(30, seed=3)
        texts, labels = ["ciao"] * 30, [f"intent{i}" for i in range(30)]
        model = Ensemble.fit(texts, left, labels, alignment=self.alignment)
        found = model.scores(texts, right).argmax(1)
        alike = [model.classes[i] == name for i, name in zip(found, labels, strict=True)]
        self.assertGreater(sum(alike), 27)

    def test_a_saved_model_keeps_it(self) -> None:
        left, right = sentences(10, seed=4)
        labels = ["a", "b"] * 5
        model = Ensemble.fit(labels, left, labels, alignment=self.alignment)
        with tempfile.TemporaryDirectory() as folder:
            model.save(Path(folder))
            loaded = Ensemble.load(Path(folder))
        np.testing.assert_allclose(loaded.scores(labels, right), model.scores(labels, right), rtol=1e-5, atol=1e-6)

    def test_every_sentence_has_its_translation(self) -> None:
        texts = parallel.texts()
        self.assertEqual(len(texts), 2 * len(parallel.PAIRS))
        self.assertEqual(len(set(texts)), len(texts))
        self.assertTrue(all(texts))
