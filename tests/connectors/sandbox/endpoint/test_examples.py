"""The shipped descriptions and the systems that they describe: state that is written is read back."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from connectors.endpoint import EndpointClient, Record
from connectors.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    SignInError,
)
from connectors.sandbox.endpoint.crm import CURSOR_LASTS, TOKEN_LASTS
from connectors.sandbox.endpoint.door import BUDGET, WINDOW
from tests.connectors.sandbox.endpoint.desk import FILES, Desk

CUSTOMER = "HM-204881"
AT = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("system", FILES)
def test_the_probe_of_each_description_answers(system: str, desk: Desk) -> None:
    """A connection would look broken that is not."""
    desk.run(system, EndpointClient.probe)


@pytest.mark.parametrize(
    ("system", "slot"),
    [
        ("crm", "client_id"),
        ("crm", "client_secret"),
        ("delivery_dashboard", "api_key"),
        ("preference_centre", "key_id"),
        ("preference_centre", "signing_key"),
    ],
)
def test_wrong_credentials_are_a_refused_sign_in(system: str, slot: str, desk: Desk) -> None:
    """The person must land on the sign-in card, whatever the system calls it."""
    with pytest.raises(SignInError):
        desk.run(system, EndpointClient.probe, secrets={slot: "wrong"})


# The CRM


def test_every_contact_comes_once_over_all_pages(desk: Desk) -> None:
    """A hole would be a customer whom nobody finds."""
    contacts = desk.all("crm", "contacts")

    assert [contact["number"] for contact in contacts] == sorted(each.number for each in desk.world.customers)
    assert len(contacts) > 100


def test_a_contact_is_told_as_the_world_knows_it(desk: Desk) -> None:
    """The mapping is the description's whole value."""
    customer = next(each for each in desk.world.customers if each.number == CUSTOMER)

    contact = desk.one("crm", "contact", number=CUSTOMER)

    assert contact is not None
    assert contact["changed_at"] is not None
    assert {key: contact[key] for key in ("given_name", "family_name", "email", "mobile", "segments")} == {
        "given_name": customer.given_name,
        "family_name": customer.family_name,
        "email": customer.email,
        "mobile": customer.mobile or None,
        "segments": customer.segments,
    }


def test_nobody_is_none(desk: Desk) -> None:
    """Asking for somebody who is not there is no failure."""
    assert desk.one("crm", "contact", number="HM-0") is None


def test_contacts_are_narrowed_by_segment_and_by_change(desk: Desk) -> None:
    """A synchronisation asks for what changed."""
    desk.one("crm", "record_consent", key="k", **consent())

    changed = desk.all("crm", "contacts", changed_since=desk.world.began)
    marine = desk.all("crm", "contacts", segments=["marine", "business"])

    assert [contact["number"] for contact in changed] == [CUSTOMER]
    assert {contact["number"] for contact in marine} == {
        each.number for each in desk.world.customers if {"marine", "business"} & set(each.segments)
    }


def consent(**other: object) -> dict[str, object]:
    """A customer who does not want mails any more."""
    return {
        "number": CUSTOMER,
        "channel": "email",
        "granted": False,
        "source": "phone",
        "recorded_at": AT,
        **other,
    }


def email_consent(desk: Desk) -> Record:
    """What the CRM holds about mails."""
    return next(each for each in desk.all("crm", "consents", number=CUSTOMER) if each["channel"] == "email")


def test_a_consent_that_is_written_is_read_back(desk: Desk) -> None:
    """We would write to somebody who said no."""
    before = email_consent(desk)

    written = desk.one("crm", "record_consent", key="wish-1", **consent(granted=not before["granted"]))

    assert email_consent(desk) == written
    assert (written or {})["granted"] is not before["granted"]
    assert (written or {})["recorded_at"] == AT


def test_the_same_wish_twice_is_one_consent_with_the_first_answer(desk: Desk) -> None:
    """The answer may be lost, and the desk asks again."""
    first = desk.one("crm", "record_consent", key="wish-1", **consent())
    again = desk.one("crm", "record_consent", key="wish-1", **consent())
    other = desk.one("crm", "record_consent", key="wish-2", **consent())

    assert first == again
    assert [(each or {})["revision"] for each in (first, again, other)] == [2, 2, 3]


def test_a_key_that_came_with_another_wish_is_refused(desk: Desk) -> None:
    """The second wish would be lost without a word."""
    desk.one("crm", "record_consent", key="wish-1", **consent())

    with pytest.raises(InvalidError, match="another request before"):
        desk.one("crm", "record_consent", key="wish-1", **consent(granted=True))


def test_a_key_is_forgotten_after_a_day(desk: Desk) -> None:
    """No system keeps them for ever."""
    desk.one("crm", "record_consent", key="wish-1", **consent())
    desk.world.clock.advance(timedelta(hours=25))

    again = desk.one("crm", "record_consent", key="wish-1", **consent())

    assert (again or {})["revision"] == 3


