"""Delivery URLs: where a browser, a mail client or a composer fetches an asset or a rendition of it.

Source: wire contract "Cloudinary" §6.3 and §9, CONFIRMED unless a line says otherwise.
"""

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from connectors.cloudinary.models import Asset, DeliveryType, ResourceType
from connectors.cloudinary.signature import Digest, delivery_signature

_REPEATED_SLASH: Final = re.compile(r"(?<=[^:])/+")
_VERSIONED: Final = re.compile(r"v\d+")
_SUFFIXED: Final = MappingProxyType({"image/upload": "images", "raw/upload": "files"})
"""How the path begins where a suffix follows the id."""


def step(**parameters: str | float) -> str:
    """One step of a transformation: ``step(c="limit", w=600)`` → ``c_limit,w_600``, in the order that SDKs write."""
    return ",".join(f"{key}_{value}" for key, value in sorted(parameters.items()))


def transformation(*steps: str) -> str:
    """``steps`` in their order, which matters, unlike the order inside each of them."""
    return "/".join(part for part in steps if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """What to make of an asset: a transformation, and the extension that the URL then carries."""

    transformation: str = ""
    extension: str | None = None
    """None keeps the original's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHost:
    """Builds the URLs of one cloud.

    ``base_url`` is ``https://res.cloudinary.com``, a private host or a CNAME, without a path; on a private host the
    cloud's name is not part of the path.
    """

    base_url: str
    cloud_name: str
    api_secret: str = field(default="", repr=False)
    is_private: bool = False
    digest: Digest = Digest.SHA1
    has_long_signatures: bool = False

    def url(
        self,
        public_id: str,
        *,
        resource_type: ResourceType = ResourceType.IMAGE,
        delivery_type: DeliveryType = DeliveryType.UPLOAD,
        version: int | None = None,
        rendition: Rendition = Rendition(),
        is_signed: bool = False,
        suffix: str = "",
    ) -> str:
        """The URL of one asset or rendition.

        Without ``version`` an overwritten asset may come from a cache; ids with a slash get the SDKs' dummy ``v1``.
        ``suffix`` is a name for people and search engines behind the id of a public picture or raw file.
        Raises: ValueError for a suffix that cannot be, or when a signature is asked of a host without a secret.
        """
        source = shown = quote(_REPEATED_SLASH.sub("/", public_id), safe="/:").replace("~", "%7E")
        kind = f"{resource_type}/{delivery_type}"
        if suffix:
            kind = _suffixed(kind, suffix)
            shown += f"/{suffix}"
        if rendition.extension:
            source += f".{rendition.extension}"
            shown += f".{rendition.extension}"
        signature = ""
        if is_signed:
            if not self.api_secret:
                raise ValueError("a signed delivery URL needs the API secret")
            signature = delivery_signature(
                transformation=rendition.transformation,
                source=source,
                api_secret=self.api_secret,
                digest=self.digest,
                is_long=self.has_long_signatures,
            )
        is_address = source.startswith(("http:/", "https:/"))
        shown_version = version or (1 if "/" in source and not is_address and not _VERSIONED.match(source) else None)
        parts = (
            self.base_url.rstrip("/"),
            "" if self.is_private else self.cloud_name,
            kind,
            signature,
            rendition.transformation,
            f"v{shown_version}" if shown_version else "",
            shown,
        )
        return "/".join(part for part in parts if part)

    def asset_url(self, asset: Asset, rendition: Rendition = Rendition()) -> str:
        """The URL of ``asset``'s present version, signed where its delivery type demands it (§10)."""
        if rendition.extension is None and asset.resource_type is not ResourceType.RAW:
            rendition = Rendition(transformation=rendition.transformation, extension=asset.format)
        return self.url(
            asset.public_id,
            resource_type=asset.resource_type,
            delivery_type=asset.type,
            version=asset.version,
            rendition=rendition,
            is_signed=_needs_signature(asset, rendition),
        )


def _suffixed(kind: str, suffix: str) -> str:
    if kind not in _SUFFIXED:
        raise ValueError("only public pictures and raw files can have a suffix")
    if "/" in suffix or "." in suffix:
        raise ValueError("a suffix has neither a slash nor a dot")
    return _SUFFIXED[kind]


def _needs_signature(asset: Asset, rendition: Rendition) -> bool:
    match asset.type:
        case DeliveryType.AUTHENTICATED:
            return True
        case DeliveryType.PRIVATE:
            return not rendition.transformation
        case _:
            return False
