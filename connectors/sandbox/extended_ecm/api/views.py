"""Nodes, versions and members as JSON. Key names are CONFIRMED (contract 3 and 4, P's quoted replies)."""

import asyncio
from collections.abc import Sequence
from typing import Final

from connectors.sandbox.extended_ecm import category_forms
from connectors.sandbox.extended_ecm.api.ask import Ask
from connectors.sandbox.extended_ecm.api.replies import Json, bare, narrowed, zulu
from connectors.sandbox.extended_ecm.categories import token_of
from connectors.sandbox.extended_ecm.members import USER, Member
from connectors.sandbox.extended_ecm.nodes import TYPE_NAMES, VOLUMES, Node, NodeType, Version
from connectors.sandbox.extended_ecm.rights import Rights
from connectors.sandbox.extended_ecm.server import ContentServer

LANGUAGES: Final = ("en", "fr", "de", "es", "ar")
DEFAULT_LANGUAGE: Final = "en"
_COMPOSED_AT_ONCE: Final = 4


def member_properties(member: Member) -> Json:
    """A user or group as ``/v2/members`` shows it."""
    shared: Json = {"id": member.id, "name": member.name, "type": member.type, "deleted": False}
    if member.type != USER:
        return {**shared, "type_name": "Group", "leader_id": None, "name_formatted": member.name}
    return {
        **shared,
        "type_name": "User",
        "first_name": member.first_name,
        "last_name": member.last_name,
        "middle_name": None,
        "name_formatted": f"{member.first_name} {member.last_name}".strip(),
        "business_email": member.email or None,
        "business_phone": None,
        "office_location": None,
        "title": member.title or None,
        "group_id": member.group_id,
        "time_zone": -1,
        "initials": (member.first_name[:1] + member.last_name[:1]) or None,
    }


def version_properties(node: Node, version: Version, size_bytes: int) -> Json:
    """One version; ``version_number_major`` stays 0 unless the item is under advanced versioning."""
    minor = 0 if version.major else version.number
    return {
        "create_date": zulu(version.created_at),
        "description": version.description,
        "external_create_date": None,
        "external_identity": "",
        "external_identity_type": "",
        "external_modify_date": None,
        "external_source": "",
        "file_create_date": zulu(version.created_at),
        "file_modify_date": zulu(version.created_at),
        "file_name": version.file_name,
        "file_size": size_bytes,
        "file_type": version.file_name.rpartition(".")[2] if "." in version.file_name else "",
        "has_generation": False,
        "id": node.id,
        "locked": 1 if version.locked_by else 0,
        "locked_date": None,
        "locked_user_id": version.locked_by,
        "mime_type": version.media_type,
        "name": node.name,
        "owner_id": version.owner_id,
        "provider_id": version.id,
        "version_id": version.id,
        "version_major": version.major,
        "version_minor": minor,
        "version_number": version.number,
        "version_number_major": version.major,
        "version_number_minor": minor,
        "version_number_name": f"{version.major}.{minor}" if node.advanced_versioning else str(version.number),
    }


def permission_entries(rights: Rights) -> list[Json]:
    """One object per entry: owner, group, public, then members of their own."""
    return [
        {"type": "owner", "right_id": rights.owner[0], "permissions": rights.owner[1]},
        {"type": "group", "right_id": rights.group[0], "permissions": rights.group[1]},
        {"type": "public", "right_id": None, "permissions": rights.public},
        *({"type": "custom", "right_id": each, "permissions": words} for each, words in rights.custom.items()),
    ]


