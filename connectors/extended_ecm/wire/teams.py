"""Roles of workspaces and who has them (contract 6)."""

from collections.abc import Iterable, Mapping

import msgspec

from connectors.calls import Call, FormBody, Reply
from connectors.extended_ecm.access_models import Right
from connectors.extended_ecm.models import Member, MemberId, NodeId, Page, Role, TeamRole
from connectors.extended_ecm.wire.asking import ask, drop, page_of_list, wish
from connectors.extended_ecm.wire.reading import page_of, read_entry, read_paging, read_results


class _Properties(msgspec.Struct, frozen=True):
    properties: Role
    members: tuple[Member, ...] = ()


class _Entry(msgspec.Struct, frozen=True):
    data: _Properties


def _roles(workspace: NodeId) -> str:
    return f"/v2/businessworkspaces/{workspace}/roles"


def roles(workspace: NodeId) -> Call:
    """The roles of a workspace; a template answers too (INFERRED)."""
    return ask("workspace roles", _roles(workspace))


def team(workspace: NodeId, *, page: int, limit: int) -> Call:
    """One page of the roles, each with its members."""
    path = f"/v2/businessworkspaces/{workspace}/members"
    return page_of_list("workspace team", path, page=page, limit=limit)


def read_team(reply: Reply) -> Page[TeamRole]:
    """Raises: ShapeError."""
    entries = read_results(reply, tuple[_Entry, ...])
    items = tuple(TeamRole(role=each.data.properties, members=each.data.members) for each in entries)
    return page_of(items, read_paging(reply))


def read_role(reply: Reply) -> Role:
    """Raises: ShapeError."""
    return read_entry(reply, _Properties).properties


def add_role(workspace: NodeId, name: str, rights: Iterable[Right], *, description: str = "") -> Call:
    """A role that only this workspace has; a second of that name is refused."""
    return wish("add role", "POST", _roles(workspace), _said(name, rights, description))


def change_role(workspace: NodeId, role_id: int, said: Mapping[str, object]) -> Call:
    """Its name, description or rights; ``apply_to`` 2 reaches everything in the workspace (CONFIRMED)."""
    return wish("change role", "PUT", f"{_roles(workspace)}/{role_id}", said, repeatable=True)


def rights_of_role(rights: Iterable[Right]) -> dict[str, object]:
    """Rights as a role takes them."""
    return {"permissions": sorted(rights), "apply_to": 2}


def _said(name: str, rights: Iterable[Right], description: str) -> dict[str, object]:
    said: dict[str, object] = {"name": name, **rights_of_role(rights)}
    return {**said, "description": description} if description else said


def drop_role(workspace: NodeId, role_id: int) -> Call:
    """Take a role away, and its members with it."""
    return drop("drop role", f"{_roles(workspace)}/{role_id}")


def role_members(workspace: NodeId, role_id: int) -> Call:
    """Who has a role."""
    return ask("role members", f"{_roles(workspace)}/{role_id}/members")


def add_role_member(workspace: NodeId, role_id: int, member_id: MemberId) -> Call:
    """Give somebody a role; a second time is refused (INFERRED)."""
    return Call(
        name="add role member",
        method="POST",
        path=f"/api{_roles(workspace)}/{role_id}/members",
        body=FormBody(fields=(("id", str(member_id)),)),
    )


def drop_role_member(workspace: NodeId, role_id: int, member_id: MemberId) -> Call:
    """Take a role from somebody."""
    return drop("drop role member", f"{_roles(workspace)}/{role_id}/members/{member_id}")
