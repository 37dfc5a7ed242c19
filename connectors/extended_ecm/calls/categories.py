"""Categories on nodes and their forms (contract 5)."""

from collections.abc import Mapping, Sequence

from connectors.extended_ecm.calls.finding import FindingCalls
from connectors.extended_ecm.forms import CategoryForm
from connectors.extended_ecm.models import Node, NodeCategory, NodeId, NodeType, Page
from connectors.extended_ecm.wire import categories
from connectors.extended_ecm.wire.reading import read_page


class CategoryCalls(FindingCalls):
    """Values, and the forms that ask for them."""

    async def categories(self, node_id: NodeId) -> tuple[NodeCategory, ...]:
        """Every category on a node."""
        return categories.read_categories(await self._send(categories.categories(node_id)))

    async def category(self, node_id: NodeId, category_id: int) -> NodeCategory:
        """One category on a node."""
        return categories.read_category(await self._send(categories.category(node_id, category_id)))

    async def apply_category(self, node_id: NodeId, category_id: int, values: Mapping[str, object]) -> None:
        """Give a node a category."""
        await self._send(categories.apply_category(node_id, category_id, values))

    async def update_category(
        self, node_id: NodeId, category_id: int, values: Mapping[str, object], *, token: str = ""
    ) -> None:
        """Change values. Raises: ConflictError when ``token`` is older than the node's state."""
        await self._send(categories.update_category(node_id, category_id, values, token=token))

    async def remove_category(self, node_id: NodeId, category_id: int) -> None:
        """Take a category off a node."""
        await self._send(categories.remove_category(node_id, category_id))

    async def form_for_new_document(self, parent: NodeId, category_ids: Sequence[int]) -> tuple[CategoryForm, ...]:
        """One form per category, also for those that ``parent`` hands down."""
        return categories.read_forms(await self._send(categories.form_for_new_document(parent, category_ids)))

    async def form_for_update(self, node_id: NodeId, category_id: int) -> CategoryForm:
        """The form of a category on a node, with the edit token."""
        reply = await self._send(categories.form_for_update(node_id, category_id))
        found = categories.read_forms(reply)
        if not found:
            raise reply.odd("no category form in the answer")
        return found[0]

    async def all_categories(self) -> tuple[Node, ...]:
        """Every category of the server, at any depth of its folders."""
        found: list[Node] = []
        folders = [(await self.volume(NodeType.CATEGORIES_VOLUME)).id]
        while folders:
            parent = folders.pop(0)

            async def fetch(page: int, parent: NodeId = parent) -> Page[Node]:
                call = categories.definitions_in(parent, page=page, limit=self._page_size)
                return read_page(await self._send(call), Node, self._zone)

            async for node in self._each(fetch):
                if node.kind is NodeType.CATEGORY:
                    found.append(node)
                else:
                    folders.append(node.id)
        return tuple(found)

    async def remove_set_row(self, node_id: NodeId, category_id: int, set_number: int, row: int) -> None:
        """Take one row, counted from 1, out of a set; the rows behind it move up."""
        await self.update_category(node_id, category_id, {f"{category_id}_{set_number}_{row}": ""})

    async def apply_to_children(
        self, node_id: NodeId, category_ids: Sequence[int], *, replace_values: bool = False
    ) -> None:
        """Hand categories down to everything that lies in a container already."""
        await self._send(categories.apply_to_children(node_id, category_ids, replace_values=replace_values))

    async def set_inheritance(self, node_id: NodeId, category_id: int, *, on: bool) -> None:
        """Whether what comes into a container gets the category."""
        await self._send(categories.inherit(node_id, category_id, on=on))

    async def enforcing(self, node_ids: Sequence[NodeId]) -> frozenset[NodeId]:
        """Which of these nodes insist on their required values."""
        return categories.read_enforcing(await self._send(categories.enforcing(node_ids)))

    async def valid_values(
        self, node_id: NodeId, key: str, *, given: Mapping[str, object] | None = None
    ) -> tuple[str, ...]:
        """What a pick list offers when other attributes have the values ``given``."""
        return categories.read_valid_values(await self._send(categories.valid_values(node_id, key, given or {})))

    async def form_for_new(self, node_id: NodeId, category_id: int) -> CategoryForm:
        """The form of a category that a node does not have yet."""
        reply = await self._send(categories.form_for_new(node_id, category_id))
        found = categories.read_forms(reply)
        if not found:
            raise reply.odd("no category form in the answer")
        return found[0]
