"""Each way of proving a message: what is good, what is not, and that nothing in between is believed."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from connectors.inbound import (
    ArrivalTrust,
    CloudinarySignature,
    HmacEncoding,
    HmacHash,
    MutualTls,
    PlainHmac,
    StandardWebhooks,
    Verifier,
    cloudinary_notifications,
    networks,
)
from tests.connectors.inbound.posts import BODY, NOW, OLD_SECRET, SECRET, judged, post, request

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"a private key for the tests only")
PUBLIC = "whpk_" + base64.b64encode(PRIVATE.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
STAMP = str(int(NOW.timestamp()))


def webhook(
    signature: str = "", *, body: bytes = BODY, secret: str = SECRET, at: datetime = NOW, id_: str = "msg_1"
) -> dict[str, str]:
    """Standard Webhooks' headers, signed by its own library unless a signature is given."""
    stamp = str(int(at.timestamp()))
    signature = signature or Webhook(secret).sign(id_, at, body.decode())
    return {"webhook-id": id_, "webhook-timestamp": stamp, "webhook-signature": signature}


def ed25519(body: bytes = BODY, *, at: datetime = NOW, key: Ed25519PrivateKey = PRIVATE) -> dict[str, str]:
    """Standard Webhooks' headers with an asymmetric signature."""
    signed = f"msg_1.{int(at.timestamp())}.".encode() + body
    return webhook("v1a," + base64.b64encode(key.sign(signed)).decode(), at=at)


PLAIN = PlainHmac(
    secrets=(b"now", b"before"),
    header="X-Signature",
    hash=HmacHash.SHA256,
    prefix="sha256=",
    lead="v0",
    signed_headers=("X-Time", "X-Id"),
    separator=":",
    timestamp_header="X-Time",
    id_header="X-Id",
)


def plain(body: bytes = BODY, *, secret: bytes = b"now", at: datetime = NOW, id_: str = "e1") -> dict[str, str]:
    """Headers for PLAIN."""
    stamp = str(int(at.timestamp()))
    digest = hmac.digest(secret, f"v0:{stamp}:{id_}:".encode() + body, "sha256").hex()
    return {"X-Signature": f"sha256={digest}", "X-Time": stamp, "X-Id": id_}


CLOUD = CloudinarySignature(api_secrets=("abcd", "efgh"))


def cloudinary(body: bytes = BODY, *, secret: str = "abcd", at: datetime = NOW, digest: str = "sha1") -> dict[str, str]:
    """Cloudinary's headers."""
    stamp = str(int(at.timestamp()))
    signature = hashlib.new(digest, body + stamp.encode() + secret.encode()).hexdigest()
    return {"X-Cld-Timestamp": stamp, "X-Cld-Signature": signature}


CERTIFICATE = b"a certificate"
TLS = MutualTls(
    proxies=networks("10.0.0.0/24", "127.0.0.1"),
    header="Client-Cert",
    fingerprints=frozenset({hashlib.sha256(CERTIFICATE).hexdigest()}),
    subjects=frozenset({"CN=gateway"}),
    verified_header="X-Verify",
)
SHOWN = {"Client-Cert": f":{base64.b64encode(CERTIFICATE).decode()}:", "X-Verify": "SUCCESS"}

HMAC_KEYS = StandardWebhooks.of(SECRET, OLD_SECRET)
BOTH_KEYS = StandardWebhooks.of(SECRET, PUBLIC)


@pytest.mark.parametrize(
    ("verifier", "headers"),
    [
        (HMAC_KEYS, webhook()),
        (HMAC_KEYS, webhook(secret=OLD_SECRET)),
        (HMAC_KEYS, webhook("v1,AAAA v9,x " + webhook()["webhook-signature"])),
        (HMAC_KEYS, webhook(at=NOW - timedelta(minutes=5))),
        (HMAC_KEYS, webhook(at=NOW + timedelta(minutes=5))),
        (StandardWebhooks.of(SECRET.removeprefix("whsec_").rstrip("=")), webhook()),
        (BOTH_KEYS, webhook()),
        (BOTH_KEYS, ed25519()),
        (BOTH_KEYS, webhook(f"{ed25519()['webhook-signature']} v1,AAAA")),
        (PLAIN, plain()),
        (PLAIN, plain(secret=b"before")),
        (CLOUD, cloudinary()),
        (CLOUD, cloudinary(digest="sha256")),
        (CLOUD, cloudinary(secret="efgh")),
        (CLOUD, cloudinary(at=NOW - timedelta(hours=2))),
        (TLS, SHOWN),
        (TLS, {**SHOWN, "Client-Cert": "CN=gateway"}),
    ],
)
def test_a_good_proof_is_believed(verifier: Verifier, headers: Mapping[str, str]) -> None:
    """Events would be lost."""
    assert judged(verifier, BODY, headers) is ArrivalTrust.VERIFIED


