"""A small insurer, its archive of record, and clients on both ends of the wire."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import httpx
import pytest
from starlette.types import ASGIApp

from connectors.extended_ecm import ExtendedEcmClient, by_password, open_extended_ecm
from connectors.http import Exchange, SignIn
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.extended_ecm import CS_PATH, build
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import (
    QUIET,
    Dialect,
    Habits,
    Person,
    SentCommunication,
    World,
    WorldCustomer,
    WorldTemplate,
)

T = TypeVar("T")

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
HOST = "http://ecm.test"


def _person(login: str, full_name: str, role: str) -> Person:
    return Person(login=login, full_name=full_name, email=f"{login}@example.org", role=role)


def _customer(number: str, given: str, family: str, company: str = "") -> WorldCustomer:
    return WorldCustomer(
        number=number,
        title="",
        given_name=given,
        family_name=family,
        company=company,
        locale="fr",
        email=f"{number.lower()}@example.org",
        mobile="",
        address_lines=("Quai 1",),
        postcode="29200",
        city="Brest",
        country="FR",
        segments=("home", "motor"),
        email_allowed=True,
        sms_allowed=False,
        email_bad=False,
        preferred_channels=("print",),
        note="",
    )


def _template(slug: str, group: str) -> WorldTemplate:
    return WorldTemplate(
        slug=slug,
        name=slug,
        group=group,
        owner="anna.berg",
        version=1,
        state="APPROVED",
        locales=("en",),
        channels=("print",),
        assets=(),
        required=(),
    )


def _sent(number: int, customer: str, template: str, channel: str, *, archived: bool = True) -> SentCommunication:
    return SentCommunication(
        id=f"com-{number}",
        template=template,
        customer=customer,
        channel=channel,
        title="Claim: settled" if template == "claim-settled" else "Renewal notice",
        composed_at=NOON - timedelta(days=3),
        job_id=f"job-{number}",
        facts=(),
        archived=archived,
    )


@dataclass
class Archive:
    """The app, the clock that ages its tickets, and what it had composed."""

    world: World
    authority: TicketAuthority
    app: ASGIApp
    composed: list[str] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    @asynccontextmanager
    async def client(self, *, sign_in: SignIn | None = None, page_size: int = 100) -> AsyncIterator[ExtendedEcmClient]:
        client = open_extended_ecm(
            base_url=HOST,
            cs_path=CS_PATH,
            sign_in=sign_in or by_password(**self.world.secrets["extended_ecm"]),
            on_exchange=self.exchanges.append,
            page_size=page_size,
            wire=httpx.ASGITransport(app=self.app),
        )
        try:
            yield client
        finally:
            await client.close()

    def asked(self, act: Callable[[ExtendedEcmClient], Awaitable[T]], *, who: str = "extended_ecm") -> T:
        """What ``act`` comes to with a client of its own; ``second`` is Anna Berg's."""

        async def run() -> T:
            async with self.client(sign_in=by_password(**self.world.secrets[who])) as client:
                return await act(client)

        return asyncio.run(run())

    @asynccontextmanager
    async def bare(self) -> AsyncIterator[httpx.AsyncClient]:
        """Plain HTTP, already signed in."""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url=f"{HOST}{CS_PATH}/api/"
        ) as http:
            reply = await http.post("v1/auth", data=dict(self.world.secrets["extended_ecm"]))
            http.headers["OTCSTicket"] = reply.json()["ticket"]
            yield http


@pytest.fixture
def archive() -> Archive:
    return build_archive()


@pytest.fixture(params=list(Dialect))
def any_archive(request: pytest.FixtureRequest) -> Archive:
    """The same archive in either tongue: the desk must not care."""
    return build_archive(Habits(dialect=request.param))


def build_archive(habits: Habits = QUIET) -> Archive:
    world = World(
        seed=7,
        clock=SandboxClock(NOON),
        began=NOON,
        people=(
            _person("mira.kovac", "Mira Kovač", "template owner"),
            _person("anna.berg", "Anna Berg", "records manager"),
        ),
        customers=(
            _customer("HM-1", "Inès", "Caron"),
            _customer("HM-2", "", "", company="Caron: Frères"),
            _customer("HM-3", "Helena", "Marchetti"),
        ),
        templates=(_template("renewal-notice", "Home and motor"), _template("claim-settled", "Claims")),
        assets=(),
        habits=habits,
        sent=(
            _sent(1, "HM-1", "renewal-notice", "print"),
            _sent(2, "HM-1", "renewal-notice", "print"),
            _sent(3, "HM-1", "renewal-notice", "sms"),
            _sent(4, "HM-3", "claim-settled", "email"),
            _sent(5, "HM-2", "renewal-notice", "print", archived=False),
            _sent(6, "HM-2", "renewal-notice", "print"),
        ),
        secrets={
            "otds": {
                "username": "mira.kovac",
                "password": "correct horse",
                "partition": "harbour",
                "client_id": "proofdesk",
                "client_secret": "battery staple",
            },
            "extended_ecm": {"username": "mira.kovac", "password": "correct horse"},
            "second": {"username": "anna.berg", "password": "stapled battery"},
        },
    )
    composed: list[str] = []

    async def documents(sent: SentCommunication) -> bytes:
        composed.append(sent.id)
        return f"%PDF {sent.id}".encode()

    authority = TicketAuthority(world)
    return Archive(
        world=world, authority=authority, app=build(world, authority, documents=documents), composed=composed
    )
