"""By which ways a message may go, and how that is explained to an agent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Channel, ChannelConsent, ContactPoint, Customer, CustomerNumber, NodeId
from app.rules.channel_choice import ChannelPlan, Circumstances, Message, Openness, choose_channels
from app.rules.quiet_hours import Purpose
from app.rules.suppression import Suppression, SuppressionReason, SuppressionScope

PARIS = ZoneInfo("Europe/Paris")
MORNING = datetime(2026, 5, 12, 9, 41, tzinfo=PARIS)
NIGHT = datetime(2026, 5, 12, 23, 15, tzinfo=PARIS)
INES = Customer(
    number=CustomerNumber("HM-204881"),
    name="Inès Caron",
    workspace=NodeId(1),
    locale="fr-CA",
    contact_points=(
        ContactPoint(channel=Channel.PRINT, masked="59800 L•••"),
        ContactPoint(channel=Channel.EMAIL, masked="i•••@lamer.example"),
        ContactPoint(channel=Channel.SMS, masked="•• 42"),
    ),
    consents=(
        ChannelConsent(channel=Channel.EMAIL, is_allowed=True, reason="allowed"),
        ChannelConsent(channel=Channel.SMS, is_allowed=True, reason="allowed"),
    ),
    preferred=(Channel.SMS, Channel.EMAIL),
)
SERVICE = Message(purpose=Purpose.SERVICE)
MARKETING = Message(purpose=Purpose.MARKETING)
PROMISED = tuple(ChannelConsent(channel=channel, is_allowed=True, reason="asked for our news") for channel in Channel)
NOTICE = "mandatory for notice type N"

BOOLS = st.booleans()
CUSTOMERS = st.builds(
    replace,
    st.just(INES),
    preferred=st.permutations(list(Channel)).map(tuple),
    consents=st.lists(
        st.builds(
            ChannelConsent, channel=st.sampled_from(Channel), is_allowed=BOOLS, reason=st.sampled_from(["x", "y"])
        ),
        max_size=4,
    ).map(tuple),
    contact_points=st.lists(
        st.builds(ContactPoint, channel=st.sampled_from(Channel), masked=st.just("m"), is_bad=BOOLS), max_size=4
    ).map(tuple),
)
SUPPRESSIONS = st.lists(
    st.builds(
        Suppression,
        channel=st.sampled_from(Channel),
        reason=st.sampled_from(SuppressionReason),
        scope=st.sampled_from(SuppressionScope),
        since=st.integers(0, 9).map(lambda days: MORNING - timedelta(days=days)),
    ),
    max_size=3,
)
MESSAGES = st.builds(
    Message,
    purpose=st.just(Purpose.SERVICE),
    channels=st.frozensets(st.sampled_from(Channel)),
    required=st.sampled_from([{}, {Channel.PRINT: NOTICE}, {Channel.SMS: NOTICE, Channel.EMAIL: NOTICE}]),
    locales=st.sampled_from([{}, {Channel.EMAIL: ("fr", "en")}, {Channel.PRINT: ("de",), Channel.SMS: ()}]),
    default_locale=st.sampled_from([None, "en"]),
    is_legal=BOOLS,
    sms_text=st.sampled_from(["", "Hello", "Hello. STOP 36111"]),
) | st.just(MARKETING)
WHEN = st.builds(
    Circumstances,
    now=st.integers(0, 200).map(lambda hours: MORNING + timedelta(hours=hours)),
    zone=st.just(PARIS),
    country=st.sampled_from(["FR", "DE", ""]),
    holidays=st.sampled_from([frozenset(), frozenset({date(2026, 5, 14)})]),
)


def plan(
    message: Message = SERVICE,
    *,
    customer: Customer = INES,
    now: datetime = MORNING,
    country: str = "FR",
    suppressions: tuple[Suppression, ...] = (),
    marketing_consents: tuple[ChannelConsent, ...] = PROMISED,
) -> ChannelPlan:
    return choose_channels(
        customer,
        message,
        circumstances=Circumstances(now=now, zone=PARIS, country=country),
        suppressions=suppressions,
        marketing_consents=marketing_consents,
    )


def suppressed(
    channel: Channel, reason: SuppressionReason, scope: SuppressionScope = SuppressionScope.ALL
) -> Suppression:
    return Suppression(channel=channel, reason=reason, scope=scope, since=MORNING, source="Email gateway")


def openness(made: ChannelPlan) -> dict[Channel, Openness]:
    return {way.channel: way.openness for way in made.ways}


def test_withdrawn_consent_sends_by_letter_and_says_why() -> None:
    """The question on the telephone is “why did I get a letter?”."""
    withdrawn = ChannelConsent(
        channel=Channel.EMAIL,
        is_allowed=False,
        reason="consent withdrawn",
        since=datetime(2026, 5, 1, tzinfo=UTC),
    )
    customer = replace(INES, consents=(withdrawn,), preferred=(Channel.EMAIL,))

    made = plan(Message(purpose=Purpose.SERVICE, required={Channel.PRINT: NOTICE}), customer=customer)

    assert made.chosen is not None
    assert made.chosen.channel is Channel.PRINT
    assert made.trail == (
        "Print is open: mandatory for notice type N.",
        "Email is blocked: consent withdrawn, since 2026-05-01.",
        "SMS is blocked: no consent is recorded.",
    )


def test_the_customer_s_own_order_decides_among_open_ways() -> None:
    """Somebody who asked for texts would get letters."""
    assert [way.channel for way in plan().ways] == [Channel.SMS, Channel.EMAIL, Channel.PRINT]


def test_a_required_channel_goes_first_whatever_is_preferred() -> None:
    """A notice that the law wants on paper would go out as a text."""
    made = plan(Message(purpose=Purpose.SERVICE, required={Channel.PRINT: NOTICE}))

    assert [way.channel for way in made.ways] == [Channel.PRINT, Channel.SMS, Channel.EMAIL]


@pytest.mark.parametrize(
    ("marketing_consents", "wanted"),
    [
        ((), {Openness.BLOCKED}),
        (PROMISED, {Openness.ALLOWED}),
        ((*PROMISED, *(replace(each, is_allowed=False) for each in PROMISED)), {Openness.BLOCKED}),
    ],
)
def test_marketing_needs_a_consent_of_its_own(
    marketing_consents: tuple[ChannelConsent, ...], wanted: set[Openness]
) -> None:
    """That somebody takes bills by mail does not mean that they want offers."""
    assert set(openness(plan(MARKETING, marketing_consents=marketing_consents)).values()) == wanted


def test_a_channel_that_was_withdrawn_is_closed_to_marketing_too() -> None:
    """An old consent to news does not outlive the customer's “no more mails”."""
    customer = replace(INES, consents=(ChannelConsent(channel=Channel.EMAIL, is_allowed=False, reason="withdrawn"),))

    assert openness(plan(MARKETING, customer=customer))[Channel.EMAIL] is Openness.BLOCKED


