"""Cloudinary's calls and answers, without I/O."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from connectors.calls import Call, FilePart, JSONBody, MultipartBody, Reply
from connectors.cloudinary import (
    Asset,
    AssetId,
    DeliveryType,
    ModerationStatus,
    ResourceType,
    SearchPage,
    SearchQuery,
    wire,
)
from connectors.cloudinary.search import every, exactly, quoted, since, words
from connectors.cloudinary.sign_in import KeyPair
from connectors.cloudinary.upload import explicit, set_metadata, signed, upload
from connectors.errors import (
    ConflictError,
    ConnectorError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RateLimitError,
    ShapeError,
    SignInError,
    VendorFaultError,
)
from connectors.shape import decode

ASSET_ID = AssetId("0f1e2d3c4b5a69788796a5b4c3d2e1f0")
KEYS = KeyPair(api_key="1234", api_secret="s3cr3t")


def reply(status: int = 200, body: object = None, headers: Mapping[str, str] = {}) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(system="Cloudinary", call="any", status=status, headers=headers, body=raw)


def error(message: str) -> dict[str, object]:
    return {"error": {"message": message}}


@pytest.mark.contract("cloudinary 1.5", "cloudinary 8.b1", "cloudinary 8.b2", "cloudinary 8.b5")
@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (400, "Invalid value for parameter kind", InvalidError),
        (401, "api_secret mismatch", SignInError),
        (403, "not allowed", ForbiddenError),
        (404, "Resource not found - brand/hero", NotFoundError),
        (409, "external id camp already exists", ConflictError),
        (420, "Rate Limit Exceeded. Limit of 500 api operations reached.", RateLimitError),
        (429, "too many", RateLimitError),
        (423, "still processing", ConflictError),
        (420, "You don't have an active subscription for Webpurify", ForbiddenError),
        (500, "General Error", VendorFaultError),
    ],
)
def test_a_refusal_becomes_the_error_of_its_status(status: int, message: str, expected: type[ConnectorError]) -> None:
    """The outbox decides by the class: a wrong one loses or repeats a write."""
    failure = wire.read_failure(reply(status, error(message)))

    assert type(failure) is expected
    assert failure.detail == message


def test_an_error_inside_a_success_is_a_failure() -> None:
    """A refused approval would be shown as done."""
    assert type(wire.read_failure(reply(200, error("odd")))) is ShapeError


@pytest.mark.parametrize("body", [{"resources": []}, {"error": "text"}, b"<html>", b"", [1]])
def test_what_is_no_error_body_is_left_to_the_status(body: object) -> None:
    """A web page in front of the vendor would be read as an answer."""
    assert wire.read_failure(reply(200, body)) is None


def test_a_spent_budget_says_when_it_refills() -> None:
    """Without it the desk would knock every few seconds for an hour."""
    headers = {"x-featureratelimit-reset": "Wed, 01 Jan 2098 12:00:00 GMT"}

    failure = wire.read_failure(reply(420, error("Rate Limit Exceeded."), headers))

    assert isinstance(failure, RateLimitError)
    assert failure.retry_after is not None


@pytest.mark.contract("cloudinary 8.b3")
def test_the_budget_is_read_from_the_headers() -> None:
    """The Connections page could not say how many calls are left."""
    budget = wire.read_budget(
        reply(
            headers={
                "x-featureratelimit-limit": "2000",
                "x-featureratelimit-remaining": "1999",
                "x-featureratelimit-reset": "Sat, 21 Nov 2026 12:00:00 GMT",
            }
        )
    )

    assert budget is not None
    assert (budget.limit, budget.remaining) == (2000, 1999)
    assert budget.resets_at == datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.contract("cloudinary 8.b4")
def test_a_delivery_failure_carries_the_vendor_s_reason() -> None:
    """An expired publication window would look like a lost picture."""
    failure = wire.read_delivery_failure(reply(401, b"", {"x-cld-error": "ACL deny"}))

    assert isinstance(failure, SignInError)
    assert failure.detail == "ACL deny"


@pytest.mark.contract("cloudinary 1.1", "cloudinary 3.1.11")
@pytest.mark.parametrize(
    ("call", "method", "path", "query"),
    [
        (wire.ping("demo"), "GET", "/v1_1/demo/ping", ()),
        (wire.asset("demo", ASSET_ID), "GET", f"/v1_1/demo/resources/{ASSET_ID}", ()),
        (
            wire.asset_by_public_id(
                "demo",
                "brand/hé ro",
                resource_type=ResourceType.IMAGE,
                delivery_type=DeliveryType.UPLOAD,
                versions=True,
            ),
            "GET",
            "/v1_1/demo/resources/image/upload/brand/h%C3%A9%20ro",
            (("versions", "true"),),
        ),
        (
            wire.review_queue("demo", ResourceType.IMAGE, ModerationStatus.PENDING, max_results=5),
            "GET",
            "/v1_1/demo/resources/image/moderations/manual/pending",
            (
                ("tags", "true"),
                ("context", "true"),
                ("metadata", "true"),
                ("moderations", "true"),
                ("max_results", "5"),
            ),
        ),
    ],
)
def test_a_read_is_the_contract_s_request(
    call: Call, method: str, path: str, query: tuple[tuple[str, str], ...]
) -> None:
    """A path that is a little off is a 404 on the real host and nowhere else."""
    assert (call.method, call.path, call.query, call.repeatable) == (method, path, query, True)


@pytest.mark.contract("cloudinary 3.4.b1", "cloudinary 3.4.b3")
def test_a_search_sends_its_cursor_with_the_same_query() -> None:
    """A cursor belongs to one query: with another one it is refused."""
    query = SearchQuery(expression="tags=cat", sort_by=(("created_at", "desc"),), max_results=2, fields=("tags",))

    call = wire.search("demo", query, next_cursor="c1")

    assert call.body == JSONBody(
        value={
            "expression": "tags=cat",
            "sort_by": [{"created_at": "desc"}],
            "max_results": 2,
            "fields": ["tags"],
            "next_cursor": "c1",
        }
    )


@pytest.mark.contract("cloudinary 3.2.3", "cloudinary 3.2.b1", "cloudinary 5.b4")
def test_a_verdict_and_its_reason_travel_together() -> None:
    """Two calls cost twice the budget, and the second may never arrive."""
    call = wire.update(
        "demo",
        ASSET_ID,
        moderation_status=ModerationStatus.REJECTED,
        metadata={"review_note": 'too dark | "50%" = bad', "channels": ["web", "a|b"]},
    )

    assert (call.method, call.path) == ("PUT", f"/v1_1/demo/resources/{ASSET_ID}")
    assert call.body == JSONBody(
        value={
            "moderation_status": "rejected",
            "metadata": 'review_note=too dark \\| \\"50%\\" \\= bad|channels=["web", "a\\|b"]',
        }
    )


def test_an_upload_is_one_form_and_not_repeatable() -> None:
    """Sending it twice makes two versions."""
    call = upload("demo", FilePart(name="x", filename="a.png", content=b"1"), public_id="a", moderation="manual")

    assert call.path == "/v1_1/demo/auto/upload"
    assert not call.repeatable
    assert isinstance(call.body, MultipartBody)
    assert call.body.fields == (("type", "upload"), ("public_id", "a"), ("moderation", "manual"))
    assert call.body.files[0].name == "file"


@pytest.mark.contract("cloudinary 1.8", "cloudinary 3.2.4")
def test_a_signed_form_needs_no_authorisation() -> None:
    """Both proofs at once are refused by the vendor's rules for forms."""
    call = explicit("demo", "a", resource_type=ResourceType.IMAGE, delivery_type=DeliveryType.UPLOAD)

    sent = signed(call, KEYS, now=datetime.fromtimestamp(1_700_000_000, UTC))

    assert not sent.signed_in
    assert isinstance(sent.body, MultipartBody)
    assert [name for name, _ in sent.body.fields] == ["public_id", "type", "timestamp", "api_key", "signature"]


