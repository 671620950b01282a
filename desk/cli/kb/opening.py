"""Opens the home's knowledge base for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.cli.kb.terminal import say
from desk.encoders import is_missing, load_encoder
from desk.settings import load

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.encoded import Say


def base(writing: bool = False, say: Say = say) -> KnowledgeBase:
    """The home's knowledge base; with the encoder, built when missing, where texts must be encoded."""
    from knowledge.base import KnowledgeBase

    settings = load()
    if not writing:
        return KnowledgeBase(settings.knowledge_folder, None)
    if is_missing(settings):
        from knowledge import encoder_build

        encoder_build.build(settings.encoder_folder, say)
    return KnowledgeBase(settings.knowledge_folder, load_encoder(settings))
