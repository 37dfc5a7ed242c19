"""Inbound requests as an attacker, a broken relay or a mad client would send them: good ones, changed in every way.

Each comes with what was really signed, so that it can be told whether believing it would have been right.
"""

import base64
import gzip
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connectors.inbound import Form, HmacEncoding, HmacHash, MutualTls, PlainHmac, Source, StandardWebhooks, networks
from connectors.inbound.cloudinary import CloudinarySignature

NOW: Final = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
"""The receiver's clock while nothing moves it."""
HERE: Final = "127.0.0.1"
Header: TypeAlias = tuple[bytes, bytes]

_SHARED: Final = b"what the gateway signs with"
_OTHERS: Final = b"what somebody else signs with"
_PRIVATE: Final = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"soak").digest())
_PUBLIC: Final = _PRIVATE.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
_CERTIFICATE: Final = b":" + base64.b64encode(b"a certificate of ours") + b":"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forged:
    """One request, and what its sender signed."""

    source: str
    headers: tuple[Header, ...]
    body: bytes
    peer: str = HERE
    signed: tuple[Header, ...] = ()
    """The headers that the proof covers, as they were signed."""
    signed_body: bytes = b""
    is_timely: bool = True
    is_ours: bool = True
    """Whether it was signed with a key that is known here."""
    mutation: str = "none"

    @property
    def may_be_believed(self) -> bool:
        """Whether everything that counts is as somebody with our key signed it, in time, by the right way."""
        given = {name: [value for other, value in self.headers if other.lower() == name] for name, _ in self.signed}
        untouched = all(given[name] == [value] for name, value in self.signed)
        # A certificate proves who is at the other end of a connection, with whatever is said on it.
        is_whole = self.body == self.signed_body or self.source == "tls"
        return self.is_ours and self.is_timely and untouched and is_whole


def sources() -> dict[str, Source]:
    """One of every scheme."""
    shared, whole = "whsec_" + base64.b64encode(_SHARED).decode(), "whpk_" + base64.b64encode(_PUBLIC).decode()
    return {
        "webhook": Source(verifier=StandardWebhooks.of(shared)),
        "ed25519": Source(verifier=StandardWebhooks.of(whole, shared)),
        "events": Source(verifier=StandardWebhooks.of(shared), form=Form.CLOUDEVENTS),
        "cloudinary": Source(verifier=CloudinarySignature(api_secrets=(_SHARED.decode(),)), acknowledged=200),
        "plain": Source(
            verifier=PlainHmac(
                secrets=(_SHARED,),
                header="X-Signature",
                prefix="sha256=",
                lead="v0",
                signed_headers=("X-Time", "X-Id"),
                separator=":",
                timestamp_header="X-Time",
                id_header="X-Id",
            )
        ),
        "old": Source(
            verifier=PlainHmac(
                secrets=(_SHARED,), header="X-Hub", hash=HmacHash.SHA1, encoding=HmacEncoding.BASE64, prefix="sha1="
            )
        ),
        "tls": Source(
            verifier=MutualTls(
                proxies=networks("10.0.0.0/24"),
                header="Client-Cert",
                fingerprints=frozenset({hashlib.sha256(b"a certificate of ours").hexdigest()}),
                verified_header="X-Verify",
            )
        ),
    }


