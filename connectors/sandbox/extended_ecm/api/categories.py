"""Categories on nodes, their forms and the checks around them (contract 5)."""

from collections.abc import Mapping

from connectors.sandbox.extended_ecm import category_forms
from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results
from connectors.sandbox.extended_ecm.categories import STATE_NUMBER, Attribute, Category, check_token, token_of
from connectors.sandbox.extended_ecm.nodes import CREATABLE, Node
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, no_node, wrong_type
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.trail import Event


class CategoriesApi:
    """``…/categories``, ``/v1/forms/nodes``, ``/v1/validation/nodes/categories``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        on_node = "/v2/nodes/{id}/categories"
        return (
            Endpoint(method="GET", path=on_node, handler=self.all),
            Endpoint(method="POST", path=on_node, handler=self.apply),
            Endpoint(method="POST", path=f"{on_node}/apply", handler=self.apply_below),
            Endpoint(method="GET", path=f"{on_node}/{{category_id}}", handler=self.one),
            Endpoint(method="PUT", path=f"{on_node}/{{category_id}}", handler=self.update),
            Endpoint(method="DELETE", path=f"{on_node}/{{category_id}}", handler=self.remove),
            Endpoint(method="POST", path=f"{on_node}/{{category_id}}/inheritance", handler=self.inherit),
            Endpoint(method="DELETE", path=f"{on_node}/{{category_id}}/inheritance", handler=self.disinherit),
            Endpoint(method="GET", path="/v1/forms/nodes/create", handler=self.form_for_new_node),
            Endpoint(method="GET", path="/v1/forms/nodes/categories/create", handler=self.form_for_new),
            Endpoint(method="GET", path="/v1/forms/nodes/categories/update", handler=self.form_for_update),
            Endpoint(method="POST", path="/v1/validation/nodes/categories/enforcement", handler=self.enforcement),
            Endpoint(method="POST", path="/v1/tklattribute/validvalues", handler=self.valid_values),
        )

    def _node(self, ask: Ask) -> Node:
        node = self._server.visible(ask.path_id(), ask.who)
        if node is None:
            raise no_node(ask.path_id())
        if ask.request.method != "GET":
            self._server.demand(ask.who, node, "edit_attributes")
        return node

    def _category(self, category_id: int) -> Category:
        category = self._server.category(category_id)
        if category is None:
            raise Refusal(400, f"Category ID {category_id} is not a valid category.")
        return category

    def _on_node(self, ask: Ask) -> tuple[Node, Category]:
        node, category_id = self._node(ask), ask.path_id("category_id")
        if category_id not in node.categories:
            raise Refusal(400, f"Category ID '{category_id}' is not a category on node '{node.id}'")
        return node, self._server.categories[category_id]

    async def _shown(self, ask: Ask, node: Node, category: Category) -> Json:
        shown: Json = {"data": {"categories": dict(await self._server.values(node, category.id))}}
        if ask.flag("metadata"):
            shown["metadata"] = {"categories": category_forms.schema(category)}
            shown["metadata_map"] = {"categories": {str(category.id): category_forms.order(category)}}
            shown["metadata_order"] = {"categories": [str(category.id)]}
        if ask.flag("state"):
            shown["state"] = {"categories": self._state(node, category)}
        return shown

    def _state(self, node: Node, category: Category) -> Json:
        return {f"{category.id}_{STATE_NUMBER}": {"metadata_token": token_of(node.categories[category.id])}}

    async def all(self, ask: Ask) -> Json:
        """One element per category."""
        node = self._node(ask)
        shown = [await self._shown(ask, node, self._server.categories[each]) for each in node.categories]
        return results(ask, shown)

    async def one(self, ask: Ask) -> Json:
        """``results`` is an object."""
        return results(ask, await self._shown(ask, *self._on_node(ask)))

    def _keys(self, ask: Ask, category: Category) -> Mapping[str, object]:
        """What was sent that is a value: everything but the parameters of the call itself."""
        given = {key: value for key, value in ask.sent.items() if key not in ("category_id", "metadata_token", "id")}
        nested = given.pop(str(category.id), None)
        return {**given, **nested} if isinstance(nested, Mapping) else given

    async def apply(self, ask: Ask) -> Json:
        """Add one category, with its values or with none."""
        node = self._node(ask)
        if not ask.has("category_id"):
            raise Refusal(400, "Argument 'category_id' is required")
        category_id = ask.integer("category_id")
        if category_id is None:
            raise wrong_type("category_id")
        self._server.apply_category(node, category_id, self._keys(ask, self._category(category_id)))
        self._server.touch(node, Event.CATEGORY_ADDED, by=ask.who.id)
        return results(ask, {})

    async def update(self, ask: Ask) -> Json:
        """Change values; a stale edit token is a conflict and changes nothing."""
        node, category = self._on_node(ask)
        keys = self._keys(ask, category)
        if not keys:
            raise Refusal(400, "Parameters are required for PUT, POST, and PATCH methods")
        current = await self._server.values(node, category.id)
        token = ask.text("metadata_token")
        check_token({"metadata_token": token} if token else keys.get(f"{category.id}_{STATE_NUMBER}"), current)
        node.categories[category.id] = category.changed(current, keys)
        self._server.touch(node, Event.VALUE_CHANGED, by=ask.who.id)
        return results(ask, {"state": {"categories": self._state(node, category)}})

    async def remove(self, ask: Ask) -> Json:
        """Take the category and its values off the node."""
        node, category = self._on_node(ask)
        del node.categories[category.id]
        self._server.touch(node, Event.CATEGORY_REMOVED, by=ask.who.id)
        return results(ask, {})

    async def apply_below(self, ask: Ask) -> Json:
        """Hand categories down to what is in the container already."""
        node = self._node(ask)
        entries = ask.values.get("categories")
        for entry in entries if isinstance(entries, list) else []:
            if not isinstance(entry, Mapping) or entry.get("action", "none") == "none":
                continue
            if not str(entry.get("id")).isdecimal():
                raise wrong_type("id")
            category = self._category(int(str(entry["id"])))
            values = node.categories.get(category.id, category.blank())
            for below in self._server.tree.below(node.id):
                if category.id not in below.categories or entry["action"] == "replace":
                    below.categories[category.id] = dict(values)
        return results(ask, {})

    async def inherit(self, ask: Ask) -> Json:
        """New items in this container get the category."""
        node, category = self._on_node(ask)
        self._server.inheriting.setdefault(node.id, set()).add(category.id)
        return results(ask, {})

    async def disinherit(self, ask: Ask) -> Json:
        """They no longer do."""
        node, category = self._on_node(ask)
        self._server.inheriting.get(node.id, set()).discard(category.id)
        return results(ask, {})

    # Forms

    async def form_for_new_node(self, ask: Ask) -> Json:
        """One form per role: the general one, then one for each category asked for or handed down."""
        for name in ("parent_id", "type"):
            if not ask.has(name):
                raise Refusal(400, f"Argument '{name}' is required")
        parent = self._server.visible(ask.needed_integer("parent_id"), ask.who)
        if parent is None:
            raise no_node(ask.text("parent_id"))
        kind = ask.needed_integer("type")
        if kind not in set(CREATABLE):
            raise Refusal(500, f"Subtype {kind} not registered")
        wanted = dict.fromkeys([*ask.ids("category_id"), *sorted(self._server.inheriting.get(parent.id, ()))])
        general: Json = {
            "data": {"name": "", "description": "", "parent_id": parent.id, "type": kind},
            "options": {
                "fields": {
                    "name": {"label": "Name", "type": "text", "hidden": False},
                    "description": {"label": "Description", "type": "textarea", "hidden": False},
                },
                "form": {"attributes": {"action": "api/v1/nodes", "method": "POST"}, "renderForm": True},
            },
            "schema": {
                "properties": {
                    "name": {"title": "Name", "type": "string", "required": True, "readonly": False, "maxLength": 248},
                    "description": {"title": "Description", "type": "string", "required": False, "readonly": False},
                },
                "type": "object",
            },
        }
        forms: list[Json] = [general]
        for category_id in wanted:
            category = self._category(category_id)
            values = parent.categories.get(category_id, category.blank())
            form = category_forms.form(category, values, with_token=False)
            forms.append({**form, "role_name": "categories"})
        return {"forms": forms}

    async def form_for_new(self, ask: Ask) -> Json:
        """The form for a category that the node does not have yet."""
        node, category = self._form_subject(ask)
        if category.id in node.categories:
            raise Refusal(400, f"The attribute group '{category.name}' already exists")
        return {"forms": [category_forms.form(category, category.blank(), with_token=False)]}

    async def form_for_update(self, ask: Ask) -> Json:
        """The form with the node's values and the edit token."""
        node, category = self._form_subject(ask)
        if category.id not in node.categories:
            raise Refusal(400, f"Category ID '{category.id}' is not a category on node '{node.id}'")
        values = await self._server.values(node, category.id)
        return {"forms": [category_forms.form(category, values, with_token=True)]}

    def _form_subject(self, ask: Ask) -> tuple[Node, Category]:
        node = self._server.visible(ask.needed_integer("id"), ask.who)
        if node is None:
            raise no_node(ask.text("id"))
        category_id = ask.integer("category_id")
        if category_id is None:
            raise missing("category_id")
        return node, self._category(category_id)

    async def enforcement(self, ask: Ask) -> Json:
        """Which of these items must have their required values: here all that carry a required attribute."""
        enforcing = []
        for node_id in ask.ids():
            node = self._server.tree.find(node_id)
            if node is None:
                continue
            fields = [each for category_id in node.categories for each in self._server.categories[category_id].fields]
            if any(isinstance(each, Attribute) and each.required for each in fields):
                enforcing.append({"id": node_id})
        return {"results": enforcing}

    async def valid_values(self, ask: Ask) -> Json:
        """What a pick list offers, under its own key (source A); lists here do not hang on other values (CHOSEN)."""
        key = ask.needed("attribute_key")
        head = key.partition("_")[0]
        category = self._category(int(head)) if head.isdecimal() else None
        found = category.pick_list(key) if category else None
        if found is None:
            raise wrong_type("attribute_key")
        return {key: list(found)}
