"""The CRM: OAuth 2 client credentials, contacts by cursor, consents with history, idempotency keys."""

import hashlib
import hmac
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.credentials import derive_secret
from connectors.sandbox.endpoint.door import Budget, RefusalError, json_body, serve, whole
from connectors.sandbox.world import World, WorldCustomer

TOKEN_LASTS: Final = timedelta(minutes=10)
CURSOR_LASTS: Final = timedelta(minutes=5)
KEY_LASTS: Final = timedelta(hours=24)
CHANNELS: Final = ("email", "sms", "print", "web")
_MOST_PER_PAGE: Final = 200
_LONGEST_KEY: Final = 255
_SEAL_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What somebody said about one channel; a new word is a new revision."""

    channel: str
    granted: bool
    source: str
    recorded_at: datetime
    revision: int


@dataclass(slots=True, kw_only=True)
class Contact:
    """One contact, newest consent last."""

    customer: WorldCustomer
    changed_at: datetime
    consents: list[Consent] = field(default_factory=list)

    def current(self, channel: str) -> Consent:
        """The newest word about a channel."""
        return next(consent for consent in reversed(self.consents) if consent.channel == channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """What a key was answered with."""

    digest: str
    body: bytes
    status: int
    at: datetime


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """What a cursor holds."""

    at: int
    question: str
    until: float


class _ConsentWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    channel: object = None
    granted: object = None
    source: object = None
    recorded_at: object = None
    expected_revision: object = None


class Crm:
    """Contacts and consents in memory."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._secrets = world.secrets["endpoint"]
        self._seal = derive_secret(world.seed, "endpoint:crm:cursor").encode()
        self._budget = Budget(world.clock)
        self._tokens: dict[str, datetime] = {}
        self._keys: dict[tuple[str, str], FirstAnswer] = {}
        people = sorted(world.customers, key=lambda customer: customer.number)
        self.contacts = {customer.number: _contact(world, customer) for customer in people}

    async def guard(self, request: Request) -> None:
        """Spend a call, and check the token of everything but the token's own call."""
        self._budget.spend()
        if request.url.path.endswith("/oauth/token"):
            return
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self._tokens.get(token, self._world.began) <= self._world.clock.now():
            raise RefusalError(
                401,
                "invalid_token",
                "The access token is missing, wrong or expired.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )

    async def token(self, request: Request) -> Response:
        """POST /oauth/token."""
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        client_id, client_secret = _client(request, form)
        wanted = (self._secrets["client_id"], self._secrets["client_secret"])
        if not all(
            hmac.compare_digest(a.encode(), b.encode()) for a, b in zip((client_id, client_secret), wanted, strict=True)
        ):
            return _oauth_refusal("invalid_client", "Unknown client, or a wrong secret.", status=401)
        if form.get("grant_type") != "client_credentials":
            return _oauth_refusal("unsupported_grant_type", "Only client_credentials is granted here.")
        if "contacts.read" not in form.get("scope", "").split():
            return _oauth_refusal("invalid_scope", "Ask for contacts.read at least.")
        token = derive_secret(self._world.seed, f"endpoint:crm:token:{len(self._tokens)}")
        self._tokens[token] = self._world.clock.now() + TOKEN_LASTS
        life_s = int(TOKEN_LASTS.total_seconds())
        return JSONResponse(
            {"access_token": token, "token_type": "Bearer", "expires_in": life_s, "scope": form["scope"]},
            headers={"Cache-Control": "no-store"},
        )

    async def who_am_i(self, request: Request) -> Response:
        """GET /me."""
        del request
        return JSONResponse({"integration": "Proofdesk", "scopes": ["contacts.read", "consents.write"]})

    async def list_contacts(self, request: Request) -> Response:
        """GET /contacts: by number, behind a cursor."""
        limit = whole(request, "limit", default=50, low=1, high=_MOST_PER_PAGE)
        since, segments = request.query_params.get("changed_since"), request.query_params.getlist("segment")
        question = hashlib.sha256(f"{since}|{segments}".encode()).hexdigest()
        begin = self._opened(request.query_params["cursor"], question) if "cursor" in request.query_params else 0
        found = self._found(_moment(since, "changed_since") if since else None, segments)
        page = found[begin : begin + limit]
        following = begin + limit
        return JSONResponse(
            {
                "data": [_contact_json(contact) for contact in page],
                "page": {"next": self._sealed(following, question) if following < len(found) else None},
            }
        )

    async def get_contact(self, request: Request) -> Response:
        """GET /contacts/{number}."""
        return JSONResponse(_contact_json(self._known(request)))

    async def list_consents(self, request: Request) -> Response:
        """GET /contacts/{number}/consents: the newest word about each channel."""
        contact = self._known(request)
        return JSONResponse({"data": [_consent_json(contact.current(channel)) for channel in CHANNELS]})

    async def record_consent(self, request: Request) -> Response:
        """POST /contacts/{number}/consents, once per Idempotency-Key; a repeated one gets the first answer again."""
        contact = self._known(request)
        key = request.headers.get("idempotency-key", "")
        if not 0 < len(key) <= _LONGEST_KEY:
            raise RefusalError(400, "idempotency_key_missing", "Send an Idempotency-Key with every write.")
        digest = hashlib.sha256(await request.body()).hexdigest()
        first = self._keys.get((contact.customer.number, key))
        if first is not None and first.at + KEY_LASTS > self._world.clock.now():
            if first.digest != digest:
                raise RefusalError(422, "idempotency_key_reused", "This key came with another request before.")
            return Response(
                first.body,
                status_code=first.status,
                media_type="application/json",
                headers={"Idempotent-Replayed": "true"},
            )
        consent = _checked(contact, await json_body(request))
        contact.consents.append(consent)
        contact.changed_at = self._world.clock.now()
        answer = JSONResponse(_consent_json(consent), status_code=201)
        self._keys[contact.customer.number, key] = FirstAnswer(
            digest=digest, body=bytes(answer.body), status=answer.status_code, at=self._world.clock.now()
        )
        return answer

    def _known(self, request: Request) -> Contact:
        contact = self.contacts.get(request.path_params["number"])
        if contact is None:
            raise RefusalError(404, "no_such_contact", "There is no such contact.")
        return contact

    def _found(self, since: datetime | None, segments: Sequence[str]) -> list[Contact]:
        return [
            contact
            for contact in self.contacts.values()
            if (since is None or contact.changed_at >= since)
            and (not segments or set(segments) & set(contact.customer.segments))
        ]

    def _sealed(self, at: int, question: str) -> str:
        place = _Place(at=at, question=question, until=(self._world.clock.now() + CURSOR_LASTS).timestamp())
        raw = msgspec.json.encode(place)
        return urlsafe_b64encode(self._seal_of(raw) + raw).decode()

    def _seal_of(self, raw: bytes) -> bytes:
        return hmac.digest(self._seal, raw, "sha256")[:_SEAL_BYTES]

    def _opened(self, cursor: str, question: str) -> int:
        try:
            sealed = urlsafe_b64decode(cursor)
            place = msgspec.json.decode(sealed[_SEAL_BYTES:], type=_Place)
        except ValueError as error:
            raise RefusalError(400, "bad_cursor", "This cursor is none of ours.") from error
        if not hmac.compare_digest(sealed[:_SEAL_BYTES], self._seal_of(sealed[_SEAL_BYTES:])):
            raise RefusalError(400, "bad_cursor", "This cursor is none of ours.")
        if place.question != question:
            raise RefusalError(400, "bad_cursor", "This cursor belongs to another question.")
        if place.until <= self._world.clock.now().timestamp():
            raise RefusalError(410, "cursor_expired", "This cursor has ended. Begin again.")
        return place.at


def build(world: World) -> Starlette:
    """The CRM of ``world``."""
    crm = Crm(world)
    return serve(
        (
            ("POST", "/oauth/token", crm.token),
            ("GET", "/me", crm.who_am_i),
            ("GET", "/contacts", crm.list_contacts),
            ("GET", "/contacts/{number}", crm.get_contact),
            ("GET", "/contacts/{number}/consents", crm.list_consents),
            ("POST", "/contacts/{number}/consents", crm.record_consent),
        ),
        guard=crm.guard,
        write=_refusal,
    )


def _refusal(error: RefusalError) -> Response:
    fields = [{"name": name, "message": words} for name, words in error.fields.items()]
    body = {"error": {"code": error.code, "message": error.words, "fields": fields}}
    return JSONResponse(body, status_code=error.status, headers=error.headers)


def _oauth_refusal(error: str, words: str, *, status: int = 400) -> Response:
    headers = {"WWW-Authenticate": "Basic"} if status == 401 else {}  # noqa: PLR2004 - RFC 6749, section 5.2
    return JSONResponse({"error": error, "error_description": words}, status_code=status, headers=headers)


def _client(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        name, _, secret = b64decode(coded, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(name), unquote_plus(secret)


def _contact(world: World, customer: WorldCustomer) -> Contact:
    days = int(hashlib.sha256(customer.number.encode()).hexdigest()[:4], 16) % 400
    changed_at = world.began - timedelta(days=days + 1)
    granted = {"email": customer.email_allowed, "sms": customer.sms_allowed, "print": True, "web": True}
    return Contact(
        customer=customer,
        changed_at=changed_at,
        consents=[
            Consent(channel=channel, granted=granted[channel], source="contract", recorded_at=changed_at, revision=1)
            for channel in CHANNELS
        ],
    )


def _contact_json(contact: Contact) -> dict[str, object]:
    who = contact.customer
    return {
        "id": who.number,
        "name": {
            "title": who.title,
            "given": who.given_name,
            "family": who.family_name,
            "company": who.company or None,
        },
        "language": who.locale,
        "channels": [
            *([{"type": "email", "address": who.email}] if who.email else []),
            *([{"type": "mobile", "address": who.mobile}] if who.mobile else []),
        ],
        "segments": list(who.segments),
        "changed_at": contact.changed_at.isoformat(),
    }


def _consent_json(consent: Consent) -> dict[str, object]:
    return {
        "channel": consent.channel,
        "granted": consent.granted,
        "source": consent.source,
        "recorded_at": consent.recorded_at.isoformat(),
        "revision": consent.revision,
    }


def _checked(contact: Contact, body: Mapping[str, object]) -> Consent:
    try:
        wish = msgspec.convert(body, _ConsentWish)
    except msgspec.ValidationError as error:
        raise RefusalError(422, "invalid", "The consent has keys that are not known.") from error
    wrong: dict[str, str] = {}
    if wish.channel not in CHANNELS:
        wrong["channel"] = f"one of {', '.join(CHANNELS)}"
    if not isinstance(wish.granted, bool):
        wrong["granted"] = "true or false"
    if not isinstance(wish.source, str) or not wish.source.strip():
        wrong["source"] = "say where the consent was given"
    if not isinstance(wish.recorded_at, str):
        wrong["recorded_at"] = "a moment with its offset"
    if wrong:
        raise RefusalError(422, "invalid", "The consent is not complete.", fields=wrong)
    current = contact.current(str(wish.channel))
    if wish.expected_revision is not None and wish.expected_revision != current.revision:
        raise RefusalError(409, "newer_revision", f"Revision {current.revision} is newer.")
    return Consent(
        channel=current.channel,
        granted=wish.granted is True,
        source=str(wish.source),
        recorded_at=_moment(str(wish.recorded_at), "recorded_at", status=422),
        revision=current.revision + 1,
    )


def _moment(text: str, name: str, *, status: int = 400) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        words = "a moment with its offset"
        raise RefusalError(status, "invalid", f"{name} must be {words}.", fields={name: words})
    return moment
