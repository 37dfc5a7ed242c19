"""Sharing outside, links inside, reports, search beyond words, and the two habits: an older tongue, a slow index."""

import asyncio
from datetime import timedelta

import pytest

from connectors.errors import InvalidError, NotFoundError, SignInError
from connectors.extended_ecm import (
    ExtendedEcmClient,
    Invitee,
    LookFor,
    NameTakenError,
    NodeId,
    NodeType,
    ShareOutcome,
    ShareRole,
    ShareWish,
    Within,
    by_password,
)
from connectors.sandbox.world import Dialect, Habits
from tests.connectors.sandbox.extended_ecm.conftest import NOON, Archive, build_archive
from tests.connectors.sandbox.extended_ecm.places import document_of, folder_of, plain_document, workspace_of

OLDER = Habits(dialect=Dialect.OLDER)
GUEST = Invitee(email="Guest@Example.org", name="Guest", role=ShareRole.COLLABORATOR)


# Sharing


def test_an_item_is_shared_with_named_people_until_a_day(archive: Archive) -> None:
    """There is no anonymous link: who sees a document outside is named (CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> tuple[ShareOutcome, list[int]]:
        document = await plain_document(client)
        until = (NOON + timedelta(days=14)).date()
        outcome = await client.share(ShareWish(nodes=(document.id,), invitees=(GUEST,), ends_on=until, message="see"))
        await client.stop_sharing(document.id)
        return outcome, [each.event_type async for each in client.history(document.id)][:2]

    outcome, events = archive.asked(act)

    assert not outcome.partial
    assert events == [6014, 6000]


def test_a_partial_share_says_so(archive: Archive) -> None:
    """Nine of ten shared would look like ten."""

    async def act(client: ExtendedEcmClient) -> bool:
        document = await plain_document(client)
        return (await client.share(ShareWish(nodes=(document.id, NodeId(999_999)), invitees=(GUEST,)))).partial

    assert archive.asked(act)


@pytest.mark.parametrize(
    "wish",
    [
        ShareWish(nodes=(NodeId(2000),), invitees=()),
        ShareWish(nodes=(NodeId(2000),), invitees=(Invitee(email="nobody"),)),
        ShareWish(nodes=(NodeId(2000),), invitees=(GUEST,), ends_on=NOON.date() - timedelta(days=1)),
        ShareWish(nodes=(NodeId(999_999),), invitees=(GUEST,)),
    ],
    ids=["nobody invited", "no address", "over already", "nothing there"],
)
def test_what_cannot_be_shared_is_refused(archive: Archive, wish: ShareWish) -> None:
    """A share that was never made would be reported to the customer."""
    with pytest.raises(InvalidError):
        archive.asked(lambda client: client.share(wish))


def test_a_link_leads_to_the_item_for_those_who_can_sign_in(archive: Archive) -> None:
    """People send each other links, not numbers."""

    async def act(client: ExtendedEcmClient) -> bool:
        document = await plain_document(client)
        return (await client.link(document.id)).endswith(f"/link/{document.id}")

    assert archive.asked(act)


def test_a_report_prints_what_it_likes(archive: Archive) -> None:
    """A site's own report is the one way to numbers that no call gives."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str], bytes]:
        asked = [each.parm_name for each in await client.report_parameters("new_documents")]
        return asked, (await client.report("new_documents", {"days": "7"})).data

    asked, printed = archive.asked(act)

    assert asked == ["days"]
    assert b'"days":7' in printed


def test_a_node_that_is_no_report_cannot_be_run(archive: Archive) -> None:
    """A wrong nickname in the settings must say so."""
    with pytest.raises(NotFoundError):
        archive.asked(lambda client: client.report("unknown"))


# Search


@pytest.mark.parametrize(
    ("where", "lookfor", "hits"),
    [
        ("Renewal com-2", LookFor.ALL_WORDS, 1),
        ("com-1 com-2", LookFor.ANY_WORDS, 2),
        ("Renewal notice", LookFor.PHRASE, 4),
    ],
)
def test_words_are_looked_for_as_asked(archive: Archive, where: str, lookfor: LookFor, hits: int) -> None:
    """Any word and all words are as different as ten letters and a thousand."""

    async def act(client: ExtendedEcmClient) -> int:
        found = client.search(where, lookfor=lookfor, within=Within.METADATA)
        return len([each async for each in found if each.kind is NodeType.DOCUMENT])

    assert archive.asked(act) == hits


def test_a_search_stays_below_a_place_and_in_an_order(archive: Archive) -> None:
    """A search in one customer's letters must not show another's."""

    async def act(client: ExtendedEcmClient) -> list[str]:
        workspace = await workspace_of(client, "HM-1")
        found = client.search("OTSubType:144", location=workspace.id, sort="desc_OTName")
        return [each.name async for each in found]

    assert archive.asked(act) == [
        "2026-05-09 Renewal notice.txt",
        "2026-05-09 Renewal notice.pdf",
        "2026-05-09 Renewal notice com-2.pdf",
    ]


