"""Standard Webhooks' own library, and for Ed25519, which it does not have, its specification over ``cryptography``."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.judges.ledger import Ledger
from tests.judges.standardwebhooks.posting import catching, post, push

BODIES = {
    "an object": b'{"type":"message.opened","data":{"communication":"c1"}}',
    "letters beyond ASCII": '{"name":"Inès Dvořák €😀"}'.encode(),
    "white space and line breaks": b' {\n\t"a" : 1 }\r\n',
    "no body": b"",
    "dots": b"1.2.3.{}",
    "20 kilobytes": b'"' + b"x" * 20_000 + b'"',
    "500 kilobytes": b'"' + b"y" * 500_000 + b'"',
    "plain text": b"not json at all",
}
BODY = BODIES["an object"]


def headers(id_: str, at: datetime, signature: str) -> dict[str, str]:
    """The three headers."""
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }


def by_library(secret: str, body: bytes = BODY, *, id_: str = "msg_1", at: datetime | None = None) -> dict[str, str]:
    """Headers that the library signs."""
    at = at or datetime.now(UTC)
    return headers(id_, at, Webhook(secret).sign(id_, at, body.decode()))


def by_key(
    key: Ed25519PrivateKey, body: bytes = BODY, *, id_: str = "msg_1", at: datetime | None = None
) -> dict[str, str]:
    """Headers that a private key signs: ``v1a`` over id, time and body."""
    at = at or datetime.now(UTC)
    signed = f"{id_}.{int(at.timestamp())}.".encode() + body
    return headers(id_, at, "v1a," + base64.b64encode(key.sign(signed)).decode())


def answered(ledger: Ledger, name: str, status: int, body: bytes, told: dict[str, str]) -> None:
    """One line of the table: what our receiver answers."""
    with ledger.call(name):
        got = post(ledger.given["address"] + "sender", body, told)
        assert got == status, got


def sign_for_our_receiver(ledger: Ledger) -> None:
    """What the library signs is believed; what was changed is not."""
    secret, older = ledger.given["secret"], ledger.given["older_secret"]
    for name, body in BODIES.items():
        answered(ledger, f"HMAC, {name}: believed", 204, body, by_library(secret, body))
        answered(ledger, f"HMAC, {name}, one byte more: refused", 401, body + b" ", by_library(secret, body))
    good = by_library(secret)
    signature = good["webhook-signature"]
    both = by_library(older)["webhook-signature"] + " " + signature
    now = datetime.now(UTC)
    answered(ledger, "HMAC, the older secret: believed", 204, BODY, by_library(older))
    answered(ledger, "HMAC, signed with both: believed", 204, BODY, {**good, "webhook-signature": both})
    answered(ledger, "HMAC, a secret without prefix: believed", 204, BODY, by_library(secret.removeprefix("whsec_")))
    answered(ledger, "HMAC, another secret: refused", 401, BODY, by_library("d3Jvbmc="))
    answered(ledger, "HMAC, another id: refused", 401, BODY, {**good, "webhook-id": "msg_2"})
    answered(ledger, "HMAC, no signature: refused", 401, BODY, {**good, "webhook-signature": ""})
    answered(ledger, "HMAC, another version: refused", 401, BODY, {**good, "webhook-signature": "v2" + signature[2:]})
    for minutes, status in ((-4, 204), (4, 204), (-6, 401), (6, 401)):
        told = by_library(secret, at=now + timedelta(minutes=minutes))
        answered(ledger, f"HMAC, {minutes:+} minutes: {status}", status, BODY, told)


def sign_with_keys(ledger: Ledger) -> None:
    """The same by Ed25519."""
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(ledger.given["private_key"]))
    now = datetime.now(UTC)
    for name, body in BODIES.items():
        answered(ledger, f"Ed25519, {name}: believed", 204, body, by_key(key, body))
    answered(ledger, "Ed25519, one byte more: refused", 401, BODY + b" ", by_key(key))
    answered(ledger, "Ed25519, another key: refused", 401, BODY, by_key(Ed25519PrivateKey.generate()))
    answered(ledger, "Ed25519, another id: refused", 401, BODY, {**by_key(key), "webhook-id": "msg_2"})
    answered(ledger, "Ed25519, too old: refused", 401, BODY, by_key(key, at=now - timedelta(minutes=6)))
    beside = by_library("d3Jvbmc=")["webhook-signature"] + " " + by_key(key)["webhook-signature"]
    answered(ledger, "Ed25519 beside a foreign HMAC: believed", 204, BODY, {**by_key(key), "webhook-signature": beside})


def verify_the_sandbox(ledger: Ledger) -> None:
    """What the sandbox signs, the library verifies; what the sandbox forges, it refuses."""
    secret = ledger.given["secret"]
    hook = Webhook(secret)
    event: dict[str, Any] = {"type": "message.bounced", "data": {"name": "Inès €", "code": "5.1.1"}, "id": "msg_7"}
    for form in ("plain", "cloudevents_structured", "cloudevents_binary", "cloudevents_batch"):
        with ledger.call(f"sandbox, {form}: the library verifies"), catching() as caught:
            push(ledger.ready, url=caught.url, secret=secret, form=form, events=[event, {**event, "id": "msg_8"}])
            for told, body in caught.posts:
                assert hook.verify(body, told)
            assert next(told["webhook-id"] for told, _ in caught.posts) == "msg_7"
        with ledger.call(f"sandbox, {form}, changed on the way: the library refuses"), catching() as caught:
            push(ledger.ready, url=caught.url, secret=secret, form=form, events=[event])
            told, body = caught.posts[0]
            assert refuses(hook, body.replace(b"5.1.1", b"5.1.2"), told)
    with ledger.call("sandbox, a false signature: the library refuses"), catching() as caught:
        push(ledger.ready, url=caught.url, secret=secret, events=[event], bad_signature=True)
        assert refuses(hook, caught.posts[0][1], caught.posts[0][0])
    with ledger.call("sandbox, sent long ago: the library refuses"), catching() as caught:
        push(ledger.ready, url=caught.url, secret=secret, events=[event], sent_at="2026-01-01T00:00:00Z")
        assert refuses(hook, caught.posts[0][1], caught.posts[0][0])
    with ledger.call("sandbox, copies: verified with one id"), catching() as caught:
        push(ledger.ready, url=caught.url, secret=secret, events=[event], copies=3)
        assert all(hook.verify(body, told) for told, body in caught.posts)
        assert [told["webhook-id"] for told, _ in caught.posts] == ["msg_7"] * 3
    with ledger.call("sandbox, Ed25519: verified by the public key"), catching() as caught:
        private = ledger.given["private_key"]
        push(ledger.ready, url=caught.url, secret=f"whsk_{private}", events=[event])
        told, body = caught.posts[0]
        version, _, signature = told["webhook-signature"].partition(",")
        assert version == "v1a"
        public = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private)).public_key()
        public.verify(base64.b64decode(signature), f"{told['webhook-id']}.{told['webhook-timestamp']}.".encode() + body)


def refuses(hook: Webhook, body: bytes, told: dict[str, str]) -> bool:
    """Whether the library does not believe it."""
    try:
        hook.verify(body, told)
    except WebhookVerificationError:
        return True
    return False


def main() -> None:
    """All of it."""
    ledger = Ledger.from_stdin()
    sign_for_our_receiver(ledger)
    sign_with_keys(ledger)
    verify_the_sandbox(ledger)
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(ledger.given["private_key"]))
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    ledger.hand("public_key", "whpk_" + base64.b64encode(raw).decode())
    ledger.end()


if __name__ == "__main__":
    main()
