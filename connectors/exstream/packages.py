"""Packages of designs between domains: what an import did, would do, or met. Source: contract 1.6 (CONFIRMED)."""

from enum import StrEnum
from typing import Self

import msgspec


class ConflictPolicy(StrEnum):
    """What an import does with a resource that the domain already has."""

    ERROR = "ERROR"
    """Refuse the whole package."""
    REPLACE = "REPLACE"
    SKIP = "SKIP"
    AUTO_RENAME = "AUTO_RENAME"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> Self:
        del value
        return cls("UNKNOWN")


class PackagedResource(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One resource of a package."""

    id: str
    name: str = ""
    type: str = ""
    version: int | None = None
    state: str = ""
    new_name: str | None = None
    """What it is called after AUTO_RENAME."""
    performed_action: str | None = None
    """For a conflict: what was done about it."""


class PackagePolicies(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was asked for."""

    general_policy: ConflictPolicy = ConflictPolicy.ERROR


class ImportResult(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What an import did, or would do when it was a dry run."""

    package_id: str = msgspec.field(default="", name="exportPackageUUID")
    policies: PackagePolicies = PackagePolicies()
    imported_resources: tuple[PackagedResource, ...] = ()
    ignored_resources: tuple[PackagedResource, ...] = ()
    conflicted_resources: tuple[PackagedResource, ...] = ()
    existing_resources: tuple[PackagedResource, ...] = ()
    warnings: tuple[str, ...] = ()
