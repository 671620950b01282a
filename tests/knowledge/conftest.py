"""A stand-in for the encoder that needs no model, and the real one for tests marked `encoder`."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.article import Article
from knowledge.base import KnowledgeBase
from knowledge.encoded import Vectors

ROOT = Path(__file__).resolve().parents[2]


class LetterEncoder:
    """Texts that share letter triples are close. Counts what it encodes."""

    def __init__(self, identity: str = "letters@1", dimension: int = 256) -> None:
        self.identity, self.dimension, self.encoded = identity, dimension, 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.passages(texts)

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors:
        self.encoded += len(texts)
        return np.stack([self._vector(text) for text in texts]) if texts else np.empty((0, self.dimension), np.float32)

    def _vector(self, text: str) -> Vectors:
        text = f"  {text.lower()} "
        vector = np.full(self.dimension, 0.05, np.float32)
        for start in range(len(text) - 2):
            vector[zlib.crc32(text[start : start + 3].encode("utf-8", "replace")) % self.dimension] += 1
        return vector / np.linalg.norm(vector)


def article(id: str, title: str, body: str = "", lang: str = "en", **more: object) -> Article:
    return Article.from_fields(
        {"id": id, "lang": lang, "title": title, "body": body or f"{title} — the answer", **more}
    )


@pytest.fixture
def encoder() -> LetterEncoder:
    return LetterEncoder()


@pytest.fixture
def base(tmp_path: Path, encoder: LetterEncoder) -> KnowledgeBase:
    return KnowledgeBase(tmp_path / "knowledge", encoder)


@pytest.fixture
def shop() -> list[Article]:
    """A small bilingual help centre."""
    english = {
        "returns": ("How do I return a book?", "Send it back within thirty days. We refund what you paid."),
        "delivery": ("How long does delivery take?", "Orders reach you in three working days."),
        "payment": ("Which cards can I pay with?", "We take all credit cards and bank transfer."),
        "invoice": ("Can I have an invoice?", "Tell us your company name when you order."),
        "gift": ("Do you wrap presents?", "Choose gift wrapping in the basket; it costs two euros."),
        "password": ("I forgot my password", "Ask for a new one on the sign-in page."),
        "hours": ("When is the shop open?", "Monday to Saturday from nine to seven."),
    }
    italian = {
        "returns": ("Come restituisco un libro?", "Lo rispedisca entro trenta giorni. Rimborsiamo la spesa."),
        "delivery": ("Quanto tempo richiede la consegna?", "Gli ordini arrivano in tre giorni lavorativi."),
        "loyalty": ("Avete una tessera fedeltà?", "Sì, ogni dieci libri uno sconto di cinque euro."),
    }
    return [
        article(id, *texts, lang=lang)
        for lang, texts_of in (("en", english), ("it", italian))
        for id, texts in texts_of.items()
    ]
