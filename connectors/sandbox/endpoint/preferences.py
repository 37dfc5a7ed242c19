"""The preference centre: signed requests, lists by Link header, versions by If-Match, refusals as 200 with ``ok``."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeGuard
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.sandbox.endpoint.door import Budget, RefusalError, json_body, serve, whole
from connectors.sandbox.world import World, WorldCustomer

TOLERANCE_S: Final = 300
TOPICS: Final = {
    "contract": ("Your contract", True),
    "bills": ("Bills and statements", True),
    "offers": ("Offers", False),
    "energy-tips": ("Saving energy", False),
    "storm-warnings": ("Storm warnings", False),
    "surveys": ("Surveys", False),
}
"""Slug → title, and whether nobody can do without it."""
_CHANNELS: Final = frozenset({"email", "sms", "print", "web"})
_MOST_PER_PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What one customer wants."""

    customer: str
    language: str
    channels: tuple[str, ...]
    wanted: frozenset[str]
    version: int


class PreferenceCentre:
    """Everybody's wishes, in memory."""

    def __init__(self, world: World) -> None:
        self._secrets = world.secrets["endpoint"]
        self._budget = Budget(world.clock)
        self._people = {customer.number: _person(customer) for customer in world.customers}

    async def guard(self, request: Request) -> None:
        """Spend a call and check the signature: ``time\\nmethod\\npath?query\\nsha256(body)`` under HMAC-SHA256."""
        self._budget.spend()
        time = request.headers.get("x-signature-time", "")
        target = request.scope["raw_path"].decode("latin-1").partition("?")[0]
        query = request.scope["query_string"].decode("latin-1")
        body = hashlib.sha256(await request.body()).hexdigest()
        signed = "\n".join((time, request.method, f"{target}?{query}" if query else target, body))
        digest = hmac.digest(self._secrets["signing_key"].encode(), signed.encode(), "sha256")
        expected = f"v1={b64encode(digest).decode()}"
        right = hmac.compare_digest(request.headers.get("x-signature", "").encode(), expected.encode())
        known = hmac.compare_digest(request.headers.get("x-key-id", "").encode(), self._secrets["key_id"].encode())
        # By the real time: a client signs with its own clock, which the sandbox's command does not move.
        fresh = time.isdecimal() and abs(datetime.now(UTC).timestamp() - int(time)) <= TOLERANCE_S
        if not (right and known and fresh):
            raise RefusalError(401, "bad_signature", "The signature is missing, wrong or too old.")

    async def list_topics(self, request: Request) -> Response:
        """GET /topics."""
        del request
        topics = [{"slug": slug, "title": title, "mandatory": must} for slug, (title, must) in TOPICS.items()]
        return JSONResponse({"ok": True, "topics": topics})

    async def list_people(self, request: Request) -> Response:
        """GET /people: a bare list, with the next page in a Link header."""
        page = whole(request, "page", default=1, low=1, high=1_000_000)
        per_page = whole(request, "per_page", default=25, low=1, high=_MOST_PER_PAGE)
        language = request.query_params.get("language")
        found = [person for _, person in sorted(self._people.items()) if language in {None, person.language}]
        begin = (page - 1) * per_page
        headers = {}
        if begin + per_page < len(found):
            asked = {"language": language} if language is not None else {}
            following = urlencode({**asked, "per_page": per_page, "page": page + 1})
            first = urlencode({**asked, "per_page": per_page})
            path = request.url.path
            headers["Link"] = f'<{path}?{first}>; rel="first", <{path}?{following}>; title="a, b"; rel="next"'
        return JSONResponse([_person_json(person) for person in found[begin : begin + per_page]], headers=headers)

    async def get_person(self, request: Request) -> Response:
        """GET /people/{customer}."""
        person = self._known(request)
        return JSONResponse(_person_json(person), headers={"ETag": f'"{person.version}"'})

    async def set_preferences(self, request: Request) -> Response:
        """PUT /people/{customer} with If-Match."""
        person = self._known(request)
        if request.headers.get("if-match") != f'"{person.version}"':
            raise RefusalError(412, "changed", "Somebody changed it since.")
        body = await json_body(request)
        channels, wanted = body.get("channels"), body.get("wanted")
        language = body.get("language", person.language)
        if not channels or not _are_among(channels, _CHANNELS):
            raise RefusalError(200, "channels", "A person needs at least one channel that exists.")
        if not _are_among(wanted, TOPICS):
            raise RefusalError(200, "topics", "A topic is not known.")
        if not isinstance(language, str) or not language:
            raise RefusalError(200, "language", "A language is not known.")
        if not {slug for slug, (_, must) in TOPICS.items() if must} <= set(wanted):
            raise RefusalError(200, "mandatory", "Nobody can do without contract and bills.")
        changed = replace(
            person,
            channels=tuple(channels),
            wanted=frozenset(wanted),
            language=language,
            version=person.version + 1,
        )
        if replace(changed, version=person.version) == person:
            changed = person
        self._people[person.customer] = changed
        return JSONResponse({"ok": True, "person": _person_json(changed)})

    def _known(self, request: Request) -> Person:
        person = self._people.get(request.path_params["customer"])
        if person is None:
            raise RefusalError(404, "nobody", "Nobody has this number.")
        return person


def build(world: World) -> Starlette:
    """The preference centre of ``world``."""
    centre = PreferenceCentre(world)
    return serve(
        (
            ("GET", "/topics", centre.list_topics),
            ("GET", "/people", centre.list_people),
            ("GET", "/people/{customer}", centre.get_person),
            ("PUT", "/people/{customer}", centre.set_preferences),
        ),
        guard=centre.guard,
        write=_refusal,
    )


def _are_among(given: object, known: Collection[str]) -> TypeGuard[list[str]]:
    return isinstance(given, list) and all(isinstance(one, str) and one in known for one in given)


def _refusal(error: RefusalError) -> Response:
    body = {"ok": False, "code": error.code, "reason": error.words}
    return JSONResponse(body, status_code=error.status, headers=error.headers)


def _person(customer: WorldCustomer) -> Person:
    wanted = {slug for slug, (_, must) in TOPICS.items() if must}
    if customer.email_allowed:
        wanted.add("offers")
    if "green-tariff" in customer.segments:
        wanted.add("energy-tips")
    return Person(
        customer=customer.number,
        language=customer.locale,
        channels=customer.preferred_channels,
        wanted=frozenset(wanted),
        version=1,
    )


def _person_json(person: Person) -> Mapping[str, object]:
    return {
        "customer": person.customer,
        "language": person.language,
        "channels": list(person.channels),
        "topics": [{"slug": slug, "wanted": slug in person.wanted} for slug in TOPICS],
        "version": person.version,
    }