def test_only_a_form_can_be_signed() -> None:
    """A body without its signature would leave unsigned and be refused with a puzzling text."""
    with pytest.raises(TypeError):
        signed(wire.ping("demo"), KEYS, now=datetime.now(UTC))


@pytest.mark.contract("cloudinary 11.4", "cloudinary 11.5")
def test_a_bulk_call_repeats_its_array() -> None:
    """Ids that hold a comma would be torn apart."""
    call = set_metadata(
        "demo", ["a,b", "c"], {"x": 1}, resource_type=ResourceType.IMAGE, delivery_type=DeliveryType.UPLOAD
    )

    assert isinstance(call.body, MultipartBody)
    assert call.body.fields[:2] == (("public_ids[]", "a,b"), ("public_ids[]", "c"))


def test_keys_are_never_shown() -> None:
    """A log line would give the account away."""
    assert "s3cr3t" not in repr(KEYS)


ASSET = {
    "asset_id": ASSET_ID,
    "public_id": "brand/hero",
    "resource_type": "image",
    "type": "upload",
    "version": 1_760_000_000,
    "created_at": "2025-10-09T08:53:20Z",
}


@pytest.mark.contract("cloudinary 8.b6")
@pytest.mark.parametrize("context", [{"custom": {"alt": "Bottle"}}, {"alt": "Bottle"}])
def test_context_is_read_in_both_shapes(context: object) -> None:
    """Alternative texts would vanish from everything that Search found."""
    asset = decode(reply(body={**ASSET, "context": context}), Asset)

    assert asset.context_pairs == {"alt": "Bottle"}


