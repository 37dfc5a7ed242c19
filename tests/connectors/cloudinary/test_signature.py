"""Cloudinary's signatures, against the vectors of the wire contract's §6."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.cloudinary.signature import (
    Digest,
    NotificationVerdict,
    answer_signature,
    delivery_signature,
    request_signature,
    verify_notification,
)

SECRET = "s3cr3t"
BODY = b'{"notification_type":"moderation","public_id":"brand/hero"}'
SIGNED_AT = datetime.fromtimestamp(1_700_000_000, UTC)
SHA1 = "8436ca84c920fa8e63803bbb0c38f90ab6caff1b"
SHA256 = "a74e29f208bda6e695ae2e8b6e080bad3e0e8e3062a6f26d80033de43cbe9e36"


def judge(
    *, body: bytes = BODY, timestamp: str = "1700000000", signature: str = SHA1, age: timedelta = timedelta(minutes=5)
) -> NotificationVerdict:
    return verify_notification(
        body=body, timestamp=timestamp, signature=signature, api_secret=SECRET, now=SIGNED_AT + age
    )


@pytest.mark.contract("cloudinary 6.1")
def test_a_request_is_signed_as_the_vendor_signs_it() -> None:
    """Every upload with a signed form would be refused."""
    fields = [("public_id", "a&b"), ("tags", "x,y"), ("timestamp", "1700000000"), ("context", ""), ("api_key", "1")]

    signature = request_signature(fields, api_secret=SECRET)

    assert signature == "559522fe764223aa9ce6d38bb90e95a43ea36ab7"


@pytest.mark.contract("cloudinary 11.4")
def test_an_array_is_signed_as_one_value() -> None:
    """Bulk calls send ``public_ids[]`` many times and sign it once."""
    pairs = request_signature([("public_ids[]", "a"), ("public_ids[]", "b")], api_secret=SECRET)

    assert pairs == request_signature([("public_ids", "a,b")], api_secret=SECRET)


@pytest.mark.contract("cloudinary 6.2")
def test_an_upload_answer_can_be_checked() -> None:
    """A forged answer could pass for a stored asset."""
    signature = answer_signature(public_id="brand/hero", version=1_700_000_000, api_secret=SECRET)

    assert signature == "d8940081759e75904bd52c771529adf1d3d592ae"


@pytest.mark.contract("cloudinary 6.3")
@pytest.mark.parametrize(
    ("is_long", "expected"), [(False, "s--trv3p-je--"), (True, "s--I-TKdX4Eos4AfFeSCfftYpY5tkkBKtDi--")]
)
def test_a_delivery_url_is_signed_in_both_lengths(is_long: bool, expected: str) -> None:
    """Protected assets would answer 401 in every template."""
    signature = delivery_signature(
        transformation="c_limit,w_600/f_jpg/q_auto", source="brand/hero.jpg", api_secret=SECRET, is_long=is_long
    )

    assert signature == expected


@pytest.mark.contract("cloudinary 6.6", "cloudinary 11.2")
@pytest.mark.parametrize("signature", [SHA1, SHA256, SHA1.upper()])
def test_a_genuine_notification_is_known_by_either_hash(signature: str) -> None:
    """Accounts differ in their hash, and the length alone tells which."""
    assert judge(signature=signature) is NotificationVerdict.GENUINE


def test_the_documentation_s_own_vector_is_genuine() -> None:
    """The published example would be refused."""
    verdict = verify_notification(
        body=b"{public_id: 'sample'}",
        timestamp="1315060510",
        signature="25f7e91709c858b97d688ce8da799dedb290d9ef",
        api_secret="abcd",
        now=datetime.fromtimestamp(1_315_060_511, UTC),
    )

    assert verdict is NotificationVerdict.GENUINE


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"body": BODY + b" "}, NotificationVerdict.FORGED),
        ({"signature": "0" * 40}, NotificationVerdict.FORGED),
        ({"signature": "é" * 40}, NotificationVerdict.FORGED),
        ({"signature": ""}, NotificationVerdict.UNSIGNED),
        ({"timestamp": "soon"}, NotificationVerdict.UNSIGNED),
        ({"timestamp": "٣"}, NotificationVerdict.UNSIGNED),
        ({"age": timedelta(hours=2, seconds=1)}, NotificationVerdict.STALE),
    ],
)
def test_anything_else_is_not(change: dict[str, object], expected: NotificationVerdict) -> None:
    """A stranger could approve a picture by posting to the receiver."""
    assert judge(**change) is expected  # type: ignore[arg-type]  # one keyword of the table at a time


def test_a_secret_is_hashed_with_the_digest_that_was_chosen() -> None:
    """An account on SHA-256 would refuse every form."""
    signature = request_signature([("timestamp", "1")], api_secret=SECRET, digest=Digest.SHA256)

    assert len(signature) == 64
