"""Takes out of a Markdown text what could act on a page: script and its like, handlers, links that run code.

What is served is rendered with raw HTML shut off and sanitised again; this keeps such text out of the knowledge base
altogether. Code, between backticks or in fences, is text and stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

# every pattern is written so that no text makes it start over again and again
CODE: Final = re.compile(
    r"(^[ \t]*+(`{3,}+|~{3,}+)[^\n]*\n.*?(?:^[ \t]*+\2[`~]*+[ \t]*+$|\Z)|`[^`\n]+`)", re.DOTALL | re.MULTILINE
)
ACTIVE: Final = "script|style|iframe|object|embed|applet|noscript|template|svg|math|frameset|frame|base|meta|link|form"
TAG: Final = re.compile(rf"<(/?)({ACTIVE})\b[^<>]*>?", re.IGNORECASE)
ANY_TAG: Final = re.compile(r"<[a-zA-Z][^<>]*>")
HANDLER: Final = re.compile(
    r"""(?:[\s/]|(?<=["']))(?:on\w+|style|srcdoc|formaction)\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s>]*)""", re.IGNORECASE
)
UNSAFE: Final = r"(?:j[\s\\]*+a[\s\\]*+v[\s\\]*+a[\s\\]*+|vb[\s\\]*+)script[\s\\]*+:|data[\s\\]*+:"
UNSAFE_LINK: Final = re.compile(rf"\]\([\s<]*+(?:{UNSAFE})", re.IGNORECASE)
UNSAFE_TARGET: Final = re.compile(rf"^([ ]{{0,3}}\[[^\]\n]+\]:)[\s<]*+(?:{UNSAFE})\S*", re.IGNORECASE | re.MULTILINE)
UNSAFE_VALUE: Final = re.compile(rf"""(=[\s"']*+)(?:{UNSAFE})[^"'\s>]*""", re.IGNORECASE)
UNSAFE_AUTOLINK: Final = re.compile(rf"<(?:{UNSAFE})[^<>\s]*>", re.IGNORECASE)


def without_scripts(text: str) -> str:
    """The text without active content."""
    if "<" not in text and "](" not in text and "]:" not in text:
        return text
    pieces, end = [], 0
    for code in CODE.finditer(text):
        pieces += [_cleaned(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*pieces, _cleaned(text[end:])])


def _cleaned(text: str) -> str:
    if "<" in text:
        text = UNSAFE_AUTOLINK.sub("", _without_elements(_without_comments(text)))
        text = ANY_TAG.sub(lambda tag: UNSAFE_VALUE.sub(r"\1#", HANDLER.sub("", tag[0])), text)
    return UNSAFE_TARGET.sub(r"\1 #", UNSAFE_LINK.sub("](#", text))


def _without_comments(text: str) -> str:
    kept, end = [], 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start)) >= 0:
        kept.append(text[end:start])
        end = close + 3
    return "".join([*kept, text[end:]])


def _without_elements(text: str) -> str:
    """Active elements with what they hold; a tag that is never closed goes alone."""
    tags = list(TAG.finditer(text))
    closing = {tag[2].lower(): tag.start() for tag in tags if tag[1]}
    kept, end = [], 0
    inside = ""
    for tag in tags:
        name = tag[2].lower()
        if inside:
            if tag[1] and name == inside:
                inside, end = "", tag.end()
            continue
        kept.append(text[end : tag.start()])
        end = tag.end()
        if not tag[1] and closing.get(name, -1) > tag.start():
            inside = name
    return "".join([*kept, text[end:]])
