"""Intent data of others, read from the shared samples beside the checkout, and split the same way at every run."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bench.retrieval.samples import folder

UNKNOWN: Final = "out_of_scope"
FEWEST: Final = 5  # examples a class must have to be split
BOTS: Final = {"sofmattress": "SOFMattress", "curekart": "Curekart", "powerplay11": "Powerplay11"}

Examples = list[tuple[str, str]]


@dataclass(frozen=True)
class Split:
    """Examples to learn from and examples to be asked, each (text, intent); UNKNOWN is what was never taught."""

    name: str
    train: Examples
    test: Examples


def live_bots(repeats: int) -> Iterator[Split]:
    """HINT3's three bots, their training data alone: a fifth is asked, and a quarter of the intents is never taught."""
    for file, name in BOTS.items():
        examples = _frequent(_table(f"hint3/{file}_train.csv"))
        for seed in range(repeats):
            hidden = _hidden([intent for _, intent in examples], seed)
            train, test = _fifth([one for one in examples if one[1] not in hidden], seed)
            unknown = [(text, UNKNOWN) for text, intent in examples if intent in hidden]
            yield Split(name, train, test + unknown)


def clinc(most: int | None = None) -> Split:
    """CLINC150: taught the training part, asked the validation part and 200 messages nothing was taught for."""
    stored = json.loads((_place() / "clinc150" / "train_val.json").read_text(encoding="utf-8"))
    unknown = [(text, UNKNOWN) for part in ("oos_train", "oos_val") for text, _ in stored[part]]
    train = [(text, intent) for text, intent in stored["train"]]
    return Split("CLINC150", _at_most(train, most), [(text, intent) for text, intent in stored["val"]] + unknown)


def banking(most: int | None = None) -> Split:
    """BANKING77: a fifth of its training part is asked."""
    train, test = _fifth(_table("banking77/train.csv"), 0)
    return Split("BANKING77", _at_most(train, most), test)


def italian() -> Split:
    """xSID: taught in English, asked the same messages in Italian."""
    fields: dict[str, list[str]] = defaultdict(list)
    for line in (_place() / "xsid_it_valid.conll").read_text(encoding="utf-8").splitlines():
        key, found, value = line.partition(" = ")
        if found and key.startswith("# "):
            fields[key[2:]].append(value.strip())
    intents = fields["intent"]
    return Split(
        "xSID, taught in English, asked in Italian",
        list(zip(fields["text-en"], intents, strict=True)),
        list(zip(fields["text"], intents, strict=True)),
    )


def _place() -> Path:
    return folder() / "intents"


def _table(name: str) -> Examples:
    with (_place() / name).open(encoding="utf-8", newline="") as lines:
        return [(row[0], row[1]) for row in list(csv.reader(lines))[1:] if row and row[0].strip()]


def _frequent(examples: Examples) -> Examples:
    counts = Counter(intent for _, intent in examples)
    return [one for one in examples if counts[one[1]] >= FEWEST]


def _hidden(intents: list[str], seed: int) -> set[str]:
    names = np.random.default_rng(seed).permutation(sorted(set(intents)))
    return set(names[: len(names) // 4].tolist())


def _fifth(examples: Examples, seed: int) -> tuple[Examples, Examples]:
    """All but a fifth of each intent's examples, and that fifth."""
    shuffled = [examples[row] for row in np.random.default_rng(seed).permutation(len(examples))]
    seen: Counter[str] = Counter()
    parts: tuple[Examples, Examples] = ([], [])
    for text, intent in shuffled:
        parts[seen[intent] % 5 == 0].append((text, intent))
        seen[intent] += 1
    return parts


def _at_most(examples: Examples, most: int | None) -> Examples:
    """The first `most` examples of each intent."""
    if most is None:
        return examples
    seen: Counter[str] = Counter()
    kept = []
    for text, intent in examples:
        seen[intent] += 1
        if seen[intent] <= most:
            kept.append((text, intent))
    return kept
