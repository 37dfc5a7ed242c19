"""Business workspaces (contract 6): v2 lists page at the top level, a single one is an object (contract 13)."""

from typing import Final

from connectors.sandbox.extended_ecm.api.ask import Ask, Endpoint
from connectors.sandbox.extended_ecm.api.replies import Json, bare, results
from connectors.sandbox.extended_ecm.api.views import Views
from connectors.sandbox.extended_ecm.api.workspace_lists import find_workspace, listed, name_matches, reference_in
from connectors.sandbox.extended_ecm.nodes import NodeType
from connectors.sandbox.extended_ecm.refusal import Refusal, missing, unreachable
from connectors.sandbox.extended_ecm.server import ContentServer
from connectors.sandbox.extended_ecm.workspaces import (
    BusinessObject,
    WorkspaceType,
)

_ICON: Final = "/appimg/ot_bws/icons/{}.svg?v=1"


class WorkspacesApi:
    """``/v2/businessworkspaces`` and their types."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server
        self._views = Views(server)
        self._opened: dict[int, dict[int, None]] = {}
        """User → the workspaces they used; ``expanded_view=false`` searches only these."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The calls of this part."""
        one = "/v2/businessworkspaces/{id}"
        return (
            Endpoint(method="GET", path="/v2/businessworkspacetypes", handler=self.types),
            Endpoint(method="GET", path="/v1/businessworkspacetypes/{id}", handler=self.type_v1),
            Endpoint(method="GET", path="/v2/businessworkspaces", handler=self.search),
            Endpoint(
                method="GET", path="/v2/externalsystems/{system}/botypes/{type}/boids/{object}", handler=self.of_object
            ),
            Endpoint(method="GET", path="/v2/externalsystems", handler=self.systems),
            Endpoint(method="GET", path="/v2/businessobjecttypes", handler=self.object_types),
            Endpoint(method="GET", path="/v2/externalsystems/{system}/config", handler=self.system),
            Endpoint(method="GET", path=one, handler=self.read),
            Endpoint(method="GET", path="/v1/nodes/{id}/businessworkspace", handler=self.of_node),
            Endpoint(method="PUT", path=f"{one}/workspacereferences", handler=self.bind),
            Endpoint(method="DELETE", path=f"{one}/workspacereferences", handler=self.unbind),
        )

    # Types

    def _type(self, kind: WorkspaceType, *, templates: bool, info: bool) -> Json:
        properties: Json = {
            "add_creator_to_lead_role": True,
            "config_node_id": kind.config_node_id,
            "rm_enabled": True,
            "simplify_business_workspace_creation": False,
            "wksp_copy_enabled": True,
            "wksp_creation": {
                "directly_open_created_wksp": True,
                "location": "StaticNodeId",
                "location_value": str(kind.location_id),
                "sub_location_path": {},
                "use_also_for_manual_creation": True,
            },
            "wksp_creation_enabled": True,
            "wksp_descriptions": dict.fromkeys(kind.names, ""),
            "wksp_icon": _ICON.format(kind.config_node_id),
            "wksp_name_generation": {"use_also_for_wksp_without_bo": False, "wksp_names": {}},
            "wksp_policies_enabled": False,
            "wksp_type_id": kind.id,
            "wksp_type_name": kind.name,
            "wksp_type_names": kind.names,
            "bo_types": [{"ext_system_id": kind.ext_system_id, "bo_type": kind.bo_type}],
        }
        if templates:
            properties["templates"] = [
                {"id": kind.template_id, "name": kind.template_name, "subtype": int(NodeType.WORKSPACE)}
            ]
        data: Json = {"properties": properties}
        if info:
            data["wksp_info"] = {
                "in_use": True,
                "indexing_status": "UpToDate",
                "modified": bare(self._server.world.began),
                "perspective_folder_id": None,
                "wksp_type_icon": _ICON.format(kind.config_node_id),
            }
        return {"data": data}

    async def types(self, ask: Ask) -> Json:
        """All types; a system without any answers 500 (CONFIRMED, contract 14.7)."""
        if ask.has("ext_system_id") != ask.has("bo_type"):
            raise Refusal(400, "One or more parameters are invalid")
        kinds = [
            kind
            for kind in self._server.workspaces.types.values()
            if not ask.has("bo_type")
            or (kind.ext_system_id, kind.bo_type) == (ask.text("ext_system_id"), ask.text("bo_type"))
        ]
        if not self._server.workspaces.types:
            raise Refusal(500, "No workspace types are configured.")
        templates, info = ask.flag("expand_templates", default=True), ask.flag("expand_wksp_info", default=True)
        return results(ask, [self._type(kind, templates=templates, info=info) for kind in kinds])

    async def type_v1(self, ask: Ask) -> Json:
        """v1: flat."""
        kind = self._server.workspaces.types.get(ask.path_id())
        if kind is None:
            raise unreachable(404)
        return {
            "icon_url": _ICON.format(kind.config_node_id),
            "is_policies_enabled": False,
            "workspace_type": kind.name,
        }

    # Leading systems

    def _system(self, kind: WorkspaceType) -> Json:
        return {
            "asurl": "",
            "auth_method": "BASIC",
            "baseurl": "",
            "conn_type": "HTTP",
            "enabled": 1,
            "extsystem_node_id": kind.config_node_id,
            "id_extsystem": kind.ext_system_id,
            "multilinguals": {"en": kind.ext_system_id},
            "username": "",
        }

    async def systems(self, ask: Ask) -> Json:
        """The leading systems that workspaces stand in for."""
        wanted = set(ask.many("where_name"))
        found = {kind.ext_system_id: self._system(kind) for kind in self._server.workspaces.types.values()}
        return results(ask, [each for name, each in found.items() if not wanted or name in wanted])

    async def object_types(self, ask: Ask) -> Json:
        """Which objects of which system workspaces of which type stand for (keys are P's)."""
        return results(
            ask,
            [
                {
                    "data": {
                        "properties": {
                            "bo_type": kind.bo_type,
                            "bo_type_id": kind.id,
                            "bo_type_name": kind.bo_type,
                            "ext_system_id": kind.ext_system_id,
                            "is_default_Search": True,
                            "workspace_type_id": kind.id,
                        }
                    }
                }
                for kind in self._server.workspaces.types.values()
            ],
        )

    async def system(self, ask: Ask) -> Json:
        """One of them, as servers before 26.1 answer (CONFIRMED path; shape INFERRED from the list)."""
        for kind in self._server.workspaces.types.values():
            if kind.ext_system_id == ask.path_text("system"):
                return results(ask, self._system(kind))
        raise unreachable(404)

    # Finding

    async def search(self, ask: Ask) -> Json:
        """By type and name, or by business object; without ``expanded_view`` only what one used lately."""
        if ask.has("where_bo_id"):
            reference = BusinessObject(
                ext_system_id=ask.text("where_ext_system_id"),
                bo_type=ask.text("where_bo_type"),
                bo_id=ask.text("where_bo_id"),
            )
            node = self._server.workspace_of(reference)
            shown = node is not None and self._server.rights.may(ask.who, node, "see")
            return await listed(self._views, ask, [node] if node is not None and shown else [])
        type_id, type_name = ask.integer("where_workspace_type_id"), ask.text("where_workspace_type_name")
        ids = {
            kind.id
            for kind in self._server.workspaces.types.values()
            if (type_id is None or kind.id == type_id)
            and (
                not type_name or type_name.casefold() in {name.casefold() for name in (kind.name, *kind.names.values())}
            )
        }
        lately = None if ask.flag("expanded_view", default=True) else self._opened.get(ask.who.id, {})
        found = [
            node
            for node in self._server.tree.everything()
            if node.type == NodeType.WORKSPACE
            and (workspace := self._server.workspaces.find(node.id)) is not None
            and workspace.type_id in ids
            and (lately is None or node.id in lately)
            and name_matches(node.name, ask.text("where_name"))
            and self._server.rights.may(ask.who, node, "see")
        ]
        descending = ask.text("sort").startswith("desc")
        return await listed(self._views, ask, sorted(found, key=lambda node: node.name.casefold(), reverse=descending))

    async def of_object(self, ask: Ask) -> Json:
        """The same shape; an error when there is none (CONFIRMED, contract 6; its status is INFERRED)."""
        reference = BusinessObject(
            ext_system_id=ask.path_text("system"), bo_type=ask.path_text("type"), bo_id=ask.path_text("object")
        )
        node = self._server.workspace_of(reference)
        if node is None or not self._server.rights.may(ask.who, node, "see"):
            raise unreachable(404)
        return await listed(self._views, ask, [node])

    async def read(self, ask: Ask) -> Json:
        """One workspace; ``results`` is an object, and a list of one in P's quoted replies (contract 13)."""
        node, workspace = find_workspace(self._server, ask)
        self._opened.setdefault(ask.who.id, {})[node.id] = None
        fields = ask.fields
        data = await self._views.data(ask, node, groups=("properties", "categories"), dates_bare=True)
        references: list[Json] = [
            {
                "ext_system_id": each.ext_system_id,
                "ext_system_name": each.ext_system_id,
                "bo_type": each.bo_type,
                "bo_type_name": each.bo_type,
                "bo_id": each.bo_id,
            }
            for each in workspace.references
        ]
        if fields is None or "workspace_references" in fields:
            data["workspace_references"] = references
        if fields is None or "business_properties" in fields:
            first: Json = references[0] if references else {}
            data["business_properties"] = {
                "workspace_type_id": workspace.type_id,
                "isEarly": not references,
                "business_object_id": first.get("bo_id"),
                "business_object_type": first.get("bo_type"),
                "external_system_id": first.get("ext_system_id"),
            }
        if fields is None or "wksp_info" in fields:
            data["wksp_info"] = {"wksp_type_icon": None}
        entry: Json = {"data": data}
        if ask.flag("metadata"):
            entry["metadata"] = {"categories": self._views.schemas(node)}
        return results(ask, [entry] if self._server.is_older else entry)

    async def of_node(self, ask: Ask) -> Json:
        """The workspace that a document lies in; flat."""
        node = self._server.visible(ask.path_id(), ask.who)
        above = self._server.workspace_above(node) if node else None
        workspace = self._server.workspaces.find(above.id) if above else None
        if above is None or workspace is None:
            raise unreachable(404)
        return {
            "id": above.id,
            "type": int(NodeType.WORKSPACE),
            "workspace_type_id": workspace.type_id,
            "isLinked": bool(workspace.references),
        }

    async def bind(self, ask: Ask) -> Json:
        """Make it stand for a business object."""
        node, workspace = find_workspace(self._server, ask)
        self._server.demand(ask.who, node, "modify")
        reference = reference_in(ask)
        if reference is None:
            raise missing("bo_id")
        other = self._server.workspace_of(reference)
        if other is not None and other.id != workspace.node_id:
            raise Refusal(400, "A business workspace for this business object already exists.")
        self._server.workspaces.bind(workspace, reference)
        return results(ask, {})

    async def unbind(self, ask: Ask) -> Json:
        """It no longer does."""
        _, workspace = find_workspace(self._server, ask)
        self._server.workspaces.unbind(workspace, ext_system_id=ask.text("ext_system_id") or None)
        return results(ask, {})
