"""What the desk's own client changes in the design service, and reads back."""

import pytest

from connectors.calls import FilePart
from connectors.errors import ConflictError, InvalidError, NotFoundError
from connectors.exstream import BulkChange, ConflictPolicy, ExstreamClient, ImportResult, ResourceState, ResourceVersion
from tests.connectors.sandbox.exstream.conftest import Desk
from tests.connectors.sandbox.exstream.test_designs import renewal_id

FILE = FilePart(name="file", filename="mia.json", content=b'{"a": 1}', media_type="application/json")
OTHER = FilePart(name="file", filename="mia.json", content=b'{"b": 2}', media_type="application/json")


async def a_draft(client: ExstreamClient, domain: str) -> ResourceVersion:
    """A sample file that was just added."""
    return await client.add_resource(domain, name="Mia Holm", type_="samplefile", subtype="driver", file=FILE)


def test_a_sample_file_is_added_and_replaced(desk: Desk, domain: str) -> None:
    """A template owner tries a hard case with data of their own."""

    async def run(client: ExstreamClient) -> tuple[ResourceVersion, bytes, bytes]:
        made = await a_draft(client, domain)
        changed = await client.replace_content(domain, made.id, file=OTHER)
        return changed, await client.content(domain, made.id), await client.old_content(domain, made.id)

    changed, content, old = desk(run)

    assert (changed.version, changed.state, content, old) == (1, ResourceState.DRAFT, OTHER.content, FILE.content)


def test_a_name_that_is_taken_is_a_conflict(desk: Desk, domain: str) -> None:
    """Two templates of one name are told apart by nobody."""

    async def twice(client: ExstreamClient) -> None:
        await a_draft(client, domain)
        await a_draft(client, domain)

    with pytest.raises(ConflictError):
        desk(twice)


@pytest.mark.contract("exstream 3.a")
def test_a_draft_is_reviewed_and_approved_with_a_comment(desk: Desk, domain: str) -> None:
    """The comment is what the audit shows."""

    async def run(client: ExstreamClient) -> tuple[ResourceState, str | None]:
        made = await a_draft(client, domain)
        await client.set_state(domain, made.id, ResourceState.REVIEW)
        await client.set_state(domain, made.id, ResourceState.APPROVED, comment="ok for May")
        history = await client.history(domain, made.id)
        return history[-1].state, history[-1].audited_comment

    assert desk(run) == (ResourceState.APPROVED, "ok for May")


@pytest.mark.contract("exstream 3.a")
def test_a_step_that_cannot_follow_is_a_conflict(desk: Desk, domain: str) -> None:
    """The page offers only what can follow, and somebody else may have been faster."""

    async def run(client: ExstreamClient) -> None:
        made = await a_draft(client, domain)
        await client.set_state(domain, made.id, ResourceState.REJECTED)

    with pytest.raises(ConflictError, match="cannot follow"):
        desk(run)


def test_several_steps_tell_who_could_not_follow(desk: Desk, domain: str) -> None:
    """They come in a success."""

    async def run(client: ExstreamClient) -> tuple[BulkChange, str, str]:
        made, renewal = await a_draft(client, domain), await renewal_id(client, domain)
        return await client.set_states(domain, [made.id, renewal], ResourceState.REVIEW), made.id, renewal

    change, made, renewal = desk(run)

    assert [each.id for each in change.moved] == [made]
    assert {cause: [each.id for each in who] for cause, who in change.failed.items()} == {
        "workflowExceptionResources": [renewal]
    }


def test_children_are_approved_before_parents(desk: Desk, domain: str) -> None:
    """A letter whose sample file is a draft could be composed from nothing."""

    async def run(client: ExstreamClient) -> None:
        (reminder,) = [each async for each in client.communications(domain, search="payment reminder")]
        link = await anext(client.sample_files(domain, reminder.id))
        await client.set_state(domain, link.link_object_id, ResourceState.DRAFT)
        await client.set_state(domain, reminder.id, ResourceState.APPROVED)

    with pytest.raises(ConflictError, match="children"):
        desk(run)


def test_a_lock_is_held_and_released(desk: Desk, domain: str) -> None:
    """Two designers on one letter."""

    async def run(client: ExstreamClient) -> tuple[bool, bool]:
        renewal = await renewal_id(client, domain)
        locked = await client.lock(domain, renewal)
        return locked.locked, (await client.unlock(domain, renewal, force=True)).locked

    assert desk(run) == (True, False)


def test_an_older_version_comes_back(desk: Desk, domain: str) -> None:
    """As a draft, above what is approved."""

    async def run(client: ExstreamClient) -> ResourceVersion:
        return await client.revert(domain, await renewal_id(client, domain), 13, comment="as in April")

    back = desk(run)

    assert (back.version, back.state, back.state_comment) == (15, ResourceState.DRAFT, "as in April")


async def taken_in(client: ExstreamClient, domain: str, policy: ConflictPolicy, *, commit: bool) -> ImportResult:
    """A communication's own export, brought in again."""
    content = await client.export_package(domain, await renewal_id(client, domain))
    part = FilePart(name="p", filename="p.zip", content=content, media_type="application/zip")
    return await client.import_package(domain, package=part, policy=policy, commit=commit)


def test_an_import_is_a_dry_run_unless_it_is_committed(desk: Desk, domain: str) -> None:
    """Somebody looks before twenty letters are replaced."""

    async def run(client: ExstreamClient) -> tuple[ImportResult, int]:
        told = await taken_in(client, domain, ConflictPolicy.REPLACE, commit=False)
        return told, (await client.resource(domain, await renewal_id(client, domain))).version

    told, version = desk(run)

    assert {each.performed_action for each in told.conflicted_resources} == {"REPLACE"}
    assert version == 14


def test_a_committed_import_is_the_newest_version(desk: Desk, domain: str) -> None:
    """Replaced, and the one before is kept."""

    async def run(client: ExstreamClient) -> list[int]:
        renewal = await renewal_id(client, domain)
        await taken_in(client, domain, ConflictPolicy.REPLACE, commit=True)
        return [each.version async for each in client.versions(domain, renewal)]

    assert desk(run) == [15, 14, 13, 12]


def test_under_error_nothing_is_replaced(desk: Desk, domain: str) -> None:
    """It is the policy when nobody chooses one."""
    with pytest.raises(ConflictError, match="exist"):
        desk(lambda client: taken_in(client, domain, ConflictPolicy.ERROR, commit=True))


def test_what_is_no_package_is_refused(desk: Desk, domain: str) -> None:
    """With a sentence, not with a fault."""
    part = FilePart(name="p", filename="p.zip", content=b"no zip")

    with pytest.raises(InvalidError):
        desk(lambda client: client.import_package(domain, package=part))


def test_bytes_that_were_never_replaced_have_none_before(desk: Desk, domain: str) -> None:
    """Not an empty file."""

    async def run(client: ExstreamClient) -> bytes:
        return await client.old_content(domain, (await a_draft(client, domain)).id)

    with pytest.raises(NotFoundError):
        desk(run)
