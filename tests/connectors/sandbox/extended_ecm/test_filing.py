"""The archive's first day: what was sent lies there, described as its category wants it."""

from collections.abc import Iterator

import pytest

from connectors.sandbox.extended_ecm.forms import DOCUMENT_CATEGORY
from connectors.sandbox.extended_ecm.nodes import Node
from connectors.sandbox.extended_ecm.seed import seed
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.otds.authority import TicketAuthority
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import SentCommunication


async def _unread(sent: SentCommunication) -> bytes:
    raise AssertionError(sent.id)


@pytest.fixture(scope="module")
def server() -> ContentServer:
    """An archive of some years."""
    world = build_world(events=2000)
    server = ContentServer(world, TicketAuthority(world))
    seed(server, _unread)
    return server


def _filed(server: ContentServer) -> Iterator[tuple[Node, dict[str, object]]]:
    category = next(each.id for each in server.categories.values() if each.name == DOCUMENT_CATEGORY)
    for node in server.tree.everything():
        if category in node.categories:
            yield node, node.categories[category]


def test_every_archived_communication_has_its_document(server: ContentServer) -> None:
    """A complaint about a letter could not be answered."""
    category = next(each for each in server.categories.values() if each.name == DOCUMENT_CATEGORY)

    filed = [values[category.key_of("Communication id")] for _, values in _filed(server)]

    assert filed == [sent.id for sent in server.world.sent if sent.archived]


def test_the_values_of_documents_keep_their_categorys_rules(server: ContentServer) -> None:
    """They are laid down unchecked; the first edit of a document would be refused for what was there before."""
    category = next(each for each in server.categories.values() if each.name == DOCUMENT_CATEGORY)

    for node, values in _filed(server):
        assert category.changed(category.blank(), values) == values, node


def test_two_of_a_day_have_names_of_their_own(server: ContentServer) -> None:
    """The second could not be filed beside the first."""
    names = [(node.parent_id, node.name.casefold()) for node, _ in _filed(server)]

    assert len(set(names)) == len(names)
