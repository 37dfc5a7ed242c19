"""iconik as a library of assets: approvals of versions become our states, its metadata our rights and locales."""

import mimetypes
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

import msgspec

from app.records import (
    Ability,
    AccountFacts,
    Asset,
    AssetKey,
    AssetKind,
    AssetState,
    AssetVersion,
    Offer,
    OutboxEntry,
    Receipt,
    Reviewer,
    System,
)
from app.rules.verdicts import Verdict
from app.systems.abilities import if_told, missing, offered, untold
from app.systems.judgement import Judgement
from app.systems.ports import AssetPage, Picture, Sighting
from connectors.errors import ForbiddenError, NotFoundError
from connectors.iconik import Filter as SearchFilter
from connectors.iconik import IconikClient, Is, IsBetween, IsOneOf, Order, SearchCriteria, Sort, escaped
from connectors.iconik.models import (
    Approval,
    ApprovalStatus,
    AssetId,
    FileStatus,
    Keyframe,
    ObjectStatus,
    Proxy,
    SearchDocument,
    UserId,
    poster_of,
)

_DRAWING: Final = "image/svg+xml"
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OLDEST_FIRST: Final = (Sort(name="date_modified", order=Order.ASC), Sort(name="id"))
_NEWEST_FIRST: Final = (Sort(name="date_modified", order=Order.DESC), Sort(name="id"))
_LARGEST_PAGE: Final = 1000
"""What a search gives at most (iconik §5, P1); whoever reads everything pays for each page by the wait for it."""
_UNREAD: Final = (
    "ancestor_collections",
    "approval",
    "formats",
    "in_collections",
    "keyframes",
    "limit_download_to_groups",
    "permissions",
)
"""What a hit has and the desk never reads (iconik §6): more than half of a page. Left out rather than the rest asked
for, so that a tenant which does not honour it tells too much and not too little."""
_STATES: Final = {
    ApprovalStatus.NONE: AssetState.DRAFT,
    ApprovalStatus.REQUESTED: AssetState.IN_REVIEW,
    ApprovalStatus.APPROVED: AssetState.APPROVED,
    ApprovalStatus.NOT_APPROVED: AssetState.REJECTED,
    ApprovalStatus.MIXED: AssetState.MIXED,
    ApprovalStatus.UNKNOWN: AssetState.UNKNOWN,
}
_KINDS: Final = {"video": AssetKind.VIDEO, "image": AssetKind.IMAGE, "document": AssetKind.DOCUMENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class IconikFields:
    """Names of the metadata fields that carry our facts. CHOSEN; settings of the connection."""

    lifecycle: str = "Lifecycle"
    locale: str = "Language"
    owner: str = "Owner"
    channels: str = "Channels"
    rights_end: str = "RightsEnd"
    alt_text: str = "AltText"
    tags: str = "Keywords"
    superseded: str = "superseded"
    retired: str = "retired"


class IconikLibrary:
    """Speaks to one tenant."""

    system = System.ICONIK

    def __init__(self, client: IconikClient, *, base_url: str, fields: IconikFields = IconikFields()) -> None:
        """``base_url``: the tenant's host, by which its addresses are recognised."""
        self._client = client
        self._base_url = base_url.rstrip("/")
        self._fields = fields
        self._names: dict[UserId, str] = {}

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    async def probe(self) -> AccountFacts:
        """Check the token, read who it acts as, and conclude from its roles."""
        await self._client.check_token()
        user = await if_told(self._client.current_user)
        roles = await if_told(self._client.current_roles)
        if user is None or roles is None:
            return AccountFacts(
                account="", offers=tuple(untold(each, "iconik does not tell this token's roles.") for each in _ROLES)
            )
        self._names[user.id] = f"{user.first_name} {user.last_name}".strip() or user.email
        offers = tuple(_by_roles(ability, needed, roles, is_admin=user.is_admin) for ability, needed in _ROLES.items())
        return AccountFacts(account=self._names[user.id], version=user.type, offers=offers)

    async def changed_since(self, moment: datetime | None, *, position: str = "") -> AsyncIterator[AssetPage]:
        """Pages of the assets changed at or after ``moment``, oldest change first; of all, newest first.

        A position is the ``_sort`` of the last hit (P4), which lasts.
        """
        if moment:
            changed = SearchFilter(terms=(IsBetween(name="date_modified", lowest=moment),))
            criteria = SearchCriteria(filter=changed, sort=_OLDEST_FIRST)
        else:
            criteria = SearchCriteria(sort=_NEWEST_FIRST)
        behind = msgspec.json.decode(position, type=tuple[object, ...]) if position else ()
        async for page in self._pages(criteria, per_page=_LARGEST_PAGE, search_after=behind):
            yield page

    async def missing(self, keys: Sequence[AssetKey]) -> frozenset[AssetKey]:
        """Those that the index does not have, or only as deleted, and that are not there by their ids either.

        The index is what did not list them in the first place: while it is rebuilt it says so again.
        """
        wanted = SearchFilter(terms=(IsOneOf(name="id", values=tuple(key.id for key in keys)),))
        there: set[AssetKey] = set()
        async for page in self._pages(SearchCriteria(filter=wanted), per_page=_LARGEST_PAGE):
            there.update(asset.key for asset in page.assets)
        return frozenset([key for key in keys if key not in there and await self._is_gone(key)])

    async def _is_gone(self, key: AssetKey) -> bool:
        try:
            return (await self._client.asset(AssetId(key.id))).status is ObjectStatus.DELETED
        except NotFoundError:
            return True
        except ForbiddenError:
            return False  # It is there, and somebody took a right away.

    async def find(self, words: str) -> AsyncIterator[AssetPage]:
        """iconik's own search."""
        async for page in self._pages(SearchCriteria(query=escaped(words))):
            yield page

    async def _pages(
        self, criteria: SearchCriteria, *, per_page: int | None = None, search_after: Sequence[object] = ()
    ) -> AsyncIterator[AssetPage]:
        lean = replace(criteria, exclude_fields=_UNREAD)
        async for page in self._client.search_pages(lean, per_page=per_page, search_after=search_after):
            if page.objects:
                # A search finds the recycle bin too (§6, INFERRED).
                binned = [hit for hit in page.objects if hit.status is ObjectStatus.DELETED]
                kept = (
                    [hit for hit in page.objects if hit.status is not ObjectStatus.DELETED] if binned else page.objects
                )
                last = page.objects[-1].sort
                yield AssetPage(
                    assets=tuple(self._ours(hit) for hit in kept),
                    expected=page.total,
                    gone=tuple(AssetKey(self.system, hit.id) for hit in binned),
                    position=msgspec.json.encode(last).decode() if last else "",
                )

    async def open(self, key: AssetKey) -> Asset:
        """The asset with all versions and whoever was asked to approve the newest."""
        hit = await self._hit(key)
        listed = self._ours(hit)
        whole = await self._client.asset(AssetId(key.id))
        approval = await self._client.approval(key.id)
        ordered = sorted(whole.versions, key=lambda version: version.version_number, reverse=True)
        await self._learn_names([*(version.created_by_user for version in ordered), *_asked(approval)])
        # The index may not have heard of the newest yet (§6): a verdict is given to none that nobody saw, and one that
        # was given is seen.
        told = approval.status if approval and approval.status is not ApprovalStatus.UNKNOWN else hit.approval_status
        return replace(
            listed,
            name=whole.title or listed.name,
            state=self._state(told, _Said(hit).lifecycle(self._fields)),
            changed_at=max(listed.changed_at, (whole.date_modified or listed.changed_at).astimezone(UTC)),
            version=f"v{ordered[0].version_number}" if ordered else listed.version,
            versions=tuple(
                AssetVersion(
                    id=version.id,
                    label=f"v{version.version_number}",
                    created_at=version.date_created,
                    created_by=self._names.get(version.created_by_user, ""),
                )
                for version in ordered
            ),
            reviewers=self._reviewers(approval),
        )

    async def thumbnail(self, asset: Asset, *, width_px: int) -> Picture:
        """The poster, or the first keyframe; a drawing of which none was made is its own picture.

        Raises: NotFoundError when iconik has made none.
        """
        del width_px  # iconik keeps one size of each
        frame = poster_of(await self._client.keyframes(AssetId(asset.key.id)))
        if frame is not None:
            return await self._signed(frame)
        if asset.media_type == _DRAWING:
            return await self._stored(asset)
        raise NotFoundError(system=self.system.label, call="keyframes", detail="no picture of it was made yet")

    async def original(self, asset: Asset) -> Picture:
        """The first finished proxy of a video; of everything else the stored file, which iconik logs as a download."""
        asset_id = AssetId(asset.key.id)
        proxy = _playable(await self._client.proxies(asset_id)) if asset.kind is AssetKind.VIDEO else None
        if proxy is None:
            return await self._stored(asset)
        try:
            return await self._signed(proxy)
        except (ForbiddenError, NotFoundError):
            # The signed address had expired in iconik's cache (§9): ask once for a fresh one.
            fresh = _playable(await self._client.proxies(asset_id, bypass_url_cache=True))
            return await self._signed(fresh or proxy)

    async def _stored(self, asset: Asset) -> Picture:
        asset_id = AssetId(asset.key.id)
        stored = next((each for each in await self._client.files(asset_id) if each.status is FileStatus.CLOSED), None)
        if stored is None:
            raise NotFoundError(system=self.system.label, call="files", detail="no file of it is stored online")
        reply = await self._client.fetch_signed(await self._client.file_download_url(asset_id, stored.id))
        return Picture(content=reply.body, media_type=asset.media_type or reply.media_type)

    async def _signed(self, stored: Keyframe | Proxy) -> Picture:
        reply = await self._client.fetch_signed(stored.url)
        return Picture(content=reply.body, media_type=reply.media_type)

    def recognise(self, address: str) -> Sighting | None:
        """The asset whose id stands in a signed address of this tenant's storage."""
        if not address.startswith(f"{self._base_url}/"):
            return None
        found = _UUID.search(address)
        return Sighting(system=self.system, name=found[0], version="") if found else None

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Decide on the newest version; a reason becomes a comment, for decisions have no room for one (§12)."""
        wish = Judgement.from_payload(entry.payload)
        asset_id = AssetId(wish.key.id)
        if wish.note:
            await self._comment_once(asset_id, wish.note, external_id=entry.request_key)
        await self._client.decide(wish.key.id, _status(wish.verdict))
        receipt = await self._decision(wish)
        if receipt is None:
            raise NotFoundError(
                system=self.system.label, call="approvals", detail="the decision was taken but is not listed"
            )
        return receipt

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """Our own decision on the newest version tells; a decision is the same however often it is given.

        Where it is the one that we gave before, only our comment tells that this one's reason arrived.
        """
        wish = Judgement.from_payload(entry.payload)
        receipt = await self._decision(wish)
        if receipt is not None and wish.note and not await self._has_comment(AssetId(wish.key.id), entry.request_key):
            return None
        return receipt

    async def _decision(self, wish: Judgement) -> Receipt | None:
        approval = await self._client.approval(wish.key.id)
        if approval is None or approval.user_status is not _status(wish.verdict):
            return None
        state = _STATES[approval.status]
        waits = "" if state is wish.verdict.leads_to else f" All together it is {state.value.replace('_', ' ')}."
        return Receipt(
            sentence=f"iconik shows your decision as {wish.verdict.past}.{waits}",
            reference=approval.version_id,
            values={"state": state.value},
        )

    async def _comment_once(self, asset_id: AssetId, words: str, *, external_id: str) -> None:
        if not await self._has_comment(asset_id, external_id):
            await self._client.add_comment(asset_id, words, external_id=external_id)

    async def _has_comment(self, asset_id: AssetId, external_id: str) -> bool:
        return any([comment.external_id == external_id async for comment in self._client.comments(asset_id)])

    async def _hit(self, key: AssetKey) -> SearchDocument:
        criteria = SearchCriteria(filter=SearchFilter(terms=(Is(name="id", value=key.id),)))
        page = await self._client.search_page(criteria, per_page=1, with_signed_urls=False)
        if not page.objects:
            raise NotFoundError(system=self.system.label, call="search", detail="no asset has that id")
        return page.objects[0]

    async def _learn_names(self, users: list[UserId]) -> None:
        for user_id in set(users) - set(self._names) - {UserId("")}:
            with suppress(NotFoundError, ForbiddenError):
                user = await self._client.user(user_id)
                self._names[user_id] = f"{user.first_name} {user.last_name}".strip() or user.email

    def _reviewers(self, approval: Approval | None) -> tuple[Reviewer, ...]:
        if approval is None:
            return ()
        said = {decision.user: decision for decision in approval.approvals_by}
        return tuple(
            Reviewer(
                name=self._names.get(user, "somebody"),
                state=_STATES[said[user].status] if user in said else AssetState.IN_REVIEW,
                at=said[user].change_date if user in said else None,
            )
            for user in _asked(approval)
        )

    def _ours(self, hit: SearchDocument) -> Asset:
        said = _Said(hit)
        size = next((file.size for file in hit.files if file.size), None)
        proxy = _playable(hit.proxies)
        newest = max((version.version_number for version in hit.versions), default=1)
        return Asset(
            key=AssetKey(System.ICONIK, hit.id),
            name=hit.title,
            kind=_KINDS.get(hit.media_type, AssetKind.OTHER),
            state=self._state(hit.approval_status, said.lifecycle(self._fields)),
            version=f"v{newest}",
            media_type=_media_type(hit),
            changed_at=(hit.date_modified or hit.date_created or datetime.now(UTC)).astimezone(UTC),
            size_bytes=size,
            width_px=proxy.resolution.width or None if proxy else None,
            height_px=proxy.resolution.height or None if proxy else None,
            duration_s=hit.duration_milliseconds / 1000 or None,
            locale=said.text(self._fields.locale),
            owner=said.text(self._fields.owner),
            description=hit.description,
            alt_text=said.text(self._fields.alt_text),
            tags=said.texts(self._fields.tags),
            channels=said.texts(self._fields.channels),
            rights_end=said.day(self._fields.rights_end),
            fetched_at=datetime.now(UTC),
        )

    @staticmethod
    def _state(status: ApprovalStatus, lifecycle: AssetState | None) -> AssetState:
        ended = lifecycle in {AssetState.RETIRED, AssetState.SUPERSEDED}
        return lifecycle if ended and lifecycle else _STATES[status]


_ROLES: Final[Mapping[Ability, frozenset[str]]] = {
    Ability.FIND_ASSETS: frozenset({"can_search", "can_read_assets"}),
    Ability.JUDGE_ASSETS: frozenset({"can_write_approval_status"}),
}
"""What each ability needs. Source: the contract's operation tables, §6, §7 and §12 (CONFIRMED)."""


def _by_roles(ability: Ability, needed: frozenset[str], roles: frozenset[str], *, is_admin: bool) -> Offer:
    lacking = sorted(needed - roles)
    if is_admin or not lacking:
        return offered(ability)
    return missing(
        ability,
        f"Your account lacks the role {' and '.join(lacking)}.",
        remedy="An iconik administrator can add it to one of your groups.",
    )


class _Said:
    """Reads the metadata of a hit."""

    def __init__(self, hit: SearchDocument) -> None:
        self._hit = hit

    def text(self, field: str) -> str:
        return next(iter(self.texts(field)), "")

    def texts(self, field: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self._hit.values(field))

    def day(self, field: str) -> date | None:
        with suppress(ValueError):
            return date.fromisoformat(self.text(field)[:10])
        return None

    def lifecycle(self, fields: IconikFields) -> AssetState | None:
        words = {fields.retired: AssetState.RETIRED, fields.superseded: AssetState.SUPERSEDED}
        if self._hit.status in {ObjectStatus.ARCHIVED, ObjectStatus.DELETED}:
            return AssetState.RETIRED
        return words.get(self.text(fields.lifecycle))


def _asked(approval: Approval | None) -> list[UserId]:
    if approval is None:
        return []
    decided = [decision.user for decision in approval.approvals_by if decision.user]
    return list(dict.fromkeys([*approval.users, *decided]))


def _status(verdict: Verdict) -> ApprovalStatus:
    return ApprovalStatus.APPROVED if verdict is Verdict.APPROVE else ApprovalStatus.NOT_APPROVED


def _playable(proxies: tuple[Proxy, ...]) -> Proxy | None:
    return next((proxy for proxy in proxies if proxy.status is FileStatus.CLOSED and proxy.url), None)


def _media_type(hit: SearchDocument) -> str:
    """iconik tells kinds, not media types; the file's name tells the rest."""
    name = next((file.name or file.original_name for file in hit.files if file.name or file.original_name), "")
    guessed, _ = mimetypes.guess_type(name)
    return guessed or {"video": "video/mp4", "image": "image/jpeg"}.get(hit.media_type, "application/octet-stream")
