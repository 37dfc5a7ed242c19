"""A composed page made ready to be looked at. Pure: it fetches nothing and renders nothing.

The bytes stay as they were composed but for two things: the question whether the reader's screen is dark is answered
here and not by the desktop, so that both answers can be looked at side by side; and every picture has an id, so that a
finding can be shown where it is without running a script in the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from itertools import accumulate


class Appearance(StrEnum):
    """How a reader's program shows the page."""

    LIGHT = "light"
    DARK = "dark"
    """As its author styled it for dark screens; unchanged when the author did not."""
    INVERTED = "inverted"
    """As programs show it that turn every colour round, pictures excepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPage:
    """UTF-8 bytes for a view, and where its pictures are: place in reading order from 1 → id."""

    content: bytes
    anchors: Mapping[int, str]


_QUESTION = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_DECLARED = re.compile(r"(?<!prefers-)color-scheme", re.IGNORECASE)
_OPENINGS = tuple(re.compile(tag, re.IGNORECASE) for tag in (r"<head\b[^>]*>", r"<html\b[^>]*>", r"<!doctype[^>]*>"))
_ALWAYS, _NEVER = "(min-width:0)", "(max-width:0)"
_INVERT = "html{background:#fff;filter:invert(1) hue-rotate(180deg)}img,video{filter:invert(1) hue-rotate(180deg)}"


class _Pictures(HTMLParser):
    """Finds the pictures as the checks of the desk count them: images with an address, and posters of videos."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.anchors: dict[int, str] = {}
        self.insertions: list[tuple[int, str]] = []
        """(where in the text, what)."""
        self._count = 0
        # The parser counts lines by line feeds alone.
        self._line_starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if not named.get({"img": "src", "video": "poster", "source": "poster"}.get(tag, "")):
            return
        self._count += 1
        own = named.get("id")
        self.anchors[self._count] = own or f"shown-picture-{self._count}"
        if not own:
            line, column = self.getpos()
            at = self._line_starts[line - 1] + column + 1 + len(tag)
            self.insertions.append((at, f' id="{self.anchors[self._count]}"'))


def ready_page(content: bytes, appearance: Appearance) -> ReadyPage:
    """Make ``content`` (UTF-8; what is not is replaced) ready to be seen in ``appearance``."""
    text = content.decode("utf-8", errors="replace")
    found = _Pictures(text)
    for at, words in reversed(found.insertions):
        text = text[:at] + words + text[at:]
    is_dark = appearance is Appearance.DARK
    text = _QUESTION.sub(lambda hit: _ALWAYS if (hit[1].lower() == "dark") == is_dark else _NEVER, text)
    return ReadyPage(content=_with_style(text, _style(text, appearance)).encode(), anchors=found.anchors)


def _style(text: str, appearance: Appearance) -> str:
    # A page that never speaks of colour schemes is shown light by readers' programs even on dark screens.
    scheme = "dark" if appearance is Appearance.DARK and _DECLARED.search(text) else "light"
    style = f":root{{color-scheme:{scheme}!important}}"
    return style + _INVERT if appearance is Appearance.INVERTED else style


def _with_style(text: str, style: str) -> str:
    opening = next((hit for pattern in _OPENINGS if (hit := pattern.search(text))), None)
    at = opening.end() if opening else 0
    return f"{text[:at]}<style>{style}</style>{text[at:]}"
