"""Search, and the people that are found by name (contract 7 and 8)."""

from collections.abc import AsyncIterator

from connectors.extended_ecm.access_models import SearchRegion, Slice
from connectors.extended_ecm.calls.connection import Connection
from connectors.extended_ecm.models import Member, MemberId, Node, NodeId, Page
from connectors.extended_ecm.wire import access, search
from connectors.extended_ecm.wire.reading import read_page, read_single
from connectors.extended_ecm.wire.search import LookFor, Within


class SearchCalls(Connection):
    """Documents by what is in them, people by name."""

    def search(
        self,
        where: str,
        *,
        sort: str = "desc_OTModifyDate",
        lookfor: LookFor = LookFor.LQL,
        within: Within = Within.ALL,
        location: NodeId | None = None,
    ) -> AsyncIterator[Node]:
        """Hits, newest first. An LQL query is built with :func:`documents_like`; ``location``: below that node."""

        async def fetch(page: int) -> Page[Node]:
            call = search.search(
                where,
                page=page,
                limit=self._page_size,
                sort=sort,
                lookfor=lookfor,
                within=within,
                location=location,
            )
            return read_page(await self._send(call), Node, self._zone)

        return self._each(fetch)

    def members(self, name: str = "", *, kind: int = 0) -> AsyncIterator[Member]:
        """Users (0) or groups (1) whose name begins with ``name``."""

        async def fetch(page: int) -> Page[Member]:
            call = search.members(name=name, kind=kind, page=page, limit=self._page_size)
            return read_page(await self._send(call), Member, self._zone)

        return self._each(fetch)

    async def regions(self) -> tuple[SearchRegion, ...]:
        """What search can be asked for by name."""
        return search.read_regions(await self._send(search.regions()))

    async def slices(self) -> tuple[Slice, ...]:
        """The parts of the index."""
        return search.read_slices(await self._send(search.slices()))

    async def member(self, member_id: MemberId) -> Member:
        """One user or group."""
        return read_single(await self._send(access.member(member_id)), Member, self._zone)

    def group_members(self, group_id: MemberId) -> AsyncIterator[Member]:
        """Who is in a group."""

        async def fetch(page: int) -> Page[Member]:
            call = access.members_of_group(group_id, page=page, limit=self._page_size)
            return read_page(await self._send(call), Member, self._zone)

        return self._each(fetch)
