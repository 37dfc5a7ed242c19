"""What the library holds: one record per version, as OTMM has it, with everything that calls may change."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import md5, sha1
from typing import Final, Protocol, Self

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.policies import BY_TEMPLATE
from connectors.sandbox.world import AssetKind, WorldFile

Row = dict[str, str]


class Described(Protocol):
    """Whatever carries metadata: an asset's version or a folder."""

    fields: dict[str, str]
    """Field id → stored text; an absent key is an empty field."""
    tables: dict[str, list[Row]]
    """Table id → rows of column id → stored text."""
    languages: dict[str, dict[str, str]]
    """Field id → ``de_DE`` → text, for multilingual fields (CHOSEN)."""


class ContentKind(StrEnum):
    """Which of a version's files."""

    MASTER = "MASTER"
    THUMBNAIL = "THUMBNAIL"
    PREVIEW = "PREVIEW"


RASTER: Final = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/tiff"})
"""What a picture can be made from here; other masters need a poster."""


@dataclass(kw_only=True)
class AssetRecord:
    """One version of one asset, with its own id, as OTMM counts them."""

    asset_id: str
    original_asset_id: str
    name: str
    number: int
    is_latest: bool
    kind: AssetKind
    master: WorldFile
    poster: WorldFile | None
    home: str
    """The id of the folder that it was put into first."""
    creator: str
    imported_at: datetime
    updated_at: datetime
    fields: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    languages: dict[str, dict[str, str]] = field(default_factory=dict)
    also_in: dict[str, None] = field(default_factory=dict)
    """Ids of further folders that it lies in."""
    content_ids: Mapping[ContentKind, str] = field(default_factory=dict)
    """Where they are not made from the asset's own id."""
    policy_ids: tuple[int, ...] = BY_TEMPLATE
    is_untouched: bool = False
    """Whether it is as the world told it; all rounds of one original have the same texts then, but for the title."""
    is_deleted: bool = False
    locked_by: str = ""
    """A login; empty when nobody holds the metadata lock."""
    locked_at: datetime | None = None
    checked_out_by: str = ""
    subscribers: set[str] = field(default_factory=set)
    replaced: dict[ContentKind, WorldFile] = field(default_factory=dict)
    """Thumbnails and previews that somebody uploaded."""

    def content_id(self, kind: ContentKind) -> str:
        """The id of one of its files."""
        return self.content_ids.get(kind) or content_id(self.asset_id, kind)

    def copied(self) -> Self:
        """A record of its own, which may be changed without changing this one."""
        other = copy(self)
        other.is_untouched = False
        other.fields = dict(self.fields)
        other.tables = {table: [dict(row) for row in rows] for table, rows in self.tables.items()}
        other.languages = {field_id: dict(texts) for field_id, texts in self.languages.items()}
        other.also_in, other.subscribers, other.replaced = (
            dict(self.also_in),
            set(self.subscribers),
            dict(self.replaced),
        )
        return other

    def lies_in(self, folder_ids: frozenset[str]) -> bool:
        """Whether one of these folders holds it."""
        return self.home in folder_ids or not folder_ids.isdisjoint(self.also_in)

    @property
    def picture(self) -> WorldFile | None:
        """What thumbnails and previews are made from; None when there is nothing to see."""
        return self.master if self.master.media_type in RASTER else self.poster

    @cached_property
    def checksum(self) -> str:
        """MD5 of the master, as the vendor reports it."""
        return md5(self.master.read(), usedforsecurity=False).hexdigest()

    def is_expired(self, now: datetime) -> bool:
        """Whether its expiration date has passed."""
        said = self.fields.get(schema.EXPIRATION.id, "")
        return bool(said) and said <= stamp(now)

    def texts(self, field_id: str) -> list[str]:
        """Every stored text of a field or column, in row order."""
        if field_id in schema.COLUMNS:
            table, column = schema.COLUMNS[field_id]
            return [row[column.id] for row in self.tables.get(table.id, []) if row.get(column.id)]
        return [self.fields[field_id]] if self.fields.get(field_id) else []


def content_id(asset_id: str, kind: ContentKind) -> str:
    """40 hexadecimal characters for one of an asset's files."""
    return sha1(f"{asset_id}:{kind}".encode(), usedforsecurity=False).hexdigest()


def stamp(moment: datetime) -> str:
    """``2026-03-01T09:30:00Z``; text order is time order."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