def test_a_consent_over_a_newer_one_is_a_conflict(desk: Desk) -> None:
    """The newer word would be overwritten by the older."""
    desk.one("crm", "record_consent", key="wish-1", **consent(revision=1))

    with pytest.raises(ConflictError, match="Revision 2 is newer"):
        desk.one("crm", "record_consent", key="wish-2", **consent(revision=1))


def test_what_is_wrong_with_a_consent_is_told_by_field(desk: Desk) -> None:
    """The page shows each sentence beside its field."""
    with pytest.raises(InvalidError) as caught:
        desk.one("crm", "record_consent", key="wish-1", **consent(channel="fax", source=" "))

    assert caught.value.fields.keys() == {"channel", "source"}


def test_a_consent_of_nobody_is_not_found(desk: Desk) -> None:
    """It would lie about somebody."""
    with pytest.raises(NotFoundError):
        desk.one("crm", "record_consent", key="wish-1", **consent(number="HM-0"))


def test_a_walk_that_takes_too_long_begins_again_and_tells_nobody_twice(desk: Desk) -> None:
    """Cursors end; the list must still be whole."""

    async def slowly(client: EndpointClient) -> list[object]:
        numbers: list[object] = []
        async for contact in client.all("contacts", {}):
            numbers.append(contact["number"])
            if len(numbers) == 50:
                desk.world.clock.advance(CURSOR_LASTS)
        return numbers

    assert desk.run("crm", slowly) == sorted(each.number for each in desk.world.customers)


def test_a_token_that_ended_is_renewed_without_a_person(desk: Desk) -> None:
    """A working day is longer than a token."""

    async def before_and_after(client: EndpointClient) -> bool:
        await client.probe()
        desk.world.clock.advance(TOKEN_LASTS)
        await client.probe()
        return True

    assert desk.run("crm", before_and_after)


def bearer(desk: Desk) -> dict[str, str]:
    """A token fetched by hand."""
    coded = b64encode(f"{desk.secrets['client_id']}:{desk.secrets['client_secret']}".encode()).decode()
    answer = desk.ask(
        "POST",
        "/crm/oauth/token",
        headers={"Authorization": f"Basic {coded}"},
        content=b"grant_type=client_credentials&scope=contacts.read",
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/crm/contacts?limit=0", 400),
        ("/crm/contacts?limit=x", 400),
        ("/crm/contacts?cursor=xyz", 400),
        ("/crm/contacts?cursor=%E4", 400),
        ("/crm/contacts?changed_since=yesterday", 400),
        ("/crm/contacts?changed_since=2026-03-04", 400),
        ("/crm/contacts/HM-0", 404),
        ("/crm/nothing", 404),
    ],
)
def test_refusals_of_the_crm_have_its_form(path: str, status: int, desk: Desk) -> None:
    """A description reads the same place everywhere."""
    refused = desk.ask("GET", path, headers=bearer(desk))

    assert refused.status_code == status
    assert refused.json()["error"].keys() == {"code", "message", "fields"}


def test_a_cursor_belongs_to_its_question(desk: Desk) -> None:
    """With another filter it would skip somebody."""
    proof = bearer(desk)
    cursor = desk.ask("GET", "/crm/contacts?limit=1", headers=proof).json()["page"]["next"]

    refused = desk.ask("GET", f"/crm/contacts?limit=1&segment=marine&cursor={cursor}", headers=proof)

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"channel": "email", "more": 1}', b"\xff"])
def test_a_malformed_consent_is_refused(content: bytes, desk: Desk) -> None:
    """A broken body must not become a fault of the server's."""
    headers = {**bearer(desk), "Idempotency-Key": "k"}

    refused = desk.ask("POST", f"/crm/contacts/{CUSTOMER}/consents", headers=headers, content=content)

    assert refused.status_code in {400, 422}


def test_a_write_without_a_key_is_refused(desk: Desk) -> None:
    """It could be done twice."""
    body = json.dumps({"channel": "email"}).encode()

    refused = desk.ask("POST", f"/crm/contacts/{CUSTOMER}/consents", headers=bearer(desk), content=body)

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "idempotency_key_missing")


def test_too_many_calls_are_turned_away_with_a_time(desk: Desk) -> None:
    """A desk that never met it would never slow down."""
    for _ in range(BUDGET):
        desk.ask("GET", "/delivery/summary")
    refused = desk.ask("GET", "/delivery/summary", headers={"X-Api-Key": desk.secrets["api_key"]})

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= WINDOW.total_seconds()
    with pytest.raises(RateLimitError):
        desk.one("delivery_dashboard", "suppress", address="a@b.example", reason="x")
    desk.world.clock.advance(WINDOW)
    assert desk.one("delivery_dashboard", "summary") is not None


# The delivery dashboard


def test_every_message_comes_once_over_all_pages(desk: Desk) -> None:
    """A hole would be a letter that nobody knows of."""
    messages = desk.all("delivery_dashboard", "messages")

    assert [message["id"] for message in messages] == [sent.id for sent in desk.world.sent]


def test_messages_are_narrowed_by_customer_and_channel(desk: Desk) -> None:
    """Support asks about one person."""
    messages = desk.all("delivery_dashboard", "messages", customer=CUSTOMER, channel="email")

    assert {message["id"] for message in messages} == {
        sent.id for sent in desk.world.sent if (sent.customer, sent.channel) == (CUSTOMER, "email")
    }