class Forger:
    """Makes requests out of a seed; the same seed makes the same ones."""

    def __init__(self, seed: int, *, now: Callable[[], datetime] = lambda: NOW) -> None:
        self._dice = random.Random(seed)
        self._now = now
        self._made = 0
        self._seed = seed
        self._last: dict[str, Forged] = {}

    def next(self) -> Forged:
        """One request, good or not."""
        source = self._dice.choice(_SCHEMES)
        good = self._good(source)
        before = self._last.get(source, good)
        if self._dice.random() < 0.1:
            self._last[source] = good
            return good
        mutation = self._dice.choice(_MUTATIONS)
        return replace(mutation(self._dice, good, before), mutation=mutation.__name__.strip("_"))

    def _good(self, source: str) -> Forged:
        self._made += 1
        key = _SHARED if self._dice.random() < 0.9 else _OTHERS
        aside = self._dice.choice((0,) * 12 + (-299, 299, -301, 301, -86_400, 86_400, -10_000_000_000, 7_100, -7_199))
        at = self._now() + timedelta(seconds=aside) if abs(aside) < 10**9 else NOW
        stamp = str(int(at.timestamp()) if abs(aside) < 10**9 else aside).encode()
        id_ = f"m{self._seed}-{self._made}".encode()
        body = self._body(source)
        covered = _COVERED[source]
        signed = tuple((name, stamp if b"time" in name else id_) for name in covered)
        proof = _PROOFS[source](key, [value for _, value in signed], body)
        limit = 7_200 if source == "cloudinary" and aside < 0 else 300
        is_timely = not covered or abs(aside) <= limit
        if source == "tls":
            signed = ((b"client-cert", _CERTIFICATE), (b"x-verify", b"SUCCESS"))
        return Forged(
            source=source,
            headers=((b"content-type", self._media_type(source)), *signed, *proof),
            body=body,
            peer="10.0.0.9" if source == "tls" else HERE,
            signed=signed,
            signed_body=body,
            is_timely=is_timely,
            is_ours=key is _SHARED or source in {"tls", "ed25519"},
        )

    def _media_type(self, source: str) -> bytes:
        if source == "events":
            return b"application/cloudevents+json"
        return self._dice.choice((b"application/json", b"application/json; charset=utf-8", b"text/plain", b"\xff"))

    def _body(self, source: str) -> bytes:
        dice = self._dice
        data: dict[str, object] = {
            "communication": f"C-{dice.randrange(50)}",
            "customer": f"HM-{dice.randrange(20)}",
            "channel": dice.choice(("email", "sms", "print", "web", "owl", 7, None)),
            "detail": dice.choice(("", "5.1.1 mailbox unknown", "é" * 20, "a@b" * 50, "\0")),
            "code": dice.choice(("", "5.1.1", 511, [], {})),
        }
        told: dict[str, object] = {
            "id": f"e{dice.randrange(10**6)}",
            "type": dice.choice(("message.delivered", "message.bounced", "message.opened", "message.", "other", "")),
            "timestamp": dice.choice((NOW.isoformat(), "yesterday", "9999-99-99", "0001-01-01T00:00:00+14:00", 1e300)),
            "data": data,
        }
        if source == "events":
            told |= {"specversion": dice.choice(("1.0", "1.0", "0.3")), "source": "urn:gateway"}
            told["time"] = told.pop("timestamp")
        if source == "cloudinary":
            told |= {"notification_type": "moderation", "request_id": f"r{dice.randrange(10**6)}"}
        match dice.randrange(40):
            case 0:
                return dice.choice((b"[" * 5_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000))
            case 1:
                return json.dumps(told).encode("utf-16")
            case 2:
                return dice.randbytes(dice.randrange(200))
            case 3:
                return dice.choice((b"", b"null", b"[]", b'"x"', b"1e999", b"{}", b"\xef\xbb\xbf{}", b"{} {}", b"NaN"))
            case 4:
                return json.dumps({**told, "data": dice.choice((1, "x", [data], None, {"data": data}))}).encode()
            case 5 if dice.random() < 0.1:
                return json.dumps(told).encode() + b" " * dice.choice((900_000, 1_048_576, 1_200_000))
        return json.dumps(told, ensure_ascii=dice.random() < 0.5).encode()


def _hmac(key: bytes, parts: Sequence[bytes], body: bytes, name: str = "sha256", joint: bytes = b".") -> bytes:
    return hmac.digest(key, joint.join((*parts, body)), name)


def _webhook(key: bytes, covered: Sequence[bytes], body: bytes) -> tuple[Header, ...]:
    return ((b"webhook-signature", b"v1," + base64.b64encode(_hmac(key, covered, body))),)


def _ed25519(_key: bytes, covered: Sequence[bytes], body: bytes) -> tuple[Header, ...]:
    signature = _PRIVATE.sign(b".".join((*covered, body)))
    return ((b"webhook-signature", b"v1a," + base64.b64encode(signature)),)


def _cloudinary(key: bytes, covered: Sequence[bytes], body: bytes) -> tuple[Header, ...]:
    return ((b"x-cld-signature", hashlib.sha256(body + covered[0] + key).hexdigest().encode()),)


def _plain(key: bytes, covered: Sequence[bytes], body: bytes) -> tuple[Header, ...]:
    return ((b"x-signature", b"sha256=" + _hmac(key, (b"v0", *covered), body, joint=b":").hex().encode()),)


def _old(key: bytes, _covered: Sequence[bytes], body: bytes) -> tuple[Header, ...]:
    return ((b"x-hub", b"sha1=" + base64.b64encode(_hmac(key, (), body, "sha1"))),)


def _nothing(_key: bytes, _covered: Sequence[bytes], _body: bytes) -> tuple[Header, ...]:
    return ()


_PROOFS: Final = {
    "webhook": _webhook,
    "ed25519": _ed25519,
    "events": _webhook,
    "cloudinary": _cloudinary,
    "plain": _plain,
    "old": _old,
    "tls": _nothing,
}
_SCHEMES: Final = tuple(_PROOFS)
_COVERED: Final[dict[str, tuple[bytes, ...]]] = {
    "webhook": (b"webhook-id", b"webhook-timestamp"),
    "ed25519": (b"webhook-id", b"webhook-timestamp"),
    "events": (b"webhook-id", b"webhook-timestamp"),
    "cloudinary": (b"x-cld-timestamp",),
    "plain": (b"x-time", b"x-id"),
    "old": (),
    "tls": (),
}


def _with(forged: Forged, place: int, value: bytes) -> Forged:
    headers = list(forged.headers)
    headers[place] = (headers[place][0], value)
    return replace(forged, headers=tuple(headers))


