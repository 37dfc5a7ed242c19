"""Where compositions get their pictures: over HTTP, from the delivery addresses of the asset libraries."""

import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias
from urllib.parse import quote, urlsplit

import httpx
from PIL import Image, UnidentifiedImageError

from connectors.sandbox.composer.errors import PictureError
from connectors.sandbox.iconik.identity import Identities
from connectors.sandbox.world import AssetKind, Library, World, WorldAsset

DEADLINE_S: Final = 10.0
EMBEDDABLE: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
"""What the print layout and every mail client of weight can show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as its library delivered it."""

    slug: str
    library: str
    """A library's name, or ``record`` when the driver data brought the address along."""
    content: bytes = field(repr=False)
    media_type: str
    url: str
    """Absolute; where a mail client would fetch it."""
    version: int | None
    alt_text: str
    width_px: int
    height_px: int


class PictureSource(Protocol):
    """Where a composition gets its pictures."""

    def has(self, slug: str) -> bool:
        """Whether there is an asset of that name."""

    async def picture(self, slug: str) -> Picture:
        """The asset's delivered picture. Raises: PictureError."""

    async def picture_at(self, url: str, *, slug: str, version: int | None) -> Picture:
        """The picture at an address that the driver data names. Raises: PictureError."""


Address: TypeAlias = Callable[[httpx.AsyncClient, World, WorldAsset], Awaitable[str]]
"""Finds where a library delivers an asset. Raises: KeyError while that library has no address; PictureError."""


class WorldPictures:
    """Fetches from the running libraries of the sandbox; addresses are read from the world for each picture."""

    def __init__(
        self,
        *,
        world: World,
        addresses: Mapping[Library, Address] = MappingProxyType({}),
        wire: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """``addresses`` replaces how single libraries are asked; ``wire`` replaces the network."""
        self._world = world
        self._addresses: Mapping[Library, Address] = {**DELIVERY, **addresses}
        self._by_slug = {asset.slug: asset for asset in world.assets[: min(len(world.assets), _OWN_PICTURES)]}
        self._http = httpx.AsyncClient(transport=wire, timeout=DEADLINE_S, follow_redirects=True, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def has(self, slug: str) -> bool:
        """Whether the world has an asset of that name."""
        return slug in self._by_slug

    async def picture(self, slug: str) -> Picture:
        """What the asset's library delivers now. Raises: PictureError."""
        asset = self._by_slug.get(slug)
        if asset is None:
            raise PictureError(slug, "there is no such asset")
        try:
            url = await self._addresses[asset.library](self._http, self._world, asset)
        except KeyError as error:
            raise PictureError(slug, f"{asset.library} is not running") from error
        except httpx.HTTPError as error:
            raise PictureError(slug, f"no answer from {asset.library}") from error
        return await self._fetch(url, slug=slug, version=asset.latest.number, asset=asset)

    async def picture_at(self, url: str, *, slug: str, version: int | None) -> Picture:
        """What stands at ``url`` now. Raises: PictureError."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise PictureError(slug, "its address is not an HTTP address")
        return await self._fetch(url, slug=slug, version=version, asset=self._by_slug.get(slug))

    async def _fetch(self, url: str, *, slug: str, version: int | None, asset: WorldAsset | None) -> Picture:
        try:
            response = await self._http.get(url)
        except httpx.HTTPError as error:
            raise PictureError(slug, f"no answer from {urlsplit(url).netloc}") from error
        if response.status_code != httpx.codes.OK:
            raise PictureError(slug, f"{urlsplit(url).netloc} answered {response.status_code}")
        media_type, width_px, height_px = _measured(slug, response.content)
        return Picture(
            slug=slug,
            library=asset.library.value if asset else "record",
            content=response.content,
            media_type=media_type,
            url=url,
            version=version,
            alt_text=asset.alt_text if asset else "",
            width_px=width_px,
            height_px=height_px,
        )


class OneLook:
    """Looks at each picture once, so that every channel of a composition, and every letter of a run, shows the same."""

    def __init__(self, source: PictureSource) -> None:
        self._source = source
        self._seen: dict[str, Picture] = {}

    def has(self, slug: str) -> bool:
        """Whether there is an asset of that name."""
        return self._source.has(slug)

    async def picture(self, slug: str) -> Picture:
        """As it was at the first look. Raises: PictureError."""
        if slug not in self._seen:
            self._seen[slug] = await self._source.picture(slug)
        return self._seen[slug]

    async def picture_at(self, url: str, *, slug: str, version: int | None) -> Picture:
        """As it was at the first look. Raises: PictureError."""
        if url not in self._seen:
            self._seen[url] = await self._source.picture_at(url, slug=slug, version=version)
        return self._seen[url]


_OWN_PICTURES: Final = 2_000
"""Beyond these the world repeats its assets under other names, and no template shows those."""


def _measured(slug: str, content: bytes) -> tuple[str, int, int]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            return EMBEDDABLE[image.format or ""], image.width, image.height
    except (UnidentifiedImageError, KeyError, OSError) as error:
        raise PictureError(slug, "what was delivered is not a picture that can be shown") from error


async def cloudinary_address(http: httpx.AsyncClient, world: World, asset: WorldAsset) -> str:
    """A delivery URL (cloudinary 9, CONFIRMED); PNG keeps what is transparent and what every mail client shows."""
    del http
    cloud = world.secrets["cloudinary"]["cloud_name"]
    kind = "video" if asset.kind is AssetKind.VIDEO else "image"
    public_id = quote("/".join(part for part in (asset.folder, asset.slug) if part))
    return f"{world.addresses['cloudinary_delivery']}/{cloud}/{kind}/upload/c_limit,w_1600/{public_id}.png"


async def core_dam_address(http: httpx.AsyncClient, world: World, asset: WorldAsset) -> str:
    """The public rendition of an asset (core-dam 7.6, CONFIRMED). Its id is that of its first version."""
    del http
    first = f"{world.seed}:core_dam:{asset.slug}:{asset.versions[0].number}"
    asset_id = sha1(first.encode(), usedforsecurity=False).hexdigest()
    return f"{world.addresses['core_dam_delivery']}/adaptivemedia/rendition?id={asset_id}"


async def iconik_address(http: httpx.AsyncClient, world: World, asset: WorldAsset) -> str:
    """The poster of an asset at its signed address (iconik 9, CONFIRMED), asked for as any client would."""
    secrets = world.secrets["iconik"]
    asset_id = Identities(world.seed).of("asset", asset.slug)
    reply = await http.get(
        f"{world.addresses['iconik']}/API/files/v1/assets/{asset_id}/keyframes/",
        headers={"App-ID": secrets["app_id"], "Auth-Token": secrets["auth_token"]},
    )
    if reply.status_code != httpx.codes.OK:
        raise PictureError(asset.slug, f"iconik answered {reply.status_code}")
    frames = {frame["type"]: frame["url"] for frame in reply.json()["objects"] if frame.get("url")}
    if not frames:
        raise PictureError(asset.slug, "it has no keyframe")
    return str(frames.get("POSTER") or next(iter(frames.values())))


DELIVERY: Final[Mapping[Library, Address]] = MappingProxyType(
    {
        Library.CLOUDINARY: cloudinary_address,
        Library.CORE_DAM: core_dam_address,
        Library.ICONIK: iconik_address,
    }
)
