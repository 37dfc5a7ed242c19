"""The world's own assets as OTMM records, each standing for all of its repetitions (``--assets``).

A repetition differs from its original in ids and title alone, so one record, a count of rounds and ids that can be
read backwards stand for a million assets: nothing is made before somebody asks for it.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import partial
from hashlib import sha1
from typing import Final

from connectors.sandbox.core_dam import schema
from connectors.sandbox.core_dam.state import AssetRecord, ContentKind, Row, content_id
from connectors.sandbox.core_dam.vocabulary import STATUS_CODES, Vocabulary, code, language_code
from connectors.sandbox.library import RepeatedAssets, assets_in
from connectors.sandbox.world import AssetStanding, Library, World, WorldAsset, WorldVersion

ID_LENGTH: Final = 40
HEAD_LENGTH: Final = 32
OWN_FIELDS: Final = frozenset({"ARTESIA.FIELD.ASSET ID", "ARTESIA.FIELD.ORIGINAL ASSET ID", schema.TITLE.id})
"""Fields in which repetitions of one original differ."""
_TITLE: Final = schema.TITLE.id


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of one thing in every round: a head in common and the round behind it, hidden by a mask.

    In round 0 it is ``first`` itself.
    """

    first: str
    head: str
    """What all of them begin with."""
    mask: int

    @classmethod
    def like(cls, first: str) -> "Ids":
        """The ids whose round 0 is ``first``: 40 hexadecimal characters."""
        return cls(first, first[:HEAD_LENGTH], int(first[HEAD_LENGTH:], 16))

    def of(self, again: int) -> str:
        """The id in round ``again``."""
        return f"{self.head}{self.mask ^ again:08x}"

    def round_of(self, wanted: str) -> int:
        """The round of an id that begins with :attr:`head`; a large number for one that was never given."""
        return int(wanted[HEAD_LENGTH:], 16) ^ self.mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """One version of one of the world's own assets."""

    record: AssetRecord
    """As it is in round 0; never changed."""
    rounds: int
    """How often it is there."""
    ids: Ids
    first_version_ids: Ids
    content_ids: dict[ContentKind, Ids]
    title: str
    stem: str
    """What it is called in every language: ``heat-pump-banner``; empty for a thing of one language."""

    def at(self, again: int) -> AssetRecord:
        """A record for round ``again``, to be read; :meth:`AssetRecord.copied` is one to be changed."""
        if not again:
            return self.record
        record = self.scratch()
        self.pose(record, again)
        record.content_ids = {kind: ids.of(again) for kind, ids in self.content_ids.items()}
        return record

    def scratch(self) -> AssetRecord:
        """A copy for :meth:`pose`."""
        record = copy(self.record)
        record.fields = dict(self.record.fields)
        return record

    def pose(self, scratch: AssetRecord, again: int) -> None:
        """Give a copy the ids and the title of round ``again``: what questions can tell rounds apart by."""
        scratch.asset_id = self.ids.of(again)
        scratch.original_asset_id = self.first_version_ids.of(again)
        scratch.fields[_TITLE] = f"{self.title} {again}" if again else self.title


def version_id(world: World, slug: str, number: int) -> str:
    """40 hexadecimal characters that are the same for a seed."""
    return sha1(f"{world.seed}:core_dam:{slug}:{number}".encode(), usedforsecurity=False).hexdigest()


def folder_id(world: World, path: str) -> str:
    """The id of the folder at ``path``: ``/marketing/spring``."""
    return sha1(f"{world.seed}:core_dam:folder:{path}".encode(), usedforsecurity=False).hexdigest()


def own_assets(world: World) -> RepeatedAssets:
    """The assets of this library."""
    return assets_in(Library.CORE_DAM, world.assets)


def read_originals(world: World, vocabulary: Vocabulary, *, root_id: str) -> tuple[Original, ...]:
    """Every version of every asset of the world, in order of import."""
    own = own_assets(world)
    make = partial(_record, world, vocabulary, root_id)
    found = [
        each
        for place, asset in enumerate(own.originals)
        for each in _versions(asset, len(range(place, len(own), len(own.originals))), make)
    ]
    return tuple(sorted(found, key=lambda each: (each.record.imported_at, each.record.asset_id)))


def _versions(
    asset: WorldAsset, rounds: int, make: Callable[[WorldAsset, WorldVersion], AssetRecord]
) -> Iterator[Original]:
    for version in asset.versions if rounds else ():
        record = make(asset, version)
        kinds = {kind: Ids.like(content_id(record.asset_id, kind)) for kind in ContentKind}
        yield Original(
            record=record,
            rounds=rounds,
            ids=Ids.like(record.asset_id),
            first_version_ids=Ids.like(record.original_asset_id),
            content_ids=kinds,
            title=asset.title,
            stem=_stem(asset),
        )


def _record(
    world: World, vocabulary: Vocabulary, root_id: str, asset: WorldAsset, version: WorldVersion
) -> AssetRecord:
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
    path = "".join(f"/{name}" for name in asset.folder.split("/") if name)
    return AssetRecord(
        asset_id=version_id(world, asset.slug, version.number),
        original_asset_id=version_id(world, asset.slug, asset.versions[0].number),
        name=version.file.name,
        number=version.number,
        is_latest=is_latest,
        kind=asset.kind,
        master=version.file,
        poster=version.poster,
        home=folder_id(world, path) if path else root_id,
        creator=version.created_by,
        imported_at=version.created_at,
        updated_at=version.created_at,
        is_untouched=True,
        fields={field_id: text for field_id, text in fields.items() if text},
        tables={
            schema.MARKETS.id: _rows("PD.COLUMN.MARKET", code(asset.region)),
            schema.CHANNELS.id: _rows("PD.COLUMN.CHANNEL", *map(code, asset.channels)),
            schema.TAGS.id: _rows("ARTESIA.FIELD.TAG", *asset.tags),
            schema.PRODUCTS.id: _rows("PRODUCT_CHAR_ID", vocabulary.product_code(asset.product)),
            schema.BUSINESS_UNITS.id: _rows("OTMM.COLUMN.BUSINESS_UNIT.TAB", code(asset.folder.partition("/")[0])),
        },
    )


def _stem(asset: WorldAsset) -> str:
    language = asset.locale.partition("-")[0]
    return asset.slug.removesuffix(f"-{language}") if asset.slug.endswith(f"-{language}") else ""


def _rows(column: str, *values: str) -> list[Row]:
    return [{column: value} for value in values if value]
