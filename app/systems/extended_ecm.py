"""Extended ECM as the archive of record: customers' workspaces, their documents, and filing with proof."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from app.outgoing import OutgoingFiles
from app.records import (
    Ability,
    AccountFacts,
    Category,
    CategoryField,
    Channel,
    ChannelConsent,
    ContactPoint,
    Customer,
    CustomerDocument,
    CustomerNumber,
    Filing,
    NodeId,
    Offer,
    OutboxEntry,
    Receipt,
    RecordSeries,
    System,
)
from app.rules.masking import masked_mail, masked_number, masked_post
from app.rules.retention import KeptDocument
from app.systems.abilities import if_told, lacks_names, offered, tried, untold
from app.systems.ecm_records import EcmRecords
from app.systems.filing import FilingOrder
from app.systems.ports import Picture
from connectors import extended_ecm as vendor
from connectors.errors import ConflictError, NotFoundError
from connectors.extended_ecm import CategorizedNode, ExtendedEcmClient, NodeCategory, NodeType

_ROW: Final = re.compile(r"^\d+_(\d+)_(\d+)_(\d+)$")
PARTED_FROM_BYTES: Final = 4_000_000
"""Smaller files are sent whole: they are quicker begun anew than asked about. CHOSEN."""
_KINDS: Final = {"integer": "integer", "boolean": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EcmNames:
    """How this archive names what the desk reads. CHOSEN; settings of the connection.

    Names, not ids: ids differ between installations (contract 5).
    """

    workspace_type: str = "Customer"
    customer_category: str = "Customer"
    document_category: str = "Customer document"
    number: str = "Customer number"
    customer_name: str = "Name"
    language: str = "Language"
    segments: str = "Segments"
    contacts: str = "Contacts"
    medium: str = "Medium"
    address: str = "Address"
    mail: str = "Mail"
    mobile: str = "Mobile"
    post: str = "Post"
    mail_consent: str = "Mail consent"
    sms_consent: str = "SMS consent"
    mail_returned: str = "Mail returned"
    preferred: str = "Preferred channels"
    country: str = "Country"
    mail_marketing: str = "Mail marketing"
    sms_marketing: str = "SMS marketing"
    document_date: str = "Document date"
    document_type: str = "Document type"
    channel: str = "Channel"
    communication: str = "Communication id"
    template: str = "Template"
    sha256: str = "Hash"


class EcmArchive:
    """Speaks to one Content Server."""

    system = System.EXTENDED_ECM

    def __init__(self, client: ExtendedEcmClient, *, outgoing: OutgoingFiles, names: EcmNames = EcmNames()) -> None:
        self._client = client
        self._records = EcmRecords(client)
        self._outgoing = outgoing
        self._names = names

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    async def probe(self) -> AccountFacts:
        """Sign in, read the server's version, and see whether the workspaces and categories are named as here."""
        await self._client.ping()
        info = await if_told(self._client.server_info)
        who = await if_told(self._client.who_am_i)
        offers = (
            await tried(Ability.READ_CUSTOMERS, self._client.workspace_types, judge=self._may_read_customers),
            await tried(Ability.FILE_DOCUMENTS, self._client.all_categories, judge=self._may_file),
        )
        return AccountFacts(account=who.name if who else "", version=info.version if info else "", offers=offers)

    def _may_read_customers(self, types: Sequence[vendor.WorkspaceType]) -> Offer:
        if any(each.wksp_type_name == self._names.workspace_type for each in types):
            return offered(Ability.READ_CUSTOMERS)
        return lacks_names(
            Ability.READ_CUSTOMERS, [self._names.workspace_type], kind="workspace type", system=self.system
        )

    def _may_file(self, categories: Sequence[vendor.Node]) -> Offer:
        if not any(each.name == self._names.document_category for each in categories):
            return lacks_names(
                Ability.FILE_DOCUMENTS, [self._names.document_category], kind="category", system=self.system
            )
        return untold(Ability.FILE_DOCUMENTS, "Rights lie on each workspace; the form says so where one lacks them.")

    async def customers(self) -> Sequence[Customer]:
        """Every workspace of the customers' type whose category names a customer."""
        types = await self._client.workspace_types()
        kind = next((each.wksp_type_id for each in types if each.wksp_type_name == self._names.workspace_type), None)
        if kind is None:
            raise NotFoundError(
                system=self.system.label,
                call="workspace types",
                detail=f"no workspace type “{self._names.workspace_type}”; name yours in the connection",
            )
        listed = self._client.workspaces_with_categories(type_id=kind)
        return [customer async for each in listed if (customer := self._customer(each)) is not None]

    async def customer(self, workspace: NodeId) -> Customer:
        """The customer of ``workspace`` as it stands this moment. Raises: NotFoundError when it is nobody's."""
        customer = self._customer(await self._listed(workspace))
        if customer is None:
            raise NotFoundError(
                system=self.system.label, call="customer", detail=f"workspace {workspace} names no customer"
            )
        return customer

    async def documents_of(self, customer: Customer) -> Sequence[CustomerDocument]:
        """The documents in a customer's workspace and its folders, newest first."""
        below = self._documents_below(vendor.NodeId(customer.workspace))
        read = [self._document(each, customer.number) async for each in below]
        return sorted(read, key=lambda document: document.filed_at, reverse=True)

    async def content(self, node: NodeId) -> Picture:
        """A document's bytes."""
        came = await self._client.content(vendor.NodeId(node))
        return Picture(content=came.data, media_type=came.media_type)

    async def categories(self, workspace: NodeId) -> Sequence[Category]:
        """The categories of the server that a document in ``workspace`` can carry, the usual one first."""
        known = [node for node in await self._client.all_categories() if node.name != self._names.customer_category]
        forms = await self._client.form_for_new_document(vendor.NodeId(workspace), [int(node.id) for node in known])
        names = {int(node.id): node.name for node in known}
        offered = [_category(form, names[form.category_id]) for form in forms if form.category_id in names]
        return sorted(offered, key=lambda category: category.name != self._names.document_category)

    async def keeping(self, node: NodeId) -> KeptDocument:
        """Why a document is still there: its holds and its retention, as the archive says this moment."""
        return await self._records.keeping(node)

    async def addresses(self, customer: Customer) -> Mapping[Channel, str]:
        """A customer's addresses as they are written in the archive this moment; the first of each channel.

        Raises: NotFoundError when the workspace is somebody else's by now: they would be shown under this name.
        """
        said = _Said((await self._listed(customer.workspace)).category(self._names.customer_category))
        if said.text(self._names.number) != customer.number:
            raise NotFoundError(
                system=self.system.label,
                call="addresses",
                detail=f"workspace {customer.workspace} names another customer",
            )
        found: dict[Channel, str] = {}
        for row in said.rows(self._names.contacts):
            if (point := self._contact_point(row, mail_returned=False)) is not None:
                found.setdefault(point.channel, row[self._names.address])
        return found

    async def _listed(self, workspace: NodeId) -> CategorizedNode:
        node = await self._client.node(vendor.NodeId(workspace))
        held = await self._client.categories(vendor.NodeId(workspace))
        return CategorizedNode(node=node, categories=tuple(held))

    async def keepings(self, customer: Customer) -> Sequence[KeptDocument | None]:
        """What keeps a customer's workspace and each document in it; None where the archive does not tell."""
        documents = await self.documents_of(customer)
        return await self._records.keepings([customer.workspace, *(each.node for each in documents)])

    async def record_series(self) -> Sequence[RecordSeries]:
        """The file plan that a document may be filed under."""
        return await self._records.series()

    async def read_back(self, node: NodeId) -> Filing:
        """What the archive holds under ``node``: name, hash of the bytes it gives out, category values."""
        held = await self._client.node(vendor.NodeId(node))
        came = await self._client.content(vendor.NodeId(node))
        values: dict[str, str] = {}
        for category in await self._client.categories(vendor.NodeId(node)):
            values |= {name: _words(value) for name, value in category.named.items() if _words(value)}
        return Filing(node=node, name=held.name, size_bytes=len(came.data), sha256=came.sha256, values=values)

    async def deliver(self, entry: OutboxEntry) -> Receipt:
        """Upload with the category, then fetch what was stored and compare the hashes.

        A small file goes in one call. A large one goes in parts where the server takes them, on from the last part
        that arrived, also after a kill.
        """
        order = FilingOrder.from_payload(entry.payload)
        key, folder = entry.request_key, vendor.NodeId(order.workspace)
        if self._outgoing.size_bytes(key) < PARTED_FROM_BYTES:
            content = await self._outgoing.content(key, order.sha256)
            node = await self._client.upload(
                folder,
                order.name,
                content=content,
                media_type=order.media_type,
                category_values=await self._values(order),
            )
        else:
            node = await self._client.upload_large(
                folder,
                order.name,
                content=await self._outgoing.pinned(key, order.sha256),
                media_type=order.media_type,
                category_values=await self._values(order),
                progress=self._outgoing.progress(key, order.sha256),
            )
        return await self._receipt(order, NodeId(node.id))

    async def look_up(self, entry: OutboxEntry) -> Receipt | None:
        """An item of that name with the same bytes in the workspace is ours; names are unique there (contract 3)."""
        order = FilingOrder.from_payload(entry.payload)
        node = await self._client.find_child(vendor.NodeId(order.workspace), order.name)
        if node is None:
            return None
        return await self._receipt(order, NodeId(node.id))

    async def _values(self, order: FilingOrder) -> Mapping[str, str]:
        """What was filled in, and the hash where the category has a field for it, so that it can be proven for ever."""
        forms = await self._client.form_for_new_document(vendor.NodeId(order.workspace), [order.category])
        fields = [field for form in forms if form.category_id == order.category for field in form.fields]
        return {**order.values, **{field.key: order.sha256 for field in fields if field.title == self._names.sha256}}

    async def _receipt(self, order: FilingOrder, node: NodeId) -> Receipt:
        """What is there, read back. What an earlier attempt left undone of the record is done first."""
        filing = await self.read_back(node)
        if filing.sha256 != order.sha256:
            raise ConflictError(
                system=self.system.label,
                call="read back",
                detail=f"node {node} of that name holds other bytes than the document that was filed",
            )
        if order.series is not None:
            await self._records.declare(node, order.series)
        return Receipt(
            sentence=f"Filed as node {node}; the archive gives back the same bytes.",
            reference=str(node),
            values={"sha256": filing.sha256, **filing.values},
        )

    async def _documents_below(self, parent: vendor.NodeId) -> AsyncIterator[CategorizedNode]:
        async for listed in self._client.children_with_categories(parent):
            if listed.node.kind is NodeType.DOCUMENT:
                yield listed
            elif listed.node.kind is NodeType.FOLDER:
                async for inner in self._documents_below(listed.node.id):
                    yield inner

    def _document(self, listed: CategorizedNode, customer: CustomerNumber) -> CustomerDocument:
        node, said = listed.node, _Said(listed.category(self._names.document_category))
        channel = said.text(self._names.channel)
        filed_at = node.create_date or node.modify_date or datetime.now(UTC)
        return CustomerDocument(
            node=NodeId(node.id),
            customer=customer,
            name=node.name,
            media_type=node.mime_type or "application/octet-stream",
            size_bytes=node.size or 0,
            filed_at=filed_at,
            channel=Channel(channel) if channel in set(Channel) else None,
            communication=said.text(self._names.communication),
            template=said.text(self._names.template),
            document_type=said.text(self._names.document_type),
            document_date=said.day(self._names.document_date),
            sha256=said.text(self._names.sha256),
        )

    def _customer(self, listed: CategorizedNode) -> Customer | None:
        node, said = listed.node, _Said(listed.category(self._names.customer_category))
        number = said.text(self._names.number)
        if not number:
            return None
        contacts = said.rows(self._names.contacts)
        points = [
            point
            for row in contacts
            if (point := self._contact_point(row, mail_returned=said.flag(self._names.mail_returned)))
        ]
        return Customer(
            number=CustomerNumber(number),
            name=said.text(self._names.customer_name) or node.name,
            workspace=NodeId(node.id),
            locale=said.text(self._names.language),
            segments=said.texts(self._names.segments),
            contact_points=tuple(points),
            consents=self._consents(said),
            country=said.text(self._names.country).upper(),
            marketing_consents=self._recorded(
                said, ((Channel.EMAIL, self._names.mail_marketing), (Channel.SMS, self._names.sms_marketing))
            ),
            preferred=tuple(Channel(each) for each in said.texts(self._names.preferred) if each in set(Channel)),
            changed_at=node.modify_date,
        )

    def _contact_point(self, row: Mapping[str, str], *, mail_returned: bool) -> ContactPoint | None:
        address = row.get(self._names.address, "")
        if not address:
            return None
        match row.get(self._names.medium):
            case self._names.mail:
                return ContactPoint(channel=Channel.EMAIL, masked=masked_mail(address), is_bad=mail_returned)
            case self._names.mobile:
                return ContactPoint(channel=Channel.SMS, masked=masked_number(address))
            case self._names.post:
                return ContactPoint(channel=Channel.PRINT, masked=masked_post(address))
            case _:
                return None

    def _consents(self, said: "_Said") -> tuple[ChannelConsent, ...]:
        asked = ((Channel.EMAIL, self._names.mail_consent), (Channel.SMS, self._names.sms_consent))
        always = ChannelConsent(channel=Channel.PRINT, is_allowed=True, reason="always, for contract notices")
        return (*self._recorded(said, asked), always)

    @staticmethod
    def _recorded(said: "_Said", asked: Sequence[tuple[Channel, str]]) -> tuple[ChannelConsent, ...]:
        return tuple(
            ChannelConsent(
                channel=channel,
                is_allowed=bool(given),
                reason="allowed, says the archive" if given else "consent withdrawn, says the archive",
            )
            for channel, name in asked
            if (given := said.flag_or_none(name)) is not None
        )


