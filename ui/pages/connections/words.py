"""What the Connections page says about a system. Pure: records in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from app.activity import Budget, CallRow, Health
from app.connections import Connection
from app.records import AccountFacts, ConnectionState, Standing, System, SystemStatus
from app.use_cases.connect_system import ConnectionTest
from app.wording import age, clock_time, count
from ui.pages.outcomes import outcome_of
from ui.theme import Icon
from ui.widgets import StateMark

UNTOLD: Final = "–"

SYSTEM_ICONS: Final = {
    System.EXSTREAM: Icon.PRINT,
    System.EXTENDED_ECM: Icon.ARCHIVE,
    System.CORE_DAM: Icon.PICTURE,
    System.ICONIK: Icon.PLAY,
    System.CLOUDINARY: Icon.CLOUD,
}

_SLOW: Final = timedelta(seconds=5)
_TENTH: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTest:
    """What a test of one connection found, and when."""

    test: ConnectionTest
    at: datetime


class Steer(StrEnum):
    """What a person may say about the reading of a system, in the words of its button."""

    NOW = "Sync now"
    STOP = "Stop"
    PAUSE = "Pause"
    GO_ON = "Go on"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """One system's card, worded."""

    system: System
    mark: StateMark
    word: str
    host: str
    account: str
    rights: str
    last_sync: str
    steers: tuple[Steer, ...] = ()
    """What a person may say about its reading just now."""
    trouble: str = ""
    """A sentence while something is wrong."""
    budget: str = UNTOLD
    """Calls left, where the vendor told so."""
    budget_share: float | None = None
    """What is left, 0.0 to 1.0; None when the vendor does not tell how many there are."""
    is_scarce: bool = False
    """Only what is kept for people is left."""
    is_limited: bool = False
    """It works, and lacks something that the desk does elsewhere."""
    is_resting: bool = False
    """It works; reading waits for a person, or for its calls to refill."""
    is_new: bool = False
    """Being added: there is nothing to test yet."""


def card_of(
    connection: Connection, status: SystemStatus | None, last: LastTest | None, budget: Budget | None
) -> CardFacts:
    """The card of a connection that is kept."""
    facts = (last.test.facts if last else None) or (status.facts if status else None)
    mark, word, trouble = _state(status, last)
    is_limited = mark is StateMark.APPROVED and facts is not None and bool(facts.lacking)
    if is_limited and facts is not None:
        mark, word, trouble = StateMark.WARNING, "limited", lacking_words(facts)
    return CardFacts(
        system=connection.system,
        mark=mark,
        word=word,
        host=urlsplit(connection.base_url).netloc,
        account=(facts.account if facts else "") or connection.account or UNTOLD,
        rights=rights_words(facts) if facts else UNTOLD,
        last_sync=_sync_words(status),
        steers=_steers(status),
        trouble=trouble,
        budget=budget_words(budget),
        budget_share=budget.share_left if budget else None,
        is_scarce=budget is not None and budget.is_scarce,
        is_limited=is_limited,
        is_resting=status is not None and _is_resting(status),
    )


def budget_words(budget: Budget | None) -> str:
    """``90 of 500 left, resets 10:00``, as far as the vendor tells it."""
    if budget is None:
        return "no limit told"
    of = f" of {count(budget.limit)}" if budget.limit is not None and budget.limit >= budget.left else ""
    resets = f", resets {clock_time(budget.resets_at)}" if budget.resets_at else ""
    return f"{count(budget.left)}{of} left{resets}"


def rights_words(facts: AccountFacts) -> str:
    """``find assets, perhaps approve and reject``: what only a write can tell is neither promised nor hidden."""
    perhaps = [each.ability.value for each in facts.offers if each.standing is Standing.UNTOLD]
    said = [*facts.rights, *([f"perhaps {' and '.join(perhaps)}"] if perhaps else [])]
    return ", ".join(said) or UNTOLD


def lacking_words(facts: AccountFacts) -> str:
    """Why something that the desk does is not to be had there: the first reason, and how many more there are."""
    first, *more = facts.lacking
    others = f" {len(more)} more: press Test." if more else ""
    return f"May not {first.ability}. {first.because}{others}"


