"""The language of the search over exchanges: ``system:iconik status:5xx slower:500ms entry:12 list assets``.

Words are sought in what is kept of an exchange: its call, verb, address and request id. ``key:value[,value…]`` is a
condition when its key is one of ours; any other word with a colon is a word. As in :mod:`app.rules.asset_query`, what
is meant as a condition and cannot be one is a complaint that knows where it stands. Nothing that can be typed raises.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, Protocol

from app.records import System
from app.rules.asset_query import Complaint, Token, plain, tokens

_LIKENESS_OF_KEYS: Final = 0.7
_LIKENESS_OF_VALUES: Final = 0.6
_TIME: Final = re.compile(r"[<>]?(\d{1,6}(?:\.\d{1,3})?)(ms|s|min)?", re.ASCII)
_STATUS: Final = re.compile(r"[1-5](?:\d\d|xx)", re.ASCII)
_MS: Final[Mapping[str, float]] = {"": 1.0, "ms": 1.0, "s": 1_000.0, "min": 60_000.0}
_LONGEST_QUERY: Final = 1_000


class ExchangeKey(StrEnum):
    """What can stand before a colon."""

    SYSTEM = "system"
    STATUS = "status"
    CALL = "call"
    OUTCOME = "outcome"
    SLOWER = "slower"
    ENTRY = "entry"


OUTCOMES: Final[Mapping[str, str]] = {
    "done": "done",
    "unreachable": "UnreachableError",
    "unanswered": "UnansweredError",
    "sign-in": "SignInError",
    "forbidden": "ForbiddenError",
    "not-found": "NotFoundError",
    "conflict": "ConflictError",
    "invalid": "InvalidError",
    "too-many": "RateLimitError",
    "vendor-fault": "VendorFaultError",
    "shape": "ShapeError",
}
"""What can be typed for what became of an exchange; ``failed`` is everything but ``done``."""
FAILED: Final = "failed"
UNANSWERED: Final = "none"
"""The status of what got no answer."""

_EXAMPLES: Final[Mapping[ExchangeKey, str]] = {
    ExchangeKey.SYSTEM: "iconik or core-dam",
    ExchangeKey.STATUS: "404, 5xx or none",
    ExchangeKey.CALL: "“list assets”",
    ExchangeKey.OUTCOME: "failed, done or too-many",
    ExchangeKey.SLOWER: "500ms or 2s",
    ExchangeKey.ENTRY: "the number of an entry, such as 12",
}
_NOUNS: Final[Mapping[ExchangeKey, str]] = {
    ExchangeKey.SYSTEM: "system",
    ExchangeKey.STATUS: "status",
    ExchangeKey.CALL: "call",
    ExchangeKey.OUTCOME: "outcome",
    ExchangeKey.SLOWER: "time",
    ExchangeKey.ENTRY: "entry",
}
_SYSTEMS: Final = {plain(each.label): each.label for each in System}


class ExchangeFacts(Protocol):
    """What is asked about an exchange."""

    @property
    def system(self) -> str: ...
    @property
    def call(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def took(self) -> timedelta: ...
    @property
    def status(self) -> int | None: ...
    @property
    def outcome(self) -> str: ...
    @property
    def request_id(self) -> str: ...
    @property
    def entry(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeQuery:
    """What a text asks for. Values of one key are alternatives; keys and words all have to hold."""

    words: tuple[str, ...] = ()
    """Casefolded."""
    systems: frozenset[str] = frozenset()
    """Labels."""
    statuses: frozenset[str] = frozenset()
    """``404``, ``5xx``, ``none``."""
    calls: tuple[str, ...] = ()
    outcomes: frozenset[str] = frozenset()
    """Names of error classes, ``done``, ``failed``."""
    slower: timedelta | None = None
    entries: frozenset[int] = frozenset()
    complaints: tuple[Complaint, ...] = ()

    def takes(self, exchange: ExchangeFacts) -> bool:
        """Whether ``exchange`` is asked for. What could not be understood narrows nothing."""
        return (
            (not self.systems or exchange.system in self.systems)
            and (not self.statuses or bool(self.statuses & _statuses_of(exchange)))
            and (not self.calls or any(call in exchange.call.casefold() for call in self.calls))
            and (not self.outcomes or bool(self.outcomes & _outcomes_of(exchange)))
            and (self.slower is None or exchange.took > self.slower)
            and (not self.entries or exchange.entry in self.entries)
            and self._has_words(exchange)
        )

    def _has_words(self, exchange: ExchangeFacts) -> bool:
        if not self.words:
            return True
        said = (exchange.call, exchange.method, exchange.address, exchange.request_id, exchange.system)
        text = " ".join(said).casefold()
        return all(word in text for word in self.words)


def read(text: str) -> ExchangeQuery:
    """What ``text`` asks for."""
    made = _Reading()
    for token in tokens(text[:_LONGEST_QUERY]):
        made.take(token)
    return made.query


class _Reading:
    """A query in the making."""

    def __init__(self) -> None:
        self.query = ExchangeQuery()
        self._words: list[str] = []
        self._values: dict[ExchangeKey, list[str]] = {key: [] for key in ExchangeKey}
        self._complaints: list[Complaint] = []

    def take(self, token: Token) -> None:
        key = _key_of(token)
        if key is None:
            if (meant := _meant(token)) is None:
                self._words.append(token.text.strip('"').casefold())
            else:
                self._complain(token, f"There is no “{token.head}:”. Try {meant}:.")
        else:
            self._take_values(token, key)
        self.query = self._made()

    def _take_values(self, token: Token, key: ExchangeKey) -> None:
        pieces = [piece for piece in token.values() if piece.text.strip('"<> ')]
        if not pieces:
            self._complain(token, f"Which {_NOUNS[key]}? Try {_EXAMPLES[key]}.", is_unfinished=True)
        for piece in pieces:
            value = _value(key, piece.text)
            if value is None:
                self._complain(piece, _no_such(key, piece.text))
            else:
                self._values[key].append(value)

    def _complain(self, token: Token, sentence: str, *, is_unfinished: bool = False) -> None:
        self._complaints.append(
            Complaint(start=token.start, end=token.end, sentence=sentence, is_unfinished=is_unfinished)
        )

    def _made(self) -> ExchangeQuery:
        values = self._values
        slower = [float(each) for each in values[ExchangeKey.SLOWER]]
        return ExchangeQuery(
            words=tuple(word for word in self._words if word),
            systems=frozenset(values[ExchangeKey.SYSTEM]),
            statuses=frozenset(values[ExchangeKey.STATUS]),
            calls=tuple(values[ExchangeKey.CALL]),
            outcomes=frozenset(values[ExchangeKey.OUTCOME]),
            slower=timedelta(milliseconds=min(slower)) if slower else None,
            entries=frozenset(map(int, values[ExchangeKey.ENTRY])),
            complaints=tuple(self._complaints),
        )


def _key_of(token: Token) -> ExchangeKey | None:
    head = token.head.casefold()
    return ExchangeKey(head) if head in list(ExchangeKey) else None


def _meant(token: Token) -> ExchangeKey | None:
    """The key that a token with another head was probably meant to have; an address has none."""
    if not token.head or token.text[len(token.head) :].startswith("://"):
        return None
    near = get_close_matches(token.head.casefold(), list(ExchangeKey), n=1, cutoff=_LIKENESS_OF_KEYS)
    return ExchangeKey(near[0]) if near else None


def _value(key: ExchangeKey, typed: str) -> str | None:
    """What ``typed`` stands for; None when it stands for nothing."""
    written = typed.strip('"').casefold().strip()
    match key:
        case ExchangeKey.SYSTEM:
            return _SYSTEMS.get(plain(written))
        case ExchangeKey.STATUS:
            return written if written == UNANSWERED or _STATUS.fullmatch(written) else None
        case ExchangeKey.CALL:
            return written
        case ExchangeKey.OUTCOME:
            return FAILED if written == FAILED else OUTCOMES.get(written.replace("_", "-"))
        case ExchangeKey.SLOWER:
            found = _TIME.fullmatch(written.replace(" ", ""))
            # “slower” has its direction already: a “>” says the same, a “<” the opposite.
            return str(float(found[1]) * _MS[found[2] or ""]) if found and not written.startswith("<") else None
        case ExchangeKey.ENTRY:
            number = written.lstrip("#")
            return number if number.isascii() and number.isdecimal() and len(number) <= 15 else None  # noqa: PLR2004


def _no_such(key: ExchangeKey, typed: str) -> str:
    names = {
        ExchangeKey.SYSTEM: {plain(each.label): each.label.lower().replace(" ", "-") for each in System},
        ExchangeKey.OUTCOME: {plain(name): name for name in (*OUTCOMES, FAILED)},
    }.get(key, {})
    near = get_close_matches(plain(typed), names, n=1, cutoff=_LIKENESS_OF_VALUES)
    possible = names[near[0]] if near else _EXAMPLES[key]
    quoted = typed.strip('"')
    return f"“{quoted}” is no {_NOUNS[key]}. Try {possible}."


def _statuses_of(exchange: ExchangeFacts) -> frozenset[str]:
    if exchange.status is None:
        return frozenset({UNANSWERED})
    return frozenset({str(exchange.status), f"{exchange.status // 100}xx"})


def _outcomes_of(exchange: ExchangeFacts) -> frozenset[str]:
    return frozenset({exchange.outcome} if exchange.outcome == "done" else {exchange.outcome, FAILED})