class _Said:
    """Reads a category's values by their names; a category that is not there says nothing."""

    def __init__(self, category: NodeCategory | None) -> None:
        self._category = category
        self._named: Mapping[str, object] = category.named if category else {}

    def text(self, name: str) -> str:
        return _words(self._named.get(name))

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._named.get(name)
        if isinstance(value, list | tuple):
            return tuple(_words(each) for each in value if _words(each))
        return (_words(value),) if _words(value) else ()

    def flag_or_none(self, name: str) -> bool | None:
        value = self._named.get(name)
        if isinstance(value, bool):
            return value
        return {"true": True, "1": True, "false": False, "0": False}.get(_words(value).lower())

    def flag(self, name: str) -> bool:
        return bool(self.flag_or_none(name))

    def day(self, name: str) -> date | None:
        with suppress(ValueError):
            return date.fromisoformat(self.text(name)[:10])
        return None

    def rows(self, set_name: str) -> Sequence[Mapping[str, str]]:
        """The rows of a set of attributes, each by the names of its members (key grammar: contract 5)."""
        if self._category is None:
            return ()
        head = next(
            (key for key, entry in self._category.schema.items() if entry.persona == "set" and entry.name == set_name),
            None,
        )
        if head is None:
            return ()
        members = {
            key.rpartition("_")[2]: entry.name
            for key, entry in self._category.schema.items()
            if key.startswith(f"{head}_x_")
        }
        rows: dict[int, dict[str, str]] = {}
        for key, value in self._category.values.items():
            match = _ROW.match(key)
            if match and key.startswith(f"{head}_") and match[3] in members:
                rows.setdefault(int(match[2]), {})[members[match[3]]] = _words(value)
        return [rows[number] for number in sorted(rows)]


def _category(form: vendor.CategoryForm, name: str) -> Category:
    return Category(
        id=form.category_id,
        name=name,
        fields=tuple(
            CategoryField(
                key=field.key,
                name=field.title,
                kind=_kind(field),
                is_required=field.required,
                choices=field.choices,
                max_length=field.max_length,
            )
            for field in form.fields
            if not field.read_only and field.kind not in {"object", "array"}
        ),
    )


def _kind(field: vendor.FormField) -> str:
    if field.choices:
        return "choice"
    if field.control in {"date", "datetime"}:
        return "date"
    return _KINDS.get(field.kind, "text")


def _words(value: object) -> str:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
