"""Where things lie in the small insurer's archive, found as the desk finds them."""

from connectors.extended_ecm import (
    BusinessObject,
    CategoryForm,
    ExtendedEcmClient,
    Node,
    NodeId,
    documents_like,
)
from connectors.sandbox.extended_ecm import BO_TYPE, DOCUMENT_CATEGORY, EXT_SYSTEM_ID


def customer_object(number: str) -> BusinessObject:
    """What a customer is in the leading system."""
    return BusinessObject(ext_system_id=EXT_SYSTEM_ID, bo_type=BO_TYPE, bo_id=number)


async def workspace_of(client: ExtendedEcmClient, number: str) -> Node:
    """A customer's workspace."""
    node = await client.find_workspace(customer_object(number))
    assert node is not None
    return node


async def folder_of(client: ExtendedEcmClient, number: str, name: str = "Home and motor") -> Node:
    """A folder in a customer's workspace."""
    folder = await client.find_child((await workspace_of(client, number)).id, name)
    assert folder is not None
    return folder


async def document_of(client: ExtendedEcmClient, communication: str) -> Node:
    """The document that a communication was archived as."""
    return await anext(client.search(documents_like(communication)))


async def document_form(client: ExtendedEcmClient, parent: NodeId) -> CategoryForm:
    """The form that a new document is filled by."""
    (category,) = [each for each in await client.all_categories() if each.name == DOCUMENT_CATEGORY]
    (form,) = await client.form_for_new_document(parent, [category.id])
    return form


async def plain_document(client: ExtendedEcmClient, name: str = "Plain.pdf", content: bytes = b"%PDF one") -> Node:
    """A document of our own in a customer's folder."""
    folder = await folder_of(client, "HM-1")
    return await client.upload(folder.id, name, content=content, media_type="application/pdf")
