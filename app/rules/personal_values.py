"""What in a sender's JSON is personal: by the names of keys, and by what a value looks like. Pure."""

import re
from typing import Final

import msgspec

from app.rules.masking import DOT

PERSONAL_KEYS: Final = (
    *("email", "mail", "recipient", "address", "mobile", "phone", "msisdn", "firstname", "lastname", "surname"),
    *("fullname", "givenname", "familyname", "customername", "birth", "iban", "street", "postcode", "zipcode"),
    *("displayname", "contactname", "postalcode", "password", "secret", "token", "signature"),
)
_PEOPLE: Final = frozenset({"recipient", "recipients", "contact", "contacts", "person", "addressee", "to", "cc", "bcc"})
"""Objects that are a person: everything in them is personal, their name included."""
_OF_A_PERSON: Final = frozenset({"customer", "customers", "subscriber", "subscribers", "name", "birth"})
"""Objects in which everything is somebody's; a mere word under such a key is a number or the name of a thing."""
_SHORT_KEYS: Final = frozenset({"city", "dob", "tel", "town", "zip"})
"""Keys of something personal, that are parts of harmless words."""
_WORD: Final = r"[^\s<>@\"':;,]"
# Each word is tried once, from its beginning and without going back: what a stranger sends must not cost time squared.
PERSONAL_VALUE: Final = re.compile(rf"(?<!{_WORD}){_WORD}++@{_WORD}++|(?<![\w.-])\+\d[\d ()/-]{{6,24}}\d")
"""A mail address, or a telephone number as it is written internationally, wherever it stands."""


def _folded(key: str) -> str:
    return "".join(char for char in key.casefold() if char.isalnum())


def is_personal(key: str) -> bool:
    """Whether what stands under ``key`` is a person's, whatever it is."""
    folded = _folded(key)
    return folded in _PEOPLE or folded in _SHORT_KEYS or any(word in folded for word in PERSONAL_KEYS)


def is_a_person(key: str) -> bool:
    """Whether an object under ``key`` is a person or a part of one, such as an address, with everything in it."""
    folded = _folded(key)
    return folded in _PEOPLE or folded in _OF_A_PERSON or folded.endswith(("address", "addresses"))


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
            return {
                _masked_key(name, at): _masked(each, hides=inside, key=name)
                for at, (name, each) in enumerate(value.items())
            }
        case list():
            inside = hides or is_personal(key) or is_a_person(key)
            return [_masked(each, hides=inside) for each in value]
        case None:
            return None
        case _:
            is_hidden = hides or is_personal(key) or PERSONAL_VALUE.search(str(value))
            return MASK if is_hidden else value


def _masked_key(key: str, at: int) -> str:
    """``key``, unless it is an address itself, as where values are listed by recipient; each stays another one."""
    return f"{MASK}{at}" if PERSONAL_VALUE.search(key) else key
