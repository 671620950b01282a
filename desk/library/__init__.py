"""The pages and the interface of the knowledge: gaps, the articles' health, drafts."""

from desk.library import api, drafting, reading
from desk.library.request import blueprint

__all__ = ["api", "blueprint", "drafting", "reading"]