@pytest.mark.parametrize(
    ("verifier", "headers"),
    [
        (HMAC_KEYS, webhook(at=NOW - timedelta(minutes=5, seconds=1))),
        (HMAC_KEYS, webhook(at=NOW + timedelta(minutes=5, seconds=1))),
        (BOTH_KEYS, ed25519(at=NOW - timedelta(hours=1))),
        (PLAIN, plain(at=NOW - timedelta(minutes=6))),
        (PLAIN, plain(at=NOW + timedelta(minutes=6))),
        (CLOUD, cloudinary(at=NOW - timedelta(hours=2, seconds=1))),
        (CLOUD, cloudinary(at=NOW + timedelta(minutes=6))),
    ],
)
def test_what_was_signed_at_another_time_is_stale(verifier: Verifier, headers: Mapping[str, str]) -> None:
    """It may be played again by somebody who once overheard it."""
    assert judged(verifier, BODY, headers) is ArrivalTrust.STALE


def without(headers: Mapping[str, str], name: str) -> dict[str, str]:
    """Headers but for one."""
    return {key: value for key, value in headers.items() if key != name}


def twice(headers: Mapping[str, str], name: str) -> list[tuple[str, str]]:
    """Headers with one of them repeated."""
    return [*headers.items(), (name, headers[name])]


@pytest.mark.parametrize(
    ("verifier", "headers"),
    [
        *((HMAC_KEYS, without(webhook(), name)) for name in webhook()),
        *((HMAC_KEYS, twice(webhook(), name)) for name in webhook()),
        (HMAC_KEYS, webhook(secret="d3Jvbmc=")),
        (HMAC_KEYS, webhook(body=b"another")),
        (HMAC_KEYS, {**webhook(), "webhook-id": "msg_2"}),
        (HMAC_KEYS, {**webhook(), "webhook-timestamp": str(int(STAMP) + 1)}),
        (HMAC_KEYS, {**webhook(), "webhook-timestamp": f"{STAMP}.0"}),
        (HMAC_KEYS, {**webhook(), "webhook-timestamp": "1e400"}),
        (HMAC_KEYS, {**webhook(), "webhook-timestamp": "9" * 400}),
        (HMAC_KEYS, webhook(webhook()["webhook-signature"].replace("v1,", "v1a,"))),
        (HMAC_KEYS, webhook(webhook()["webhook-signature"] + "!")),
        (HMAC_KEYS, webhook(webhook()["webhook-signature"].rstrip("="))),
        (HMAC_KEYS, webhook("v1")),
        (HMAC_KEYS, webhook("v1,")),
        (HMAC_KEYS, webhook(" ".join(["v1,AAAA"] * 16 + [webhook()["webhook-signature"]]))),
        (HMAC_KEYS, ed25519()),
        (BOTH_KEYS, ed25519(b"another")),
        (BOTH_KEYS, ed25519(key=Ed25519PrivateKey.from_private_bytes(b"x" * 32))),
        (BOTH_KEYS, webhook("v1a,AAAA")),
        *((PLAIN, without(plain(), name)) for name in plain()),
        *((PLAIN, twice(plain(), name)) for name in plain()),
        (PLAIN, plain(secret=b"wrong")),
        (PLAIN, plain(b"another")),
        (PLAIN, {**plain(), "X-Id": "e2"}),
        (PLAIN, {**plain(id_="e:1")}),
        (PLAIN, {**plain(), "X-Signature": plain()["X-Signature"].removeprefix("sha256=")}),
        (PLAIN, {**plain(), "X-Signature": "sha256="}),
        *((CLOUD, without(cloudinary(), name)) for name in cloudinary()),
        *((CLOUD, twice(cloudinary(), name)) for name in cloudinary()),
        (CLOUD, cloudinary(secret="wrong")),
        (CLOUD, cloudinary(b"another")),
        (CLOUD, {**cloudinary(), "X-Cld-Timestamp": str(int(STAMP) + 1)}),
        *((TLS, without(SHOWN, name)) for name in SHOWN),
        *((TLS, twice(SHOWN, name)) for name in SHOWN),
        (TLS, {**SHOWN, "X-Verify": "FAILED"}),
        (TLS, {**SHOWN, "Client-Cert": "CN=stranger"}),
        (TLS, {**SHOWN, "Client-Cert": ":" + base64.b64encode(b"another").decode() + ":"}),
        (TLS, {**SHOWN, "Client-Cert": ":?:"}),
        (TLS, {**SHOWN, "Client-Cert": ""}),
    ],
)
def test_what_is_not_proven_is_not_believed(
    verifier: Verifier, headers: Mapping[str, str] | list[tuple[str, str]]
) -> None:
    """Anybody could report deliveries."""
    assert judged(verifier, BODY, headers) is ArrivalTrust.BAD_SIGNATURE