def test_category_values_have_regions(archive: Archive) -> None:
    """A search by account number needs the region's name, which differs by site."""

    async def act(client: ExtendedEcmClient) -> tuple[str, int, int]:
        regions = {each.display_name: each.name for each in await client.regions()}
        name = regions["Customer document: Account"]
        return name[:5], len([each async for each in client.search(f'{name}:"HM-3"')]), len(await client.slices())

    assert archive.asked(act) == ("Attr_", 1, 1)


# A slow index


def test_what_was_written_is_found_only_when_the_index_has_seen_it() -> None:
    """A desk that proves by search that nothing is there would file twice."""
    archive = build_archive(Habits(index_lag_s=30))

    async def file(client: ExtendedEcmClient) -> None:
        document = await document_of(client, "com-1")
        await client.rename(document.id, "Quarterly.pdf")
        await plain_document(client, "Fresh.pdf")

    async def found(client: ExtendedEcmClient) -> tuple[int, int, int, bool]:
        names = ("Fresh.pdf", "Quarterly.pdf", "Renewal notice.pdf")
        hits = [len([each async for each in client.search(f'OTName:"{name}"')]) for name in names]
        listed = await client.find_child((await folder_of(client, "HM-1")).id, "Fresh.pdf")
        return hits[0], hits[1], hits[2], listed is not None

    archive.asked(file)
    before = archive.asked(found)
    archive.world.clock.advance(timedelta(seconds=31))
    after = archive.asked(found)

    assert before == (0, 0, 2, True)
    assert after == (1, 1, 1, True)


def test_a_deleted_document_is_not_found_however_slow_the_index() -> None:
    """Hits are re-checked, so that search shows nothing that is gone (contract 7)."""
    archive = build_archive(Habits(index_lag_s=600))

    async def act(client: ExtendedEcmClient) -> int:
        free = await document_of(client, "com-4")
        for hold in await client.holds_on(free.id):
            if hold.queryid:
                await client.lift_placed_hold(free.id, hold)
        other = await document_of(client, "com-3")
        await client.lift_hold_from([other.id], (await client.hold_named("Regulator request 26-114")).id)
        await client.delete(other.id)
        return len([each async for each in client.search('"com-3"')])

    assert archive.asked(act) == 0


# An older tongue


@pytest.mark.contract("extended_ecm 13.5")
def test_a_taken_name_is_one_in_either_tongue(any_archive: Archive) -> None:
    """500 in newer releases, 400 in older ones (CONFIRMED both)."""

    async def act(client: ExtendedEcmClient) -> None:
        for _ in range(2):
            await plain_document(client)

    with pytest.raises(NameTakenError):
        any_archive.asked(act)


def test_a_wrong_password_is_one_in_either_tongue(any_archive: Archive) -> None:
    """Some builds answer 400, and a bad request is not what is wrong."""

    async def act() -> None:
        async with any_archive.client(sign_in=by_password(username="mira.kovac", password="wrong")) as client:
            await client.who_am_i()

    with pytest.raises(SignInError):
        asyncio.run(act())


@pytest.mark.contract("extended_ecm 1.b4", "extended_ecm 13.15")
@pytest.mark.parametrize(
    ("path", "current", "older"),
    [
        ("v1/ping", "rest_api", "build"),
        ("v2/hold?holdname=Tax audit 2025", "results", "hold"),
    ],
)
def test_older_releases_draw_some_answers_otherwise(path: str, current: str, older: str) -> None:
    """What only one tongue knows would break on the other's server (contract 13)."""

    async def first_key(archive: Archive) -> set[str]:
        async with archive.bare() as http:
            return set((await http.get(path)).json())

    assert current in asyncio.run(first_key(build_archive()))
    assert older in asyncio.run(first_key(build_archive(OLDER)))


@pytest.mark.contract("extended_ecm 9.b3", "extended_ecm 13.8")
def test_older_releases_answer_records_writes_with_nothing() -> None:
    """A reader that insists on JSON would report a hold that was put on as a failure (CONFIRMED by R)."""
    archive = build_archive(OLDER)

    async def act() -> tuple[int, bytes]:
        async with archive.bare() as http:
            (hold, *_) = (await http.get("v2/holds")).json()["results"]["data"]["holds"]
            found = await http.post("v2/search", data={"where": '"com-6"', "limit": "1"})
            node = found.json()["results"][0]["data"]["properties"]["id"]
            reply = await http.post(f"v1/nodes/{node}/holds", data={"hold_id": hold["HoldID"]})
            return reply.status_code, reply.content

    assert asyncio.run(act()) == (200, b"")
