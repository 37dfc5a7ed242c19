"""The assets of the three libraries, as ``resources/sandbox/assets.toml`` describes them.

The descriptions are read once; the bytes of a file are read when somebody asks for them. Beyond the real assets the
same ones are repeated under new names, one at a time, so that a million of them start as fast as a hundred.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from importlib.resources import files
from typing import Final

import msgspec

from connectors.sandbox.derived import Derived
from connectors.sandbox.world import AssetKind, AssetStanding, Library, WorldAsset, WorldFile, WorldVersion

MEDIA_TYPES: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "webm": "video/webm",
}


class _Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    bytes: int
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


class _Version(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    file: str
    days_ago: int
    by: str
    poster: str | None = None


class _Asset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    slug: str
    library: Library
    kind: AssetKind
    standing: AssetStanding
    title: str
    description: str
    alt_text: str
    locale: str
    tags: tuple[str, ...]
    folder: str
    owner: str
    channels: tuple[str, ...]
    versions: tuple[_Version, ...]
    product: str = ""
    region: str = ""
    rights_end_days: int | None = None


class _Page(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    asset: tuple[_Asset, ...]
    file: Mapping[str, _Measured]


def read_file(name: str) -> bytes:
    """The bytes of one file of the world. Raises: FileNotFoundError."""
    return files("resources.sandbox").joinpath("assets", name).read_bytes()


@cache
def _page() -> _Page:
    text = files("resources.sandbox").joinpath("assets.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), type=_Page)


def _file(page: _Page, name: str) -> WorldFile:
    measured = page.file[name]
    return WorldFile(
        name=name,
        media_type=MEDIA_TYPES[name.rpartition(".")[2]],
        size_bytes=measured.bytes,
        read=partial(read_file, name),
        width_px=measured.width,
        height_px=measured.height,
        duration_s=measured.seconds,
    )


def _asset(page: _Page, began: datetime, described: _Asset) -> WorldAsset:
    versions = tuple(
        WorldVersion(
            number=number,
            file=_file(page, version.file),
            # Spread over the working day, so that "newest first" has an order.
            created_at=began - timedelta(days=version.days_ago, minutes=7 + len(described.slug) * 11 % 480),
            created_by=version.by,
            poster=_file(page, version.poster) if version.poster else None,
        )
        for number, version in enumerate(described.versions, start=1)
    )
    days_left = described.rights_end_days
    return WorldAsset(
        slug=described.slug,
        library=described.library,
        kind=described.kind,
        standing=described.standing,
        title=described.title,
        description=described.description,
        alt_text=described.alt_text,
        locale=described.locale,
        tags=described.tags,
        folder=described.folder,
        owner=described.owner,
        versions=versions,
        rights_end=None if days_left is None else began.date() + timedelta(days=days_left),
        channels=described.channels,
        product=described.product,
        region=described.region,
    )


class RepeatedAssets(Derived[WorldAsset]):
    """``originals``, then the same ones as ``<slug>-<round>`` and ``<title> <round>``, until there are ``length``.

    A repeated asset differs from its original in slug and title alone, and item ``n`` repeats original
    ``n % len(originals)`` in round ``n // len(originals)``: what holds for an original can be concluded for a million.
    """

    def __init__(self, originals: Sequence[WorldAsset], length: int) -> None:
        super().__init__(length, self._repeat)
        self.originals: Final = tuple(originals)

    def _repeat(self, index: int) -> WorldAsset:
        again, place = divmod(index, len(self.originals))
        original = self.originals[place]
        if not again:
            return original
        return replace(original, slug=f"{original.slug}-{again:05d}", title=f"{original.title} {again}")


def build_assets(began: datetime, count: int) -> RepeatedAssets:
    """Every real asset, repeated until there are ``count``; never fewer than the real ones."""
    page = _page()
    real = tuple(_asset(page, began, described) for described in page.asset)
    return RepeatedAssets(real, max(count, len(real)))


def assets_in(library: Library, assets: Sequence[WorldAsset]) -> RepeatedAssets:
    """Those of one library, in the order of ``assets``; it costs the same however many there are."""
    if not isinstance(assets, RepeatedAssets):
        own = tuple(asset for asset in assets if asset.library is library)
        return RepeatedAssets(own, len(own))
    own = tuple(asset for asset in assets.originals if asset.library is library)
    rounds, rest = divmod(len(assets), len(assets.originals))
    begun = sum(asset.library is library for asset in assets.originals[:rest])
    return RepeatedAssets(own, rounds * len(own) + begun)
