"""Understanding on any Rasa NLU data: train a model of its own, and measure one on data it has not seen."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from desk.launch.bot_process import BotError, run_with_encoder
from desk.launch.home import ROOT
from desk.settings import Settings

FALLBACK: Final = "nlu_fallback"
OUT_OF_SCOPE: Final = frozenset({FALLBACK, "out_of_scope", "oos", "out-of-scope", "no_nodes_detected", "none"})
MODEL: Final = "model.tar.gz"


@dataclass(frozen=True)
class Prediction:
    """One example of the test data and what the model read in it."""

    text: str
    intent: str
    predicted: str
    confidence: float
    best: str | None  # the likeliest intent, also where it is too unlikely to be predicted

    @property
    def out_of_scope(self) -> bool:
        return self.intent.lower() in OUT_OF_SCOPE

    @property
    def right(self) -> bool:
        refused = self.predicted.lower() in OUT_OF_SCOPE
        return refused if self.out_of_scope else self.predicted == self.intent


@dataclass(frozen=True)
class Share:
    """Right answers among those asked; value None when nothing was asked."""

    right: int
    n: int
    value: float | None


@dataclass(frozen=True)
class Understanding:
    """How well a model reads a test set; out-of-scope recall counts what was rightly refused.

    `in_scope_unrefused` is what in-scope accuracy would be were nothing refused.
    """

    n: int
    accuracy: Share
    in_scope_accuracy: Share
    in_scope_unrefused: Share
    out_of_scope_recall: Share
    confusion: list[dict[str, Any]]  # what was taken for what, most frequent first; right ones left out

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def train_nlu(settings: Settings, data: Path, config: Path | None, out: Path) -> Path:
    """Train understanding alone on Rasa NLU data; returns the model file in `out`. Raises BotError."""
    out.mkdir(parents=True, exist_ok=True)
    run_with_encoder(
        settings,
        ["train", "nlu", "--nlu", data.absolute(), "--config", (config or ROOT / "config.yml").absolute(),
         "--out", out.absolute(), "--fixed-model-name", MODEL.removesuffix(".tar.gz"), "--quiet"],
        out.absolute() / "train.log",
    )  # fmt: skip
    return out / MODEL


def test_nlu(settings: Settings, data: Path, model: Path) -> Understanding:
    """Measure a model, a file or the folder it was trained into, on Rasa NLU data. Raises BotError."""
    return measure(predict(settings, data, _model_file(model)))


def predict(settings: Settings, data: Path, model: Path) -> list[Prediction]:
    """What the model reads in every example of the data."""
    with tempfile.TemporaryDirectory() as work:
        said = Path(work) / "predictions.jsonl"
        run_with_encoder(
            settings,
            ["evaluate", "--model", model.absolute(), "--nlu", data.absolute(), "--out", said],
            settings.home.absolute() / "logs" / "evaluate.log",
        )
        return [Prediction(**json.loads(line)) for line in said.read_text(encoding="utf-8").splitlines()]


def measure(predictions: Sequence[Prediction]) -> Understanding:
    """Accuracy in all, in scope and out of scope, and what was taken for what."""
    inside = [one for one in predictions if not one.out_of_scope]
    outside = [one for one in predictions if one.out_of_scope]
    wrong = Counter((one.intent, one.predicted) for one in predictions if not one.right)
    return Understanding(
        n=len(predictions),
        accuracy=_share([one.right for one in predictions]),
        in_scope_accuracy=_share([one.right for one in inside]),
        in_scope_unrefused=_share([one.best == one.intent for one in inside]),
        out_of_scope_recall=_share([one.right for one in outside]),
        confusion=[{"intent": a, "predicted": b, "n": n} for (a, b), n in wrong.most_common()],
    )


def _share(right: Sequence[bool]) -> Share:
    return Share(sum(right), len(right), round(sum(right) / len(right), 4) if right else None)


def _model_file(model: Path) -> Path:
    if model.is_file():
        return model
    found = sorted(model.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise BotError(f"There is no trained model in {model}")
    return found[-1]
