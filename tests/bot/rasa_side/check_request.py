"""The body of a turn request and the choices in it."""

from __future__ import annotations

import base64
import unittest

import numpy as np
from rasa.shared.core.domain import Domain

from bot.request import BadRequest, TurnRequest, read_choice

DOMAIN = Domain.load("domain.yml")
VECTOR = base64.b64encode(np.ones(4, "<f4").tobytes()).decode()


class Bodies(unittest.TestCase):
    def test_a_whole_body_is_read(self) -> None:
        turn = TurnRequest.parse(
            {"sender": "c", "message": " hi ", "message_id": 7, "vector": VECTOR, "slots": {"a": 1}}
        )
        self.assertEqual((turn.message, turn.message_id, turn.chosen, turn.state), ("hi", "7", False, []))
        assert turn.vector is not None
        self.assertEqual(turn.vector.tolist(), [1, 1, 1, 1])

    def test_what_is_no_turn_is_refused(self) -> None:
        good = {"sender": "c", "message": "hi"}
        infinite = base64.b64encode(np.array([np.inf], "<f4").tobytes()).decode()
        for bad in (
            None,
            [],
            {"sender": "c"},
            {**good, "sender": ""},
            {**good, "message": "  "},
            {**good, "message": 3},
            {**good, "message": "x" * 100_000},
            {**good, "message_id": {}},
            {**good, "slots": []},
            {**good, "chosen": "yes"},
            {**good, "vector": "%%%"},
            {**good, "vector": 3},
            {**good, "vector": ""},
            {**good, "vector": "AAAA"},
            {**good, "vector": infinite},
        ):
            with self.assertRaises(BadRequest, msg=str(bad)[:80]):
                TurnRequest.parse(bad)


class Choices(unittest.TestCase):
    def test_a_choice_is_an_intent_with_its_entities(self) -> None:
        read = read_choice('/choose_article{"article": "a-1", "article_lang": "en", "sudo": "x"}', DOMAIN)
        self.assertEqual(read["intent"], {"name": "choose_article", "confidence": 1.0})
        self.assertEqual({e["entity"]: e["value"] for e in read["entities"]}, {"article": "a-1", "article_lang": "en"})

    def test_what_we_never_offered_is_refused(self) -> None:
        for bad in (
            "affirm",
            "/no_such_intent",
            "/affirm and more",
            "/affirm{",
            "/choose_article{'a': 1}",
            "/restart",
            "/",
        ):
            with self.assertRaises(BadRequest, msg=bad):
                read_choice(bad, DOMAIN)
