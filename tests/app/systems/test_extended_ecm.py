"""The archive's categories as ours: customers with consents and addresses, documents, forms."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest

from app.outgoing import OutgoingFiles
from app.records import Channel, Customer, CustomerDocument, CustomerNumber, NodeId
from app.systems.extended_ecm import EcmArchive
from connectors import extended_ecm as vendor
from connectors.errors import NotFoundError
from connectors.extended_ecm import CategorizedNode, ExtendedEcmClient, NodeCategory

CREATED = datetime(2026, 5, 12, 9, tzinfo=UTC)


def category(
    name: str, values: dict[str, object], *, sets: dict[str, list[dict[str, str]]] | None = None
) -> NodeCategory:
    """A category on a node, its keys numbered as the server would."""
    schema = {"5": vendor.AttributeSchema(key="5", name=name, persona="category")}
    keyed: dict[str, object] = {}
    for number, (title, value) in enumerate(values.items(), start=2):
        schema[f"5_{number}"] = vendor.AttributeSchema(key=f"5_{number}", name=title)
        keyed[f"5_{number}"] = value
    for number, (title, rows) in enumerate((sets or {}).items(), start=50):
        schema[f"5_{number}"] = vendor.AttributeSchema(key=f"5_{number}", name=title, persona="set")
        for place, member in enumerate(rows[0], start=2):
            schema[f"5_{number}_x_{place}"] = vendor.AttributeSchema(key=f"5_{number}_x_{place}", name=member)
            for row, values_of_row in enumerate(rows, start=1):
                keyed[f"5_{number}_{row}_{place}"] = values_of_row[member]
    return NodeCategory(id=vendor.NodeId(5), name=name, values=keyed, schema=schema)


def node(id_: int, name: str, *, kind: int = 144, carries: Sequence[NodeCategory] = ()) -> CategorizedNode:
    """One item of a list."""
    plain = vendor.Node(id=vendor.NodeId(id_), name=name, type=kind, size=10, mime_type="x/y", create_date=CREATED)
    return CategorizedNode(node=plain, categories=tuple(carries))


class FakeServer:
    """Workspaces of one type, and folders by their id."""

    def __init__(self, workspaces: Sequence[CategorizedNode], folders: dict[int, list[CategorizedNode]]) -> None:
        self._workspaces = workspaces
        self._folders = folders

    async def workspace_types(self) -> tuple[vendor.WorkspaceType, ...]:
        """Customers and something else."""
        return tuple(
            vendor.WorkspaceType(wksp_type_id=number, wksp_type_name=name)
            for number, name in ((1, "Vendor"), (2, "Customer"))
        )

    async def workspaces_with_categories(self, *, type_id: int) -> AsyncIterator[CategorizedNode]:
        """Those of the customers' type."""
        for each in self._workspaces if type_id == 2 else ():
            yield each

    async def children_with_categories(self, parent: int) -> AsyncIterator[CategorizedNode]:
        """A folder."""
        for each in self._folders.get(parent, []):
            yield each

    async def node(self, wanted: int) -> vendor.Node:
        """One workspace."""
        return next(each.node for each in self._workspaces if each.node.id == wanted)

    async def categories(self, wanted: int) -> Sequence[NodeCategory]:
        """What it carries."""
        return next(each.categories for each in self._workspaces if each.node.id == wanted)


def archive(
    workspaces: Sequence[CategorizedNode] = (), folders: dict[int, list[CategorizedNode]] | None = None
) -> EcmArchive:
    """The archive on such a server."""
    server = cast("ExtendedEcmClient", FakeServer(workspaces, folders or {}))
    return EcmArchive(server, outgoing=OutgoingFiles(Path("unused")))


def customer(values: dict[str, object], contacts: list[dict[str, str]] | None = None) -> Customer | None:
    """The customer that a workspace with such a category stands for."""
    carried = category("Customer", values, sets={"Contacts": contacts} if contacts else None)
    found = asyncio.run(archive([node(7, "The workspace", kind=848, carries=[carried])]).customers())
    return found[0] if found else None


@pytest.mark.parametrize("values", [{"Name": "Ada"}, {"Customer number": "", "Name": "Ada"}])
def test_a_workspace_without_a_number_is_no_customer(values: dict[str, object]) -> None:
    """Support would find people who cannot be written to."""
    assert customer(values) is None


def test_a_customer_without_a_name_is_called_after_the_workspace() -> None:
    """The list would show an empty line."""
    found = customer({"Customer number": "HM-1"})

    assert found is not None
    assert (found.name, found.workspace) == ("The workspace", 7)


