"""Trains the assistant when what it is taught has changed, and says which trained model serves."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from desk.encoders import described
from desk.launch.bot_process import BotError, bot_python, run_with_encoder
from desk.launch.home import ROOT
from desk.settings import Settings

__all__ = ["BotError", "TrainResult", "bot_python", "is_current", "train", "trained_model"]

TAUGHT: Final = ("config.yml", "domain.yml", "bot/nlu", "bot/rules.yml", "bot/stories.yml")
# the code that turns examples into a model belongs to what is taught as much as the examples do
CODE: Final = (
    "bot/alignment.py",
    "bot/classifier.py",
    "bot/encode.py",
    "bot/ensemble.py",
    "bot/featurizer.py",
    "bot/nonsense.py",
    "bot/parallel.py",
    "bot/threshold.py",
    "bot/requirements.lock",
)
MANIFEST: Final = "manifest.json"
KEPT: Final = 2  # a bot that restarts meanwhile still finds the model it was started with

Say = Callable[[str], None]


@dataclass(frozen=True)
class TrainResult:
    """The model that serves now; `skipped` when nothing had changed since it was trained."""

    model: Path
    fingerprint: str
    skipped: bool
    seconds: float


def train(settings: Settings, say: Say) -> TrainResult:
    """Train the assistant into the home unless the model there is current. Raises BotError."""
    folder = settings.assistant_folder
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        fingerprint, serving = _fingerprint(settings), _manifest(settings)
        if serving.get("fingerprint") == fingerprint and (folder / serving["model"]).exists():
            return TrainResult(folder / serving["model"], fingerprint, True, 0.0)
        say("training the assistant in both languages")
        began = time.monotonic()
        model = _train(settings, folder / f"{fingerprint[:16]}.tar.gz")
        seconds = round(time.monotonic() - began, 1)
        _point_to(folder, model, fingerprint, seconds)
        say(f"assistant trained in {seconds:g} s")
        return TrainResult(model, fingerprint, False, seconds)


def is_current(settings: Settings) -> bool:
    """Whether the home holds a model of what is taught now."""
    serving = _manifest(settings)
    current = bool(serving) and (settings.assistant_folder / serving["model"]).exists()
    return current and serving["fingerprint"] == _fingerprint(settings)


def trained_model(settings: Settings) -> Path:
    """The model that serves. Raises BotError when none has been trained yet."""
    serving = _manifest(settings)
    if not serving:
        raise BotError("The assistant has not been trained yet: run 'sportello train'")
    return settings.assistant_folder / str(serving["model"])


def _train(settings: Settings, model: Path) -> Path:
    with tempfile.TemporaryDirectory(prefix=".new-", dir=model.parent) as work:
        data = [part for part in TAUGHT if part.startswith("bot/")]
        arguments = ["--config", "config.yml", "--domain", "domain.yml", "--data", *data]
        output = ["--out", str(Path(work).absolute()), "--fixed-model-name", "assistant", "--force", "--quiet"]
        run_with_encoder(settings, ["train", *arguments, *output], settings.home.absolute() / "logs" / "train.log")
        trained = Path(work) / "assistant.tar.gz"
        if not trained.exists():
            raise BotError("Training ended without a model; what it said is in logs/train.log")
        os.replace(trained, model)
    return model


def _fingerprint(settings: Settings) -> str:
    digest = hashlib.sha256()
    for name in (*TAUGHT, *CODE):
        path = ROOT / name
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            digest.update(f"{file.relative_to(ROOT)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update(described(settings))
    return digest.hexdigest()


def _manifest(settings: Settings) -> dict[str, Any]:
    try:
        stored = json.loads((settings.assistant_folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) and {"model", "fingerprint"} <= stored.keys() else {}


def _point_to(folder: Path, model: Path, fingerprint: str, seconds: float) -> None:
    written = folder / f".{MANIFEST}.{os.getpid()}"
    written.write_text(
        json.dumps({"model": model.name, "fingerprint": fingerprint, "seconds": seconds}), encoding="utf-8"
    )
    os.replace(written, folder / MANIFEST)
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for stale in models[KEPT:]:
        stale.unlink(missing_ok=True)
    for abandoned in folder.glob(".new-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
