"""pythonik works on the sandbox as on the vendor, and reads what the desk wrote; the desk reads what pythonik wrote."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from connectors.iconik import IconikClient, Original, open_iconik
from connectors.iconik.models import ApprovalStatus, AssetId, FileStatus, ViewId
from connectors.iconik.wire import assets, shares
from connectors.iconik.wire.review import Reviewed
from connectors.iconik.wire.shares import Terms
from tests.judges.bench import Judge, Ready, Verdict

T = TypeVar("T")

KNOWN: Final[dict[str, str]] = {}
"""Calls that fail, with the reason; one that is fixed must leave this list."""
FEWEST_CALLS: Final = 200
PICTURE: Final = Path(__file__).parents[3] / "resources/sandbox/assets"


def run(ready: Ready, work: Callable[[IconikClient], Awaitable[T]]) -> T:
    """``work`` with the desk's own client."""

    async def whole() -> T:
        told = ready["iconik"]
        client = open_iconik(app_id=told["app_id"], auth_token=told["auth_token"], base_url=told["base_url"])
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(whole())


async def written_by_ours(iconik: IconikClient) -> dict[str, Any]:
    """An asset with a file, values, a comment, a share and a decision."""
    source = min(PICTURE.glob("*.png"), key=lambda path: path.stat().st_size)
    asset = await iconik.do(assets.add_asset("Brought by the desk", external_id="desk-1"))
    await iconik.uploads.bring(asset.id, Original(source=source, media_type="image/png"))
    view = next(view for view in await iconik.metadata_views() if view.name == "Marketing")
    await iconik.write_metadata(asset.id, view.id, {"Keywords": ["from the desk"]})
    await iconik.add_comment(asset.id, "Seen by the desk", external_id="desk-1")
    await iconik.do(shares.by_link(Reviewed.ASSETS, asset.id, Terms(title="From the desk")))
    await iconik.decide(asset.id, ApprovalStatus.APPROVED)
    return {
        "asset_id": asset.id,
        "title": "Brought by the desk",
        "size_bytes": source.stat().st_size,
        "view_id": view.id,
        "keyword": "from the desk",
        "comment": "Seen by the desk",
        "share": "From the desk",
    }


@pytest.fixture(scope="module")
def verdict(judged_sandbox: Ready) -> Verdict:
    """What pythonik said after the desk had written."""
    return Judge("pythonik").run(judged_sandbox, given=run(judged_sandbox, written_by_ours))


@pytest.mark.contract(
    "iconik 1.1",
    "iconik 1.2",
    "iconik 1.4",
    "iconik 1.5",
    "iconik 1.6",
    "iconik 1.7",
    "iconik 2.1",
    "iconik 2.2",
    "iconik 3.1",
    "iconik 3.2",
    "iconik 3.3",
    "iconik 3.5",
    "iconik 3.6",
    "iconik 3.7",
    "iconik 5.1",
    "iconik 5.2",
    "iconik 5.4",
    "iconik 5.5",
    "iconik 6.b1",
    "iconik 6.b2",
    "iconik 6.b3",
    "iconik 6.b4",
    "iconik 8.b1",
    "iconik 8.b5",
    "iconik 9.b1",
    "iconik 9.b3",
    "iconik 9.b4",
    "iconik 10.15",
    "iconik 10.16",
    "iconik 12.b1",
    "iconik 12.b2",
    "iconik 12.b5",
    "iconik 15.4",
)
def test_what_pythonik_asks_works(verdict: Verdict) -> None:
    """It is generated from the vendor's own documents: where it fails, the sandbox speaks another language."""
    assert verdict.failed.keys() == KNOWN.keys()
    assert verdict.share_passed >= 0.95
    assert len(verdict.calls) >= FEWEST_CALLS


def test_the_desk_reads_what_pythonik_wrote(judged_sandbox: Ready, verdict: Verdict) -> None:
    """A client and a sandbox by one hand could agree in error; these objects were made by another."""
    described, commented = verdict.handed["described"], verdict.handed["commented"]

    async def read(iconik: IconikClient) -> tuple[tuple[object, ...], dict[str, str], str]:
        values = await iconik.metadata_values(AssetId(described["asset_id"]), ViewId(described["view_id"]))
        comments = {
            comment.external_id: comment.segment_text
            async for comment in iconik.comments(AssetId(commented["asset_id"]))
        }
        job = await iconik.job(verdict.handed["job"])
        return values.values(described["field"]), comments, job.title

    keywords, comments, title = run(judged_sandbox, read)

    assert described["value"] in keywords
    assert comments[commented["external_id"]] == commented["words"]
    assert title == "Resize"


@pytest.mark.parametrize("method", ["GCS", "S3", "AZURE", "B2"])
def test_the_desk_downloads_what_pythonik_brought(judged_sandbox: Ready, verdict: Verdict, method: str) -> None:
    """Every kind of storage has manners of its own, and one original."""
    brought = verdict.handed[f"uploaded {method}"]
    asset_id = AssetId(brought["asset_id"])

    async def download(iconik: IconikClient) -> tuple[FileStatus, int]:
        (file,) = await iconik.files(asset_id)
        reply = await iconik.fetch_signed(await iconik.file_download_url(asset_id, file.id))
        return file.status, len(reply.body)

    assert run(judged_sandbox, download) == (FileStatus.CLOSED, brought["size_bytes"])
