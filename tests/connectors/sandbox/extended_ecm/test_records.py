"""Records and holds: what freezes a document, who may lift it, and until when it is kept."""

from datetime import date, timedelta

import pytest

from connectors.errors import InvalidError, NotFoundError
from connectors.extended_ecm import ExtendedEcmClient, Node, NodeHold, NodeId, NodeType
from tests.connectors.sandbox.extended_ecm.conftest import NOON, Archive
from tests.connectors.sandbox.extended_ecm.places import document_of, folder_of, plain_document


async def newest_record_class(client: ExtendedEcmClient) -> Node:
    volume = await client.volume(NodeType.RECORDS_VOLUME)
    return await anext(client.children(volume.id))


async def placed_hold(client: ExtendedEcmClient) -> tuple[NodeId, NodeHold]:
    """The document that a query put on hold."""
    hold = await client.hold_named("Tax audit 2025")
    held = await anext(client.held_by(hold.id))
    return held.id, next(each for each in await client.holds_on(held.id) if each.hold_id == hold.id)


def test_a_hold_that_a_query_brought_is_lifted_with_that_query_alone(any_archive: Archive) -> None:
    """Lifting it by its number alone is refused, and the desk would have no way out (CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> tuple[str, list[str]]:
        node, hold = await placed_hold(client)
        with pytest.raises(InvalidError):
            await client.lift_hold(node, hold.hold_id)
        await client.lift_placed_hold(node, hold)
        return hold.hold_appliedmethod, [each.hold_name for each in await client.holds_on(node)]

    method, left = any_archive.asked(act)

    assert method == "Query"
    assert "Tax audit 2025" not in left


@pytest.mark.contract("extended_ecm 13.4", "extended_ecm 13.8")
def test_many_documents_are_held_and_freed_at_once(any_archive: Archive) -> None:
    """A regulator asks for hundreds of letters, not for one."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str], list[str]]:
        first, second = await plain_document(client), await plain_document(client, "Other.pdf")
        number = await client.create_hold("Search 7", "LEGAL", on=date(2026, 5, 12), comment="keep", alternate_id="S7")
        await client.apply_hold_to([first.id, second.id], number)
        held = sorted([each.name async for each in client.held_by(number)])
        await client.lift_hold_from([first.id, second.id], number, comment="done")
        await client.delete_hold(number)
        return held, [each.name async for each in client.holds() if each.name == "Search 7"]

    assert any_archive.asked(act) == (["Other.pdf", "Plain.pdf"], [])


def test_a_hold_in_use_stays(archive: Archive) -> None:
    """Deleting it would free everything under it without a trace."""

    async def act(client: ExtendedEcmClient) -> None:
        await client.delete_hold((await client.hold_named("Marchetti v. Harbour")).id)

    with pytest.raises(InvalidError):
        archive.asked(act)


