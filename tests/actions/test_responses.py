"""Every response an action or a rule says exists in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
KINDS = {"answer", "clarify", "fallback", "failure", "greeting", "notice"}


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_has_one_variation_per_language(name):
    variations = RESPONSES[name]
    assert [variation["condition"][0]["value"] for variation in variations] == ["it", "en"]
    italian, english = variations
    assert italian["text"] != english["text"]
    assert italian.get("custom") == english.get("custom")
    assert italian.get("custom", {}).get("kind", "notice") in KINDS
    payloads = [[button["payload"] for button in one.get("buttons", [])] for one in variations]
    assert payloads[0] == payloads[1]
    holders = [set(re.findall(r"{(\w+)}", one["text"])) for one in variations]
    assert holders[0] == holders[1]


def test_every_response_said_is_written_and_every_one_written_is_said():
    sources = [*(ROOT / "actions").glob("*.py"), ROOT / "bot" / "rules.yml"]
    said = {name for source in sources for name in re.findall(r"utter_\w+", source.read_text(encoding="utf-8"))}
    asked_by_the_form = {"utter_ask_customer_name", "utter_ask_contact"}
    assert (said - {"utter_message"}) | asked_by_the_form == set(RESPONSES)
