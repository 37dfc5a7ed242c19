"""Which suppressions follow from what was reported, and which of those that are listed still count. Pure.

Source: domain rules 3.2 to 3.4. A failure for good, a complaint, passing failures that did not pass and the customer's
own STOP each list a channel. A later START takes the STOP back; a later arrival disproves a bounce; nothing but people
lifts a complaint.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.records import BounceKind, Channel, CustomerWord, DeliveryEvent, DeliveryState, SendingWish
from app.rules.bounces import is_given_up, judge
from app.rules.suppression import Suppression, SuppressionReason, SuppressionScope

CLOSING: Final = (DeliveryState.BOUNCED, DeliveryState.DEFERRED, DeliveryState.COMPLAINED)
"""The claims that may list somebody."""
_NARROW: Final = frozenset({SuppressionScope.MARKETING, SuppressionScope.NOTIFICATION})
ARRIVED: Final = (DeliveryState.DELIVERED, DeliveryState.OPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One suppression with what it is known by."""

    event: str
    """The id of the event that brought it."""
    suppression: Suppression
    lift_asked_by: str = ""
    """Who asked that it be lifted, where a second person has to agree; empty while nobody has."""


def listed_by(claims: Iterable[DeliveryEvent], words: Iterable[CustomerWord]) -> tuple[Listed, ...]:
    """What follows from the claims and the words of one customer, in any order, the oldest first."""
    found: list[Listed] = []
    passing: dict[tuple[str, Channel], list[DeliveryEvent]] = defaultdict(list)
    for claim in claims:
        if claim.state is DeliveryState.COMPLAINED:
            found.append(_by_claim(claim, SuppressionReason.COMPLAINT))
        elif claim.state in {DeliveryState.BOUNCED, DeliveryState.DEFERRED}:
            verdict = judge(claim.code, claim.detail, claim.provider_verdict)
            if verdict.condemns_the_address:
                found.append(_by_claim(claim, SuppressionReason.HARD_BOUNCE))
            elif verdict.kind is BounceKind.SOFT:
                passing[claim.communication, claim.channel].append(claim)
    found += [
        _by_claim(max(tries, key=lambda claim: (claim.at, claim.id)), SuppressionReason.SOFT_BOUNCE)
        for tries in passing.values()
        if is_given_up(claim.at for claim in tries)
    ]
    found += [_by_word(word) for word in words if word.wish is SendingWish.STOP]
    return tuple(sorted(found, key=lambda each: (each.suppression.since, each.event)))


def still_counting(
    listed: Iterable[Listed], *, words: Iterable[CustomerWord], arrived: Mapping[Channel, datetime]
) -> tuple[Listed, ...]:
    """Those that the customer's later START or a later arrival on the channel did not end.

    ``arrived`` is the last moment at which something surely reached the customer, by channel.
    """
    starts = tuple(word for word in words if word.wish is SendingWish.START)
    return tuple(each for each in listed if not _is_over(each.suppression, starts, arrived))


def left_after_lifting(suppression: Suppression, scope: SuppressionScope) -> SuppressionScope | None:
    """What stays barred when ``scope`` may be sent again; None when nothing does."""
    if suppression.is_about_the_address or scope in {SuppressionScope.ALL, suppression.scope}:
        return None
    if suppression.scope is not SuppressionScope.ALL:
        return suppression.scope
    return SuppressionScope.MARKETING if scope is SuppressionScope.NOTIFICATION else SuppressionScope.NOTIFICATION


def merged(kept: Sequence[Listed], found: Sequence[Listed], *, lifted: frozenset[str]) -> tuple[Listed, ...]:
    """What the list keeps and what was found besides, each event once; what was ``lifted`` does not come back."""
    known = {each.event for each in kept} | lifted
    both = (*kept, *(each for each in found if each.event not in known))
    return tuple(sorted(both, key=lambda each: (each.suppression.since, each.event)))


def collapsed(listed: Sequence[Listed]) -> tuple[Listed, ...]:
    """``listed`` with one bounce for each channel and kind, the latest: a mailbox is dead once, however often told."""
    last = {(each.suppression.channel, each.suppression.reason): each for each in listed if _is_bounce(each)}
    return tuple(each for each in listed if not _is_bounce(each) or each in last.values())


def lifted_with(wanted: Listed, listed: Iterable[Listed]) -> tuple[Listed, ...]:
    """What ends together with ``wanted``: of a bounce, all that :func:`collapsed` shows as one."""
    own = wanted.suppression
    return tuple(
        each
        for each in listed
        if each.event == wanted.event
        or (_is_bounce(wanted) and (each.suppression.channel, each.suppression.reason) == (own.channel, own.reason))
    )


def _is_bounce(listed: Listed) -> bool:
    return listed.suppression.reason.is_bounce


def _is_over(suppression: Suppression, starts: Iterable[CustomerWord], arrived: Mapping[Channel, datetime]) -> bool:
    if suppression.reason is SuppressionReason.UNSUBSCRIBE:
        return any(_takes_back(word, suppression) for word in starts)
    if suppression.reason.is_bounce:
        ended = arrived.get(suppression.channel)
        return ended is not None and ended > suppression.since
    return False


def _takes_back(start: CustomerWord, suppression: Suppression) -> bool:
    """Whether ``start`` ends it: who wants news again has not asked for bills, nor the other way round."""
    is_wide_enough = start.scope not in _NARROW or start.scope == suppression.scope
    return start.channel is suppression.channel and start.at > suppression.since and is_wide_enough


def _by_claim(claim: DeliveryEvent, reason: SuppressionReason) -> Listed:
    suppression = Suppression(channel=claim.channel, reason=reason, since=claim.at, source=claim.source)
    return Listed(event=claim.id, suppression=suppression)


def _by_word(word: CustomerWord) -> Listed:
    # Bulk marketing alone carries an unsubscribe link (domain rule 3.4); a STOP by text message closes the channel.
    usual = SuppressionScope.MARKETING if word.channel is Channel.EMAIL else SuppressionScope.ALL
    scope = SuppressionScope(word.scope) if word.scope in set(SuppressionScope) else usual
    return Listed(
        event=word.id,
        suppression=Suppression(
            channel=word.channel,
            reason=SuppressionReason.UNSUBSCRIBE,
            since=word.at,
            scope=scope,
            source=word.source,
            is_kept_by_carrier=word.is_kept_by_carrier,
        ),
    )
