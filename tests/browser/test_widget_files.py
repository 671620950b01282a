"""What the widget weighs, and that its catalogues say the same things."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

WIDGET = Path(__file__).parents[2] / "desk" / "static" / "widget"
KEY = re.compile(r"^  (\w+):", re.MULTILINE)


def weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_loader_and_whole_stay_light() -> None:
    assert weight(WIDGET / "widget.js") <= 6 * 1024
    modules = [*WIDGET.glob("*.js"), max((WIDGET / "locale").glob("*.js"), key=weight)]
    assert sum(weight(path) for path in modules) <= 25 * 1024


def test_catalogues_have_the_same_keys_and_places() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (WIDGET / "locale").glob("*.js")}
    assert {"it", "en"} <= texts.keys()
    places = {
        lang: {
            line.split(":")[0].strip(): sorted(re.findall(r"\{\w+\}", line))
            for line in text.splitlines()
            if KEY.match(line)
        }
        for lang, text in texts.items()
    }
    for lang, found in places.items():
        assert found == places["en"], lang


def test_every_text_the_code_asks_for_is_in_the_catalogue_and_none_is_left_over() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in WIDGET.glob("*.js"))
    asked = set(re.findall(r"\b(?:t|widget\.text)\.(\w+)", code))
    known = set(KEY.findall((WIDGET / "locale" / "en.js").read_text(encoding="utf-8")))
    # asked for by the name of a sender, a delivery state or an error's code
    by_name = {"assistant", "agent", "system", "sending", "sent", "unsent"} | {
        key for key in known if key[:6] == "error_"
    }
    assert asked <= known
    assert known - by_name <= asked


def test_content_never_becomes_markup() -> None:
    for path in WIDGET.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text(encoding="utf-8")
        ), path.name
