"""How many segments a text message costs, and which character made it so (domain-rules 3.6).

GSM-7 holds 160 septets in one message and 153 in each part of a longer one; UCS-2 holds 70 and 67 UTF-16 units. An
extension character takes two septets and a surrogate pair two units, and neither may straddle a boundary, so parts are
packed greedily: dividing the length gives too few. The alphabet is that of 3GPP TS 23.038 §6.2.1 and §6.2.1.1.

National language shift tables (the same standard, annex A) are not counted with: carriers and handsets need not know
them, no source of ours says that they do, and a count that is too low is found on the bill.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

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
    "\u2009": " ",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
    "‚": ",",
    "„": '"',
    "‹": "<",
    "›": ">",
    "′": "'",
    "″": '"',
    "\u200b": "",
    "\ufeff": "",
    "\u00ad": "",
}
"""Characters that force UCS-2 and have a GSM-7 form that reads the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsRoute:
    """How much one part of a message in several parts holds, after the header that joins them."""

    gsm_part: int
    """Septets."""
    ucs_part: int
    """UTF-16 units."""


USUAL: Final = SmsRoute(gsm_part=153, ucs_part=67)
"""A header of six bytes: one byte of reference number."""
TOLL_FREE: Final = SmsRoute(gsm_part=152, ucs_part=66)
"""A header of seven bytes, as numbers of the North American toll-free ranges are billed."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DearCharacter:
    """One character that no GSM-7 message can carry, with what it could be replaced by."""

    char: str
    at: int
    """Its place, counted from 0 in code points."""
    plain: str | None = None
    """What reads the same in GSM-7, which may be nothing at all; None when there is no such form."""


def sms_cost(text: str, route: SmsRoute = USUAL) -> SmsCost:
    """Count ``text`` as a carrier does. An empty text is one segment of nothing.

    A lone surrogate, which is no character but may come out of a broken source, counts as the one unit that it is.
    """
    first = next(dear_characters(text), None)
    if first is None:
        return _counted(text, SmsEncoding.GSM_7, _septets, alone=_GSM_ALONE, part=route.gsm_part)
    cost = _counted(text, SmsEncoding.UCS_2, _utf16_units, alone=_UCS_ALONE, part=route.ucs_part)
    return replace(cost, driver=first.char, driver_at=first.at)


def sms_parts(text: str, route: SmsRoute = USUAL) -> tuple[str, ...]:
    """``text`` as it is cut for the air: as many parts as :func:`sms_cost` counts, which join to ``text`` again."""
    if next(dear_characters(text), None) is None:
        return tuple(_cut(text, _septets, alone=_GSM_ALONE, part=route.gsm_part))
    return tuple(_cut(text, _utf16_units, alone=_UCS_ALONE, part=route.ucs_part))


def dear_characters(text: str) -> Iterator[DearCharacter]:
    """Every character of ``text`` that forces UCS-2, in reading order."""
    return (
        DearCharacter(char=char, at=at, plain=PLAIN_FORMS.get(char))
        for at, char in enumerate(text)
        if char not in _BASIC and char not in _EXTENSION
    )


def dearest(texts: Iterable[str], route: SmsRoute = USUAL) -> SmsCost | None:
    """What the dearest of ``texts`` costs, as merged for each record; None when there are none.

    A template has no length: a name in another alphabet makes one record's message twice as dear as its neighbour's.
    """
    return max((sms_cost(text, route) for text in texts), key=lambda cost: (cost.segments, cost.units), default=None)


def plain_form(text: str) -> str:
    """``text`` with every character that needlessly forces UCS-2 replaced."""
    return "".join(PLAIN_FORMS.get(char, char) for char in text)


_GSM_ALONE: Final = 160
_UCS_ALONE: Final = 70


def _counted(text: str, encoding: SmsEncoding, width: Callable[[str], int], *, alone: int, part: int) -> SmsCost:
    units = sum(map(width, text))
    segments = sum(1 for _ in _cut(text, width, alone=alone, part=part))
    return SmsCost(encoding=encoding, segments=segments, units=units, room=alone if segments == 1 else segments * part)


def _cut(text: str, width: Callable[[str], int], *, alone: int, part: int) -> Iterator[str]:
    if sum(map(width, text)) <= alone:
        yield text
        return
    start, used = 0, 0
    for at, char in enumerate(text):
        if used + width(char) > part:
            yield text[start:at]
            start, used = at, 0
        used += width(char)
    yield text[start:]


def _septets(char: str) -> int:
    return 2 if char in _EXTENSION else 1


def _utf16_units(char: str) -> int:
    return 2 if ord(char) > 0xFFFF else 1  # noqa: PLR2004 - the end of the basic plane