@pytest.mark.contract("cloudinary 5.b1", "cloudinary 5.b3", "cloudinary 5.b6")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({}, None),
        ({"moderation": [{"kind": "manual", "status": "pending"}]}, ModerationStatus.PENDING),
        ({"moderation_status": "approved"}, ModerationStatus.APPROVED),
        ({"moderation_status": "brand new word"}, ModerationStatus.UNKNOWN),
    ],
)
def test_the_review_is_read_from_the_list_or_the_flat_word(
    answer: dict[str, object], expected: ModerationStatus | None
) -> None:
    """An asset in review would be offered for print."""
    assert decode(reply(body={**ASSET, **answer}), Asset).review is expected


@pytest.mark.contract("cloudinary 2.b6", "cloudinary 4.1")
def test_what_is_not_known_is_dropped_and_what_is_wrong_is_named() -> None:
    """A new key at the vendor must not stop the desk; a wrong type must not pass as data."""
    assert decode(reply(body={**ASSET, "brand_new": 1}), Asset).place == ""

    with pytest.raises(ShapeError, match="version"):
        decode(reply(body={**ASSET, "version": "soon"}), Asset)


def test_html_instead_of_json_is_a_shape_error() -> None:
    """A proxy's page would be shown as an empty library."""
    page = reply(body=b"<html>Sign in</html>", headers={"content-type": "text/html; charset=utf-8"})

    with pytest.raises(ShapeError, match="text/html"):
        decode(page, SearchPage)


@pytest.mark.contract("cloudinary 3.4.1", "cloudinary 3.4.2", "cloudinary 3.4.6")
@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (quoted("spring"), "spring"),
        (quoted("spring sale"), '"spring sale"'),
        (quoted('a "b" *'), '"a \\"b\\" \\*"'),
        (quoted("OR"), '"OR"'),
        (quoted("-x"), '"-x"'),
        (exactly("tags", "a:b"), 'tags="a:b"'),
        (words("storm dam"), "storm AND dam*"),
        (words(" "), ""),
        (since("last_updated", datetime(2026, 1, 2, tzinfo=UTC)), 'last_updated>="2026-01-02T00:00:00+00:00"'),
        (every("a=1", "", "b AND c"), "a=1 AND (b AND c)"),
    ],
)
def test_an_expression_is_quoted_where_it_must_be(made: str, expected: str) -> None:
    """A title with a colon would end in a query error."""
    assert made == expected
