"""Proving who we are, in the way that a description names: what goes with every request, and what with each one.

Secrets live in these objects alone; none of them shows one.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote_plus

from connectors.calls import Call, FormBody, Reply
from connectors.endpoint.description import (
    BasicSignIn,
    BearerSignIn,
    ClientProof,
    ClientSignIn,
    Encoding,
    KeyPlace,
    KeySignIn,
    NoSignIn,
    SignatureSignIn,
    SignInWay,
)
from connectors.http import Send, SignIn
from connectors.otds import BearerSignIn as FetchedBearer

SIGN_IN_CALL: Final = "sign in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """A request as it will leave, but for its signature."""

    method: str
    target: str = field(repr=False)
    """Path and query as they are sent, with the base address's own path."""
    body: bytes = field(repr=False)


class Signer:
    """Proves each request by itself: an API key as a parameter, or an HMAC over the request."""

    def __init__(self, way: SignInWay, credentials: Mapping[str, str]) -> None:
        """``credentials`` by slot."""
        self._way = way
        self._credentials = credentials

    def __repr__(self) -> str:
        return f"Signer({type(self._way).__name__})"

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Parameters that every request carries; they are there before a request is signed."""
        match self._way:
            case KeySignIn(place=KeyPlace.QUERY, name=name, key=key):
                return ((name, self._credentials[key]),)
            case _:
                return ()

    def headers(self, request: Unsigned, *, now: datetime) -> Mapping[str, str]:
        """The headers that sign ``request``; none for other ways."""
        way = self._way
        if not isinstance(way, SignatureSignIn):
            return {}
        timestamp = str(int(now.timestamp()))
        signed = way.signed.fill(
            {
                "method": request.method,
                "path": request.target,
                "timestamp": timestamp,
                "body": request.body.decode(),
                "body_sha256": hashlib.sha256(request.body).hexdigest(),
            }
        )
        secret = self._credentials[way.secret].encode()
        digest = hmac.digest(secret, (signed or "").encode(), way.hash.value)
        written = digest.hex() if way.encoding is Encoding.HEX else b64encode(digest).decode()
        headers = {way.header: way.prefix + written}
        if way.timestamp_header:
            headers[way.timestamp_header] = timestamp
        if way.key_id:
            headers[way.key_id_header] = self._credentials[way.key_id]
        return headers


class StandingSignIn:
    """Headers that stay the same until a person changes them."""

    is_signed_in = True

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __repr__(self) -> str:
        return f"StandingSignIn({', '.join(self._headers)})"

    async def sign_in(self, send: Send) -> None:
        """Nothing can be fetched anew."""

    def headers(self) -> Mapping[str, str]:
        """The same headers every time."""
        return self._headers

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """A 401 is an answer here, not an expiry."""
        del reply
        return False


def sign_in_of(way: SignInWay, credentials: Mapping[str, str]) -> SignIn:
    """What the transport proves every request with."""
    match way:
        case BasicSignIn(username=username, password=password):
            return StandingSignIn({"Authorization": _basic(credentials[username], credentials[password])})
        case BearerSignIn(token=token):
            return StandingSignIn({"Authorization": f"Bearer {credentials[token]}"})
        case KeySignIn(place=KeyPlace.HEADER, name=name, prefix=prefix, key=key):
            return StandingSignIn({name: prefix + credentials[key]})
        case ClientSignIn():
            return FetchedBearer(_token_call(way, credentials))
        case NoSignIn() | KeySignIn() | SignatureSignIn():
            return StandingSignIn({})


def slots_needed(way: SignInWay) -> frozenset[str]:
    """The credential slots that must be filled."""
    match way:
        case NoSignIn():
            return frozenset()
        case BasicSignIn(username=username, password=password):
            return frozenset({username, password})
        case BearerSignIn(token=token):
            return frozenset({token})
        case KeySignIn(key=key):
            return frozenset({key})
        case ClientSignIn(client_id=client_id, client_secret=client_secret):
            return frozenset({client_id, client_secret})
        case SignatureSignIn(secret=secret, key_id=key_id):
            return frozenset({secret, key_id} - {""})


def _token_call(way: ClientSignIn, credentials: Mapping[str, str]) -> Call:
    client_id, client_secret = credentials[way.client_id], credentials[way.client_secret]
    fields = [("grant_type", "client_credentials")]
    headers = {"Accept": "application/json"}
    if way.scope:
        fields.append(("scope", way.scope))
    if way.audience:
        fields.append(("audience", way.audience))
    if way.proof is ClientProof.BASIC:
        # Both are form-encoded first (RFC 6749, section 2.3.1).
        headers["Authorization"] = _basic(quote_plus(client_id), quote_plus(client_secret))
    else:
        fields += [("client_id", client_id), ("client_secret", client_secret)]
    return Call(
        name=SIGN_IN_CALL,
        method="POST",
        path=way.token_url,
        headers=headers,
        body=FormBody(fields=tuple(fields)),
        signed_in=False,
    )


def _basic(username: str, password: str) -> str:
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"
