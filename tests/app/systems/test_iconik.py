"""iconik's words as ours: approvals, lifecycles, kinds, dates, addresses."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from app.records import Asset, AssetKey, AssetKind, AssetState, OutboxEntry, Receipt, System
from app.rules.verdicts import Verdict
from app.systems.iconik import IconikLibrary
from connectors.errors import ConnectorError, ForbiddenError, NotFoundError
from connectors.iconik import IconikClient
from connectors.iconik.models import Approval, ObjectStatus, SearchDocument, SearchPage
from tests.app.systems.entries_made import judging

ID = "0b9e8173-cb15-5b5a-ae8d-cb5de619a9a0"


class OneHitTenant:
    """A client whose search finds one hit, and who knows one approval."""

    comments_there: tuple[str, ...] = ()
    """The keys of the comments on it."""
    by_id: ObjectStatus | ConnectorError = ObjectStatus.ACTIVE
    """How another asset stands when it is asked for by its id."""
    versions: tuple[int, ...] = ()
    """Its versions, asked for by its id."""
    title: str = ""
    modified_at: datetime | None = None

    def __init__(self, hit: dict[str, Any], approval: dict[str, Any] | None = None) -> None:
        self._hit = msgspec.convert(hit, SearchDocument)
        self._approval = msgspec.convert(approval, Approval) if approval else None

    async def search_pages(self, _criteria: object, **_how: object) -> AsyncIterator[SearchPage]:
        """The one page."""
        yield SearchPage(objects=(self._hit,), total=1)

    async def approval(self, _object_id: str) -> Approval | None:
        """Its approval."""
        return self._approval

    async def comments(self, _object_id: str) -> AsyncIterator[SimpleNamespace]:
        """What was said of it."""
        for each in self.comments_there:
            yield SimpleNamespace(external_id=each)

    async def search_page(self, _criteria: object, **_how: object) -> SearchPage:
        """The one page."""
        return SearchPage(objects=(self._hit,), total=1)

    async def asset(self, _asset_id: str) -> SimpleNamespace:
        """An asset by its id, whatever the search finds."""
        if isinstance(self.by_id, ConnectorError):
            raise self.by_id
        versions = [
            SimpleNamespace(id=f"v{number}", version_number=number, date_created=None, created_by_user="")
            for number in self.versions
        ]
        return SimpleNamespace(status=self.by_id, versions=versions, title=self.title, date_modified=self.modified_at)


def library(hit: dict[str, Any], approval: dict[str, Any] | None = None) -> IconikLibrary:
    """A library with that hit."""
    return library_of(tenant(hit, approval))


def tenant(hit: dict[str, Any], approval: dict[str, Any] | None = None) -> OneHitTenant:
    """A tenant with that hit."""
    usual = {"id": ID, "object_type": "assets", "title": "Spring banner", "status": "ACTIVE", "media_type": "image"}
    return OneHitTenant({**usual, **hit}, approval)


def library_of(client: OneHitTenant) -> IconikLibrary:
    """A library on such a tenant."""
    return IconikLibrary(cast("IconikClient", client), base_url="https://app.iconik.io/")


def found(**hit: Any) -> Asset:
    """The hit in our words."""

    async def first() -> Asset:
        async for page in library(hit).find("spring"):
            return page.assets[0]
        raise AssertionError

    return asyncio.run(first())


@pytest.mark.parametrize(
    ("hit", "state"),
    [
        ({}, AssetState.DRAFT),
        ({"approval_status": "REQUESTED"}, AssetState.IN_REVIEW),
        ({"approval_status": "APPROVED"}, AssetState.APPROVED),
        ({"approval_status": "NOT_APPROVED"}, AssetState.REJECTED),
        ({"approval_status": "MIXED"}, AssetState.MIXED),
        ({"approval_status": "A_NEW_WORD"}, AssetState.UNKNOWN),
        ({"approval_status": "APPROVED", "metadata": {"Lifecycle": ["superseded"]}}, AssetState.SUPERSEDED),
        ({"approval_status": "APPROVED", "metadata": {"Lifecycle": ["retired"]}}, AssetState.RETIRED),
        ({"approval_status": "APPROVED", "metadata": {"Lifecycle": ["current"]}}, AssetState.APPROVED),
        ({"approval_status": "APPROVED", "status": "ARCHIVED"}, AssetState.RETIRED),
    ],
)
def test_approval_and_lifecycle_become_one_state(hit: dict[str, Any], state: AssetState) -> None:
    """A retired banner would be offered as approved."""
    assert found(**hit).state is state


def test_an_asset_that_is_opened_is_as_it_is_and_not_as_the_index_has_it() -> None:
    """After a verdict it would be shown as it was before, until the index is refreshed."""
    client = tenant(
        {"approval_status": "REQUESTED", "date_modified": "2026-05-12T09:00:00+00:00"},
        {"status": "APPROVED", "user_status": "APPROVED"},
    )
    client.title, client.modified_at = "Summer banner", datetime(2026, 5, 12, 9, 1, tzinfo=UTC)

    opened = asyncio.run(library_of(client).open(AssetKey(System.ICONIK, ID)))

    assert (opened.state, opened.name, opened.changed_at) == (
        AssetState.APPROVED,
        "Summer banner",
        datetime(2026, 5, 12, 9, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("told", "kind", "media_type"),
    [
        ("image", AssetKind.IMAGE, "image/jpeg"),
        ("video", AssetKind.VIDEO, "video/mp4"),
        ("document", AssetKind.DOCUMENT, "application/octet-stream"),
        ("", AssetKind.OTHER, "application/octet-stream"),
    ],
)
def test_a_hit_without_files_is_known_by_its_kind(told: str, kind: AssetKind, media_type: str) -> None:
    """A clip would be opened as a picture."""
    asset = found(media_type=told)

    assert (asset.kind, asset.media_type) == (kind, media_type)


@pytest.mark.parametrize(
    ("stored", "day"), [(["2026-12-31"], date(2026, 12, 31)), ("2026-12-31", date(2026, 12, 31)), (["soon"], None)]
)
def test_the_end_of_rights_is_a_day_or_nothing(stored: object, day: date | None) -> None:
    """One odd value would hide the asset."""
    assert found(metadata={"RightsEnd": stored}).rights_end == day


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        (f"https://app.iconik.io/storage/keyframes/{ID}/x/poster.jpg?Signature=1", True),
        (f"https://elsewhere.example.com/{ID}/poster.jpg", False),
        ("https://app.iconik.io/logo.png", False),
    ],
)
def test_an_address_in_a_mail_leads_to_its_asset(address: str, is_ours: bool) -> None:
    """The bill of assets would not know what is shown."""
    sighting = library({}).recognise(address)

    assert (sighting.name if sighting else None) == (ID if is_ours else None)


@pytest.mark.parametrize(
    ("mine", "together", "sentence"),
    [
        ("APPROVED", "APPROVED", "iconik shows your decision as approved."),
        ("APPROVED", "REQUESTED", "iconik shows your decision as approved. All together it is in review."),
        ("APPROVED", "MIXED", "iconik shows your decision as approved. All together it is mixed."),
        ("REQUESTED", "REQUESTED", None),
        ("NOT_APPROVED", "NOT_APPROVED", None),
    ],
)
def test_only_our_own_decision_proves_that_it_arrived(mine: str, together: str, sentence: str | None) -> None:
    """A colleague's approval would be taken for ours."""
    approval = {"status": together, "user_status": mine, "version_id": "v1"}

    receipt = asyncio.run(_looked_up(library({}, approval), judging(Verdict.APPROVE)))

    assert (receipt.sentence if receipt else None) == sentence


