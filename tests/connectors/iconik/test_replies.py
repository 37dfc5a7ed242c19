"""Whatever a server answers, a reader returns a value or raises out of the tree, and shows nobody a secret."""

import json
import string
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calls import Reply
from connectors.errors import ConnectorError
from connectors.iconik.criteria import SearchCriteria
from connectors.iconik.models import ApprovalStatus, Arrival, AssetId, CollectionId, RelationType, VersionId, ViewId
from connectors.iconik.wire import (
    access,
    accounts,
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
    transfer,
    webhooks,
    work,
)
from connectors.iconik.wire.operations import Listing, Operation
from connectors.iconik.wire.reading import has_next, read_failure
from connectors.iconik.wire.review import Reviewed
from connectors.iconik.wire.shares import Terms
from connectors.judging import error_for_status

ASSET: Final = AssetId("a")
SECRET: Final = "s3cret-4f9a"
ARRIVAL: Final = Arrival(id="x", upload_url="http://s/")
READERS: Final[dict[str, Operation[object] | Listing[Any]]] = {
    "token": accounts.check_token(),
    "login": accounts.log_in(email="e", password="p", app_name="WEB"),
    "roles": accounts.current_roles(),
    "user": accounts.current_user(),
    "oauth": oauth.refresh(client_id="c", refresh_token="r"),
    "app": oauth.add_app({}),
    "search": search.search(SearchCriteria(), per_page=1),
    "saved": search.list_saved(),
    "asset": assets.get_asset(ASSET),
    "assets": assets.list_assets(),
    "versions": assets.promote_version(ASSET, VersionId("v")),
    "history": assets.list_history(ASSET),
    "relations": relations.list_relations(ASSET),
    "relation type": relations.add_relation_type(RelationType(name="x")),
    "contents": collections.list_contents(CollectionId("c")),
    "view": metadata.get_view(ViewId("w")),
    "values": metadata.get_values(metadata.asset(ASSET), ViewId("w")),
    "keyframes": media.list_keyframes(ASSET),
    "proxies": media.list_proxies(ASSET),
    "download": media.file_download_url(ASSET, "f"),
    "manifest": media.stream_manifest(ASSET, VersionId("v"), "p"),
    "formats": files.list_formats(ASSET),
    "files": files.list_files(ASSET),
    "storage": files.default_storage(),
    "parts": files.part_addresses(ASSET, "f", upload_id="u", parts=1),
    "approval": review.get_approval(Reviewed.ASSETS, "a"),
    "decision": review.decide(Reviewed.ASSETS, "a", ApprovalStatus.APPROVED),
    "comments": segments.list_segments(ASSET),
    "attachments": segments.list_attachments(ASSET, "s"),
    "share": shares.by_link(Reviewed.ASSETS, "a", Terms()),
    "guests": shares.list_users(Reviewed.ASSETS, "a", "s"),
    "jobs": work.list_jobs(),
    "actions": work.list_actions(),
    "reply": work.call_action(work.ActionContext.ASSET, "c"),
    "notices": work.my_notifications(),
    "webhooks": webhooks.list_webhooks(),
    "transcripts": transcripts.list_transcriptions(ASSET, VersionId("v")),
    "usage": stats.current_usage(),
    "rights": access.access_list("assets", "a"),
    "settings": access.system_settings(),
    "session": transfer.start_resumable(ARRIVAL),
    "range": transfer.put_range("http://s/", b"x", first=0, size_bytes=1),
    "multipart": transfer.start_multipart(ARRIVAL),
    "part": transfer.put_part("http://s/", b"x"),
}
NAMES: Final = (
    "objects",
    "id",
    "title",
    "token",
    "access_token",
    "refresh_token",
    "app_id",
    "auth_system_domains",
    "url",
    "upload_url",
    "upload_credentials",
    "name",
    "status",
    "versions",
    "metadata_values",
    "field_values",
    "value",
    "date_created",
    "date_modified",
    "next_url",
    "errors",
    "detail",
    "segment_type",
    "segment_text",
    "transcription",
    "words",
    "email",
    "object_type",
    "users_acl",
    "permissions",
    "headers",
    "client_secret",
    "redirect_url",
    "version_number",
    "expires",
    "number",
    "language",
    "criteria",
    "resolution",
    "_sort",
    "total",
    "facets",
)
"""What iconik calls things: random names would hardly ever meet a reader's own."""

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=12) | st.just(SECRET)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=20,
)
bodies = st.one_of(
    st.binary(max_size=60),
    values.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries({"objects": st.lists(values, max_size=3)}).map(lambda value: json.dumps(value).encode()),
    st.just(b"[" * 5000),
    st.sampled_from([9, 900, 3000]).map(lambda depth: b"[" * depth + b"]" * depth),
    st.sampled_from([9, 900, 3000]).map(lambda depth: b'{"errors":' * depth + b"1" + b"}" * depth),
    st.sampled_from([9, 900, 3000]).map(lambda depth: b'{"objects":' * depth + b"1" + b"}" * depth),
    st.just(b"<a>" + SECRET.encode() + b"</a>"),
)
statuses = st.sampled_from([200, 201, 202, 204, 302, 308, 400, 401, 403, 404, 409, 422, 425, 429, 500, 502, 504])


