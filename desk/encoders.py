"""The sentence encoder the settings ask for: the built-in one, or any model by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desk.settings import Settings

if TYPE_CHECKING:
    from knowledge.encoder import Encoder, NamedEncoder

BUILT: Final = "encoder.json"


def is_missing(chosen: Settings) -> bool:
    """Whether the built-in encoder is the one in force and must still be built."""
    return not chosen.encoder and not (chosen.encoder_folder / BUILT).exists()


def load_encoder(chosen: Settings) -> Encoder | NamedEncoder:
    """Loads the encoder in force. Raises EncoderError saying what is missing or wrong."""
    from knowledge.encoder import Encoder, NamedEncoder, NamedModel

    if not chosen.encoder:
        return Encoder.load(chosen.encoder_folder, chosen.encoder_threads)
    model = NamedModel(
        chosen.encoder, chosen.encoder_query_prompt, chosen.encoder_passage_prompt, chosen.encoder_pooling
    )
    return NamedEncoder.load(model, chosen.encoder_threads)


def described(chosen: Settings) -> bytes:
    """What tells one encoder from another without loading it, for whatever was trained on its vectors."""
    if chosen.encoder:
        parts = (chosen.encoder, chosen.encoder_query_prompt, chosen.encoder_passage_prompt, chosen.encoder_pooling)
        return "\0".join(parts).encode()
    built = chosen.encoder_folder / BUILT
    return built.read_bytes() if built.exists() else b""
