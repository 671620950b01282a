"""Understanding on data that has nothing to do with the assistant: trained and measured through the bot's process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from desk.launch.bot_process import BotError
from desk.launch.nlu import FALLBACK, predict, train_nlu
from desk.launch.nlu import test_nlu as measure_model
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


FRESH = Path(__file__).with_name("fresh")
FLOORS = {"it": 0.94, "en": 0.94}  # a little under what is measured: see docs/benchmarks.md
QUESTION = "ask_question"


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


def fresh(language: str) -> dict[str, set[str]]:
    """Messages by somebody who has not seen the examples: for each, the intents that are right."""
    files = sorted(FRESH.glob(f"{language}*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    told = [json.loads(line) for line in lines]
    return {one["text"].strip(): {one["intent"], *one.get("also", [])} for one in told}


@pytest.fixture(scope="module")
def read(settings, model, tmp_path_factory) -> dict[str, str]:
    """The intent the trained assistant reads in each fresh message; what it doesn't recognise is a question to it."""
    path = tmp_path_factory.mktemp("fresh") / "fresh.yml"
    asked = [
        {"intent": sorted(right)[0], "examples": [{"text": text}]}
        for language in FLOORS
        for text, right in fresh(language).items()
    ]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": asked}, allow_unicode=True), encoding="utf-8")
    found = predict(settings, path, model)
    return {one.text: QUESTION if one.predicted == FALLBACK else one.predicted for one in found}


@pytest.mark.product
@pytest.mark.encoder
@pytest.mark.parametrize("language", FLOORS)
def test_fresh_messages_are_understood(language, read):
    messages = fresh(language)
    wrong = {text for text, right in messages.items() if read[text] not in right}
    assert 1 - len(wrong) / len(messages) >= FLOORS[language], f"{len(wrong)} of {len(messages)} read wrongly"


@pytest.mark.product
@pytest.mark.encoder
@pytest.mark.parametrize("language", FLOORS)
def test_hardly_anybody_in_need_of_a_person_is_taken_for_something_else(language, read):
    """A question is only searched for; but hurt, threats and despair must reach a person, in any words."""
    messages = {
        text: right for text, right in fresh(language).items() if any(name.startswith("sensitive") for name in right)
    }
    missed = [text for text in messages if not read[text].startswith("sensitive")]
    assert len(messages) >= 40
    assert len(missed) <= 0.1 * len(messages)


@pytest.mark.parametrize("language", FLOORS)
def test_hardly_a_fresh_message_is_one_of_the_examples(language):
    taught = {
        example.strip()[2:].strip().casefold()
        for file in (Path(__file__).parents[2] / "bot" / "nlu").rglob("*.yml")
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for example in block["examples"].splitlines()
    }
    # a word or two, a bare number, or "I want to talk to a person" are what anybody would write
    long = {text.casefold() for text in fresh(language) if len(text.split()) > 4}
    assert len(long & taught) <= 0.02 * len(long)
