"""Who may do what, and the tenant's own settings: ``acls`` and ``settings`` (wire contract "iconik", §15)."""

from collections.abc import Sequence

from connectors.calls import Call, Reply
from connectors.iconik.models import AccessList, Permission, Permissions, SystemSettings, UserId
from connectors.iconik.wire.addressing import path
from connectors.iconik.wire.operations import Operation, act, fetch
from connectors.iconik.wire.reading import read


def permissions(object_type: str, key: str) -> Operation[frozenset[Permission]]:
    """What the caller may do with one thing."""
    call = Call(
        name="permissions", method="GET", path=path("acls", "acl", object_type, key, "permissions"), repeatable=True
    )

    def granted(reply: Reply) -> frozenset[Permission]:
        return frozenset(read(reply, Permissions).permissions)

    return Operation(call=call, read=granted)


def access_list(object_type: str, key: str) -> Operation[AccessList]:
    """Who may do what with one thing, and from where it is inherited (CONFIRMED by the 2026 operation set)."""
    return fetch("access list", path("acls", "acl", object_type, key), AccessList)


def grant(
    object_type: str,
    keys: Sequence[str],
    granted: Sequence[Permission],
    *,
    users: Sequence[UserId] = (),
    groups: Sequence[str] = (),
) -> Operation[None]:
    """Add permissions on many things; what is there stays."""
    body = {
        "object_keys": list(keys),
        "permissions": [permission.value for permission in granted],
        "user_ids": list(users),
        "group_ids": list(groups),
        "mode": "APPEND",
    }
    return act("grant access", "PUT", path("acls", "acl", object_type), body, repeatable=True)


def system_settings(*, merged: bool = False) -> Operation[SystemSettings]:
    """The tenant; ``merged`` with what its teams and the caller chose for themselves."""
    return fetch("system settings", path("settings", "merged" if merged else "system", "current"), SystemSettings)