def test_the_events_of_a_message_are_the_worlds(desk: Desk) -> None:
    """Two systems that tell different stories help nobody."""
    sent = next(each for each in desk.world.sent if len(each.facts) > 2)

    events = desk.all("delivery_dashboard", "message_events", id=sent.id)

    assert [(event["id"], event["state"], event["at"]) for event in events] == [
        (fact.id, fact.kind, fact.at) for fact in sent.facts
    ]


def test_the_summary_counts_what_is_listed(desk: Desk) -> None:
    """A number that does not fit its list costs all trust."""
    summary = desk.one("delivery_dashboard", "summary")
    later = desk.one("delivery_dashboard", "summary", since=desk.world.began.date() + timedelta(days=1))

    assert (summary or {})["total"] == len(desk.world.sent)
    assert (later or {})["total"] == 0


def test_an_address_is_suppressed_listed_and_allowed_again(desk: Desk) -> None:
    """What is written must be there, once."""
    added = desk.one("delivery_dashboard", "suppress", address="a@b.example", reason="asked")
    with pytest.raises(ConflictError):
        desk.one("delivery_dashboard", "suppress", address="a@b.example", reason="asked")
    with_it = [each["address"] for each in desk.all("delivery_dashboard", "suppressions")]

    deleted = desk.one("delivery_dashboard", "allow_again", id=(added or {})["id"])
    again = desk.one("delivery_dashboard", "allow_again", id=(added or {})["id"])

    assert with_it.count("a@b.example") == 1
    assert (deleted, again) == ({}, None)
    assert "a@b.example" not in {each["address"] for each in desk.all("delivery_dashboard", "suppressions")}


def test_suppressions_come_by_offset_to_the_end(desk: Desk) -> None:
    """The last page is a short one."""

    async def fill(client: EndpointClient) -> None:
        for number in range(60):
            await client.one("suppress", {"address": f"{number}@b.example", "reason": "asked"})

    desk.run("delivery_dashboard", fill)

    addresses = [str(each["address"]) for each in desk.all("delivery_dashboard", "suppressions")]
    assert len(addresses) == len(set(addresses)) == 60 + sum(each.email_bad for each in desk.world.customers)


def test_what_is_wrong_with_a_suppression_is_told_by_field(desk: Desk) -> None:
    """The page shows each sentence beside its field."""
    with pytest.raises(InvalidError) as caught:
        desk.one("delivery_dashboard", "suppress", address="nobody", reason="x")

    assert caught.value.fields == {"address": "It is no mail address."}


# The preference centre


def test_everybodys_preferences_come_once_over_all_links(desk: Desk) -> None:
    """A hole would be somebody whose wish we ignore."""
    people = desk.all("preference_centre", "people")

    assert [person["customer"] for person in people] == sorted(each.number for each in desk.world.customers)


def test_a_filter_goes_with_the_links(desk: Desk) -> None:
    """From the second page on the list would be another one."""
    french = desk.all("preference_centre", "people", language="fr-FR")

    assert len(french) > 25
    assert {person["language"] for person in french} == {"fr-FR"}


def wishes(version: object = 1, **other: object) -> dict[str, object]:
    """What somebody wants now."""
    return {
        "customer": CUSTOMER,
        "version": version,
        "channels": ["print"],
        "topics": ["contract", "bills", "surveys"],
        **other,
    }


def test_preferences_that_are_written_are_read_back(desk: Desk) -> None:
    """Somebody's wish would be lost."""
    written = desk.one("preference_centre", "set_preferences", key=None, **wishes(language="de-DE"))

    assert desk.one("preference_centre", "person", customer=CUSTOMER) == written
    assert written == {
        "customer": CUSTOMER,
        "language": "de-DE",
        "preferred_channel": "print",
        "channels": ("print",),
        "topics": ("contract", "bills", "surveys"),
        "version": 2,
    }


def test_preferences_over_newer_ones_are_a_conflict(desk: Desk) -> None:
    """Two people would take turns in losing their change."""
    desk.one("preference_centre", "set_preferences", key=None, **wishes())

    with pytest.raises(ConflictError):
        desk.one("preference_centre", "set_preferences", key=None, **wishes())


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"topics": ["contract", "bills", "gossip"]}, "A topic is not known"),
        ({"topics": ["contract"]}, "cannot do without|can do without"),
        ({"channels": []}, "at least one channel"),
    ],
)
def test_a_refusal_within_a_200_is_a_refusal(other: dict[str, object], words: str, desk: Desk) -> None:
    """It would be taken for done."""
    with pytest.raises(InvalidError, match=words):
        desk.one("preference_centre", "set_preferences", key=None, **wishes(**other))

    assert (desk.one("preference_centre", "person", customer=CUSTOMER) or {})["version"] == 1


def test_nobody_has_no_preferences(desk: Desk) -> None:
    """Asking for somebody who is not there is no failure."""
    assert desk.one("preference_centre", "person", customer="HM-0") is None