def test_an_asset_that_is_opened_has_its_newest_version_whatever_the_index_knows() -> None:
    """The verdict on version 1 would be given to version 2, which nobody saw."""
    client = tenant({"versions": [{"id": "v1", "version_number": 1}]})
    client.versions = (1, 2)

    asset = asyncio.run(library_of(client).open(AssetKey(System.ICONIK, ID)))

    assert asset.version == "v2"


@pytest.mark.parametrize(("key", "is_found"), [("key-1", True), ("another", False)])
def test_a_rejection_has_arrived_when_its_own_reason_has(key: str, is_found: bool) -> None:
    """We rejected it before, for another reason; this one's comment would never be written, and called done."""
    client = tenant({}, {"status": "NOT_APPROVED", "user_status": "NOT_APPROVED", "version_id": "v1"})
    client.comments_there = (key,)

    receipt = asyncio.run(_looked_up(library_of(client), judging(Verdict.REJECT, note="Old logo.")))

    assert (receipt is not None) == is_found


@pytest.mark.parametrize(
    ("by_id", "is_missing"),
    [
        (ObjectStatus.ACTIVE, False),
        (ObjectStatus.DELETED, True),
        (NotFoundError(system="iconik", call="asset"), True),
        (ForbiddenError(system="iconik", call="asset"), False),
    ],
)
def test_what_the_index_does_not_have_is_asked_for_by_its_id(
    by_id: ObjectStatus | ConnectorError, is_missing: bool
) -> None:
    """An index that is being rebuilt denies half the library twice, and the desk would drop it."""
    client, other = tenant({}), AssetKey(System.ICONIK, "another")
    client.by_id = by_id

    missing = asyncio.run(library_of(client).missing([AssetKey(System.ICONIK, ID), other]))

    assert missing == ({other} if is_missing else frozenset())


async def _looked_up(of: IconikLibrary, entry: OutboxEntry) -> Receipt | None:
    return await of.look_up(entry)
