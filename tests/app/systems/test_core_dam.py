"""Core DAM's fields as ours: codes of its status, tables, dates, versions, addresses."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest

from app.records import Ability, Asset, AssetKey, AssetKind, AssetState, Standing, System
from app.rules.verdicts import Verdict
from app.systems.core_dam import CoreDamFields, CoreDamLibrary
from connectors import core_dam as vendor
from connectors.core_dam import CoreDamClient, FieldEdit, Metadata, MetadataModel, ModelField, SearchPage, Table, Value
from connectors.errors import ConnectorError, ForbiddenError, NotFoundError, ShapeError
from tests.app.systems.entries_made import judging

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
FIELDS = CoreDamFields()


def asset(
    *,
    fields: Mapping[str, str] | None = None,
    tables: Mapping[str, Table] | None = None,
    mime_type: str = "image/png",
    changed_at: datetime | None = NOW,
    is_deleted: bool = False,
    version: int = 2,
) -> vendor.Asset:
    """One version of an asset as the client tells it."""
    said = {key: Value(stored=text, label=text) for key, text in (fields or {}).items()}
    return vendor.Asset(
        asset_id=vendor.AssetId("b" * 40),
        original_asset_id=vendor.OriginalId("a" * 40),
        version=version,
        is_latest_version=True,
        name="spring-banner.png",
        mime_type=mime_type,
        content_type="IMAGE",
        size_bytes=10,
        asset_state="NORMAL",
        content_state="NORMAL",
        is_deleted=is_deleted,
        is_expired=False,
        is_checked_out=False,
        is_locked=False,
        locked_by="",
        date_imported=NOW - timedelta(days=1),
        date_last_updated=changed_at,
        import_user_name="Ada",
        metadata_model_id="m",
        delivery_service_url="",
        master=None,
        thumbnail=None,
        preview=None,
        pdf_preview=None,
        permissions={},
        security_policy_ids=(),
        folder_paths=("Public Folders/marketing",),
        metadata=Metadata(model_id="m", fields=said, tables=tables or {}),
    )


class FakeDam:
    """Pages of assets, and the versions of one, which an edit changes when ``takes_edits``."""

    def __init__(self, *pages: list[vendor.Asset], takes_edits: bool = True) -> None:
        self._pages = pages
        self._takes_edits = takes_edits
        self.edits: list[FieldEdit] = []
        self.by_id: ConnectorError | None = None
        """Why a version cannot be had by its id."""
        self.pages_read = 0
        self.models: tuple[MetadataModel, ...] | ConnectorError = ()
        self.release = SimpleNamespace(version="6")

    async def search_page(self, _query: object, *, after: int = 0) -> SearchPage:
        """The page that begins at ``after``, counted through all pages."""
        self.pages_read += 1
        begins = 0
        for page in self._pages:
            if begins == after:
                return self._page(page, after)
            begins += len(page)
        return self._page([], after)

    def _page(self, assets: list[vendor.Asset], offset: int) -> SearchPage:
        return SearchPage(
            assets=tuple(assets),
            asset_ids=(),
            hit_count=len(assets),
            total_hit_count=sum(map(len, self._pages)),
            offset=offset,
            has_invalid_conditions=False,
            facets=(),
        )

    async def session(self) -> SimpleNamespace:
        """Ada's."""
        return SimpleNamespace(user_full_name="Ada", login_name="ada")

    async def metadata_models(self) -> tuple[MetadataModel, ...]:
        """As given; a failure is raised."""
        if isinstance(self.models, ConnectorError):
            raise self.models
        return self.models

    async def versions(self, _original: str) -> tuple[vendor.Asset, ...]:
        """Those of the first page."""
        return tuple(self._pages[0]) if self._pages else ()

    async def asset(self, _asset_id: str) -> vendor.Asset:
        """The newest, with what was written."""
        if self.by_id is not None:
            raise self.by_id
        written = {edit.field_id: edit.text for edit in self.edits} if self._takes_edits else {}
        return asset(fields=written)

    async def edit_metadata(self, _asset_id: str, edits: list[FieldEdit]) -> None:
        """Remembered."""
        self.edits += edits