@pytest.mark.parametrize("peer", ["10.0.1.1", "192.0.2.1", "::1", "", "testclient"])
def test_a_certificates_name_counts_from_a_proxy_alone(peer: str) -> None:
    """Anybody can write a header."""
    assert judged(TLS, BODY, SHOWN, peer=peer) is ArrivalTrust.BAD_SIGNATURE


def test_a_forwarded_address_makes_nobody_a_proxy() -> None:
    """Headers that name an address are written by anybody too."""
    headers = {**SHOWN, "X-Forwarded-For": "10.0.0.1", "Forwarded": "for=10.0.0.1"}

    assert judged(TLS, BODY, headers, peer="192.0.2.1") is ArrivalTrust.BAD_SIGNATURE


@pytest.mark.parametrize(("encoding", "hash_"), [(encoding, hash_) for encoding in HmacEncoding for hash_ in HmacHash])
def test_every_hash_and_encoding_is_known(encoding: HmacEncoding, hash_: HmacHash) -> None:
    """Senders differ in nothing else."""
    digest = hmac.digest(b"k", BODY, hash_.value)
    written = digest.hex() if encoding is HmacEncoding.HEX else base64.b64encode(digest).decode()
    verifier = PlainHmac(secrets=(b"k",), header="X-Sig", hash=hash_, encoding=encoding)

    assert judged(verifier, BODY, {"x-sig": written}) is ArrivalTrust.VERIFIED


@dataclass(frozen=True)
class Case:
    """A proof, its good headers, and which of them must not change."""

    verifier: Verifier
    headers: Mapping[str, str]
    fixed: tuple[str, ...]


CASES = (
    Case(HMAC_KEYS, webhook(), tuple(webhook())),
    Case(BOTH_KEYS, ed25519(), tuple(webhook())),
    Case(PLAIN, plain(), tuple(plain())),
    Case(CLOUD, cloudinary(), tuple(cloudinary())),
    Case(TLS, SHOWN, tuple(SHOWN)),
)


def changed(draw: st.DrawFn, text: str) -> str:
    """``text`` with one letter another, gone or more."""
    place = draw(st.integers(1, len(text)))
    letter = draw(st.characters(codec="latin-1", exclude_categories=["Cc"]))
    before, after = text[:place], text[place:]
    return draw(st.sampled_from([before[:-1] + letter + after, before + letter + after, before[:-1] + after]))


@st.composite
def mutations(draw: st.DrawFn) -> tuple[Case, bytes, dict[str, str]]:
    """A good message with one thing changed."""
    case = draw(st.sampled_from(CASES))
    body, headers = BODY, dict(case.headers)
    if case.verifier is not TLS and draw(st.booleans()):
        body = changed(draw, BODY.decode()).encode()
    else:
        name = draw(st.sampled_from(case.fixed))
        headers[name] = changed(draw, headers[name])
    return case, body, headers


