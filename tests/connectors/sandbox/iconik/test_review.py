"""Approvals and comments: what one client does, another sees."""

import pytest

from connectors.errors import NotFoundError
from connectors.iconik import IconikClient, Reviewed
from connectors.iconik.models import (
    Approval,
    ApprovalRequested,
    ApprovalStatus,
    AssetId,
    Segment,
)
from connectors.sandbox.world import AssetStanding, Library
from tests.connectors.sandbox.iconik.desk import Desk

WAITING = "claim-in-3-steps-fr"


async def _approval(iconik: IconikClient, asset_id: str) -> Approval:
    approval = await iconik.approval(asset_id)
    assert approval is not None
    return approval


def decide(desk: Desk, full_name: str, asset_id: str, status: ApprovalStatus) -> None:
    """One person's decision."""

    async def work(iconik: IconikClient) -> None:
        await iconik.decide(asset_id, status)

    desk.run_as(full_name, work)


def approval_of(desk: Desk, asset_id: str) -> Approval:
    """As the desk's own client sees it."""

    async def work(iconik: IconikClient) -> Approval:
        return await _approval(iconik, asset_id)

    return desk.run(work)


@pytest.mark.parametrize("status", [ApprovalStatus.APPROVED, ApprovalStatus.NOT_APPROVED])
def test_a_decision_is_visible_to_a_second_client(desk: Desk, status: ApprovalStatus) -> None:
    """An approval that only its maker sees has approved nothing."""
    asset_id = desk.hit(WAITING).id

    async def write(iconik: IconikClient) -> None:
        await iconik.decide(asset_id, status)

    async def read(iconik: IconikClient) -> Approval:
        return await _approval(iconik, asset_id)

    desk.run(write)

    assert desk.run_as("Lea Moreau", read).status is status
    assert desk.hit(WAITING).approval_status is status


@pytest.mark.contract("iconik 12.b5")
def test_reviewers_who_disagree_are_mixed(desk: Desk) -> None:
    """Half an approval must not look like one."""
    asset_id = desk.hit(WAITING).id

    decide(desk, "Lea Moreau", asset_id, ApprovalStatus.APPROVED)
    decide(desk, "Tomas Lind", asset_id, ApprovalStatus.NOT_APPROVED)

    approval = approval_of(desk, asset_id)
    assert approval.status is ApprovalStatus.MIXED
    assert {decision.status for decision in approval.approvals_by} == {
        ApprovalStatus.APPROVED,
        ApprovalStatus.NOT_APPROVED,
    }


def test_a_second_decision_replaces_the_first(desk: Desk) -> None:
    """Repeating a PUT must end where one ends."""
    asset_id = desk.hit(WAITING).id

    decide(desk, "Lea Moreau", asset_id, ApprovalStatus.NOT_APPROVED)
    decide(desk, "Lea Moreau", asset_id, ApprovalStatus.APPROVED)

    assert approval_of(desk, asset_id).status is ApprovalStatus.APPROVED


def test_a_request_for_two_waits_for_two(desk: Desk) -> None:
    """``min_number`` is the whole point of asking several."""
    asset_id = desk.hit(WAITING).id

    async def ask(iconik: IconikClient) -> Approval | ApprovalRequested:
        me = (await iconik.current_user()).id
        return await iconik.request_approval(asset_id, users=[me], min_number=2)

    asked = desk.run(ask)
    decide(desk, "Lea Moreau", asset_id, ApprovalStatus.APPROVED)
    after_one = approval_of(desk, asset_id)
    decide(desk, "Tomas Lind", asset_id, ApprovalStatus.APPROVED)
    after_two = approval_of(desk, asset_id)

    assert isinstance(asked, Approval)
    assert (after_one.status, after_one.user_status) == (ApprovalStatus.REQUESTED, ApprovalStatus.REQUESTED)
    assert after_two.status is ApprovalStatus.APPROVED


def test_a_withdrawn_decision_is_gone(desk: Desk) -> None:
    """Undo ends here."""
    asset_id = desk.hit(WAITING).id

    async def decide_and_withdraw(iconik: IconikClient) -> Approval:
        await iconik.decide(asset_id, ApprovalStatus.APPROVED)
        await iconik.withdraw_decision(asset_id)
        await iconik.withdraw_decision(asset_id)
        return await _approval(iconik, asset_id)

    assert desk.run(decide_and_withdraw).status is ApprovalStatus.REQUESTED


def test_what_nobody_asked_about_has_no_approval(desk: Desk) -> None:
    """404 is an answer here, and no error."""
    draft = next(
        asset.slug
        for asset in desk.world.assets
        if asset.library is Library.ICONIK and asset.standing is AssetStanding.DRAFT
    )
    asset_id = desk.hit(draft).id

    async def read(iconik: IconikClient) -> tuple[Approval | None, int]:
        return await iconik.approval(asset_id), len(await iconik.decisions(asset_id))

    assert desk.run(read) == (None, 0)


@pytest.mark.contract("iconik 12.b8")
def test_a_new_version_starts_without_approval(desk: Desk) -> None:
    """Approving version 3 says nothing about version 4."""
    asset_id = AssetId(desk.hit("spring-banner-en").id)

    async def renew(iconik: IconikClient) -> tuple[Approval | None, Approval | None]:
        old = (await iconik.asset(asset_id)).latest_version
        assert old is not None
        await iconik.add_version(asset_id)
        return await iconik.approval(asset_id), await iconik.approval(asset_id, version_id=old.id)

    now, before = desk.run(renew)

    assert now is None
    assert before is not None
    assert before.status is ApprovalStatus.APPROVED