def new_card(system: System) -> CardFacts:
    """The card of a system that is being added."""
    return CardFacts(
        system=system,
        mark=StateMark.DRAFT,
        word="being added",
        host="not set up yet",
        account=UNTOLD,
        rights=UNTOLD,
        last_sync=UNTOLD,
        is_new=True,
    )


def is_working(card: CardFacts) -> bool:
    """Whether the system answers as it should."""
    return card.is_limited or card.is_resting or card.mark in {StateMark.APPROVED, StateMark.RUNNING}


def working_words(cards: Sequence[CardFacts]) -> str:
    """``4 of 5 working``."""
    return f"{sum(is_working(card) for card in cards)} of {len(cards)} working" if cards else ""


def meaning_of(health: Health, newest: CallRow | None) -> str:
    """What an hour of calls means for a person."""
    if not health.calls:
        return "not called"
    if newest is not None and not newest.is_fine:
        return f"last call: {outcome_of(newest)[1]}"
    if health.errors:
        return "errors before, works now"
    return "slow" if health.slowest >= _SLOW else "normal"


def seconds(took: timedelta) -> str:
    """``0.8 s``, or ``41 ms`` below a tenth of one."""
    whole = took.total_seconds()
    return f"{whole:.1f} s" if whole >= _TENTH else f"{whole * 1000:.0f} ms"


def _state(status: SystemStatus | None, last: LastTest | None) -> tuple[StateMark, str, str]:
    if last is not None and (status is None or last.at > status.since):
        if last.test.is_fine:
            return StateMark.APPROVED, "connected", ""
        broken = next((row for row in last.test.rows if not row.is_fine and not row.is_untold), None)
        return StateMark.REJECTED, f"failed {clock_time(last.at)}", broken.answer if broken else ""
    if status is None:
        return StateMark.DRAFT, "not asked yet", ""
    if status.is_paused and status.state in _AT_REST:
        return StateMark.PAUSED, "paused", ""
    match status.state:
        case ConnectionState.CONNECTED:
            return StateMark.APPROVED, "connected", ""
        case ConnectionState.SYNCING:
            return StateMark.RUNNING, "reading" + _share_words(status), ""
        case ConnectionState.UNREACHABLE:
            return StateMark.REJECTED, f"silent since {clock_time(status.since)}", status.sentence
        case ConnectionState.SIGNED_OUT:
            return StateMark.REJECTED, "signed out", status.sentence
        case ConnectionState.RESTING:
            return StateMark.WARNING, "saves calls", status.sentence
        case ConnectionState.TROUBLED:
            return StateMark.WARNING, f"troubled since {clock_time(status.since)}", status.sentence
        case ConnectionState.UNKNOWN:
            return StateMark.DRAFT, "not asked yet", ""


_AT_REST: Final = frozenset({ConnectionState.UNKNOWN, ConnectionState.CONNECTED, ConnectionState.RESTING})


def _share_words(status: SystemStatus) -> str:
    """`` 24 %``, where somebody told how much there is."""
    return f" {min(1.0, status.fetched / status.expected):.0%}".replace("%", " %") if status.expected else ""


def _is_resting(status: SystemStatus) -> bool:
    return status.state is ConnectionState.RESTING or (status.is_paused and status.state is ConnectionState.CONNECTED)


def _steers(status: SystemStatus | None) -> tuple[Steer, ...]:
    if status is None or status.state is ConnectionState.SIGNED_OUT:
        return ()
    if status.state is ConnectionState.SYNCING:
        return (Steer.STOP,) if status.is_paused else (Steer.STOP, Steer.PAUSE)
    return (Steer.GO_ON,) if status.is_paused else (Steer.NOW, Steer.PAUSE)


def _sync_words(status: SystemStatus | None) -> str:
    """``09:41, next 09:42``; while it runs, what is being done and how far it is."""
    if status is None:
        return "not yet"
    if status.state is ConnectionState.SYNCING and status.fetched:
        total = f" of {count(status.expected)}" if status.expected else ""
        return f"{status.doing or 'reading'}, {count(status.fetched)}{total}"
    last = clock_time(status.last_sync) if status.last_sync else "not yet"
    if status.is_paused or status.next_sync is None or status.state is ConnectionState.SIGNED_OUT:
        return f"{last}, {age(status.last_sync)} ago" if status.last_sync else last
    return f"{last}, next {clock_time(status.next_sync)}"
