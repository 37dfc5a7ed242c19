"""What in a sender's JSON is personal: by the names of keys, and by what a value looks like. Pure."""

import re
from typing import Final

import msgspec

from app.rules.masking import DOT

PERSONAL_KEYS: Final = (
    *("email", "mail", "recipient", "address", "mobile", "phone", "msisdn", "firstname", "lastname", "surname"),
    *("fullname", "givenname", "familyname", "customername", "birth", "iban", "street", "postcode", "zipcode"),
    *("password", "secret", "token", "signature"),
)
_PEOPLE: Final = frozenset({"recipient", "recipients", "contact", "contacts", "person", "addressee", "to", "cc", "bcc"})
"""Objects that are a person: everything in them is personal, their name included."""
_WORD: Final = r"[^\s<>@\"':;,]"
# Each word is tried once, from its beginning and without going back: what a stranger sends must not cost time squared.
PERSONAL_VALUE: Final = re.compile(rf"(?<!{_WORD}){_WORD}++@{_WORD}++|(?<![\w.-])\+\d[\d ()/-]{{6,24}}\d")
"""A mail address, or a telephone number as it is written internationally, wherever it stands."""


def _folded(key: str) -> str:
    return "".join(char for char in key.casefold() if char.isalnum())


def is_personal(key: str) -> bool:
    """Whether what stands under ``key`` is a person's, whatever it is."""
    folded = _folded(key)
    return folded in _PEOPLE or any(word in folded for word in PERSONAL_KEYS)


def is_a_person(key: str) -> bool:
    """Whether an object under ``key`` is a person, with everything in it."""
    return _folded(key) in _PEOPLE


MASK: Final = DOT * 10


def masked_json(raw: bytes) -> bytes | None:
    """``raw`` with every personal value masked; None when it is no JSON, or nested beyond reading."""
    try:
        return msgspec.json.encode(_masked(msgspec.json.decode(raw), hides=False))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _masked(value: object, *, hides: bool, key: str = "") -> object:
    match value:
        case dict():
            inside = hides or is_a_person(key)
            return {name: _masked(each, hides=inside, key=name) for name, each in value.items()}
        case list():
            inside = hides or is_personal(key)
            return [_masked(each, hides=inside) for each in value]
        case None:
            return None
        case _:
            is_hidden = hides or is_personal(key) or PERSONAL_VALUE.search(str(value))
            return MASK if is_hidden else value
