"""Why a question was refused, in the reader's language, at the name the filter bar has for what is wrong."""

from __future__ import annotations

from typing import Final

from desk import catalogue
from desk.errors import BadRequest
from desk.strategy import refusals
from touchpoints.errors import QueryError

_LABELS: Final = ("dashboard.filter.{}", "dashboard.field.{}", "dashboard.asked.{}")
_DAYS: Final = ("from", "to", "as_of")


def said(language: str, error: BadRequest | QueryError) -> str:
    """Field and reason. What no catalogue knows stays as the record put it."""
    field = error.field or ""
    why = refusals.said(language, str(error).removeprefix(f"{field}: "), "questions")
    return f"{_label(language, field)}: {why}" if field else why


def _label(language: str, field: str) -> str:
    """What a page calls a parameter; the parameter itself where it is one that somebody made up."""
    known = catalogue.keys(language)
    keys = [f"dashboard.{field}"] if field in _DAYS else [one.format(field) for one in _LABELS]
    return next((catalogue.text(language, key) for key in keys if key in known), field)
