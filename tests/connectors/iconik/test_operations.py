"""Every operation as it leaves: method, address, and whether sending it twice does no harm."""

import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from connectors.calls import JSONBody
from connectors.iconik import wire
from connectors.iconik.models import (
    ApprovalStatus,
    AssetId,
    CollectionId,
    FileSet,
    Job,
    JobAction,
    SegmentType,
    UserId,
    VersionId,
    ViewId,
)
from connectors.iconik.wire import (
    accounts,
    archive,
    assets,
    collections,
    files,
    media,
    metadata,
    oauth,
    relations,
    review,
    search,
    segments,
    shares,
    stats,
    transcripts,
    webhooks,
    work,
)
from connectors.iconik.wire.files import Held
from connectors.iconik.wire.operations import Listing, Operation
from connectors.iconik.wire.review import Reviewed
from connectors.iconik.wire.segments import Stretch
from connectors.iconik.wire.work import ActionContext

ASSET, VERSION, VIEW, USER = AssetId("a"), VersionId("v"), ViewId("w"), UserId("u")
OF_ASSET, FILES = "/API/assets/v1/assets/a", "/API/files/v1/assets/a"
Described = Operation[object] | Listing[object]
JOB = Job(id="j", title="t", type="CUSTOM")


@pytest.mark.contract("iconik 1.1", "iconik 1.2", "iconik 1.3", "iconik 4.5")
@pytest.mark.parametrize(
    ("described", "method", "path", "repeatable"),
    [
        (accounts.renew_token(), "PUT", "/API/auth/v1/auth/token/", False),
        (accounts.find_people("x"), "GET", "/API/users/v1/users/basic/", True),
        (oauth.mint_token("p"), "POST", "/API/auth/v1/apps/p/token/", False),
        (search.suggest("x", field="title"), "POST", "/API/search/v1/search/suggest/", True),
        (search.delete_saved("s"), "DELETE", "/API/search/v1/search/saved/s/", True),
        (assets.add_asset("x"), "POST", "/API/assets/v1/assets/", False),
        (assets.undelete_asset(ASSET), "PUT", f"{OF_ASSET}/restore/", True),
        (assets.add_version_from_asset(ASSET, AssetId("b")), "POST", f"{OF_ASSET}/versions/from/assets/b/", False),
        (relations.unrelate(ASSET, to=AssetId("b"), relation_type="r"), "DELETE", f"{OF_ASSET}/relations/r/b/", True),
        (collections.add_collection("x"), "POST", "/API/assets/v1/collections/", False),
        (
            collections.take_out(CollectionId("c"), "a"),
            "DELETE",
            "/API/assets/v1/collections/c/contents/assets/a/",
            True,
        ),
        (metadata.list_fields(), "GET", "/API/metadata/v1/fields/", True),
        (
            metadata.put_values(metadata.comment(ASSET, "s"), VIEW, {}),
            "PUT",
            "/API/metadata/v1/assets/a/segments/s/views/w/",
            True,
        ),
        (
            metadata.put_values_of_many([ASSET], VIEW, {}, mode=metadata.Mode.APPEND),
            "PUT",
            "/API/metadata/v1/assets/views/w/",
            False,
        ),
        (media.list_keyframes(ASSET, version_id=VERSION), "GET", f"{FILES}/versions/v/keyframes/", True),
        (media.stream_manifest(ASSET, VERSION, "p"), "GET", f"{FILES}/versions/v/proxies/p/hls/", True),
        (files.default_storage(), "GET", "/API/files/v1/storages/FILES/default/", True),
        (files.set_status(ASSET, Held.FILE, "f", "CLOSED"), "PATCH", f"{FILES}/files/f/", True),
        (files.make_keyframes(ASSET, Held.PROXY, "p"), "POST", f"{FILES}/proxies/p/keyframes/", False),
        (archive.restore_format(ASSET, "f"), "POST", f"{FILES}/formats/f/restore/", False),
        (archive.undelete_format(ASSET, "f"), "PUT", f"{FILES}/formats/f/restore/", True),
        (archive.archive_assets([ASSET]), "POST", "/API/files/v2/assets/bulk/archive/", False),
        (
            review.decide_many(Reviewed.ASSETS, ["a"], ApprovalStatus.APPROVED),
            "POST",
            "/API/assets/v1/approvals/bulk/",
            True,
        ),
        (
            review.withdraw_of_external(Reviewed.ASSETS, "a", "g@example.com"),
            "DELETE",
            f"{OF_ASSET}/approvals/external/g%40example.com/",
            True,
        ),
        (segments.delete_segment(ASSET, "s"), "DELETE", f"{OF_ASSET}/segments/s/", True),
        (segments.export(ASSET, segments.Export.WEBVTT), "GET", f"{OF_ASSET}/segments/vtt/", True),
        (shares.by_link(Reviewed.ASSETS, "a", shares.Terms()), "POST", f"{OF_ASSET}/shares/url/", False),
        (shares.several(["a"], shares.Terms(title="t")), "POST", "/API/assets/v1/share/assets/", False),
        (work.edit_job(JOB, {}), "PATCH", "/API/jobs/v1/jobs/j/", True),
        (work.control_jobs(JobAction.ABORT, ["j"]), "PUT", "/API/jobs/v1/jobs/state/", True),
        (work.control_jobs(JobAction.RESTART, ["j"]), "PUT", "/API/jobs/v1/jobs/state/", False),
        (
            work.call_action(ActionContext.ASSET, "c"),
            "POST",
            "/API/assets/v1/custom_actions/ASSET/c/callback/",
            False,
        ),
        (work.mark_all_read(), "PUT", "/API/users-notifications/v1/notifications/all/read/", True),
        (webhooks.delete_webhook("h"), "DELETE", "/API/notifications/v1/webhooks/h/", True),
        (
            transcripts.transcribe(ASSET, language="en"),
            "POST",
            "/API/transcode/v1/transcribe/assets/a/profiles/default/",
            False,
        ),
        (stats.current_usage(), "GET", "/API/stats/v1/current_usage/", True),
        (
            stats.report_usage(ASSET, USER, operation="VIEW", source="SEARCH"),
            "POST",
            "/API/stats/v1/assets/",
            False,
        ),
    ],
)
def test_an_operation_leaves_as_the_contract_writes_it(
    described: Described, method: str, path: str, repeatable: bool
) -> None:
    """Sending a POST twice makes two of a thing; a path without its slash is undocumented."""
    assert (described.call.method, described.call.path, described.call.repeatable) == (method, path, repeatable)