@pytest.mark.parametrize(
    ("message", "now", "country", "wanted"),
    [
        (MARKETING, NIGHT, "FR", Openness.LATER),
        (MARKETING, NIGHT, "DE", Openness.ALLOWED),
        (MARKETING, MORNING, "FR", Openness.ALLOWED),
        (SERVICE, NIGHT, "FR", Openness.ALLOWED),
        (Message(purpose=Purpose.SERVICE, sms_text="Your bill. STOP 36111"), NIGHT, "FR", Openness.LATER),
    ],
)
def test_quiet_hours_hold_marketing_by_sms_back(
    message: Message, now: datetime, country: str, wanted: Openness
) -> None:
    """A stop code turns a reminder into marketing, which may not ring at night."""
    assert openness(plan(message, now=now, country=country))[Channel.SMS] is wanted


def test_a_way_that_waits_says_until_when() -> None:
    """“Later” without an hour is “try again and see”."""
    waiting = next(way for way in plan(MARKETING, now=NIGHT).ways if way.channel is Channel.SMS)

    assert waiting.at == datetime(2026, 5, 13, 8, tzinfo=PARIS)
    assert waiting.sentence == (
        "SMS has to wait until 2026-05-13 06:00 UTC: "
        "marketing by SMS in FR goes out from 08:00 to 22:00, not on Sundays or holidays."
    )


def test_a_stop_code_needs_the_consent_that_marketing_needs() -> None:
    """The provider would hold it to be marketing, and so would a court."""
    text = Message(purpose=Purpose.SERVICE, sms_text="Your bill. STOP 36111", required={Channel.SMS: NOTICE})

    way = next(way for way in plan(text, marketing_consents=()).ways if way.channel is Channel.SMS)

    assert way.sentence == "SMS is blocked: no consent to marketing is recorded."
    assert way.guards[0].answer.startswith("marketing: it offers a stop code")


