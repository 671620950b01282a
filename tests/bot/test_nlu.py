"""Understanding on data that has nothing to do with the assistant: trained and measured through the bot's process."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.launch.bot_process import BotError
from desk.launch.nlu import test_nlu as measure_model
from desk.launch.nlu import train_nlu
from desk.settings import Settings

TAUGHT = {
    "check_balance": ["what is my balance", "show my balance", "how much money do I have", "account balance please",
                      "how much is left on my account", "tell me my balance"],
    "block_card": ["block my card", "my card was stolen", "I lost my card", "freeze the card now",
                   "please stop my card", "someone took my credit card"],
    "opening_hours": ["when are you open", "opening hours", "what time do you close", "are you open today",
                      "branch hours", "open on saturday?"],
    "interest_rate": ["what is the interest rate", "current rates", "how much interest do you pay", "mortgage rate",
                      "savings rate please", "rate of interest for loans"],
}  # fmt: skip
ASKED = {
    "check_balance": ["how much money is in my account?"],
    "block_card": ["my card has been stolen, block it"],
    "out_of_scope": ["the moon rises over the quiet harbour"],
}


def write(path: Path, data: dict[str, list[str]]) -> Path:
    parts = ['version: "3.1"', "nlu:"]
    for intent, examples in data.items():
        parts += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in examples)]
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
    return path


@pytest.mark.product
@pytest.mark.encoder
def test_any_rasa_data_can_be_trained_on_and_measured(settings, tmp_path):
    out = tmp_path / "model"
    model = train_nlu(settings, write(tmp_path / "taught.yml", TAUGHT), None, out)
    assert model.parent == out
    found = measure_model(settings, write(tmp_path / "asked.yml", ASKED), out)
    assert found.n == 3
    assert found.in_scope_accuracy.value == 1.0
    assert found.out_of_scope_recall.n == 1


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(BotError, match="no trained model"):
        measure_model(Settings(home=tmp_path), write(tmp_path / "asked.yml", ASKED), tmp_path)