def modules() -> Iterator[ModuleType]:
    """Every list of operations."""
    for _, module in inspect.getmembers(wire, inspect.ismodule):
        yield module


def test_every_operation_has_its_source_in_words() -> None:
    """The next person must know what a call is for without the vendor's documents."""
    silent = [
        f"{module.__name__}.{name}"
        for module in modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and not function.__doc__
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("stretch", "start", "end"),
    [(None, None, None), (Stretch(start_ms=480), 480, 480), (Stretch(start_ms=480, end_ms=900), 480, 900)],
)
def test_a_comment_has_its_times_or_none(stretch: Stretch | None, start: int | None, end: int | None) -> None:
    """A comment on the whole asset must not stick to its first frame."""
    operation = segments.add_segment(ASSET, SegmentType.COMMENT, words="x", stretch=stretch)

    assert isinstance(operation.call.body, JSONBody)
    body = operation.call.body.value
    assert isinstance(body, dict)
    assert (body.get("time_start_milliseconds"), body.get("time_end_milliseconds")) == (start, end)


def test_a_file_is_described_with_its_empty_folder() -> None:
    """``directory_path`` is required even where there is none (§10)."""
    operation = files.add_file(ASSET, file_set=FileSet(id="s", storage_id="t"), name="x.png", size_bytes=3)

    assert isinstance(operation.call.body, JSONBody)
    assert operation.call.body.value == {
        "original_name": "x.png",
        "directory_path": "",
        "type": "FILE",
        "size": 3,
        "storage_id": "t",
        "file_set_id": "s",
        "format_id": "",
    }