@pytest.mark.parametrize(
    ("reason", "scope", "service", "marketing"),
    [
        (SuppressionReason.UNSUBSCRIBE, SuppressionScope.MARKETING, Openness.ALLOWED, Openness.BLOCKED),
        (SuppressionReason.UNSUBSCRIBE, SuppressionScope.ALL, Openness.BLOCKED, Openness.BLOCKED),
        (SuppressionReason.UNSUBSCRIBE, SuppressionScope.NOTIFICATION, Openness.BLOCKED, Openness.ALLOWED),
        (SuppressionReason.COMPLAINT, SuppressionScope.MARKETING, Openness.BLOCKED, Openness.BLOCKED),
        (SuppressionReason.HARD_BOUNCE, SuppressionScope.ALL, Openness.BLOCKED, Openness.BLOCKED),
    ],
)
def test_lists_close_what_they_are_about(
    reason: SuppressionReason, scope: SuppressionScope, service: Openness, marketing: Openness
) -> None:
    """An ended newsletter may not end the bills, and a complaint ends both."""
    barred = (suppressed(Channel.EMAIL, reason, scope),)

    found = [openness(plan(each, suppressions=barred))[Channel.EMAIL] for each in (SERVICE, MARKETING)]

    assert found == [service, marketing]


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        (SuppressionReason.UNSUBSCRIBE, Openness.ALLOWED),
        (SuppressionReason.MANUAL, Openness.ALLOWED),
        (SuppressionReason.COMPLAINT, Openness.BLOCKED),
        (SuppressionReason.HARD_BOUNCE, Openness.BLOCKED),
    ],
)
def test_a_duty_outweighs_wishes_and_no_dead_address(reason: SuppressionReason, wanted: Openness) -> None:
    """A notice of cancellation must go out; to a mailbox that does not exist it cannot."""
    message = Message(purpose=Purpose.SERVICE, required={Channel.EMAIL: NOTICE})

    assert openness(plan(message, suppressions=(suppressed(Channel.EMAIL, reason),)))[Channel.EMAIL] is wanted


def test_a_complaint_among_wishes_is_not_outweighed_with_them() -> None:
    """A duty that outweighs the one would take the other along unseen."""
    message = Message(purpose=Purpose.SERVICE, required={Channel.EMAIL: NOTICE})
    both = (
        suppressed(Channel.EMAIL, SuppressionReason.UNSUBSCRIBE),
        suppressed(Channel.EMAIL, SuppressionReason.COMPLAINT),
    )

    way = next(way for way in plan(message, suppressions=both).ways if way.channel is Channel.EMAIL)

    assert way.objection == (
        "the customer complained about this channel (Email gateway); "
        "the customer asked not to be written to this way (Email gateway)"
    )


def test_a_suppression_of_another_address_is_let_be() -> None:
    """A customer with a new address would stay unreachable because of the old one."""
    old = Suppression(
        channel=Channel.EMAIL, reason=SuppressionReason.HARD_BOUNCE, since=MORNING, address="old@lamer.example"
    )

    made = choose_channels(
        INES,
        SERVICE,
        circumstances=Circumstances(now=MORNING),
        suppressions=[old],
        address_of=lambda point: "NEW@lamer.example" if point.channel is Channel.EMAIL else "",
    )

    assert openness(made)[Channel.EMAIL] is Openness.ALLOWED


@pytest.mark.parametrize(
    ("versions", "default", "is_legal", "wanted", "answer"),
    [
        (("fr-CA",), None, False, Openness.ALLOWED, "fr-CA"),
        (("fr",), None, False, Openness.ALLOWED, "fr-CA → fr"),
        (("en",), "en", False, Openness.ALLOWED, "fr-CA → fr → default en"),
        (("en",), None, False, Openness.BLOCKED, "fr-CA → fr → missing, and there is no default"),
        (("fr",), "fr", True, Openness.BLOCKED, "fr-CA → missing, and legal text is never sent in another language"),
    ],
)
def test_a_language_that_is_missing_closes_the_way(
    versions: tuple[str, ...], default: str | None, is_legal: bool, wanted: Openness, answer: str
) -> None:
    """A contract in a language that was not agreed binds nobody."""
    message = Message(
        purpose=Purpose.SERVICE, locales={Channel.EMAIL: versions}, default_locale=default, is_legal=is_legal
    )

    way = next(way for way in plan(message).ways if way.channel is Channel.EMAIL)

    assert way.openness is wanted
    assert next(row.answer for row in way.guards if row.question == "Language") == answer


def test_a_channel_that_cannot_be_composed_is_closed() -> None:
    """An offer to send a text that does not exist fails after the click."""
    message = Message(purpose=Purpose.SERVICE, channels=frozenset({Channel.PRINT}))

    assert openness(plan(message))[Channel.SMS] is Openness.BLOCKED


def test_a_customer_without_an_address_is_told_as_such() -> None:
    """An empty list looks like a page that is still loading."""
    made = plan(customer=replace(INES, contact_points=()))

    assert (made.chosen, made.trail) == (None, ("No address of this customer is known.",))