def test_a_collection_is_what_its_assets_are(desk: Desk) -> None:
    """Deciding on the folder decides on what lies in it; before, its assets disagree."""

    collection_id = desk.collection("spring")

    async def ask_and_decide(iconik: IconikClient) -> tuple[Approval | None, Approval | ApprovalRequested]:
        before = await iconik.approval(collection_id, what=Reviewed.COLLECTIONS)
        me = (await iconik.current_user()).id
        asked = await iconik.request_approval(collection_id, what=Reviewed.COLLECTIONS, users=[me])
        await iconik.decide(collection_id, ApprovalStatus.NOT_APPROVED, what=Reviewed.COLLECTIONS)
        return before, asked

    before, asked = desk.run(ask_and_decide)

    assert before is not None
    assert before.status is ApprovalStatus.MIXED
    assert isinstance(asked, ApprovalRequested)
    assert desk.hit("spring-banner-pl").approval_status is ApprovalStatus.NOT_APPROVED


def test_deciding_on_nothing_is_not_found(desk: Desk) -> None:
    """The entry is parked, and a refresh offered."""

    async def work(iconik: IconikClient) -> None:
        await iconik.decide("00000000-0000-0000-0000-000000000000", ApprovalStatus.APPROVED)

    with pytest.raises(NotFoundError):
        desk.run(work)


def test_a_status_that_nobody_may_set_is_refused(desk: Desk) -> None:
    """MIXED is a sum, not a decision."""
    asset_id = desk.hit(WAITING).id

    refused = desk.ask("PUT", f"/API/assets/v1/assets/{asset_id}/approvals/", json={"status": "MIXED"})

    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"status"}


def test_a_decision_stands_in_the_history(desk: Desk) -> None:
    """The audit asks iconik too."""
    asset_id = AssetId(desk.hit(WAITING).id)

    async def decide_and_look(iconik: IconikClient) -> list[str]:
        await iconik.decide(asset_id, ApprovalStatus.NOT_APPROVED)
        return [entry.operation_type async for entry in iconik.history(asset_id)]

    assert desk.run(decide_and_look) == ["REJECT"]


@pytest.mark.contract("iconik 12.b2")
def test_a_comment_is_found_again_by_its_key(desk: Desk) -> None:
    """After an unanswered send the desk looks it up instead of commenting twice."""
    asset_id = AssetId(desk.hit(WAITING).id)

    async def comment(iconik: IconikClient) -> Segment:
        return await iconik.add_comment(asset_id, "The logo is too small.", external_id="key-1", at_ms=1480)

    async def read(iconik: IconikClient) -> list[Segment]:
        return [found async for found in iconik.comments(asset_id)]

    made = desk.run(comment)
    (found,) = desk.run_as("Lea Moreau", read)

    assert found == made
    assert (found.external_id, found.time_start_milliseconds, found.segment_checked) == ("key-1", 1480, False)


def test_a_comment_is_ticked_off_for_everybody(desk: Desk) -> None:
    """Two people must not work on one remark."""
    asset_id = AssetId(desk.hit(WAITING).id)

    async def comment_and_resolve(iconik: IconikClient) -> None:
        made = await iconik.add_comment(asset_id, "Too dark.", external_id="key-2")
        await iconik.resolve_comment(asset_id, made.id)

    async def read(iconik: IconikClient) -> list[bool]:
        return [found.segment_checked async for found in iconik.comments(asset_id)]

    desk.run(comment_and_resolve)

    assert desk.run_as("Lea Moreau", read) == [True]


def test_comments_are_exported_with_their_times(desk: Desk) -> None:
    """Comments must be carried between review tools (§17)."""
    asset_id = AssetId(desk.hit(WAITING).id)

    async def comment(iconik: IconikClient) -> None:
        await iconik.add_comment(asset_id, "Too dark.", external_id="k", at_ms=61_480, until_ms=62_000)

    desk.run(comment)
    exported = desk.ask("GET", f"/API/assets/v1/assets/{asset_id}/segments/vtt/").text

    assert exported == "WEBVTT\n\n00:01:01.480 --> 00:01:02.000\nToo dark.\n"


def test_who_asked_is_told_of_the_decision(desk: Desk) -> None:
    """People wait for this, and poll for it once a minute."""
    asset_id = desk.hit(WAITING).id

    async def ask(iconik: IconikClient) -> None:
        await iconik.request_approval(asset_id, users=[])

    desk.run(ask)
    decide(desk, "Lea Moreau", asset_id, ApprovalStatus.NOT_APPROVED)
    (notice,) = desk.ask("GET", "/API/users-notifications/v1/notifications/").json()["objects"]

    assert (notice["event_type"], notice["object_id"]) == ("APPROVAL_NOT_APPROVED", asset_id)
    assert notice["status"] == "SENT"


def test_a_notification_that_was_read_stays_read(desk: Desk) -> None:
    """The same news twice is noise."""
    base = "/API/users-notifications/v1/notifications/"
    asset_id = desk.hit(WAITING).id

    async def ask(iconik: IconikClient) -> None:
        await iconik.request_approval(asset_id, users=[])

    desk.run(ask)
    decide(desk, "Lea Moreau", asset_id, ApprovalStatus.APPROVED)
    key = desk.ask("GET", base).json()["objects"][0]["id"]
    desk.ask("PUT", f"{base}{key}/read/")

    assert desk.ask("GET", f"{base}{key}/").json()["status"] == "READ"
