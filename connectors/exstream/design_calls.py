"""Reading designs and changing them: versions, history, links, workflow, packages (contract 1.1, 1.2, 1.6)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date

from connectors.calls import FilePart
from connectors.exstream import replies
from connectors.exstream import wire as calls
from connectors.exstream.calling import Caller
from connectors.exstream.models import (
    BulkChange,
    Config,
    CurrentUser,
    Domain,
    FlowModel,
    HistoryEntry,
    Link,
    Outcome,
    ResourceState,
    ResourceVersion,
    SetManifest,
    Version,
)
from connectors.exstream.packages import ConflictPolicy, ImportResult


class DesignCalls(Caller):
    """The design service, and what the other services tell of themselves."""

    # Who and what

    async def current_user(self, *, domain: str = "") -> CurrentUser:
        """Who the token stands for, in the tenant or in one domain."""
        return await self._one(calls.current_user(self._site, domain=domain), CurrentUser)

    async def config(self) -> Config:
        """What this installation offers."""
        return await self._one(calls.config(self._site), Config)

    async def version(self) -> Version:
        """The design service's version."""
        return await self._one(calls.version(self._site), Version)

    async def orchestration_version(self) -> Version:
        """The orchestration service's version."""
        return await self._one(calls.orchestration_version(self._site), Version)

    async def empower_version(self) -> Version:
        """The interactive editor's version."""
        return replies.read_body(await self._transport.send(calls.empower_version(self._site)), Version)

    def domains(self, *, search: str = "", with_children: bool = False) -> AsyncIterator[Domain]:
        """Every domain that this account sees."""
        return self._all(
            lambda offset: calls.domains(self._site, search=search, with_children=with_children, offset=offset), Domain
        )

    # Reading

    def communications(
        self,
        domain: str,
        *,
        states: Sequence[str] = (),
        latest_only: bool = True,
        search: str = "",
        changed_since: date | None = None,
    ) -> AsyncIterator[ResourceVersion]:
        """The communications of a domain, by name. ``search`` takes ``*`` as a wildcard."""
        return self.resources(
            domain, states=states, latest_only=latest_only, search=search, changed_since=changed_since
        )

    def resources(
        self,
        domain: str,
        *,
        types: Sequence[str] = (calls.COMMUNICATION,),
        states: Sequence[str] = (),
        latest_only: bool = True,
        search: str = "",
        changed_since: date | None = None,
        with_approval: bool = False,
    ) -> AsyncIterator[ResourceVersion]:
        """The resources of a domain, by name; ``types`` are the vendor's words, such as ``samplefile``."""
        return self._all(
            lambda offset: calls.resources(
                self._site,
                domain,
                types=types,
                states=states,
                latest_only=latest_only,
                search=search,
                changed_since=changed_since,
                with_approval=with_approval,
                offset=offset,
            ),
            ResourceVersion,
            fits=lambda found: _is_one_of(found, types=types, states=states),
        )

    def versions(self, domain: str, resource_id: str) -> AsyncIterator[ResourceVersion]:
        """Every version of one communication (INFERRED from the filter table)."""
        return self._all(
            lambda offset: calls.resources(self._site, domain, ids=[resource_id], latest_only=False, offset=offset),
            ResourceVersion,
            fits=lambda found: found.id == resource_id,
        )

    async def resource(
        self, domain: str, resource_id: str, *, number: int | None = None, state: str = ""
    ) -> ResourceVersion:
        """One version of a resource; without ``number`` the latest, with ``state`` the latest in it."""
        return await self._one(
            calls.resource(self._site, domain, resource_id, number=number, state=state), ResourceVersion
        )

    async def history(self, domain: str, resource_id: str) -> tuple[HistoryEntry, ...]:
        """What was done to a resource, in the vendor's order."""
        return await self._list(calls.history(self._site, domain, resource_id), HistoryEntry)

    async def content(self, domain: str, resource_id: str, *, number: int | None = None) -> bytes:
        """A resource's own bytes: a design's XML, a sample file's data."""
        return await self._bytes(calls.content(self._site, domain, resource_id, number=number))

    async def thumbnail(self, domain: str, resource_id: str, *, number: int | None = None) -> bytes:
        """A small PNG of a design."""
        return await self._bytes(calls.thumbnail(self._site, domain, resource_id, number=number))

    async def content_manifest(self, domain: str, resource_id: str, *, number: int | None = None) -> bytes:
        """The manifest of a resource's content, XML."""
        return await self._bytes(calls.content_manifest(self._site, domain, resource_id, number=number))

    async def old_content(self, domain: str, resource_id: str, *, number: int | None = None) -> bytes:
        """The bytes from before the last replacement."""
        return await self._bytes(calls.old_content(self._site, domain, resource_id, number=number))

    def communication_sets(self, domain: str, communication_id: str) -> AsyncIterator[Link]:
        """The communication sets that bind a communication; ``link_object_id`` is the set."""
        return self._links(domain, communication_id, calls.COMMUNICATION_SET)

    def sample_files(self, domain: str, communication_id: str) -> AsyncIterator[Link]:
        """The sample files of a communication; ``link_object_id`` is the file."""
        return self._links(domain, communication_id, calls.SAMPLE_FILE)

    def users_of(self, domain: str, resource_id: str) -> AsyncIterator[ResourceVersion]:
        """The approved communications that use a resource, such as a sample file."""
        return self._all(
            lambda offset: calls.linked_resources(self._site, domain, resource_id, offset=offset),
            ResourceVersion,
            fits=lambda found: _is_one_of(found, types=[calls.COMMUNICATION], states=[ResourceState.APPROVED]),
        )

    async def set_manifest(self, domain: str, set_id: str) -> SetManifest:
        """The data sources and output queues of a communication set."""
        return await self._one(calls.set_manifest(self._site, domain, set_id), SetManifest)

    async def published_flows(self, domain: str) -> tuple[FlowModel, ...]:
        """The flows that input channels can start."""
        return await self._list(calls.published_flows(self._site, domain), FlowModel)

    async def outcome_mappings(self, domain: str) -> Mapping[str, tuple[Outcome, ...]]:
        """What channels' outcomes are called, by the mapping's name (INFERRED)."""
        reply = await self._transport.send(calls.outcome_mappings(self._site, domain))
        return replies.read_mapping(reply, tuple[Outcome, ...])

    async def run_definition(self, domain: str, resource_id: str) -> Mapping[str, object]:
        """How an engine would run a design for a preview, as the vendor tells it; no document comes back."""
        reply = await self._transport.send(calls.run_definition(self._site, domain, resource_id))
        return replies.read_mapping(reply, object)

    # Changing

    async def add_resource(
        self, domain: str, *, name: str, type_: str, file: FilePart, subtype: str = ""
    ) -> ResourceVersion:
        """A resource from a file, in DRAFT. Raises: ConflictError when the name is taken."""
        call = calls.new_resource(self._site, domain, name=name, type_=type_, file=file, subtype=subtype)
        return await self._one(call, ResourceVersion)

    async def replace_content(self, domain: str, resource_id: str, *, file: FilePart) -> ResourceVersion:
        """Other bytes for a draft; no new version."""
        return await self._one(calls.replace_content(self._site, domain, resource_id, file=file), ResourceVersion)

    async def set_state(
        self, domain: str, resource_id: str, state: ResourceState, *, comment: str = "", locked: bool = False
    ) -> ResourceVersion:
        """One workflow step; what may follow what stands in contract 3. Raises: ConflictError when it may not."""
        call = calls.set_state(self._site, domain, resource_id, state, comment=comment, locked=locked)
        return await self._one(call, ResourceVersion)

    async def set_states(
        self, domain: str, resource_ids: Sequence[str], state: ResourceState, *, comment: str = ""
    ) -> BulkChange:
        """The same step for several; who could not follow is listed by cause, in a success."""
        call = calls.set_states(self._site, domain, resource_ids, state, comment=comment)
        return replies.read_bulk_change(await self._transport.send(call))

    async def lock(self, domain: str, resource_id: str) -> ResourceVersion:
        """Keep others from changing a resource."""
        return await self._one(calls.lock(self._site, domain, resource_id), ResourceVersion)

    async def unlock(self, domain: str, resource_id: str, *, force: bool = False) -> ResourceVersion:
        """Let others change it again; ``force`` breaks somebody else's lock."""
        return await self._one(calls.unlock(self._site, domain, resource_id, force=force), ResourceVersion)

    async def revert(self, domain: str, resource_id: str, number: int, *, comment: str = "") -> ResourceVersion:
        """The content of version ``number`` once more, as a draft."""
        call = calls.revert(self._site, domain, resource_id, number, comment=comment)
        return await self._one(call, ResourceVersion)

    async def export_package(self, domain: str, root_id: str, *, versions: str = "LATEST_APPROVED") -> bytes:
        """A ZIP of a resource and what it is tied to; ``versions`` is ALL, LATEST or LATEST_APPROVED."""
        return await self._bytes(calls.export_package(self._site, domain, root_id, versions=versions))

    async def import_package(
        self,
        domain: str,
        *,
        package: FilePart,
        policy: ConflictPolicy = ConflictPolicy.ERROR,
        commit: bool = False,
    ) -> ImportResult:
        """Bring a package in, or only see what it would do. Raises: ConflictError under the policy ERROR."""
        call = calls.import_package(self._site, domain, package=package, policy=policy, commit=commit)
        return await self._one(call, ImportResult)

    def _links(self, domain: str, subject_id: str, type_: str) -> AsyncIterator[Link]:
        return self._all(
            lambda offset: calls.links(self._site, domain, subject_id, type_=type_, offset=offset),
            Link,
            fits=lambda found: found.type_id in ("", type_),
        )


def _is_one_of(found: ResourceVersion, *, types: Sequence[str], states: Sequence[str]) -> bool:
    """Whether it was asked for, as far as it says what it is."""
    return found.type in types and (not states or found.state is ResourceState.UNKNOWN or found.state in states)
