"""How what was sent came into the archive: a document for each communication, in its customer's workspace.

A long history is filed on the first day, so what is the same for all of them is worked out once.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from connectors.sandbox.extended_ecm.categories import Category, Values, as_stored
from connectors.sandbox.extended_ecm.content import Content
from connectors.sandbox.extended_ecm.nodes import LONGEST_NAME, Node, NodeType
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.world import SentCommunication

INCOMING_FOLDER: Final = "Incoming mail"

_TYPE_BY_TEMPLATE: Final = {
    "annual-statement": "Statement",
    "cancellation": "Letter",
    "claim-received": "Claim decision",
    "claim-settled": "Claim decision",
    "monthly-bill": "Bill",
    "move-in-welcome": "Letter",
    "payment-reminder": "Reminder",
    "renewal-notice": "Policy",
    "spring-offer": "Offer",
}
_FILE_BY_CHANNEL: Final = {
    "print": ("pdf", "application/pdf"),
    "email": ("html", "text/html"),
    "web": ("html", "text/html"),
    "sms": ("txt", "text/plain"),
}
_FILED_AFTER: Final = timedelta(minutes=2)

Compose = Callable[[SentCommunication], Awaitable[bytes]]


class Filing:
    """Files communications, one by one, on behalf of one user."""

    def __init__(self, server: ContentServer, documents: Compose, category: Category, *, by: int) -> None:
        """``category`` describes the documents; ``documents`` is kept, and called when one's bytes are needed."""
        self._server = server
        self._documents = documents
        self._category = category
        self._by = by
        self._groups = {template.slug: template.group for template in server.world.templates}
        self._folders: dict[tuple[int, str], Node] = {}
        self._blank = category.blank()
        self._account = category.key_of("Account")
        self._deal = category.key_of("Deal id")
        self._date = category.key_of("Document date")
        self._type = category.key_of("Document type")
        self._channel = category.key_of("Channel")
        self._communication = category.key_of("Communication id")
        self._template = category.key_of("Template")
        self._hash = category.key_of("Hash")

    def file(self, sent: SentCommunication, place: int, workspace: Node) -> Node:
        """The document of ``sent``, hung into ``workspace``; its hash is worked out when somebody looks.

        ``place`` is where it stands in the world's history, out of which it is derived again for its bytes: kept, all
        its facts would be most of a large archive's memory.
        """
        folder = self._folder(workspace, self._groups.get(sent.template) or INCOMING_FOLDER)
        extension, media_type = _FILE_BY_CHANNEL.get(sent.channel, ("bin", "application/octet-stream"))
        name = self._free_name(folder, sent, extension)
        at = sent.composed_at + _FILED_AFTER
        node = self._server.make(
            parent=folder, kind=NodeType.DOCUMENT, name=name, by=self._by, at=at, description=sent.title
        )
        content = Content(lambda: self._documents(self._server.world.sent[place]))
        self._server.add_version(node, content, file_name=name, media_type=media_type, by=self._by, at=at)
        node.categories[self._category.id] = self._values(sent)
        self._server.hash_when_read(node, self._category.id, self._hash)
        return node

    def _values(self, sent: SentCommunication) -> Values:
        """Laid over blank ones unchecked: the world keeps the category's rules, and a test holds it to them."""
        return {
            **self._blank,
            self._account: sent.customer,
            self._deal: sent.job_id,
            self._date: as_stored(sent.composed_at),
            self._type: _TYPE_BY_TEMPLATE.get(sent.template, "Notice"),
            self._channel: sent.channel,
            self._communication: sent.id,
            self._template: sent.template,
        }

    def _folder(self, workspace: Node, name: str) -> Node:
        folder = self._folders.get((workspace.id, name))
        if folder is None:
            folder = self._server.tree.child_named(workspace.id, name)
            assert folder is not None  # noqa: S101 - every group has its folder in the template
            self._folders[workspace.id, name] = folder
        return folder

    def _free_name(self, folder: Node, sent: SentCommunication, extension: str) -> str:
        day = sent.composed_at.date().isoformat()
        stem = fitting(f"{day} {sent.title}", room=len(sent.id) + len(extension) + 4)
        plain = f"{stem}.{extension}"
        taken = self._server.tree.child_named(folder.id, plain) is not None
        return f"{stem} {fitting(sent.id)}.{extension}" if taken else plain


def fitting(name: str, *, room: int = 0) -> str:
    """``name`` as a node may be called: no colon, not too long, trimmed; ``room`` characters are kept free."""
    return name.replace(":", "·")[: LONGEST_NAME - room].strip()