class Views:
    """Draws what belongs to one server."""

    def __init__(self, server: ContentServer) -> None:
        self._server = server

    async def version(self, node: Node, version: Version) -> Json:
        """One version with its true size."""
        return version_properties(node, version, await version.content.size_bytes())

    async def properties(self, node: Node, *, keys: frozenset[str] | None = None, dates_bare: bool = False) -> Json:
        """The ``properties`` of a node; its size is worked out only when ``keys`` want it."""
        server = self._server
        when = bare if dates_bare else zulu
        latest = node.latest
        workspace = server.workspaces.find(node.id)
        shown: Json = {
            "advanced_versioning": False,
            "container": node.is_container,
            "container_size": server.tree.child_count(node.id) if node.is_container else 0,
            "create_date": when(node.created_at),
            "create_user_id": node.created_by,
            "description": node.description,
            "description_multilingual": self._languages(node.description),
            "external_create_date": node.external.get("external_create_date"),
            "external_identity": node.external.get("external_identity", ""),
            "external_identity_type": node.external.get("external_identity_type", ""),
            "external_modify_date": node.external.get("external_modify_date"),
            "external_source": node.external.get("external_source", ""),
            "favorite": False,
            "hidden": node.hidden,
            "icon": "/img/webdoc/icon_general.gif" if latest else "/img/webdoc/folder.gif",
            "id": node.id,
            "mime_type": latest.media_type if latest else None,
            "modify_date": when(node.modified_at),
            "modify_user_id": node.modified_by,
            "name": node.name,
            "name_multilingual": self._languages(node.name) | node.names,
            "nickname": node.nickname or None,
            "original_id": node.original_id,
            "owner_group_id": None,
            "owner_user_id": node.created_by,
            "parent_id": -1 if node.type in VOLUMES else node.parent_id,
            "reserved": node.reserved_by is not None,
            "reserved_date": when(node.reserved_at),
            "reserved_user_id": node.reserved_by or 0,
            "size": None,
            "size_formatted": None,
            "status": None,
            "type": int(node.type),
            "type_name": TYPE_NAMES[node.type],
            "versionable": node.type == NodeType.DOCUMENT,
            "versions_control_advanced": node.advanced_versioning,
            "volume_id": -server.tree.volume_of(node).id,
        }
        if node.type == NodeType.TASK:
            shown |= node.task
        if node.type == NodeType.URL:
            shown["url"] = node.url
        if workspace is not None:
            shown["wnf_wksp_type_id"] = workspace.type_id
            shown["wnf_wksp_template_id"] = workspace.template_id
        if keys is None or keys & {"size", "size_formatted"}:
            if latest is not None:
                size = await latest.content.size_bytes()
                shown["size"], shown["size_formatted"] = size, f"{max(1, round(size / 1024))} KB"
            else:
                count = server.tree.child_count(node.id)
                shown["size"], shown["size_formatted"] = count, f"{count} Items"
        return narrowed(shown, keys)

    async def categories(self, node: Node) -> list[Json]:
        """The values of each category on the node."""
        return [dict(await self._server.values(node, category_id)) for category_id in node.categories]

    def schemas(self, node: Node) -> list[Json]:
        """The schema of each category on the node, in the same order."""
        return [category_forms.schema(self._server.categories[category_id]) for category_id in node.categories]

    async def data(self, ask: Ask, node: Node, *, groups: Sequence[str], dates_bare: bool = False) -> Json:
        """The ``data`` of a node: what ``fields`` asks for, else ``groups``."""
        fields = ask.fields
        known = ("properties", "versions", "categories", "permissions")
        wanted = [group for group in known if fields and group in fields]
        data: Json = {}
        for group in wanted if fields else groups:
            match group:
                case "properties":
                    keys = fields.keys("properties") if fields else None
                    properties = await self.properties(node, keys=keys, dates_bare=dates_bare)
                    await self._expand(ask, properties)
                    data["properties"] = properties
                case "versions" if node.latest is not None:
                    version = await self.version(node, node.latest)
                    data["versions"] = narrowed(version, fields.keys("versions") if fields else None)
                case "categories":
                    # A list of objects, and one object elsewhere: clients meet both (CONFIRMED, contract 5).
                    listed = await self.categories(node)
                    merged = {key: value for values in listed for key, value in values.items()}
                    data["categories"] = merged if self._server.is_older else listed
                case "permissions":
                    entries = permission_entries(self._server.rights.of(node))
                    data["permissions"] = entries[: fields.limits.get("permissions") if fields else None]
                case _:
                    continue
        return data

    async def entries(
        self, ask: Ask, nodes: Sequence[Node], *, groups: Sequence[str] = ("properties",), dates_bare: bool = False
    ) -> list[Json]:
        """Several elements of ``results``; documents whose bytes nobody has asked for yet are composed side by side."""
        at_once = asyncio.Semaphore(_COMPOSED_AT_ONCE)

        async def one(node: Node) -> Json:
            async with at_once:
                return await self.entry(ask, node, groups=groups, dates_bare=dates_bare)

        return await asyncio.gather(*(one(node) for node in nodes))

    async def entry(
        self, ask: Ask, node: Node, *, groups: Sequence[str] = ("properties",), dates_bare: bool = False
    ) -> Json:
        """One element of ``results``: data, with schemas and edit tokens when the flags ask for them."""
        entry: Json = {"data": await self.data(ask, node, groups=groups, dates_bare=dates_bare)}
        if ask.flag("metadata"):
            # A list of objects, like the values.
            entry["metadata"] = {"categories": self.schemas(node)}
            defined = [self._server.categories[category_id] for category_id in node.categories]
            entry["metadata_map"] = {"categories": {str(each.id): category_forms.order(each) for each in defined}}
            entry["metadata_order"] = {"categories": [str(each.id) for each in defined]}
        if ask.flag("state"):
            entry["state"] = await self.state(node)
        return entry

    async def state(self, node: Node) -> Json:
        """The edit tokens of a node and of each category on it."""
        return {
            "properties": {"metadata_token": self.token(node)},
            "categories": [
                {str(category_id): {"metadata_token": token_of(await self._server.values(node, category_id))}}
                for category_id in node.categories
            ],
        }

    def token(self, node: Node) -> str:
        """The edit token of a node's own properties."""
        return token_of({"name": node.name, "description": node.description, "at": node.modified_at.isoformat()})

    async def _expand(self, ask: Ask, properties: Json) -> None:
        """``expand=properties{parent_id}`` adds ``parent_id_expand`` (CONFIRMED, contract 1)."""
        for text in ask.many_raw("expand"):
            group, _, inner = text.partition("{")
            if group != "properties":
                continue
            for key in [part.strip() for part in inner.rstrip("}").split(",")] if inner else list(properties):
                value = properties.get(key)
                if not isinstance(value, int):
                    continue
                if key.endswith("user_id") and (member := self._server.members.find(value)):
                    properties[f"{key}_expand"] = member_properties(member)
                elif key in ("parent_id", "id", "original_id", "volume_id") and (node := self._server.tree.find(value)):
                    properties[f"{key}_expand"] = await self.properties(node)

    def _languages(self, words: str) -> dict[str, str]:
        return {language: words if language == DEFAULT_LANGUAGE else "" for language in LANGUAGES}
