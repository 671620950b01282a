"""What a knowledge base finds for questions it knows the answer to, and for everyday talk it has no answer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.encoded import EncodedTexts, TextEncoder
from knowledge.everyday import EVERYDAY
from knowledge.part import Part
from knowledge.ranking import Hit, rank
from knowledge.trials import trials


@dataclass(frozen=True)
class Evidence:
    """The top hit of each question, whether it was right and whether it could be; and the top hits of everyday talk.

    `magnets` counts by language and article id the subjects of everyday talk that find an article; `magnetism` is that
    count for each hit. A line of everyday talk is counted as if its own subject weren't known.
    """

    hits: list[Hit]
    right: NDArray[np.bool_]
    answerable: NDArray[np.bool_]
    magnetism: list[int]
    talk_hits: list[Hit]
    talk_magnetism: list[int]
    magnets: dict[str, dict[str, int]]


def gather(parts: Mapping[str, Part], encoder: TextEncoder, texts: EncodedTexts) -> Evidence:
    """Asks everything once; the questions' vectors are kept in `texts`."""
    talk, finders = _everyday(parts, encoder, texts)
    hits: list[Hit] = []
    right: list[bool] = []
    answerable: list[bool] = []
    for trial in trials(parts, encoder, texts):
        for hit in rank(parts, trial.vector, trial.article.lang, stored=trial.stored, count=1):
            hits.append(hit)
            right.append(_key(parts, hit)[1] == trial.article.id)
            answerable.append(trial.answerable)
    magnets: dict[str, dict[str, int]] = {}
    for (lang, id), subjects in sorted(finders.items()):
        magnets.setdefault(lang, {})[id] = len(subjects)
    return Evidence(
        hits,
        np.array(right, bool),
        np.array(answerable, bool),
        [len(finders.get(_key(parts, hit), ())) for hit in hits],
        [hit for hit, _ in talk],
        [len(finders[_key(parts, hit)] - {subject}) for hit, subject in talk],
        magnets,
    )


def _everyday(
    parts: Mapping[str, Part], encoder: TextEncoder, texts: EncodedTexts
) -> tuple[list[tuple[Hit, int]], dict[tuple[str, str], set[int]]]:
    """What everyday talk finds with the number of the subject, and the subjects that find each article."""
    talk: list[tuple[Hit, int]] = []
    finders: dict[tuple[str, str], set[int]] = {}
    for lang, lines in EVERYDAY.items():
        for subject, vector in enumerate(texts.queries(lines, encoder)):
            for hit in rank(parts, vector, lang, count=1):
                talk.append((hit, subject))
                finders.setdefault(_key(parts, hit), set()).add(subject)
    return talk, finders


def _key(parts: Mapping[str, Part], hit: Hit) -> tuple[str, str]:
    return hit.lang, parts[hit.lang].articles[hit.article].id
