"""SVG elements as text, escaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

WIDTH = 720
LETTER = 6.7
"""How wide a letter of a label is, roughly, in the drawing's units."""


def element(name: str, /, *inside: str, **attributes: object) -> Markup:
    """An element; `class_` stands for class, and an underscore for a hyphen."""
    given = "".join(
        f' {escape(key.rstrip("_").replace("_", "-"))}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{together(inside)}</{name}>")


def together(parts: Iterable[str]) -> Markup:
    return Markup("").join(escape(part) for part in parts)


HATCHING: Final = (
    '<defs><pattern id="hatching" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-ground" width="8" height="8"/><line class="hatch-line" y2="8"/></pattern></defs>'
)
"""What unobserved places are filled with; a page holds it once for all its pictures."""


def drawing(height: float, label: str, *inside: str, width: float = WIDTH, form: str | None = None) -> Markup:
    """A whole picture that is one image to a screen reader; `form` is wide or slim where the page has both."""
    return element(
        "svg",
        *inside,
        class_=f"picture {form}" if form else "picture",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_plain(width)} {_plain(height)}",
        role="img",
        aria_label=Markup(label).striptags(),
    )


def text(x: float, y: float, said: str, class_: str = "label", anchor: str | None = None) -> Markup:
    bare = said.striptags() if isinstance(said, Markup) else said  # a picture holds no elements of the page
    return element("text", bare, x=x, y=y, class_=class_, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def box(x: float, y: float, width: float, height: float, class_: str, **more: object) -> Markup:
    return element("rect", x=x, y=y, width=max(width, 0), height=height, class_=class_, **more)


def dot(x: float, y: float, class_: str, radius: float = 5) -> Markup:
    return element("circle", cx=x, cy=y, r=radius, class_=class_)


def whisker(x1: float, x2: float, y: float, class_: str = "whisker") -> Markup:
    """A horizontal interval with its ends."""
    ends = (line(x, y - 5, x, y + 5, class_) for x in (x1, x2))
    return together([line(x1, y, x2, y, class_), *ends])


def shortened(said: str, room: float) -> str:
    """As much of a label as there is room for; the table has all of it."""
    letters = max(int(room / LETTER), 4)
    return said if len(said) <= letters else f"{said[: letters - 1].rstrip()}…"


def wrapped(said: str, room: float, lines: int = 2) -> list[str]:
    """A label over a few lines; the last is cut where it would not fit."""
    found, words = [""], said.split()
    letters = max(int(room / LETTER), 4)
    for word in words:
        longer = f"{found[-1]} {word}".strip()
        if len(longer) <= letters or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    kept = found[:lines]
    if len(found) > lines:
        kept[-1] = shortened(" ".join(found[lines - 1 :]), room)
    return [shortened(one, room) for one in kept]


def _plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
