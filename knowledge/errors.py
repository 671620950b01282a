"""The errors of the knowledge base, each with a message for the person at the terminal.

KnowledgeError
├── EncoderError        the encoder is missing, can't be built, or isn't the one an index was made with
├── ArticleError        an article can't be read or isn't valid; names file and line
└── VersionError        a version doesn't exist or can't be read
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Something the knowledge base refuses; the message says what and where."""


class EncoderError(KnowledgeError):
    """The encoder is missing, can't be built here, or isn't the one the knowledge was encoded with."""


class ArticleError(KnowledgeError):
    """An article can't be read or isn't valid; the message names the file and the line."""


class VersionError(KnowledgeError):
    """A version of the knowledge base doesn't exist or can't be read."""