def _flipped(dice: random.Random, raw: bytes) -> bytes:
    if not raw:
        return b"\x01"
    place = dice.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ (1 << dice.randrange(8))]) + raw[place + 1 :]


def _flip_body(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    return replace(good, body=_flipped(dice, good.body))


def _flip_header(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    place = dice.randrange(len(good.headers))
    return _with(good, place, _flipped(dice, good.headers[place][1]))


def _cut_body(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    return replace(good, body=good.body[: dice.randrange(len(good.body) + 1)])


def _grow_body(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    return replace(good, body=dice.choice((good.body + b" ", b" " + good.body, good.body * 2, good.body + b"\0")))


def _cut_header(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    place = dice.randrange(len(good.headers))
    value = good.headers[place][1]
    return _with(good, place, value[: dice.randrange(len(value) + 1)])


def _drop_header(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    place = dice.randrange(len(good.headers))
    return replace(good, headers=good.headers[:place] + good.headers[place + 1 :])


def _double_header(dice: random.Random, good: Forged, before: Forged) -> Forged:
    name, value = dice.choice((*good.headers, *before.headers))
    return replace(good, headers=(*good.headers, (name, dice.choice((value, b"", value[::-1])))))


def _joined_header(dice: random.Random, good: Forged, before: Forged) -> Forged:
    place = dice.randrange(len(good.headers))
    other = before.headers[min(place, len(before.headers) - 1)][1]
    value = good.headers[place][1]
    return _with(good, place, dice.choice((b" ", b",", b", ", b";", b"\t")).join((other, value)))


def _odd_header(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    place = dice.randrange(len(good.headers))
    value = good.headers[place][1]
    odd = (value.upper(), value.lower(), value + b" ", b"+" + value, b"0" + value, value + b".0", b"\xd9\xa1", b"\0")
    more = (b"-" + value, b"v1," * 400, b"1e9", b"9" * 400, value.replace(b"=", b""), b"v1,", b"sha256=", b"\xff\xfe")
    return _with(good, place, dice.choice(odd + more))


def _swapped_body(_dice: random.Random, good: Forged, before: Forged) -> Forged:
    return replace(good, body=before.body)


def _swapped_proof(_dice: random.Random, good: Forged, before: Forged) -> Forged:
    return replace(good, headers=(*good.headers[:-1], before.headers[-1]))


def _another_schemes(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    """Posted to a source that proves its messages in another way."""
    other = dice.choice([name for name in _SCHEMES if name != good.source])
    # Two of them share a secret and a way, and one accepts the other's key: there the proof holds.
    same = {"webhook": {"events", "ed25519"}, "events": {"webhook", "ed25519"}}.get(good.source, set())
    return replace(good, source=other, is_ours=good.is_ours and other in same)


def _moved_boundary(_dice: random.Random, good: Forged, _before: Forged) -> Forged:
    """What is signed, parted at another place."""
    headers = dict(good.headers)
    for first, second in ((b"webhook-id", b"webhook-timestamp"), (b"x-time", b"x-id")):
        if first in headers:
            joined = headers[first] + b"." + headers[second]
            headers[first], headers[second] = joined[:-1], joined[-1:]
    return replace(good, headers=tuple(headers.items()))


def _unsigned_attributes(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    """A signed body whose meaning stands in headers that anybody on the way can write."""
    event = ((b"ce-specversion", b"1.0"), (b"ce-id", b"x"), (b"ce-source", b"urn:x"), (b"ce-type", b"message.bounced"))
    headers = (*[pair for pair in good.headers if pair[0] != b"content-type"], *event[: dice.randrange(1, 5)])
    return replace(good, headers=headers, is_ours=good.is_ours and good.source != "events")


def _packed(_dice: random.Random, good: Forged, _before: Forged) -> Forged:
    return replace(
        good, body=gzip.compress(good.body, 1, mtime=0), headers=(*good.headers, (b"content-encoding", b"gzip"))
    )


def _many_headers(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    return replace(good, headers=(*good.headers, *(((b"x-%d" % each), b"y") for each in range(dice.randrange(200)))))


def _wrong_peer(dice: random.Random, good: Forged, _before: Forged) -> Forged:
    peer = dice.choice((HERE, "", "10.0.1.9", "::1", "10.0.0", "10.0.0.9, 127.0.0.1", "::ffff:10.0.0.9"))
    return replace(good, peer=peer, is_ours=good.is_ours and good.source != "tls")


def _again(_dice: random.Random, _good: Forged, before: Forged) -> Forged:
    """A good one once more, as every sender does that missed our answer."""
    return before


_MUTATIONS: Final = (
    *(_flip_body, _flip_header, _cut_body, _grow_body, _cut_header, _drop_header, _double_header, _joined_header),
    *(_odd_header, _swapped_body, _swapped_proof, _another_schemes, _moved_boundary, _unsigned_attributes, _packed),
    *(_many_headers, _wrong_peer, _again),
)
