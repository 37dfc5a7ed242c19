"""Rights on objects, and the tenant's settings (wire contract "iconik", §15)."""

from collections.abc import Mapping, Sequence

from connectors.iconik.models.nouns import Noun, UserId, VendorWord


class Permission(VendorWord):
    """What may be done with one thing, beside the role that the operation needs."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    CHANGE_ACL = "change-acl"
    UNKNOWN = "UNKNOWN"


class Permissions(Noun, frozen=True, kw_only=True):
    """The caller's own."""

    permissions: tuple[Permission, ...] = ()


class Grant(Noun, frozen=True, kw_only=True):
    """What a user or a group may do."""

    permissions: tuple[Permission, ...] = ()
    user_id: UserId = UserId("")
    group_id: str = ""
    object_type: str = ""
    object_key: str = ""
    """From where it is inherited; empty for one of the thing's own."""


class AccessList(Noun, frozen=True, kw_only=True):
    """Who may do what with one thing."""

    users_acl: tuple[Grant, ...] = ()
    groups_acl: tuple[Grant, ...] = ()
    inherited_users_acl: tuple[Grant, ...] = ()
    inherited_groups_acl: tuple[Grant, ...] = ()


class SystemSettings(Noun, frozen=True, kw_only=True):
    """What a tenant decides for everybody in it."""

    system_domain_id: str = ""
    system_name: str = ""
    default_upload_storage_id: str = ""
    date_format: str = ""
    datetime_format: str = ""
    features: "Sequence[str] | Mapping[str, object]" = ()
    """Names, or names with switches; the document leaves it open."""
