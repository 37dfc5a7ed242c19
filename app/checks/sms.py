"""What a text message costs and which character makes it dear, as findings."""

import unicodedata

from app.records import Channel, Finding, FindingLevel
from app.rules.sms import SmsEncoding, plain_form, sms_cost


def sms_findings(text: str) -> tuple[Finding, ...]:
    """One finding about the number of segments; an error when the text is empty."""
    if not text.strip():
        return (_sms(FindingLevel.ERROR, "The text message is empty", "whole text"),)
    cost = sms_cost(text)
    if cost.encoding is SmsEncoding.GSM_7:
        level = FindingLevel.PASSED if cost.segments == 1 else FindingLevel.WARNING
        return (_sms(level, f"{_segments(cost.segments)} in GSM-7", f"{cost.units} of {cost.room}"),)
    plain = sms_cost(plain_form(text))
    place = f"character {(cost.driver_at or 0) + 1}"
    if plain.encoding is SmsEncoding.GSM_7 and plain.segments < cost.segments:
        return (
            _sms(
                FindingLevel.WARNING,
                f"{named(cost.driver)} forces UCS-2: {_segments(cost.segments)}, not {plain.segments}",
                f"{place}, a plain form fits",
            ),
        )
    level = FindingLevel.PASSED if cost.segments == 1 else FindingLevel.WARNING
    return (_sms(level, f"{_segments(cost.segments)} in UCS-2, because of {named(cost.driver)}", place),)


def named(char: str) -> str:
    """A character as people can tell it apart: in quotes, or by its name where nothing would be seen."""
    if char.isspace() or not char.isprintable():
        return f"The {unicodedata.name(char, f'character U+{ord(char):04X}').lower()}"
    return f"“{char}”"


def _segments(number: int) -> str:
    return "1 segment" if number == 1 else f"{number} segments"


def _sms(level: FindingLevel, sentence: str, place: str) -> Finding:
    return Finding(level=level, sentence=sentence, place=f"SMS · {place}", channel=Channel.SMS)