def library(dam: FakeDam) -> CoreDamLibrary:
    """A library on such a server."""
    return CoreDamLibrary(cast("CoreDamClient", dam), delivery_url="https://delivery.example.com/")


def found(dam: FakeDam, *, since: datetime | None = None) -> list[Asset]:
    """Everything that changed since."""

    async def read() -> list[Asset]:
        return [each async for page in library(dam).changed_since(since) for each in page.assets]

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("DRFT", AssetState.DRAFT),
        ("REVW", AssetState.IN_REVIEW),
        ("APPR", AssetState.APPROVED),
        ("REJC", AssetState.REJECTED),
        ("SUPR", AssetState.SUPERSEDED),
        ("RETD", AssetState.RETIRED),
        ("", AssetState.DRAFT),
        ("NEWW", AssetState.UNKNOWN),
    ],
)
def test_a_code_of_the_status_field_is_a_state(code: str, state: AssetState) -> None:
    """A banner under review would be shown as approved."""
    (each,) = found(FakeDam([asset(fields={FIELDS.status: code})]))

    assert each.state is state


@pytest.mark.parametrize(
    ("mime_type", "kind"),
    [
        ("image/png", AssetKind.IMAGE),
        ("video/webm", AssetKind.VIDEO),
        ("application/pdf", AssetKind.DOCUMENT),
        ("application/zip", AssetKind.OTHER),
    ],
)
def test_what_it_is_decides_how_it_is_opened(mime_type: str, kind: AssetKind) -> None:
    """A clip would be opened as a picture."""
    (each,) = found(FakeDam([asset(mime_type=mime_type)]))

    assert each.kind is kind


@pytest.mark.parametrize(
    ("stored", "day"),
    [("2026-12-31T00:00:00Z", date(2026, 12, 31)), ("2026-12-31", date(2026, 12, 31)), ("soon", None)],
)
def test_the_end_of_rights_is_a_day_or_nothing(stored: str, day: date | None) -> None:
    """One odd value would hide the asset."""
    (each,) = found(FakeDam([asset(fields={FIELDS.rights_end: stored})]))

    assert each.rights_end == day


def test_columns_of_tables_are_read_without_their_empty_cells() -> None:
    """A tag that is none would be searched for."""
    tags = Table(id=FIELDS.tags, columns={FIELDS.tag: (Value(stored="SPR", label="spring"), None)})

    (each,) = found(FakeDam([asset(tables={FIELDS.tags: tags})]))

    assert each.tags == ("spring",)


def test_a_round_stops_where_the_last_one_began() -> None:
    """Every round would read the whole library."""
    old = asset(changed_at=NOW - timedelta(days=30))
    dam = FakeDam([asset(), old], [old], [old])

    changed = found(dam, since=NOW - timedelta(days=1))

    assert len(changed) == 1
    assert dam.pages_read == 1


def test_a_site_that_does_not_sort_is_read_to_its_end() -> None:
    """What changed would be behind the first old asset, and not be seen for hours."""

    class Unsorted(FakeDam):
        async def search_page(self, _query: object, *, after: int = 0) -> SearchPage:
            return replace(self._page(every[after : after + 4], after), total_hit_count=len(every))

    ages = [30, 0, 30, 30, 30, 30, 0]
    every = [
        msgspec.structs.replace(asset(changed_at=NOW - timedelta(days=age)), asset_id=vendor.AssetId(str(place)))
        for place, age in enumerate(ages)
    ]

    changed = found(Unsorted(), since=NOW - timedelta(days=1))

    assert [each.alias for each in changed] == ["1", "6"]


def test_what_was_deleted_is_not_shown() -> None:
    """Somebody would use it."""
    assert found(FakeDam([asset(is_deleted=True)])) == []


def test_a_rejection_writes_code_and_reason_and_reads_them_back() -> None:
    """Half a verdict would stand there."""
    dam = FakeDam([asset()])

    receipt = asyncio.run(library(dam).deliver(judging(Verdict.REJECT, system=System.CORE_DAM, note="Old logo.")))

    assert [(edit.field_id, edit.text) for edit in dam.edits] == [
        (FIELDS.status, "REJC"),
        (FIELDS.comment, "Old logo."),
    ]
    assert receipt.values == {"state": "rejected"}


