"""Shares: by mail, by link, of several; and what never shows."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import ForbiddenError, InvalidError, NotFoundError
from connectors.iconik import IconikClient, Reviewed
from connectors.iconik.models import AssetId, Share
from connectors.iconik.wire import shares
from connectors.iconik.wire.shares import Terms
from tests.connectors.sandbox.iconik.desk import Desk

TERMS = Terms(title="For the printer", may_download=True, password="s3cret")


@pytest.fixture
def asset_id(desk: Desk) -> AssetId:
    """What is shared."""
    return AssetId(desk.hit("spring-banner-fr").id)


async def share(iconik: IconikClient, asset_id: AssetId) -> Share:
    """By link."""
    return await iconik.do(shares.by_link(Reviewed.ASSETS, asset_id, TERMS))


def test_a_link_is_shown_once_and_never_logged(desk: Desk, asset_id: AssetId) -> None:
    """Whoever has the address has the asset."""
    made = desk.run(lambda iconik: share(iconik, asset_id))

    assert made.url.startswith("http")
    assert made.url not in repr(made)
    assert made.has_password
    assert "s3cret" not in repr(TERMS)


def test_a_share_by_mail_has_its_guests_and_no_address(desk: Desk, asset_id: AssetId) -> None:
    """The address went by mail; the page can only say to whom."""

    async def work(iconik: IconikClient) -> tuple[str, list[str]]:
        made = await iconik.do(shares.by_mail(Reviewed.ASSETS, asset_id, TERMS, emails=["a@example.com"]))
        guests = await iconik.every(shares.list_users(Reviewed.ASSETS, asset_id, made.id))
        return made.url, [guest.email for guest in guests]

    assert desk.run(work) == ("", ["a@example.com"])


def test_several_assets_are_one_share(desk: Desk, asset_id: AssetId) -> None:
    """A reviewer gets one mail, not twelve."""
    other = desk.hit("leaf-icon").id

    async def work(iconik: IconikClient) -> tuple[int, int]:
        await iconik.do(shares.several([asset_id, other], TERMS))
        return len(await iconik.every(shares.list_all("printer"))), len(
            await iconik.every(shares.list_of(Reviewed.ASSETS, other))
        )

    assert desk.run(work) == (1, 1)


def test_a_share_is_changed_and_ended(desk: Desk, asset_id: AssetId) -> None:
    """Somebody who left the agency must not look any longer."""

    async def work(iconik: IconikClient) -> tuple[bool, int]:
        made = await share(iconik, asset_id)
        terms = Terms(title="Changed", may_download=False).to_json()
        changed = await iconik.do(shares.edit(Reviewed.ASSETS, asset_id, made.id, terms))
        await iconik.do(shares.end(Reviewed.ASSETS, asset_id, made.id))
        await iconik.do(shares.end(Reviewed.ASSETS, asset_id, made.id))
        return changed.allow_download, len(await iconik.every(shares.list_of(Reviewed.ASSETS, asset_id)))

    assert desk.run(work) == (False, 0)


@pytest.mark.contract("iconik 3.4")
def test_a_blocked_asset_is_not_shared(desk: Desk, asset_id: AssetId) -> None:
    """The vendor forbids it whoever asks."""

    async def work(iconik: IconikClient) -> None:
        await iconik.edit_asset(asset_id, {"is_blocked": True})
        await share(iconik, asset_id)

    with pytest.raises(ForbiddenError):
        desk.run(work)


def test_a_share_that_is_over_before_it_began_is_refused(desk: Desk, asset_id: AssetId) -> None:
    """A wrong year would share with nobody and say nothing."""
    over = Terms(title="Over", expires=datetime.now(UTC) - timedelta(days=4000))

    async def work(iconik: IconikClient) -> None:
        await iconik.do(shares.by_link(Reviewed.ASSETS, asset_id, over))

    with pytest.raises(InvalidError) as caught:
        desk.run(work)

    assert caught.value.fields.keys() == {"expires"}


def test_what_is_not_there_is_not_shared(desk: Desk) -> None:
    """A stale page shares nothing."""
    nobody = AssetId("00000000-0000-0000-0000-000000000000")

    with pytest.raises(NotFoundError):
        desk.run(lambda iconik: share(iconik, nobody))