@pytest.mark.parametrize(
    ("stored", "is_allowed"),
    [(True, True), ("true", True), ("1", True), (1, True), (False, False), ("false", False), (0, False)],
)
def test_consent_is_read_in_every_form_that_servers_send(stored: object, is_allowed: bool) -> None:
    """A withdrawn consent would count as given."""
    found = customer({"Customer number": "HM-1", "Mail consent": stored})

    assert found is not None
    consents = {consent.channel: consent.is_allowed for consent in found.consents}
    assert consents == {Channel.EMAIL: is_allowed, Channel.PRINT: True}


@pytest.mark.parametrize("stored", [None, "", "perhaps"])
def test_consent_that_nobody_recorded_is_not_made_up(stored: object) -> None:
    """Silence would count as consent."""
    found = customer({"Customer number": "HM-1", "SMS consent": stored})

    assert found is not None
    assert Channel.SMS not in {consent.channel for consent in found.consents}


def test_addresses_come_masked_and_a_returned_mail_is_marked() -> None:
    """The cache would hold plain addresses, and the next mail would bounce."""
    found = customer(
        {"Customer number": "HM-1", "Mail returned": True, "Preferred channels": ["sms", "pigeon", "email"]},
        [
            {"Medium": "Mail", "Address": "ines@lamer.example"},
            {"Medium": "Mobile", "Address": "+33639980042"},
            {"Medium": "Fax", "Address": "1"},
            {"Medium": "Post", "Address": ""},
        ],
    )

    assert found is not None
    assert [(point.channel, point.masked, point.is_bad) for point in found.contact_points] == [
        (Channel.EMAIL, "i•••@lamer.example", True),
        (Channel.SMS, "+33 •• •• •• 42", False),
    ]
    assert found.preferred == (Channel.SMS, Channel.EMAIL)


def test_addresses_are_revealed_of_that_customer_and_of_nobody_else() -> None:
    """A stranger's address would be shown under this name, and the audit would say that it was theirs."""
    contacts = [{"Medium": "Mail", "Address": "ines@lamer.example"}]
    carried = category("Customer", {"Customer number": "HM-1"}, sets={"Contacts": contacts})
    held = archive([node(7, "The workspace", kind=848, carries=[carried])])
    known = customer({"Customer number": "HM-1"})
    assert known is not None

    shown = asyncio.run(held.addresses(known))

    assert shown == {Channel.EMAIL: "ines@lamer.example"}
    with pytest.raises(NotFoundError, match="another customer"):
        asyncio.run(held.addresses(replace(known, number=CustomerNumber("HM-2"))))


def documents(
    *children: CategorizedNode, folders: dict[int, list[CategorizedNode]] | None = None
) -> Sequence[CustomerDocument]:
    """The documents of a customer whose workspace holds ``children``."""
    whose = Customer(number=CustomerNumber("HM-1"), name="Ada", workspace=NodeId(7))
    return asyncio.run(archive(folders={7: list(children), **(folders or {})}).documents_of(whose))


def test_documents_are_found_in_folders_below_and_nothing_else_is_one() -> None:
    """What was filed in a subfolder would not exist for support."""
    deep = {20: [node(21, "deep.pdf"), node(22, "deeper", kind=0)], 22: [node(23, "deepest.pdf")]}

    found = documents(node(10, "top.pdf"), node(20, "folder", kind=0), node(30, "a link", kind=140), folders=deep)

    assert {each.name for each in found} == {"top.pdf", "deep.pdf", "deepest.pdf"}


@pytest.mark.parametrize(
    ("values", "channel", "day"),
    [
        ({"Channel": "sms", "Document date": "2026-05-12T00:00:00"}, Channel.SMS, date(2026, 5, 12)),
        ({"Channel": "pigeon", "Document date": "soon"}, None, None),
        ({}, None, None),
    ],
)
def test_a_documents_category_is_read_as_far_as_it_goes(
    values: dict[str, object], channel: Channel | None, day: date | None
) -> None:
    """One document with an odd value would hide all others."""
    (found,) = documents(node(10, "a.pdf", carries=[category("Customer document", values)]))

    assert (found.channel, found.document_date, found.filed_at) == (channel, day, CREATED)


def test_a_server_without_the_customers_type_says_which_name_is_missing() -> None:
    """The archive would look empty."""
    server = FakeServer((), {})

    async def no_types() -> tuple[vendor.WorkspaceType, ...]:
        return ()

    server.workspace_types = no_types  # type: ignore[method-assign]  # the one thing that differs

    with pytest.raises(NotFoundError, match="no workspace type “Customer”"):
        asyncio.run(EcmArchive(cast("ExtendedEcmClient", server), outgoing=OutgoingFiles(Path("x"))).customers())