@pytest.mark.parametrize(("comment", "is_found"), [("Old logo.", True), ("Too dark.", False)])
def test_a_rejection_has_arrived_when_its_own_reason_has(comment: str, is_found: bool) -> None:
    """It was rejected before, for another reason; this one's would never be written, and called done."""
    dam = FakeDam([asset()])
    dam.edits = [FieldEdit(field_id=FIELDS.status, text="REJC"), FieldEdit(field_id=FIELDS.comment, text=comment)]

    wish = judging(Verdict.REJECT, system=System.CORE_DAM, note="Old logo.")
    receipt = asyncio.run(library(dam).look_up(wish))

    assert (receipt is not None) == is_found


def test_an_edit_that_did_not_stick_is_no_success() -> None:
    """The desk would say approved, and the library would not."""
    dam = FakeDam([asset()], takes_edits=False)

    with pytest.raises(ShapeError, match="reads draft after it was approved"):
        asyncio.run(library(dam).deliver(judging(Verdict.APPROVE, system=System.CORE_DAM)))


@pytest.mark.parametrize(
    ("by_id", "is_missing"),
    [
        (None, False),
        (NotFoundError(system="Core DAM", call="asset"), True),
        (ForbiddenError(system="Core DAM", call="asset"), False),
    ],
)
def test_what_the_index_does_not_have_is_asked_for_by_its_id(by_id: ConnectorError | None, is_missing: bool) -> None:
    """An index that is being rebuilt denies half the library twice, and the desk would drop it."""
    dam, key = FakeDam(), AssetKey(System.CORE_DAM, "a" * 40)
    dam.by_id = by_id

    missing = asyncio.run(library(dam).missing([key]))

    assert missing == (frozenset({key}) if is_missing else frozenset())


def test_an_asset_that_is_gone_is_said_to_be() -> None:
    """An index error would be called a fault of the desk's."""
    with pytest.raises(NotFoundError):
        asyncio.run(library(FakeDam()).look_up(judging(Verdict.APPROVE, system=System.CORE_DAM)))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"https://delivery.example.com/adaptivemedia/rendition?id={'a' * 40}", "a" * 40),
        (f"https://delivery.example.com.evil.example/rendition?id={'a' * 40}", None),
        ("https://delivery.example.com/adaptivemedia/rendition", None),
    ],
)
def test_an_address_in_a_mail_leads_to_its_asset(address: str, name: str | None) -> None:
    """The bill of assets would not know what is shown."""
    sighting = library(FakeDam()).recognise(address)

    assert (sighting.name if sighting else None) == name


def model(*fields: str) -> MetadataModel:
    """A model with those fields."""
    described = [ModelField(id=each, name=each, data_type="CHAR", domain_id="", table_id="") for each in fields]
    return MetadataModel(id="m", name="m", fields=tuple(described))


GONE = NotFoundError(system="Core DAM", call="metadata models")


@pytest.mark.contract("core_dam 12.b1")
@pytest.mark.parametrize(
    ("assets", "models", "standing"),
    [
        ([asset(), asset(fields={FIELDS.status: "DRFT"})], (model("OTHER"),), Standing.UNTOLD),
        ([asset()], (model("OTHER"), model(FIELDS.status)), Standing.UNTOLD),
        ([asset()], (model("OTHER"),), Standing.MISSING),
        ([], (model("OTHER"),), Standing.MISSING),
        ([asset()], (), Standing.UNTOLD),
        ([asset()], (model(),), Standing.UNTOLD),
        ([asset()], GONE, Standing.UNTOLD),
    ],
)
def test_one_asset_does_not_decide_for_the_library(
    assets: list[vendor.Asset], models: tuple[MetadataModel, ...] | ConnectorError, standing: Standing
) -> None:
    """A document of another model would take the verdicts away from everybody."""
    dam = FakeDam(assets)
    dam.models = models

    facts = asyncio.run(library(dam).probe())

    judging = facts.offer(Ability.JUDGE_ASSETS)
    assert judging is not None
    assert judging.standing is standing
