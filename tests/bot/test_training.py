"""When the assistant is trained, which model serves, and how understanding is measured; the bot's process is faked."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from desk.launch import training
from desk.launch.bot_process import BotError, bot_python, running
from desk.launch.nlu import Prediction, measure
from desk.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Replaces Rasa's training by writing a file; remembers how it was called."""
    calls: list[list[str]] = []

    def run(settings, arguments, log):
        calls.append([str(argument) for argument in arguments])
        out = Path(arguments[arguments.index("--out") + 1])
        (out / "assistant.tar.gz").write_text(f"model {len(calls)}")

    monkeypatch.setattr(training, "run_with_encoder", run)
    return calls


def test_training_is_done_once_for_the_same_teaching(settings, trained):
    assert not training.is_current(settings)
    first = training.train(settings, lambda said: None)
    assert (first.skipped, first.model.read_text()) == (False, "model 1")
    assert training.is_current(settings)
    assert training.trained_model(settings) == first.model
    assert training.train(settings, lambda said: None).skipped
    assert len(trained) == 1


def test_another_encoder_or_a_lost_model_trains_again(settings, trained):
    first = training.train(settings, lambda said: None)
    settings.encoder_folder.mkdir()
    (settings.encoder_folder / "encoder.json").write_text("{}")
    assert not training.is_current(settings)
    second = training.train(settings, lambda said: None)
    assert second.fingerprint != first.fingerprint
    assert first.model.exists()  # for a bot that restarts meanwhile
    second.model.unlink()
    assert not training.is_current(settings)


def test_old_models_are_cleared_away(settings, trained):
    settings.encoder_folder.mkdir()
    for number in range(4):
        (settings.encoder_folder / "encoder.json").write_text(str(number))
        made = training.train(settings, lambda said: None)
        os.utime(made.model, (number, number))
    assert len(list(settings.assistant_folder.glob("*.tar.gz"))) == training.KEPT
    assert not list(settings.assistant_folder.glob(".new-*"))


def test_a_failed_training_leaves_the_serving_model(settings, trained, monkeypatch):
    first = training.train(settings, lambda said: None)
    settings.encoder_folder.mkdir()
    (settings.encoder_folder / "encoder.json").write_text("{}")

    def fail(*_: object) -> None:
        raise BotError("no")

    monkeypatch.setattr(training, "run_with_encoder", fail)
    with pytest.raises(BotError):
        training.train(settings, lambda said: None)
    assert training.trained_model(settings) == first.model


@pytest.mark.parametrize("stored", ["", "{", "[]", '{"model": "x"}'])
def test_a_damaged_manifest_counts_as_none(settings, stored):
    settings.assistant_folder.mkdir()
    (settings.assistant_folder / training.MANIFEST).write_text(stored)
    assert not training.is_current(settings)
    with pytest.raises(BotError, match="sportello train"):
        training.trained_model(settings)


def test_a_bot_that_fails_or_is_missing_is_told_in_a_sentence(tmp_path):

    failing = tmp_path / "python"
    failing.write_text("#!/bin/sh\necho the reason\nexit 3\n")
    failing.chmod(failing.stat().st_mode | stat.S_IEXEC)
    log = tmp_path / "logs" / "train.log"
    with pytest.raises(BotError, match="the reason"), running(Settings(bot_python=str(failing)), ["train"], log, {}):
        pass
    missing = Settings(bot_python=str(tmp_path / "none"))
    with pytest.raises(BotError, match="make setup"), running(missing, ["train"], log, {}):
        pass


def test_a_command_doesnt_outlive_what_went_wrong_beside_it(tmp_path):
    waiting = tmp_path / "python"
    waiting.write_text("#!/bin/sh\nexec sleep 60\n")
    waiting.chmod(waiting.stat().st_mode | stat.S_IEXEC)
    with (
        pytest.raises(KeyError, match="the encoder"),
        running(Settings(bot_python=str(waiting)), ["train"], tmp_path / "log", {}) as process,
    ):
        raise KeyError("the encoder")
    assert process.returncode == -signal.SIGKILL


def test_the_bots_python_is_in_its_own_folder():
    assert bot_python(Settings()).parts[-4:-2] == ("bot", ".venv")


def test_understanding_is_counted_in_and_out_of_scope():
    found = measure(
        [
            Prediction("a", "greet", "greet", 0.9, "greet"),
            Prediction("b", "greet", "thank", 0.6, "thank"),
            Prediction("c", "thank", "nlu_fallback", 0.6, "thank"),
            Prediction("d", "NO_NODES_DETECTED", "nlu_fallback", 0.6, "greet"),
            Prediction("e", "oos", "greet", 0.6, "greet"),
        ]
    )
    assert (found.accuracy.right, found.accuracy.n, found.accuracy.value) == (2, 5, 0.4)
    assert found.in_scope_accuracy.value == pytest.approx(1 / 3, abs=1e-4)
    assert found.in_scope_unrefused.value == pytest.approx(2 / 3, abs=1e-4)
    assert found.out_of_scope_recall.value == 0.5
    assert {"intent": "oos", "predicted": "greet", "n": 1} in found.confusion
    assert len(found.confusion) == 3


def test_nothing_asked_has_no_value():
    assert measure([]).accuracy.value is None
