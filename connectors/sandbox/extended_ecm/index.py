"""What search knows of the tree, which may lag behind it.

Without a lag the tree itself is searched. With one, a node is found as it was when its change had ripened; what is no
longer there, or not for whoever asks, never shows, for hits are re-checked (contract 7).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.extended_ecm.nodes import Node, NodeTree


class SearchIndex:
    """Pairs of a node and how search sees it."""

    def __init__(self, tree: NodeTree, clock: SandboxClock, *, lag_s: float) -> None:
        self._tree = tree
        self._clock = clock
        self._lag = timedelta(seconds=lag_s)
        self._known: dict[int, Node] = {}
        self._ripening: deque[tuple[datetime, Node]] = deque()
        self._touched: set[int] = set()

    def learn_all(self) -> None:
        """Know everything that is there: a site's first day is long indexed."""
        if self._lag:
            self._known = {node.id: _as_it_is(node) for node in self._tree.everything()}

    def touch(self, node_id: int) -> None:
        """Something about this node is about to change."""
        if self._lag:
            self._touched.add(node_id)

    def settle(self) -> None:
        """Take down how the touched nodes look now that the change is whole."""
        due = self._clock.now() + self._lag
        for node_id in self._touched:
            node = self._tree.find(node_id)
            if node is not None:
                self._ripening.append((due, _as_it_is(node)))
        self._touched.clear()

    def candidates(self) -> Iterator[tuple[Node, Node]]:
        """Every node that can be found, and the state in which search knows it."""
        if not self._lag:
            for node in self._tree.everything():
                yield node, node
            return
        now = self._clock.now()
        while self._ripening and self._ripening[0][0] <= now:
            seen = self._ripening.popleft()[1]
            self._known[seen.id] = seen
        for seen in self._known.values():
            live = self._tree.find(seen.id)
            if live is not None:
                yield live, seen


def _as_it_is(node: Node) -> Node:
    """A copy that later changes do not reach. Values are replaced, never changed in place."""
    return replace(node, categories={key: dict(values) for key, values in node.categories.items()})
