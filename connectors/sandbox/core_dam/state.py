"""What the library holds: one record per version, as OTMM has it, and everything that calls may change."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import md5, sha1
from typing import Final, Protocol

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.vocabulary import STATUS_CODES, Vocabulary, code, language_code
from connectors.sandbox.world import AssetKind, AssetStanding, Library, World, WorldAsset, WorldFile, WorldVersion

Row = dict[str, str]


class Described(Protocol):
    """Whatever carries metadata: an asset's version or a folder."""

    fields: dict[str, str]
    """Field id → stored text; an absent key is an empty field."""
    tables: dict[str, list[Row]]
    """Table id → rows of column id → stored text."""


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
    folder: str
    creator: str
    imported_at: datetime
    updated_at: datetime
    fields: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
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
        return sha1(f"{self.asset_id}:{kind}".encode(), usedforsecurity=False).hexdigest()

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


class AssetStore:
    """All versions of all assets, by id; built from the world when it is first asked."""

    def __init__(self, world: World, vocabulary: Vocabulary) -> None:
        self._world = world
        self._vocabulary = vocabulary
        self._made = 0
        self.revision = 0
        """Rises with every change, so that whoever remembers an answer knows when it is stale."""

    @cached_property
    def by_id(self) -> dict[str, AssetRecord]:
        """Asset id → record, in order of import."""
        records = sorted(self._records(), key=lambda record: (record.imported_at, record.asset_id))
        self._mark_hard_cases(records)
        return {record.asset_id: record for record in records}

    @cached_property
    def by_content(self) -> dict[str, tuple[AssetRecord, ContentKind]]:
        """Content id → whose it is and which."""
        return {record.content_id(kind): (record, kind) for record in self.by_id.values() for kind in ContentKind}

    @cached_property
    def by_original(self) -> dict[str, list[AssetRecord]]:
        """Original asset id → its versions, oldest first."""
        versions: dict[str, list[AssetRecord]] = {}
        for record in sorted(self.by_id.values(), key=lambda each: each.number):
            versions.setdefault(record.original_asset_id, []).append(record)
        return versions

    def touch(self, record: AssetRecord) -> None:
        """Note that ``record`` was changed now."""
        record.updated_at = self._world.clock.now()
        self.revision += 1

    def new_record(self, file: WorldFile, *, name: str, kind: AssetKind, creator: str) -> AssetRecord:
        """A first version made from ``file``; it is not in the library before :meth:`add`."""
        self._made += 1
        asset_id = self.version_id(f"upload:{self._made}:{name}", 1)
        now = self._world.clock.now()
        return AssetRecord(
            asset_id=asset_id,
            original_asset_id=asset_id,
            name=name,
            number=1,
            is_latest=True,
            kind=kind,
            master=file,
            poster=None,
            folder="",
            creator=creator,
            imported_at=now,
            updated_at=now,
        )

    def add(self, record: AssetRecord) -> None:
        """Put ``record`` into the library."""
        self.by_id[record.asset_id] = record
        self.by_content.update({record.content_id(kind): (record, kind) for kind in ContentKind})
        self.by_original.setdefault(record.original_asset_id, []).append(record)
        self.revision += 1

    def add_version(self, old: AssetRecord, file: WorldFile, *, creator: str) -> AssetRecord:
        """The next version after ``old``, with its metadata; locks and check-out end with it."""
        versions = self.by_original[old.original_asset_id]
        record = self.new_record(file, name=old.name, kind=old.kind, creator=creator)
        record.original_asset_id = old.original_asset_id
        record.number = versions[-1].number + 1
        record.folder = old.folder
        record.fields = dict(old.fields)
        record.tables = {table: [dict(row) for row in rows] for table, rows in old.tables.items()}
        for version in versions:
            version.is_latest = False
            version.locked_by = version.checked_out_by = ""
        self.add(record)
        return record

    def _records(self) -> Iterator[AssetRecord]:
        for asset in self._world.assets:
            if asset.library is Library.CORE_DAM:
                for version in asset.versions:
                    yield self._record(asset, version)

    def _record(self, asset: WorldAsset, version: WorldVersion) -> AssetRecord:
        is_latest = version is asset.latest
        standing = asset.standing if is_latest else AssetStanding.SUPERSEDED
        fields = {
            schema.TITLE.id: asset.title,
            schema.DESCRIPTION.id: asset.description,
            schema.ALT_TEXT.id: asset.alt_text,
            schema.STATUS.id: STATUS_CODES[standing],
            schema.LANGUAGE.id: language_code(asset.locale),
            schema.AREA.id: "^".join(code(part) for part in asset.folder.split("/") if part),
            schema.OWNER.id: asset.owner,
            schema.EXPIRATION.id: f"{asset.rights_end:%Y-%m-%d}T00:00:00Z" if asset.rights_end else "",
        }
        return AssetRecord(
            asset_id=self.version_id(asset.slug, version.number),
            original_asset_id=self.version_id(asset.slug, asset.versions[0].number),
            name=version.file.name,
            number=version.number,
            is_latest=is_latest,
            kind=asset.kind,
            master=version.file,
            poster=version.poster,
            folder=asset.folder,
            creator=version.created_by,
            imported_at=version.created_at,
            updated_at=version.created_at,
            fields={field_id: text for field_id, text in fields.items() if text},
            tables={
                schema.MARKETS.id: _rows("PD.COLUMN.MARKET", code(asset.region)),
                schema.CHANNELS.id: _rows("PD.COLUMN.CHANNEL", *map(code, asset.channels)),
                schema.TAGS.id: _rows("ARTESIA.FIELD.TAG", *asset.tags),
                schema.PRODUCTS.id: _rows("PRODUCT_CHAR_ID", self._vocabulary.product_code(asset.product)),
                schema.BUSINESS_UNITS.id: _rows("OTMM.COLUMN.BUSINESS_UNIT.TAB", code(asset.folder.partition("/")[0])),
            },
        )

    def version_id(self, slug: str, number: int) -> str:
        """40 hexadecimal characters that are the same for a seed."""
        return sha1(f"{self._world.seed}:core_dam:{slug}:{number}".encode(), usedforsecurity=False).hexdigest()

    def _mark_hard_cases(self, records: list[AssetRecord]) -> None:
        """One deleted, one expired and one checked-out record, so that nobody believes they do not happen (CHOSEN).

        Where the world has no such asset, old versions are taken: nothing that is in use disappears.
        """
        latest = [record for record in records if record.is_latest]
        old = [record for record in records if not record.is_latest]
        retired = [record for record in latest if _has_standing(record, AssetStanding.RETIRED)]
        in_review = [record for record in latest if _has_standing(record, AssetStanding.IN_REVIEW)]
        for record in (retired or old[-1:])[:1]:
            record.is_deleted = True
        for record in old[:1]:
            record.fields[schema.EXPIRATION.id] = f"{record.imported_at:%Y-%m-%d}T00:00:00Z"
        for record in in_review[:1]:
            record.checked_out_by = next(
                (person.login for person in self._world.people if person.full_name == record.creator), ""
            )


def _has_standing(record: AssetRecord, standing: AssetStanding) -> bool:
    return record.fields[schema.STATUS.id] == STATUS_CODES[standing]


def stamp(moment: datetime) -> str:
    """``2026-03-01T09:30:00Z``; text order is time order."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _rows(column: str, *values: str) -> list[Row]:
    return [{column: value} for value in values if value]
