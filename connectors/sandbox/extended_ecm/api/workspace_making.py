"""Making workspaces, one at a time or many at once, and the forms that precede it (contract 6)."""

from collections.abc import Mapping

from starlette.responses import JSONResponse

from connectors.sandbox.extended_ecm import category_forms
from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, results
from connectors.sandbox.extended_ecm.api.workspace_lists import find_workspace
from connectors.sandbox.extended_ecm.nodes import Node
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.workspaces import BusinessObject, WorkspaceType

Wish = Mapping[str, object]


class MakingApi:
    """``POST`` and ``PUT /v2/businessworkspaces``, ``/v2/forms/businessworkspaces``."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        form = "/v2/forms/businessworkspaces"
        return (
            Endpoint(method="GET", path=f"{form}/create", handler=self.create_form),
            Endpoint(method="GET", path=f"{form}/{{id}}/metadata/update", handler=self.update_form),
            Endpoint(method="POST", path="/v2/businessworkspaces", handler=self.create),
            Endpoint(method="PUT", path="/v2/businessworkspaces", handler=self.create_or_update),
        )

    def _template(self, wish: Wish) -> tuple[WorkspaceType, Node]:
        """The type to make one of, and its template. Raises: Refusal."""
        template = str(wish.get("template_id") or "")
        kind_id = str(wish.get("bo_type_id") or wish.get("wksp_type_id") or "")
        for kind in self._server.workspaces.types.values():
            by_object = (wish.get("ext_system_id"), wish.get("bo_type")) == (kind.ext_system_id, kind.bo_type)
            if template == str(kind.template_id) or (not template and (by_object or kind_id == str(kind.id))):
                node = self._server.tree.find(kind.template_id)
                if node is not None:
                    return kind, node
        raise Refusal(400, "Could not process object, invalid request")

    async def create_form(self, ask: Ask) -> Json:
        """The general form and one for each category of the template."""
        _, template = self._template(ask.values)
        general: Json = {
            "data": {"name": "", "description": ""},
            "options": {"fields": {"name": {"label": "Name", "type": "text", "hidden": False}}},
            "schema": {"properties": {"name": {"title": "Name", "type": "string", "required": True}}, "type": "object"},
            "role_name": "",
        }
        forms = [general]
        for category_id in template.categories:
            category = self._server.categories[category_id]
            form = category_forms.form(category, category.blank(), with_token=False)
            forms.append({**form, "role_name": "categories"})
        return {"forms": forms}

    async def update_form(self, ask: Ask) -> Json:
        """The forms of the categories on a workspace, with its values."""
        node, _ = find_workspace(self._server, ask)
        forms: list[Json] = []
        for category_id in node.categories:
            values = await self._server.values(node, category_id)
            form = category_forms.form(self._server.categories[category_id], values, with_token=True)
            forms.append({**form, "role_name": "categories"})
        return {"forms": forms}

    async def create(self, ask: Ask) -> Json:
        """A workspace from its template, folders and roles with it; ``results`` has no ``data`` (CONFIRMED)."""
        reference = _reference(ask.values)
        if reference is not None and self._server.workspace_of(reference) is not None:
            raise Refusal(400, "A business workspace for this business object already exists.")
        node = self._make(ask, ask.values)
        return results(ask, {"direct_open": True, "id": node.id, "sub_folder_id": 0})

    def _make(self, ask: Ask, wish: Wish) -> Node:
        kind, template = self._template(wish)
        place = str(wish.get("parent_id") or kind.location_id)
        parent = self._server.visible(int(place), ask.who) if place.lstrip("-").isdecimal() else None
        if parent is None or not parent.is_container:
            raise unreachable()
        self._server.demand(ask.who, parent, "add_items")
        name = str(wish.get("name") or "")
        if not name:
            raise missing("name")
        values = _nested_values(wish)
        blanks = {each: self._server.categories[each] for each in template.categories}
        checked = {each: blanks[each].changed(blanks[each].blank(), values.get(each, {})) for each in blanks}
        node, workspace = self._server.build_workspace(
            kind, name=name, parent=parent, by=ask.who.id, description=str(wish.get("description") or "")
        )
        node.categories = dict(checked)
        reference = _reference(wish)
        if reference is not None:
            self._server.workspaces.bind(workspace, reference)
        leader = next((role for role in workspace.roles if role.leader), None)
        if leader is not None:
            leader.member_ids.append(ask.who.id)
        self._import_team(wish, node)
        return node

    def _import_team(self, wish: Wish, node: Node) -> None:
        """``roles.importteam.node_id``: whoever has a role of that name there has it here too."""
        roles = wish.get("roles")
        source = roles.get("importteam") if isinstance(roles, Mapping) else None
        other_id = str(source.get("node_id") or "") if isinstance(source, Mapping) else ""
        other = self._server.workspaces.find(int(other_id)) if other_id.isdecimal() else None
        made = self._server.workspaces.find(node.id)
        if other is None or made is None:
            return
        for role in made.roles:
            for there in other.roles:
                if there.name == role.name:
                    role.member_ids = list(dict.fromkeys((*role.member_ids, *there.member_ids)))

    async def create_or_update(self, ask: Ask) -> JSONResponse:
        """Many at once: an array of outcomes, with status 200 whatever they are (CONFIRMED, contract 6)."""
        wishes = ask.objects("bws_infos")
        if not wishes:
            raise missing("bws_infos")
        return JSONResponse([self._outcome(ask, wish) for wish in wishes])

    def _outcome(self, ask: Ask, wish: Wish) -> Json:
        reference = _reference(wish)
        known = self._server.workspace_of(reference) if reference is not None else None
        try:
            if known is None:
                return {"id": self._make(ask, wish).id, "error_message": ""}
            self._server.demand(ask.who, known, "modify")
            for category_id, values in _nested_values(wish).items():
                if category_id in known.categories:
                    category = self._server.categories[category_id]
                    known.categories[category_id] = category.changed(known.categories[category_id], values)
            if wish.get("name"):
                self._server.tree.rename(known, str(wish["name"]))
        except Refusal as refusal:
            return {"id": 0, "error_message": refusal.error}
        return {"id": known.id, "error_message": ""}


def _nested_values(wish: Wish) -> Mapping[int, Mapping[str, object]]:
    """For workspaces values are nested under their category (CONFIRMED, contract 5)."""
    roles = wish.get("roles")
    given = roles.get("categories") if isinstance(roles, Mapping) else None
    if not isinstance(given, Mapping):
        return {}
    return {int(key): value for key, value in given.items() if str(key).isdecimal() and isinstance(value, Mapping)}


def _reference(wish: Wish) -> BusinessObject | None:
    system, kind, key = (str(wish.get(name) or "") for name in ("ext_system_id", "bo_type", "bo_id"))
    return BusinessObject(ext_system_id=system, bo_type=kind, bo_id=key) if system and kind and key else None
