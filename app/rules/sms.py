"""How many segments a text message costs, and which character made it so (domain-rules 3.6).

GSM-7 holds 160 septets in one message and 153 in each part of a longer one; UCS-2 holds 70 and 67 UTF-16 units. An
extension character takes two septets and a surrogate pair two units, and neither may straddle a boundary, so parts are
packed greedily: dividing the length gives too few.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")

PLAIN_FORMS = {
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "…": "...",
    "\u00a0": " ",
    "\u202f": " ",
}
"""Characters that force UCS-2 and have a GSM-7 form that reads the same."""


class SmsEncoding(StrEnum):
    """How a message is put on the air."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsCost:
    """What one text costs. Units are septets in GSM-7 and UTF-16 units in UCS-2."""

    encoding: SmsEncoding
    segments: int
    units: int
    room: int
    """Units that the present number of segments can hold."""
    driver: str = ""
    """The first character that forces UCS-2; empty in GSM-7."""
    driver_at: int | None = None
    """Its place, counted from 0 in code points."""


def sms_cost(text: str) -> SmsCost:
    """Count ``text`` as a carrier does. An empty text is one segment of nothing."""
    driver_at = next((i for i, char in enumerate(text) if char not in _BASIC and char not in _EXTENSION), None)
    if driver_at is None:
        return _packed(text, SmsEncoding.GSM_7, _septets, alone=160, part=153)
    cost = _packed(text, SmsEncoding.UCS_2, _utf16_units, alone=70, part=67)
    return SmsCost(
        encoding=cost.encoding,
        segments=cost.segments,
        units=cost.units,
        room=cost.room,
        driver=text[driver_at],
        driver_at=driver_at,
    )


def plain_form(text: str) -> str:
    """``text`` with every character that needlessly forces UCS-2 replaced."""
    return "".join(PLAIN_FORMS.get(char, char) for char in text)


def _packed(text: str, encoding: SmsEncoding, width: Callable[[str], int], *, alone: int, part: int) -> SmsCost:
    units = sum(width(char) for char in text)
    segments = 1 if units <= alone else sum(1 for _ in _parts(text, width, part))
    return SmsCost(encoding=encoding, segments=segments, units=units, room=alone if segments == 1 else segments * part)


def _parts(text: str, width: Callable[[str], int], size: int) -> Iterator[str]:
    start, used = 0, 0
    for at, char in enumerate(text):
        if used + width(char) > size:
            yield text[start:at]
            start, used = at, 0
        used += width(char)
    yield text[start:]


def _septets(char: str) -> int:
    return 2 if char in _EXTENSION else 1


def _utf16_units(char: str) -> int:
    return 2 if ord(char) > 0xFFFF else 1  # noqa: PLR2004 - the end of the basic plane
