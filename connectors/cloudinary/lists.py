"""Lists of assets beyond those that every desk needs, and what a cloud has besides assets.

Source: wire contract "Cloudinary" §3.1, CONFIRMED unless a docstring says otherwise.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import msgspec

from connectors.calls import Call, segment
from connectors.cloudinary.link import Link, admin
from connectors.cloudinary.models import Asset, AssetPage, DeliveryType, ResourceType
from connectors.shape import decode

_PAGE: Final = 500
_WITH_ALL: Final = (("tags", "true"), ("context", "true"), ("metadata", "true"), ("moderations", "true"))


class CloudSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is set for the cloud as a whole; keys INFERRED."""

    folder_mode: str = ""
    """``dynamic`` or ``fixed``; empty when the vendor does not tell."""


class CloudConfig(msgspec.Struct, frozen=True, kw_only=True):
    """The cloud as a whole."""

    cloud_name: str = ""
    settings: CloudSettings = CloudSettings()


class StreamingProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A set of representations for adaptive streaming."""

    name: str
    display_name: str | None = None
    predefined: bool = False


class NamedTransformation(msgspec.Struct, frozen=True, kw_only=True):
    """A transformation under a name, ``t_name`` in URLs."""

    name: str
    named: bool = True
    used: bool = False
    allowed_for_strict: bool = False


class _Profiles(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[StreamingProfile, ...] = ()


class _OneProfile(msgspec.Struct, frozen=True, kw_only=True):
    data: StreamingProfile


class _Transformations(msgspec.Struct, frozen=True, kw_only=True):
    transformations: tuple[NamedTransformation, ...] = ()
    next_cursor: str | None = None


class _Tags(msgspec.Struct, frozen=True, kw_only=True):
    tags: tuple[str, ...] = ()
    next_cursor: str | None = None


def config(cloud: str) -> Call:
    """The cloud's settings."""
    return admin(cloud, "GET", "config", name="settings", query=(("settings", "true"),))


def by_public_ids(
    cloud: str, public_ids: Sequence[str], *, resource_type: ResourceType, delivery_type: DeliveryType
) -> Call:
    """Up to 100 assets of one kind for one call of the budget."""
    ids = tuple(("public_ids[]", one) for one in public_ids)
    where = f"resources/{resource_type}/{delivery_type}"
    return admin(cloud, "GET", where, name="list assets by public id", query=(*ids, *_WITH_ALL))


def by_tag(
    cloud: str, tag: str, *, resource_type: ResourceType, max_results: int = _PAGE, next_cursor: str | None = None
) -> Call:
    """One page of the assets with a tag."""
    query = (*_WITH_ALL, ("max_results", str(max_results)), ("next_cursor", next_cursor or ""))
    return admin(cloud, "GET", f"resources/{resource_type}/tags/{segment(tag)}", name="list by tag", query=query)


def by_context(
    cloud: str,
    key: str,
    value: str = "",
    *,
    resource_type: ResourceType,
    max_results: int = _PAGE,
    next_cursor: str | None = None,
) -> Call:
    """One page of the assets whose context has ``key``, with any value when none is given."""
    paging = (("max_results", str(max_results)), ("next_cursor", next_cursor or ""))
    query = (("key", key), ("value", value), *_WITH_ALL, *paging)
    return admin(cloud, "GET", f"resources/{resource_type}/context", name="list by context", query=query)


def tags(
    cloud: str,
    *,
    resource_type: ResourceType,
    prefix: str = "",
    max_results: int = _PAGE,
    next_cursor: str | None = None,
) -> Call:
    """One page of the tags in use."""
    query = (("prefix", prefix), ("max_results", str(max_results)), ("next_cursor", next_cursor or ""))
    return admin(cloud, "GET", f"tags/{resource_type}", name="tags", query=query)


def streaming_profiles(cloud: str) -> Call:
    """Every streaming profile, predefined and own."""
    return admin(cloud, "GET", "streaming_profiles", name="streaming profiles")


def streaming_profile(cloud: str, name: str) -> Call:
    """One streaming profile."""
    return admin(cloud, "GET", f"streaming_profiles/{segment(name)}", name="streaming profile")


def named_transformations(cloud: str, *, max_results: int = _PAGE, next_cursor: str | None = None) -> Call:
    """One page of the transformations that have a name."""
    query = (("named", "true"), ("max_results", str(max_results)), ("next_cursor", next_cursor or ""))
    return admin(cloud, "GET", "transformations", name="named transformations", query=query)


class Lists:
    """Every method raises any ConnectorError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def config(self) -> CloudConfig:
        """The cloud's settings."""
        return decode(await self._link.send(config(self._link.cloud)), CloudConfig)

    async def by_public_ids(
        self,
        public_ids: Sequence[str],
        *,
        resource_type: ResourceType = ResourceType.IMAGE,
        delivery_type: DeliveryType = DeliveryType.UPLOAD,
    ) -> Mapping[str, Asset]:
        """Up to 100 assets by their public ids; unknown ones are missing."""
        call = by_public_ids(self._link.cloud, public_ids, resource_type=resource_type, delivery_type=delivery_type)
        return {asset.public_id: asset for asset in decode(await self._link.send(call), AssetPage).resources}

    async def by_tag(
        self, tag: str, *, resource_type: ResourceType = ResourceType.IMAGE, page_size: int = _PAGE
    ) -> AsyncIterator[Asset]:
        """All assets with a tag."""

        def call(cursor: str | None) -> Call:
            return by_tag(self._link.cloud, tag, resource_type=resource_type, max_results=page_size, next_cursor=cursor)

        async for page in self._link.pages(call, AssetPage):
            for asset in page.resources:
                yield asset

    async def by_context(
        self, key: str, value: str = "", *, resource_type: ResourceType = ResourceType.IMAGE, page_size: int = _PAGE
    ) -> AsyncIterator[Asset]:
        """All assets whose context has ``key``."""

        def call(cursor: str | None) -> Call:
            return by_context(
                self._link.cloud, key, value, resource_type=resource_type, max_results=page_size, next_cursor=cursor
            )

        async for page in self._link.pages(call, AssetPage):
            for asset in page.resources:
                yield asset

    async def tags(
        self, *, resource_type: ResourceType = ResourceType.IMAGE, prefix: str = "", page_size: int = _PAGE
    ) -> tuple[str, ...]:
        """Every tag in use."""

        def call(cursor: str | None) -> Call:
            return tags(
                self._link.cloud,
                resource_type=resource_type,
                prefix=prefix,
                max_results=page_size,
                next_cursor=cursor,
            )

        return tuple([tag async for page in self._link.pages(call, _Tags) for tag in page.tags])

    async def streaming_profiles(self) -> tuple[StreamingProfile, ...]:
        """Every streaming profile."""
        return decode(await self._link.send(streaming_profiles(self._link.cloud)), _Profiles).data

    async def streaming_profile(self, name: str) -> StreamingProfile:
        """One streaming profile."""
        return decode(await self._link.send(streaming_profile(self._link.cloud, name)), _OneProfile).data

    async def named_transformations(self, *, page_size: int = _PAGE) -> tuple[NamedTransformation, ...]:
        """Every transformation that has a name."""

        def call(cursor: str | None) -> Call:
            return named_transformations(self._link.cloud, max_results=page_size, next_cursor=cursor)

        pages = self._link.pages(call, _Transformations)
        return tuple([one async for page in pages for one in page.transformations])
