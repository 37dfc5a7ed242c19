"""Links that carry their own proof, to be handed to people and programs without an account.

Downloads of originals, old versions and archives through the API host end after ``expires_at``; a signed search ends
``ttl`` seconds after its first reader; an auth token ends when it says so; a signed delivery URL never ends (§11).
Source: wire contract "Cloudinary" §3.1, §6.1, §6.4, §6.5, §10, CONFIRMED with test vectors.
"""

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from connectors.calls import segment
from connectors.cloudinary.models import Asset, AssetId, ResourceType
from connectors.cloudinary.search import SearchQuery
from connectors.cloudinary.sign_in import KeyPair
from connectors.cloudinary.signature import Digest, request_signature

SEARCH_TTL: Final = timedelta(seconds=300)
TOKEN_NAME: Final = "__cld_token__"  # noqa: S105 - the name of a parameter
_UNSAFE_IN_TOKEN: Final = re.compile(r"[ \"#%&'/:;<=>?@\[\\\]^`{|}~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Makes links of one cloud. ``now`` is always aware; nothing here reads a clock or crosses the network."""

    api_url: str
    delivery_url: str
    cloud: str
    keys: KeyPair = field(repr=False)
    is_private: bool = False
    """Whether the delivery host is the cloud's own, so that its name is no part of the path."""
    digest: Digest = Digest.SHA1

    def original(
        self,
        asset: Asset,
        *,
        now: datetime,
        expires_at: datetime | None = None,
        file_name: str = "",
        transformation: str = "",
        extension: str | None = None,
    ) -> str:
        """The original, or a rendition of it, as a download; one hour unless ``expires_at`` says otherwise."""
        return self._signed(
            f"{asset.resource_type}/download",
            now=now,
            fields=(
                ("public_id", asset.public_id),
                ("format", extension or (asset.format or "")),
                ("type", asset.type.value),
                ("attachment", "true" if file_name else ""),
                ("target_filename", file_name),
                ("transformation", transformation),
                ("expires_at", _seconds(expires_at)),
            ),
        )

    def version(self, asset_id: AssetId, version_id: str, *, now: datetime) -> str:
        """An old version out of the backup."""
        return self._signed("download_backup", now=now, fields=(("asset_id", asset_id), ("version_id", version_id)))

    def archive(
        self,
        *,
        now: datetime,
        public_ids: Sequence[str] = (),
        tags: Sequence[str] = (),
        folder: str = "",
        resource_type: ResourceType | None = None,
        transformations: Sequence[str] = (),
        is_flat: bool = False,
        expires_at: datetime | None = None,
    ) -> str:
        """A ZIP of several assets, made when the link is followed; all resource types unless one is named."""
        return self._signed(
            f"{resource_type or 'all'}/generate_archive",
            now=now,
            fields=(
                ("mode", "download"),
                ("target_format", "zip"),
                *(("public_ids[]", one) for one in public_ids),
                *(("tags[]", one) for one in tags),
                ("prefixes[]", folder),
                ("transformations", "|".join(transformations)),
                ("flatten_folders", "1" if is_flat else ""),
                ("expires_at", _seconds(expires_at)),
            ),
        )

    def search(self, query: SearchQuery, *, ttl: timedelta = SEARCH_TTL, next_cursor: str | None = None) -> str:
        """A search that anybody may read, without credentials (§6.5, CONFIRMED)."""
        compact = json.dumps(query.body(), sort_keys=True, separators=(",", ":"))
        asked = urlsafe_b64encode(compact.encode()).decode()
        lasts_s = int(ttl.total_seconds())
        proof = hashlib.sha256(f"{lasts_s}{asked}{self.keys.api_secret}".encode()).hexdigest()
        base = self.delivery_url.rstrip("/") + ("" if self.is_private else f"/{self.cloud}")
        return f"{base}/search/{proof}/{lasts_s}/{asked}" + (f"/{next_cursor}" if next_cursor else "")

    def _signed(self, action: str, *, now: datetime, fields: Sequence[tuple[str, str]]) -> str:
        said = [(name, value) for name, value in fields if value]
        said.append(("timestamp", _seconds(now)))
        signature = request_signature(said, api_secret=self.keys.api_secret, digest=self.digest)
        query = urlencode([*said, ("signature", signature), ("api_key", self.keys.api_key)])
        return f"{self.api_url.rstrip('/')}/v1_1/{segment(self.cloud)}/{action}?{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey:
    """Makes auth tokens for a private CDN (premium). ``key`` is hex, as the account's settings show it."""

    key: str = field(repr=False)

    def token(
        self,
        *,
        expires_at: datetime | None = None,
        start: datetime | None = None,
        lasts: timedelta | None = None,
        acl: Sequence[str] = (),
        url: str = "",
        ip: str = "",
    ) -> str:
        """``__cld_token__=…`` for a query string or a cookie: either patterns of paths, or the path of one URL.

        With ``start`` and ``lasts`` it ends that much later. Raises: ValueError when nothing says what it opens, or
        when it ends. Source: §6.4, CONFIRMED.
        """
        ends_at = expires_at or (start + lasts if start and lasts else None)
        if ends_at is None:
            raise ValueError("a token needs an end: expires_at, or start and lasts")
        if not acl and not url:
            raise ValueError("a token opens patterns of paths or one URL")
        said = [f"ip={ip}"] if ip else []
        said += [f"st={_seconds(start)}"] if start else []
        said.append(f"exp={_seconds(ends_at)}")
        said += [f"acl={'!'.join(_lowered(one) for one in acl)}"] if acl else []
        signed = said if acl else [*said, f"url={_lowered(url)}"]
        proof = hmac.new(bytes.fromhex(self.key), "~".join(signed).encode(), hashlib.sha256).hexdigest()
        return f"{TOKEN_NAME}={'~'.join([*said, f'hmac={proof}'])}"


def _lowered(path: str) -> str:
    """``path`` with its unsafe characters encoded in lower-case hex; letters keep their case."""
    return _UNSAFE_IN_TOKEN.sub(lambda found: quote(found[0], safe="").replace("~", "%7E").lower(), path)


def _seconds(at: datetime | None) -> str:
    return str(int(at.timestamp())) if at else ""