def test_nobody_is_bound_to_send_marketing() -> None:
    """A campaign would call itself mandatory and pass every refusal."""
    with pytest.raises(ValueError, match="bound"):
        Message(purpose=Purpose.MARKETING, required={Channel.EMAIL: NOTICE})


@given(CUSTOMERS, MESSAGES, WHEN, SUPPRESSIONS, BOOLS)
def test_every_plan_explains_itself(
    customer: Customer, message: Message, when: Circumstances, barred: list[Suppression], is_promised: bool
) -> None:
    """A way that is closed without a reason, or open against one, is a defect that a customer finds."""
    made = choose_channels(
        customer,
        message,
        circumstances=when,
        suppressions=barred,
        marketing_consents=PROMISED if is_promised else (),
    )

    for way in made.ways:
        assert (way.openness is Openness.BLOCKED) is bool(way.objection)
        assert (way.at is None) is (way.openness is Openness.BLOCKED)
        assert way.at is None or (way.at > when.now) is (way.openness is Openness.LATER)
        assert way.at is None or way.at >= when.now
    assert len(made.ways) == len(customer.contact_points)
    places = [list(Openness).index(way.openness) for way in made.ways]
    assert places == sorted(places)


@given(CUSTOMERS, MESSAGES, WHEN, SUPPRESSIONS)
def test_the_order_of_lists_does_not_count(
    customer: Customer, message: Message, when: Circumstances, barred: list[Suppression]
) -> None:
    """Two agents would get two answers from one archive."""
    turned = replace(customer, consents=tuple(reversed(customer.consents)))

    one = choose_channels(customer, message, circumstances=when, suppressions=barred, marketing_consents=PROMISED)
    other = choose_channels(
        turned, message, circumstances=when, suppressions=barred[::-1], marketing_consents=PROMISED[::-1]
    )

    assert one == other


@given(CUSTOMERS, MESSAGES, WHEN, SUPPRESSIONS, SUPPRESSIONS)
def test_another_suppression_never_opens_a_way(
    customer: Customer, message: Message, when: Circumstances, barred: list[Suppression], more: list[Suppression]
) -> None:
    """A list that grows and lets more through is read the wrong way round."""

    def opened(suppressions: list[Suppression]) -> int:
        made = choose_channels(
            customer, message, circumstances=when, suppressions=suppressions, marketing_consents=PROMISED
        )
        return sum(way.openness is not Openness.BLOCKED for way in made.ways)

    assert opened(barred + more) <= opened(barred)


@given(CUSTOMERS, WHEN, SUPPRESSIONS)
def test_whatever_marketing_may_do_service_may_too_unless_it_was_refused(
    customer: Customer, when: Circumstances, barred: list[Suppression]
) -> None:
    """An offer would reach a customer whom the bill cannot reach."""
    wide = [each for each in barred if each.scope is not SuppressionScope.NOTIFICATION]
    recorded = replace(
        customer,
        consents=(
            *customer.consents,
            *(ChannelConsent(channel=channel, is_allowed=True, reason="z") for channel in Channel),
        ),
    )

    made = [
        choose_channels(recorded, each, circumstances=when, suppressions=wide, marketing_consents=PROMISED)
        for each in (SERVICE, MARKETING)
    ]

    open_to = [{way.channel for way in each.ways if way.openness is not Openness.BLOCKED} for each in made]
    assert open_to[0] >= open_to[1]


def test_hours_of_a_country_that_nobody_knows_are_told_as_unknown() -> None:
    """A marketing text would ring at midnight, and the desk would have said that nothing speaks against it."""
    made = choose_channels(INES, MARKETING, circumstances=Circumstances(now=NIGHT), marketing_consents=PROMISED)

    for way in made.ways:
        assert way.openness is Openness.ALLOWED
        assert [row.answer for row in way.guards if not row.is_fine] == [
            "the customer's country is not known, and so are no quiet hours"
        ]


def test_a_dead_address_is_said_once() -> None:
    """The same sentence twice reads as if two things were wrong."""
    dead = tuple(replace(each, is_bad=each.channel is Channel.EMAIL) for each in INES.contact_points)
    bounced = Suppression(
        channel=Channel.EMAIL, reason=SuppressionReason.HARD_BOUNCE, since=MORNING, source="Email gateway"
    )

    told = plan(SERVICE, customer=replace(INES, contact_points=dead), suppressions=(bounced,))

    way = next(way for way in told.ways if way.channel is Channel.EMAIL)
    assert way.sentence == "Email is blocked: the last delivery to it failed for good (Email gateway)."