@given(mutations())
def test_no_changed_message_is_believed(mutation: tuple[Case, bytes, dict[str, str]]) -> None:
    """One accepted change is the end of all proofs."""
    case, body, headers = mutation
    is_same = (body, headers) == (BODY, dict(case.headers))
    # Cloudinary's hash is hex, and the vendor's own client takes it in either case.
    is_same |= body == BODY and {k: v.lower() for k, v in headers.items()} == case.headers and case.verifier is CLOUD

    assert (judged(case.verifier, body, headers) is ArrivalTrust.VERIFIED) is is_same


NAMES = sorted({name for case in CASES for name in case.headers})


@given(st.sampled_from(CASES), st.binary(max_size=64), st.dictionaries(st.sampled_from(NAMES), st.text(max_size=24)))
def test_no_made_up_bytes_are_believed_and_none_are_an_error(case: Case, raw: bytes, headers: dict[str, str]) -> None:
    """The receiver faces whatever anybody sends."""
    assert judged(case.verifier, raw, headers) is ArrivalTrust.BAD_SIGNATURE


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (StandardWebhooks.of, "no key"),
        (lambda: StandardWebhooks.of("whsec_"), "empty"),
        (lambda: StandardWebhooks.of("not base64!"), "not base64"),
        (lambda: StandardWebhooks.of("whpk_AAAA"), "32 bytes"),
        (lambda: StandardWebhooks.of("whsk_AAAA"), "private"),
        (lambda: PlainHmac(secrets=(), header="X"), "no key"),
        (lambda: PlainHmac(secrets=(b"",), header="X"), "empty"),
        (lambda: PlainHmac(secrets=(b"k",), header="X", timestamp_header="T"), "not signed"),
        (lambda: PlainHmac(secrets=(b"k",), header="X", id_header="I"), "not signed"),
        (lambda: PlainHmac(secrets=(b"k",), header="X", signed_headers=("T",), separator=""), "separator"),
        (lambda: CloudinarySignature(api_secrets=()), "no key"),
        (lambda: MutualTls(proxies=(), header="X", subjects=frozenset({"a"})), "proxies"),
        (lambda: MutualTls(proxies=networks("0.0.0.0/0"), header="X", subjects=frozenset({"a"})), "every address"),
        (lambda: MutualTls(proxies=networks("127.0.0.1"), header="X"), "let in"),
    ],
)
def test_a_proof_that_would_prove_nothing_cannot_be_made(make: object, words: str) -> None:
    """Every event would be refused, or anybody's taken, and nobody would know why."""
    assert callable(make)

    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("verifier", [HMAC_KEYS, BOTH_KEYS, PLAIN, CLOUD])
def test_no_proof_shows_its_secrets(verifier: Verifier) -> None:
    """Objects end up in logs."""
    assert not any(secret in repr(verifier) for secret in ("a secret", "before", "abcd", "YSBzZWNyZX"))


@pytest.mark.parametrize(
    ("verifier", "raw", "headers", "identity"),
    [
        (HMAC_KEYS, BODY, webhook(), "msg_1"),
        (PLAIN, BODY, plain(), "e1"),
        (CLOUD, b'{"request_id":"r1"}', {}, "r1"),
        (CLOUD, b'{"request_id":7}', {}, hashlib.sha256(b'{"request_id":7}').hexdigest()),
        (CLOUD, b"\xff", {}, hashlib.sha256(b"\xff").hexdigest()),
        (TLS, BODY, SHOWN, hashlib.sha256(BODY).hexdigest()),
    ],
)
def test_the_same_message_has_the_same_id(
    verifier: Verifier, raw: bytes, headers: Mapping[str, str], identity: str
) -> None:
    """What is sent again must be counted once."""
    assert verifier.identify(request(raw, headers)) == identity


def test_cloudinary_is_answered_with_200() -> None:
    """It sends everything again that is answered otherwise (contract §7)."""
    status, (arrival,) = post(cloudinary_notifications("abcd"), BODY, cloudinary())

    assert status == 200
    assert "x-cld-signature" not in arrival.headers


def test_cloudinarys_own_example_holds() -> None:
    """Two hands could agree in error; this one is the vendor's (contract §6.6)."""
    body = b"{public_id: 'sample'}"
    told = {"X-Cld-Timestamp": "1315060510", "X-Cld-Signature": "25f7e91709c858b97d688ce8da799dedb290d9ef"}

    assert judged(CLOUD, body, told, at=datetime.fromtimestamp(1315060510, UTC)) is ArrivalTrust.VERIFIED