def reply(body: bytes, status: int) -> Reply:
    """An answer of any kind."""
    return Reply(system="iconik", call="x", status=status, headers={"content-type": "application/json"}, body=body)


def outcome(read: Callable[[Reply], object], answer: Reply) -> object:
    """What a reader makes of it. Only the tree's errors are outcomes; any other exception ends the test."""
    try:
        return read(answer)
    except ConnectorError as error:
        return error


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=25, deadline=None)
@given(body=bodies, status=statuses)
def test_any_answer_is_read_or_refused_in_words(name: str, body: bytes, status: int) -> None:
    """A page must never meet an exception that it has no sentence for, nor a log a secret out of a shape error."""
    found = outcome(READERS[name].read, reply(body, status))

    if isinstance(found, ConnectorError):
        assert SECRET not in str(found)
        assert SECRET not in found.detail


@pytest.mark.contract("iconik 3.1", "iconik 3.10")
@settings(max_examples=150, deadline=None)
@given(body=bodies, status=statuses)
def test_any_failure_becomes_an_error_of_the_tree(body: bytes, status: int) -> None:
    """The outbox decides by class; a failure outside the tree would stop its relay."""
    answer = reply(body, status)

    failure = read_failure(answer)

    assert failure is None or isinstance(failure, ConnectorError)
    assert isinstance(error_for_status(answer), ConnectorError)


@settings(max_examples=100, deadline=None)
@given(body=bodies)
def test_the_end_of_any_list_is_found_or_refused(body: bytes) -> None:
    """A list that neither ends nor fails uses up the call budget."""
    found = outcome(has_next, reply(body, 200))

    assert isinstance(found, bool | ConnectorError)


SECRETS: Final = {
    "token": {"token": SECRET},
    "login": {"app_id": "a", "auth_system_domains": [{"system_domain_id": "d", "token": SECRET}]},
    "oauth": {"access_token": SECRET, "refresh_token": SECRET, "token": SECRET},
    "app": {"id": "a", "client_secret": SECRET},
    "keyframes": {"objects": [{"id": "k", "url": SECRET}]},
    "proxies": {"objects": [{"id": "k", "url": SECRET, "upload_url": SECRET, "upload_credentials": {"x": SECRET}}]},
    "files": {"objects": [{"id": "f", "url": SECRET, "upload_headers": {"x": SECRET}, "multipart_upload_url": SECRET}]},
    "parts": {"objects": [{"number": 1, "url": SECRET}]},
    "attachments": {"objects": [{"id": "t", "url": SECRET, "upload_url": SECRET}]},
    "share": {"id": "s", "url": SECRET},
    "guests": {"objects": [{"id": "g", "email": SECRET}]},
    "actions": {"objects": [{"id": "c", "title": "t", "headers": {"X-Key": SECRET}, "url": SECRET}]},
    "reply": {"redirect_url": SECRET},
    "webhooks": {"objects": [{"id": "h", "event_type": "assets", "url": SECRET, "headers": {"X-Key": SECRET}}]},
    "comments": {"objects": [{"id": "s", "segment_type": "COMMENT", "segment_text": SECRET}]},
    "user": {"id": "u", "email": SECRET, "last_name": SECRET},
}


@pytest.mark.parametrize(("name", "body"), [(name, body) for name, body in SECRETS.items() if name != "login"])
def test_what_is_read_shows_no_secret(name: str, body: dict[str, object]) -> None:
    """Reprs end in logs and bug reports."""
    found = READERS[name].read(reply(json.dumps(body).encode(), 200))

    assert SECRET not in repr(found)
    assert found
