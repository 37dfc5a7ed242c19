"""OpenText's own client on the sandbox, before and after our own."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import pytest

from connectors.core_dam import (
    Asset,
    AssetId,
    ColumnEdit,
    CoreDamClient,
    FieldEdit,
    FolderId,
    NewAsset,
    NewFile,
    SearchQuery,
    StateAction,
    open_core_dam,
    password_session,
)
from tests.judges.bench import Judge, Ready, Verdict

T = TypeVar("T")

KNOWN: Final[dict[str, str]] = {}
"""Calls that fail, and why; there are none."""
FIRST, SECOND = b"<svg><text>First</text></svg>", b"<svg><text>Second</text></svg>"
TITLE: Final = "Judged leaflet"


def ask(ready: Ready, work: Callable[[CoreDamClient], Awaitable[T]]) -> T:
    """Do something with our own client."""

    async def run() -> T:
        keys = ready["core_dam"]
        client = open_core_dam(
            base_url=keys["base_url"],
            sign_in=password_session(username=keys["username"], password=keys["password"]),
        )
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


async def write(dam: CoreDamClient) -> dict[str, Any]:
    """One asset in two versions with a product, one without any, one deleted: what theirs is to find."""
    products = {each.label: each.code for each in (await dam.lookup_domain("OTMM.DOMAIN.OTM_PRODUCT")).values}
    units = {each.label: each.code for each in (await dam.lookup_domain("OTMM.DOMAIN.OTM_BUSINESS_UNIT.LU")).values}
    product, unit = min(products), min(units)
    root = (await dam.root_folders())[0].folder_id
    first = await brought(dam, "judged.svg", FIRST, root)
    in_unit = ColumnEdit(column_id="OTMM.COLUMN.BUSINESS_UNIT.TAB", texts=[units[unit]])
    of_product = ColumnEdit(column_id="PRODUCT_CHAR_ID", texts=[products[product]])
    approved = FieldEdit(field_id="PD.FIELD.STATUS", text="APPR")
    await dam.edit_metadata(first, [FieldEdit(field_id="PD.FIELD.TITLE", text=TITLE), approved, in_unit, of_product])
    checked_in = await dam.intake.check_in(
        first, NewFile(name="judged.svg", content=SECOND, media_type="image/svg+xml")
    )
    (second,) = (await dam.intake.finished(checked_in)).asset_ids
    alone = await brought(dam, "alone.svg", FIRST, root)
    await dam.edit_metadata(alone, [in_unit])
    gone = await brought(dam, "gone.svg", FIRST, root)
    await dam.change_state(gone, StateAction.DELETE)
    return {
        "asset_id": second,
        "original_asset_id": first,
        "name": "judged.svg",
        "title": TITLE,
        "status": "Approved",
        "product": product,
        "unit": unit,
        "without_product": alone,
        "deleted": gone,
        "sha256": hashlib.sha256(SECOND).hexdigest(),
    }


async def brought(dam: CoreDamClient, name: str, content: bytes, folder: FolderId) -> AssetId:
    """Bring a file in and wait for it."""
    file = NewFile(name=name, content=content, media_type="image/svg+xml")
    (asset_id,) = (
        await dam.intake.finished(await dam.intake.import_in_steps(file, NewAsset(folder_id=folder)))
    ).asset_ids
    return asset_id


@pytest.fixture(scope="module")
def verdict(judged_sandbox: Ready) -> Verdict:
    """One run of theirs, after ours has written."""
    return Judge("otmm", environment="pyxecm").run(judged_sandbox, given=ask(judged_sandbox, write))


@pytest.mark.contract(
    "core_dam 2.b1",
    "core_dam 2.b3",
    "core_dam 2.b5",
    "core_dam 3.10",
    "core_dam 4.3",
    "core_dam 4.6",
    "core_dam 4.7",
    "core_dam 4.8",
    "core_dam 4.9",
    "core_dam 4.15",
    "core_dam 4.b1",
    "core_dam 4.b2",
    "core_dam 4.b3",
    "core_dam 5.b1",
    "core_dam 5.b2",
    "core_dam 5.b3",
    "core_dam 7.b1",
    "core_dam 7.b2",
    "core_dam 11.1",
    "core_dam 11.5",
)
def test_their_client_takes_the_sandbox_for_an_otmm(verdict: Verdict) -> None:
    """A client and a fake by the same hand could agree in error; this one is the vendor's."""
    assert verdict.failed == KNOWN
    assert len(verdict.calls) >= 40
    assert verdict.share_passed >= 0.95


def test_both_clients_see_the_same_library(judged_sandbox: Ready, verdict: Verdict) -> None:
    """An asset that only one of them finds is an error in one of them."""

    async def everything(dam: CoreDamClient) -> list[str]:
        query = SearchQuery(newest_only=False)
        return sorted([asset.asset_id async for page in dam.search(query) for asset in page.assets])

    assert ask(judged_sandbox, everything) == verdict.handed["everything"]


def test_ours_reads_whole_what_theirs_downloaded(judged_sandbox: Ready, verdict: Verdict) -> None:
    """The bytes that theirs stored must be those that ours shows."""
    downloaded = verdict.handed["downloaded"]

    reply = ask(judged_sandbox, lambda dam: dam.contents(AssetId(downloaded["asset_id"])))

    assert hashlib.sha256(reply.body).hexdigest() == downloaded["sha256"]


def test_what_theirs_loads_can_be_opened_by_ours(judged_sandbox: Ready, verdict: Verdict) -> None:
    """Their whole load, fetched in our batches."""
    loaded = [AssetId(each) for each in verdict.handed["loaded"]]

    async def opened(dam: CoreDamClient) -> tuple[Asset, ...]:
        return await dam.assets(loaded)

    assert [asset.asset_id for asset in ask(judged_sandbox, opened)] == loaded
