"""What a message without words says: a thumb up is a yes."""

from __future__ import annotations

from typing import Final

_SAID: Final = {
    "/affirm": "👍👌✅✔☑🆗💯",
    "/deny": "👎❌✖🚫🙅",
    "/thank": "🙏❤🧡💛💚💙💜🤍😊🙂😀😃😄😁🥰😍🤗💐🌹🎉👏",
    "/greet": "👋",
    "/insult": "😡🤬😠💩🖕😤",
}
_MEANING: Final = {sign: payload for payload, signs in _SAID.items() for sign in signs}
# skin tones, the variation selectors of emoji, the joiner
_SHADES: Final = frozenset("🏻🏼🏽🏾🏿\ufe0f\ufe0e\u200d")


def gist(text: str) -> str | None:
    """The choice that a message of emoji alone stands for; None for words and for signs that say nothing clear.

    >>> gist("👍🏽"), gist("ok 👍"), gist("🌵")
    ('/affirm', None, None)
    """
    signs = {sign for sign in text if not sign.isspace() and sign not in _SHADES}
    meant = {_MEANING.get(sign) for sign in signs}
    return meant.pop() if len(meant) == 1 else None
