"""Permissions, members and sharing (contract 8)."""

from collections.abc import Iterable, Sequence

import msgspec

from connectors.calls import Call, FormBody, Reply
from connectors.extended_ecm.access_models import Bearer, Permission, Reach, Right, ShareOutcome, ShareWish
from connectors.extended_ecm.models import MemberId, NodeId, Page
from connectors.extended_ecm.wire.asking import ask, drop, page_of_list, wish
from connectors.extended_ecm.wire.reading import page_of, read_entry, read_paging, read_results


class _Entry(msgspec.Struct, frozen=True):
    type: str = ""
    right_id: MemberId | None = None
    permissions: tuple[str, ...] | None = None


class _Entries(msgspec.Struct, frozen=True):
    permissions: _Entry


class _Row(msgspec.Struct, frozen=True):
    data: _Entries


class _Link(msgspec.Struct, frozen=True):
    link: str


def permissions(node_id: NodeId, *, page: int, limit: int) -> Call:
    """Every entry of a node."""
    return page_of_list("permissions", f"/v2/nodes/{node_id}/permissions", page=page, limit=limit)


def read_permissions(reply: Reply) -> Page[Permission]:
    """Raises: ShapeError."""
    rows = read_results(reply, tuple[_Row, ...])
    return page_of(tuple(_permission(row.data.permissions) for row in rows), read_paging(reply))


def effective(node_id: NodeId, member_id: MemberId) -> Call:
    """What a member may do with a node, whatever it comes from."""
    return ask("effective permissions", f"/v2/nodes/{node_id}/permissions/effective/{member_id}")


def read_effective(reply: Reply) -> frozenset[Right]:
    """Raises: ShapeError."""
    return _permission(read_entry(reply, _Entries).permissions).rights


def _permission(entry: _Entry) -> Permission:
    rights = frozenset(Right(word) for word in entry.permissions or ())
    return Permission(bearer=Bearer(entry.type), member=entry.right_id, rights=rights)


def _said(rights: Iterable[Right], reach: Reach, member_id: MemberId | None) -> dict[str, object]:
    said: dict[str, object] = {"permissions": sorted(rights), "apply_to": int(reach)}
    return said if member_id is None else {**said, "right_id": member_id}


def set_standard(
    node_id: NodeId, bearer: Bearer, rights: Iterable[Right], *, reach: Reach, member_id: MemberId | None
) -> Call:
    """The owner's, the group's or the public's part."""
    path = f"/v2/nodes/{node_id}/permissions/{bearer}"
    return wish("set permissions", "PUT", path, _said(rights, reach, member_id), repeatable=True)


def add_member(node_id: NodeId, member_id: MemberId, rights: Iterable[Right], *, reach: Reach) -> Call:
    """An entry for a member who has none."""
    return wish("add permissions", "POST", f"/v2/nodes/{node_id}/permissions/custom", _said(rights, reach, member_id))


def change_member(node_id: NodeId, member_id: MemberId, rights: Iterable[Right], *, reach: Reach) -> Call:
    """A member's own entry. An empty list stays an entry (CONFIRMED)."""
    path = f"/v2/nodes/{node_id}/permissions/custom/{member_id}"
    return wish("set permissions", "PUT", path, _said(rights, reach, None), repeatable=True)


def drop_member(node_id: NodeId, member_id: MemberId) -> Call:
    """Take a member's entry away."""
    return drop("drop permissions", f"/v2/nodes/{node_id}/permissions/custom/{member_id}")


def set_members(node_id: NodeId, entries: Sequence[tuple[MemberId, Iterable[Right]]]) -> Call:
    """Several members at once; entries already there are replaced (CONFIRMED)."""
    listed = [{"right_id": member_id, "permissions": sorted(rights)} for member_id, rights in entries]
    array = msgspec.json.encode(listed).decode()
    return Call(
        name="set permissions",
        method="POST",
        path=f"/api/v2/nodes/{node_id}/permissions/custom/bulk",
        query=(("permissions_array", array),),
        repeatable=True,
    )


def share(told: ShareWish) -> Call:
    """Invite people outside; each part travels as a field of its own, as a live client sends it (CONFIRMED)."""
    options: dict[str, object] = {"shareInitiatorRole": 1}
    if told.ends_on is not None:
        options["expire_date"] = told.ends_on.isoformat()
    invitees = [
        {"business_email": each.email, "name": each.name, "perm": int(each.role), "identityType": 1}
        for each in told.invitees
    ]
    parts: dict[str, object] = {
        "ids": list(told.nodes),
        "shareProvider": "CORE",
        "shareOptions": options,
        "providerParams": {"sharing_message": told.message, "invitees": invitees},
    }
    if told.coordinators:
        parts["coordinators"] = list(told.coordinators)
    fields = tuple(
        (name, value if isinstance(value, str) else msgspec.json.encode(value).decode())
        for name, value in parts.items()
    )
    return Call(name="share", method="POST", path="/api/v2/shares", body=FormBody(fields=fields))


def read_shared(reply: Reply) -> ShareOutcome:
    """Raises: ShapeError."""
    return read_entry(reply, ShareOutcome)


def stop_sharing(node_id: NodeId) -> Call:
    """Invite nobody any more."""
    return drop("stop sharing", f"/v2/shares/{node_id}")


def copy_link(node_id: NodeId) -> Call:
    """An address for people who can sign in."""
    return ask("link", f"/v2/nodes/{node_id}/copylink")


def read_link(reply: Reply) -> str:
    """Raises: ShapeError."""
    return read_results(reply, _Link).link


def member(member_id: MemberId) -> Call:
    """One user or group."""
    return ask("member", f"/v2/members/{member_id}")


def members_of_group(group_id: MemberId, *, page: int, limit: int) -> Call:
    """Who is in a group."""
    return page_of_list("members of a group", f"/v2/members/{group_id}/members", page=page, limit=limit)