def test_an_unknown_hold_for_many_is_not_found(archive: Archive) -> None:
    """The one records call that answers 404 (CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> None:
        await client.apply_hold_to([(await plain_document(client)).id], 999_999)

    with pytest.raises(NotFoundError):
        archive.asked(act)


def test_a_hold_by_an_unknown_name_is_a_refusal_though_it_is_a_200(archive: Archive) -> None:
    """``ok: false`` read as success would be a hold without a name (CONFIRMED)."""
    with pytest.raises(InvalidError):
        archive.asked(lambda client: client.hold_named("nobody's"))


def test_a_document_becomes_a_record_and_its_retention_ends(any_archive: Archive) -> None:
    """Without a class nothing says when a letter may go."""

    async def act(client: ExtendedEcmClient) -> tuple[str | None, int, bool]:
        document, plan = await plain_document(client), await newest_record_class(client)
        assert await client.record_details(document.id) is None
        await client.classify_record(document.id, plan.id, schedule="COR-03", official=True)
        details = await client.record_details(document.id)
        assert details is not None
        (stage,) = await client.retention(document.id, details.rsi)
        return details.standing, stage.ends_at.year if stage.ends_at else 0, details.official

    assert any_archive.asked(act) == ("ACTIVE", 2029, True)


def test_record_details_are_changed_under_their_token(any_archive: Archive) -> None:
    """Two records managers would overwrite each other."""

    async def act(client: ExtendedEcmClient) -> str | None:
        document = await document_of(client, "com-1")
        await client.change_record(document.id, {"status": "CLOSED"})
        details = await client.record_details(document.id)
        return details.standing if details else None

    assert any_archive.asked(act) == "CLOSED"


def test_a_record_is_unclassified_unless_a_hold_is_on_it(any_archive: Archive) -> None:
    """Taking the class off a held document would be a way round the hold."""

    async def act(client: ExtendedEcmClient) -> bool:
        held, free = await document_of(client, "com-4"), await plain_document(client)
        for node in (free, held):
            details = await client.record_details(node.id)
            if details is None:
                await client.classify_record(node.id, (await newest_record_class(client)).id)
        details = await client.record_details(held.id)
        assert details is not None
        with pytest.raises(InvalidError):
            await client.unclassify_record(held.id, details.rmclassification_id)
        await client.unclassify_record(free.id, (await newest_record_class(client)).id)
        return await client.record_details(free.id) is None

    assert any_archive.asked(act)


def test_a_schedule_is_set_and_dropped_apart_from_the_class(any_archive: Archive) -> None:
    """A letter that turns out to belong to a claim is kept longer."""

    async def act(client: ExtendedEcmClient) -> list[str]:
        document = await document_of(client, "com-6")
        details = await client.record_details(document.id)
        assert details is not None
        seen = []
        await client.set_schedule(document.id, details.rmclassification_id, "CLM-10")
        for step in (None, client.drop_schedule(document.id, details.rmclassification_id)):
            if step is not None:
                await step
            now = await client.record_details(document.id)
            seen.append(now.rsi if now else "?")
        return seen

    assert any_archive.asked(act) == ["CLM-10", ""]


def test_a_final_record_stays_as_it_is(any_archive: Archive) -> None:
    """Final means that nobody changes it any more."""

    async def act(client: ExtendedEcmClient) -> None:
        document = await document_of(client, "com-6")
        await client.finalize_records([document.id])
        await client.change_record(document.id, {"status": "INACTIVE"})

    with pytest.raises(InvalidError):
        any_archive.asked(act)


def test_schedules_and_codes_are_the_servers_own(archive: Archive) -> None:
    """A code that the server does not know is refused with every hold."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str], list[str]]:
        codes = await client.records_codes()
        return [each.name async for each in client.schedules()], [each.code for each in codes["hold_type"]]

    assert archive.asked(act) == (["CLM-10", "POL-07", "COR-03"], ["LEGAL", "FOIA", "AUDIT", "TAX"])


def test_classifications_are_replaced_as_a_whole(archive: Archive) -> None:
    """Adding one by sending it alone would take the others off (CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> list[list[str]]:
        document = await plain_document(client)
        volume = await client.volume(NodeType.RECORDS_VOLUME)
        first, second, *_ = [each async for each in client.children(volume.id)]
        seen = []
        for chosen in ([first.id, second.id], [second.id], []):
            await client.set_classifications(document.id, chosen)
            seen.append([each.name for each in await client.classifications(document.id)])
        return seen

    assert archive.asked(act) == [["CLM-10", "COR-03"], ["COR-03"], []]


def test_a_held_document_cannot_lose_a_version(archive: Archive) -> None:
    """A hold keeps what was, not only what is."""

    async def act(client: ExtendedEcmClient) -> None:
        document = await document_of(client, "com-1")
        await client.add_version(document.id, "b.pdf", content=b"two", media_type="application/pdf")
        await client.purge_versions(document.id, keep=1)

    with pytest.raises(InvalidError):
        archive.asked(act)


def test_a_reminder_is_kept_and_news_is_asked_for(any_archive: Archive) -> None:
    """A customer who waits for an answer is forgotten; and interests not named are reset (CONFIRMED)."""

    async def act(client: ExtendedEcmClient) -> tuple[list[str], list[int], list[int]]:
        folder = await folder_of(client, "HM-1")
        me = await client.who_am_i()
        await client.remind(folder.id, recipients=[me.id], due=(NOON + timedelta(days=7)).date(), description="call")
        first = await client.set_interests(folder.id, {3: 1, 4: 2})
        second = await client.set_interests(folder.id, {13: 1})
        assert await client.interests(folder.id) == second
        told = [each.description for each in await client.reminders(folder.id)]
        return told, [each.report for each in first], [each.report for each in second]

    told, first, second = any_archive.asked(act)

    assert told == ["call"]
    assert (first, second) == ([0, 1, 2, 0], [0, 0, 0, 1])
