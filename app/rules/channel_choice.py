"""By which ways a message may go to a customer now, which of them comes first, and why.

Source: domain rules 3.3, 3.4 and 3.9. Purpose comes first: service and marketing have different consents, lists and
hours; the language is looked up last. A duty to write (a notice that must go by letter) outweighs a customer's wishes,
never a dead address or a complaint. The plan is a snapshot: it is made when something is sent, and kept with it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from app.records import Channel, ChannelConsent, ContactPoint, Customer
from app.rules.guards import GuardRow
from app.rules.locales import LocaleChoice, lookup
from app.rules.quiet_hours import STATED, Purpose, QuietRule, next_open, rule_for
from app.rules.stop_words import has_stop_code
from app.rules.suppression import Suppression


class Openness(StrEnum):
    """Whether a way can be taken."""

    ALLOWED = "allowed"
    LATER = "later"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be sent, as far as the choice of a way depends on it."""

    purpose: Purpose
    channels: frozenset[Channel] = frozenset(Channel)
    """Those for which it can be composed."""
    required: Mapping[Channel, str] = field(default_factory=dict)
    """Channels by which it must go, and why, such as ``mandatory for notice type N``."""
    locales: Mapping[Channel, Collection[str]] = field(default_factory=dict)
    """The language versions that each channel has; a channel that is left out is in every language."""
    default_locale: str | None = None
    is_legal: bool = False
    """Legal text: the customer's own language, or nothing (domain rule 3.9)."""
    sms_text: str = field(default="", repr=False)
    """The text message as merged; empty when it is not known yet."""

    def __post_init__(self) -> None:
        """Raises: ValueError when marketing is said to be required."""
        if self.required and self.purpose is Purpose.MARKETING:
            raise ValueError("nobody is bound to send marketing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where and when the customer is."""

    now: datetime
    zone: tzinfo = UTC
    country: str = ""
    """ISO 3166, two letters; empty when it is not known, and then no hours are known either."""
    holidays: frozenset[date] = frozenset()
    rules: Sequence[QuietRule] = STATED


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelWay:
    """One way to send, with all that speaks for and against it."""

    channel: Channel
    to: str
    """The masked address."""
    openness: Openness
    at: datetime | None
    """The first moment at which it may be sent, aware UTC; None when it may not."""
    purpose: Purpose
    """What it counts as on this channel."""
    required_because: str
    """Why it must go this way; empty when it need not."""
    locale: LocaleChoice | None
    """None when the message is not kept by language."""
    guards: tuple[GuardRow, ...]

    @property
    def objection(self) -> str:
        """Why this way is closed, or empty."""
        return next((row.answer for row in self.guards if row.is_blocking), "")

    @property
    def sentence(self) -> str:
        """The way in one line, for whoever asks “why not by mail?”."""
        label = self.channel.label
        if self.openness is Openness.BLOCKED:
            told = dict.fromkeys(row.answer.removeprefix(_NOT_POSSIBLE) for row in self.guards if row.is_blocking)
            # An address may be bad by the customer's record and by the event that closed it, which says by whom too.
            reasons = [each for each in told if not any(other != each and other.startswith(each) for other in told)]
            return f"{label} is blocked: {'; '.join(reasons)}."
        because = f": {self.required_because}" if self.required_because else ""
        if self.openness is Openness.LATER and self.at is not None:
            hours = next(row.answer for row in self.guards if row.question == _HOURS)
            return f"{label} has to wait until {self.at:%Y-%m-%d %H:%M} UTC: {hours}."
        return f"{label} is open{because}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """Every way, the best first, as things stood at ``decided_at``."""

    decided_at: datetime
    ways: tuple[ChannelWay, ...]

    @property
    def chosen(self) -> ChannelWay | None:
        """The first way that can be taken now, else the first that can be taken later, else None."""
        return next((way for way in self.ways if way.openness is not Openness.BLOCKED), None)

    @property
    def trail(self) -> tuple[str, ...]:
        """One line for each way, in order."""
        return tuple(way.sentence for way in self.ways) or ("No address of this customer is known.",)


def choose_channels(
    customer: Customer,
    message: Message,
    *,
    circumstances: Circumstances,
    suppressions: Iterable[Suppression] = (),
    marketing_consents: Iterable[ChannelConsent] = (),
    address_of: Callable[[ContactPoint], str] = lambda _: "",
) -> ChannelPlan:
    """Every way by which ``message`` could reach ``customer``: open ones first, then those that wait, then the closed.

    Among equals a required channel comes first, then the customer's own order. ``customer.consents`` say what each
    channel may be used for at all, ``marketing_consents`` which were given for marketing; without such a one nothing is
    sent for it. ``address_of`` gives the key under which a suppression knows a contact point's address; ``""`` when
    that is not known, and then every suppression of the channel counts. The order of the lists does not.
    """
    barred = tuple(suppressions)
    promised = {consent.channel: consent for consent in sorted(marketing_consents, key=_by_severity, reverse=True)}
    order = tuple(dict.fromkeys((*customer.preferred, *Channel)))
    ways = [
        _way(
            customer,
            point,
            message,
            circumstances=circumstances,
            suppressions=[
                each
                for each in barred
                if each.bars(channel=point.channel, purpose=_purpose(message, point.channel), address=address_of(point))
            ],
            promised=promised.get(point.channel),
        )
        for point in customer.contact_points
    ]
    ways.sort(key=lambda way: (_PLACES[way.openness], not way.required_because, order.index(way.channel)))
    return ChannelPlan(decided_at=circumstances.now, ways=tuple(ways))


_PLACES = {Openness.ALLOWED: 0, Openness.LATER: 1, Openness.BLOCKED: 2}
_NO_COUNTRY = "the customer's country is not known, and so are no quiet hours"
_NOT_POSSIBLE = "not possible: "
_PURPOSE, _CONSENT, _ADDRESS, _SUPPRESSION = "Purpose", "Consent", "Address", "Suppression"
_CONTENT, _LANGUAGE, _HOURS = "Content", "Language", "Hours"


def _way(
    customer: Customer,
    point: ContactPoint,
    message: Message,
    *,
    circumstances: Circumstances,
    suppressions: Sequence[Suppression],
    promised: ChannelConsent | None,
) -> ChannelWay:
    channel = point.channel
    purpose = _purpose(message, channel)
    required = message.required.get(channel, "") if purpose is message.purpose else ""
    consent = next((each for each in sorted(customer.consents, key=_by_severity) if each.channel is channel), None)
    locale = _locale(customer, message, channel)
    at, hours = _hours(purpose, channel, circumstances)
    rows = [
        _purpose_row(message, purpose),
        _consent_row(channel, purpose, consent=consent, promised=promised, required=required),
        _address_row(point),
        _suppression_row(suppressions, required=required),
    ]
    if channel not in message.channels:
        rows.append(_row(_CONTENT, f"the message has no version for {channel.label}", is_fine=False))
    if locale is not None:
        rows.append(_language_row(locale, message))
    if hours is not None:
        rows.append(hours)
    is_blocked = any(row.is_blocking for row in rows)
    later = Openness.LATER if at is not None and at > circumstances.now else Openness.ALLOWED
    return ChannelWay(
        channel=channel,
        to=point.masked,
        openness=Openness.BLOCKED if is_blocked else later,
        at=None if is_blocked else at,
        purpose=purpose,
        required_because=required,
        locale=locale,
        guards=tuple(rows),
    )


def _purpose(message: Message, channel: Channel) -> Purpose:
    if channel is Channel.SMS and has_stop_code(message.sms_text):
        return Purpose.MARKETING
    return message.purpose


def _purpose_row(message: Message, purpose: Purpose) -> GuardRow:
    turned = purpose is not message.purpose
    why = ": it offers a stop code, and providers take such a text for marketing" if turned else ""
    return GuardRow(question=_PURPOSE, answer=f"{purpose}{why}", is_fine=not turned)


def _consent_row(
    channel: Channel,
    purpose: Purpose,
    *,
    consent: ChannelConsent | None,
    promised: ChannelConsent | None,
    required: str,
) -> GuardRow:
    if required:
        return _row(_CONSENT, f"not asked for: {required}", is_fine=True)
    if consent is not None and not consent.is_allowed:
        return _row(_CONSENT, _since(consent), is_fine=False)
    if purpose is Purpose.MARKETING:
        if promised is None:
            return _row(_CONSENT, "no consent to marketing is recorded", is_fine=False)
        return _row(_CONSENT, _since(promised), is_fine=promised.is_allowed)
    if consent is not None:
        return _row(_CONSENT, _since(consent), is_fine=True)
    if channel is Channel.PRINT:
        return _row(_CONSENT, "always allowed for contract notices", is_fine=True)
    return _row(_CONSENT, "no consent is recorded", is_fine=False)


def _address_row(point: ContactPoint) -> GuardRow:
    if point.is_bad:
        return _row(_ADDRESS, f"{_NOT_POSSIBLE}the last delivery to it failed for good", is_fine=False)
    return _row(_ADDRESS, "no permanent failure on it", is_fine=True)


def _suppression_row(suppressions: Sequence[Suppression], *, required: str) -> GuardRow:
    if not suppressions:
        return _row(_SUPPRESSION, "none", is_fine=True)
    told = sorted(suppressions, key=lambda each: (not each.is_about_the_address, each.since, each.sentence))
    answer = "; ".join(dict.fromkeys(each.sentence for each in told))
    if required and not told[0].is_about_the_address:
        return GuardRow(question=_SUPPRESSION, answer=f"{answer}; outweighed, as it is {required}", is_fine=False)
    return _row(_SUPPRESSION, answer, is_fine=False)


def _locale(customer: Customer, message: Message, channel: Channel) -> LocaleChoice | None:
    available = message.locales.get(channel)
    if available is None:
        return None
    return lookup(customer.locale, available, default=message.default_locale, may_fall_back=not message.is_legal)


def _language_row(locale: LocaleChoice, message: Message) -> GuardRow:
    if locale.chosen is not None:
        return GuardRow(question=_LANGUAGE, answer=locale.path, is_fine=not locale.is_default)
    why = "legal text is never sent in another language" if message.is_legal else "there is no default"
    return _row(_LANGUAGE, f"{locale.path}, and {why}", is_fine=False)


def _hours(purpose: Purpose, channel: Channel, circumstances: Circumstances) -> tuple[datetime | None, GuardRow | None]:
    now = circumstances.now.astimezone(UTC)
    rule = rule_for(circumstances.rules, country=circumstances.country, channel=channel, purpose=purpose)
    if rule is None:
        is_unknown = purpose is Purpose.MARKETING and not circumstances.country
        return now, GuardRow(question=_HOURS, answer=_NO_COUNTRY, is_fine=False) if is_unknown else None
    at = next_open(rule, now, zone=circumstances.zone, holidays=circumstances.holidays)
    if at is None:
        return None, _row(_HOURS, f"{rule.sentence}, and no such day is coming", is_fine=False)
    return at, GuardRow(question=_HOURS, answer=rule.sentence, is_fine=at == now)


def _row(question: str, answer: str, *, is_fine: bool) -> GuardRow:
    return GuardRow(question=question, answer=answer, is_fine=is_fine, is_blocking=not is_fine)


def _since(consent: ChannelConsent) -> str:
    return f"{consent.reason}, since {consent.since.date().isoformat()}" if consent.since else consent.reason


def _by_severity(consent: ChannelConsent) -> tuple[bool, str]:
    """Refusals first: of two words about one channel the one that closes it counts."""
    return consent.is_allowed, consent.reason
