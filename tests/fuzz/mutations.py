"""Small harm to JSON, texts and bytes: what a broken, hostile or merely newer other side sends."""

import copy
import json
from random import Random
from typing import Any, Final

from tests.fuzz.arguments import ODD_NUMBERS, ODD_WORDS

_DEEP: Final = b"[" * 100_000
_HTML: Final = b"<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body><h1>502</h1></body></html>"
_PLACES: Final = 400


def harmed_json(document: Any, dice: Random) -> Any:
    """A copy of ``document`` with one place of it changed, taken out, doubled or put in another form."""
    harmed = copy.deepcopy(document)
    places = list(_places(harmed))[:_PLACES]
    if not places:
        return _odd_value(dice)
    holder, key = dice.choice(places)
    match dice.randrange(9):
        case 0:
            del holder[key]
        case 1:
            holder[key] = None
        case 2:
            holder[key] = [holder[key]]
        case 3:
            holder[key] = {"value": holder[key]}
        case 4 if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        case 5 if isinstance(holder, dict):
            holder["unheard-of"] = holder[key]
        case 6:
            holder[key] = str(holder[key])
        case _:
            holder[key] = _odd_value(dice)
    return harmed


def harmed_bytes(body: bytes, dice: Random) -> bytes:
    """``body`` cut, spoilt, packed wrongly or replaced."""
    match dice.randrange(10):
        case 0:
            return b""
        case 1:
            return body[: dice.randrange(len(body) + 1)]
        case 2:
            return _HTML
        case 3:
            return dice.randbytes(dice.choice((1, 40, 900)))
        case 4:
            return b"\xef\xbb\xbf" + body
        case 5:
            return body.decode("utf-8", "replace").encode("utf-16")
        case 6:
            return _DEEP
        case 7:
            return body + b"\xff\xfe}"
        case 8:
            return b'{"a":NaN,"b":1e400,"c":' + b"9" * 5000 + b"}"
        case _:
            place = dice.randrange(len(body) + 1)
            return body[:place] + dice.randbytes(3) + body[place:]


def harmed(body: bytes, dice: Random) -> bytes:
    """``body`` with harm that fits it: JSON mostly stays JSON."""
    if dice.random() < 0.75:
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return harmed_bytes(body, dice)
        for _ in range(dice.choice((1, 1, 2, 4))):
            document = harmed_json(document, dice)
        return json.dumps(document).encode()
    return harmed_bytes(body, dice)


def _odd_value(dice: Random) -> Any:
    return dice.choice((*ODD_WORDS, *ODD_NUMBERS, 1.5, True, False, None, [], {}, [None], [[]], {"": ""}, [{}]))


def _places(value: Any) -> Any:
    """Every (holder, key) below ``value``."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        items = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, each in list(items):
            yield holder, key
            waiting.append(each)
