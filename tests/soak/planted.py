"""Secrets and personal data are planted in every part of a day at the desk, and looked for afterwards in every file.

While they are needed, none may stand in a log, a report or an anchor, and what must be sealed may stand nowhere plain
in the cache. After everybody is forgotten and every system signed out, nothing of them may be left anywhere, however it
is written.
"""

import asyncio
import json
import logging
import sqlite3
import tempfile
from collections.abc import Awaitable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final

import stamina

from app.desk import Desk
from app.errors import UserError
from app.fault_report import FaultReport, FaultReports
from app.log import Log, trace_of
from app.outbox import new_request_key
from app.records import Channel, CustomerNumber, EntryState, System
from app.store import memory, opening
from app.use_cases.compose_proof import Composition
from app.use_cases.connect_system import ConnectionForm
from app.use_cases.file_document import FilingWish
from app.use_cases.forget_customer import ForgetReason, ForgetWish
from app.use_cases.resend import ResendWish
from connectors.errors import ConnectorError
from connectors.inbound import Arrival, ArrivalTrust
from connectors.sandbox.seed import build_world
from tests.soak.clocks import HurriedClock
from tests.soak.desk_process import SPEED
from tests.soak.faults import secrets_of
from tests.soak.searching import SHORTEST, in_files, look, unsealed_in
from tests.soak.tally import Tally
from tests.soak.town import KEYRING, PATIENCE_S, READY, Town, open_desk, town
from tests.soak.work import ACTOR, Material
from tests.stories.second_clients import SecondClients

COUNT: Final = 1
CUSTOMERS: Final = 24
MISTYPED: Final = "mistyped-Passw0rd-Zq7"
PROXY: Final = "proxy-Passw0rd-Kx3"
FILED: Final = "Widerruf Planta Florentina Zwölfboten"
WORDS: Final = "Kontonummer DE02120300000000202051 Quittenweg"
EVENT: Final = "florentina.zwoelfboten@planted.example"
PHONE: Final = "+49 1520 0091736"
TYPED: Final = "she said it on the telephone, Quittenweg 7"
RAISED: Final = "Florentina was in a variable"
_MOVING: Final = (EntryState.QUEUED, EntryState.SENDING, EntryState.UNKNOWN)


def run(count: int = COUNT) -> Tally:
    """Live ``count`` days."""
    tally = Tally(name="planted")
    began = monotonic()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        town(Path(folder), assets=200, customers=CUSTOMERS) as place,
    ):
        for number in range(count):
            live_in(place, tally, number=number, customers=CUSTOMERS)
    tally.took_s = monotonic() - began
    return tally


def live_in(place: Town, tally: Tally, *, number: int = 0, customers: int) -> None:
    """One day in a town that is there already, with some of its customers."""
    written_to = {each.customer for each in place.material.documents}
    held = [each for each in place.material.customers if each.number in written_to][:customers]
    numbers = {each.number for each in held}
    documents = [each for each in place.material.documents if each.customer in numbers]
    place = replace(place, material=replace(place.material, customers=held, documents=documents))
    with stamina.set_testing(True, attempts=2):  # nobody waits for a proxy that is not there
        asyncio.run(_live(place, place.home(f"planted-{number}"), tally))


async def _live(place: Town, home: Path, tally: Tally) -> None:
    secrets = {f"secret {number}": each for number, each in enumerate(sorted(set(secrets_of(place.ready))))}
    secrets |= {"mistyped password": MISTYPED, "proxy password": PROXY}
    people = _people(place.material, customers=place.customers)
    numbers = {f"{each.number} number": str(each.number) for each in place.material.customers}
    numbers |= {f"{each.number} as typed": typed_as(each.name) for each in place.material.customers}
    typed = {"filed name": FILED, "document": WORDS, "event": EVENT, "phone": PHONE, "reason": TYPED, "raised": RAISED}
    (home / READY).unlink()  # the sandbox's own, which a real system has not
    log = Log()
    log.begin()
    log.write_to(home / "logs")
    desk = await open_desk(home, clock=HurriedClock(speed=SPEED))
    try:
        await _work(desk, place.material, tally)
        await _copies(desk)
        _crash(home, log)
        log.end()  # writes all that was said
        before = {**secrets, **people, **typed}
        tally.tried += len(before)
        look(tally, "in a log or report", before, in_files(_files(home, "logs", "reports", "state")))
        plain = {**people, **secrets, "filed name": FILED, "event": EVENT, "phone": PHONE}
        cache = [each for each in _files(home, "profiles") if each.name.startswith("store")]
        look(tally, "plain in the cache", plain, in_files(cache))
        look(tally, "in the ledger", secrets, in_files(_files(home, "profiles")))
        await _end_retentions(desk, place)
        for customer in place.material.customers:  # in plain words, as a filter is kept; from now on it stands there
            await desk.store.write(memory.remember, f"typed/{customer.workspace}", {"words": typed_as(customer.name)})
        kept = await _forget(desk, place.material, tally)
        gone = {name: each for name, each in {**before, **numbers}.items() if name.partition(" ")[0] not in kept}
        tally.tried += len(gone)
        # Beside the open desk, whose journals are not emptied by closing; and before signing out, which empties more.
        look(tally, "after forgetting", gone, in_files(_files(home, "profiles", "state", "logs", "reports")))
        look(tally, "sealed after forgetting", gone, await unsealed_in(desk))
        for connection in await desk.use.list_connections():
            await desk.use.remove_connection(connection.system, ACTOR)
    finally:
        await desk.close()
        log.end()
    look(tally, "after signing out", gone, in_files(_files(home, "profiles", "state", "logs", "reports")))
    look(tally, "in the keyring after signing out", secrets, in_files(_files(home, KEYRING)))


def typed_as(name: str) -> str:
    """How somebody typed a name, and nothing else in this day writes it."""
    return f"{name.upper()}?"


def _people(material: Material, *, customers: int) -> dict[str, str]:
    """What the archive tells of customers: names, addresses, numbers."""
    world = {each.number: each for each in build_world(customers=customers).customers}
    found: dict[str, str] = {}
    for customer in material.customers:
        known = world[customer.number]
        told = {
            "name": customer.name,
            "mail": known.email,
            "mobile": known.mobile,
            "street": known.address_lines[0] if known.address_lines else "",
        }
        found |= {f"{customer.number} {what}": value for what, value in told.items() if len(value) >= SHORTEST}
    return found


async def _work(desk: Desk, material: Material, tally: Tally) -> None:
    """Everything through which such a string goes."""
    relay = asyncio.create_task(desk.relay.run())
    now = datetime.now(UTC)
    for customer in material.customers:
        await desk.use.find_customers(customer.name)
        await desk.use.open_customer(customer.number)
    document = material.documents[0]
    for letter in {each.customer: each for each in material.documents}.values():
        await desk.use.open_document(letter, ACTOR)
        await desk.use.note_saved(letter, ACTOR)
    template = next(each for each in await desk.use.list_templates() if each.data_source)
    for record in (await desk.use.list_records(template.id))[:1]:
        planted = replace(record, data={**record.data, "planted": {"name": FILED, "account": WORDS}})
        for each in (record, planted, replace(planted, data={"planted": FILED})):
            await _try(desk.use.compose_proof(Composition(template=template.id, record=each)), tally)
    holder = material.customers[0]
    await _try(
        desk.use.file_document(
            FilingWish(
                customer=holder,
                content=b"%PDF-1.7\n% " + WORDS.encode() + b"\n%%EOF\n",
                media_type="application/pdf",
                name=f"{FILED}.pdf",
                category=material.category,
                values=material.values,
                request_key=new_request_key(),
                actor=ACTOR,
            )
        ),
        tally,
    )
    await _try(
        desk.use.resend(
            ResendWish(
                request_key=new_request_key(),
                document=document,
                channel=Channel.PRINT,
                reason=TYPED,
                actor=ACTOR,
            )
        ),
        tally,
    )
    body = {
        "id": "planted-1",
        "type": "message.bounced",
        "timestamp": now.isoformat(),
        "data": {"communication": document.communication, "customer": document.customer, "channel": "email"}
        | {"code": "5.1.1", "detail": f"<{EVENT}> unknown, call {PHONE}"},
    }
    for trust in ArrivalTrust:
        await desk.inbox.take([_arrival(body, trust, now)])
    for number, customer in enumerate(material.customers):
        for kind in ("message.unsubscribed", "message.complained"):
            about = {"customer": customer.number, "channel": "email", "communication": f"C-planted-{number}"}
            told = {"id": f"{kind}-{number}", "type": kind, "timestamp": now.isoformat(), "data": about}
            await desk.inbox.take([_arrival(told, ArrivalTrust.VERIFIED, now)])
    for system, secret in ((System.ICONIK, "auth_token"), (System.CLOUDINARY, "api_secret")):
        connection = next(each for each in await desk.use.list_connections() if each.system is system)
        said = {**connection.settings, "base_url": connection.base_url, secret: MISTYPED}
        through = {"proxy": "named", "proxy_url": "http://127.0.0.1:9", "proxy_user": "ada", "proxy_password": PROXY}
        await _try(desk.use.test_connection(ConnectionForm(system=system, values=said)), tally)
        await _try(desk.use.test_connection(ConnectionForm(system=system, values={**said, **through})), tally)
    async with asyncio.timeout(PATIENCE_S):
        while await desk.outbox.newest(states=_MOVING, limit=1):  # noqa: ASYNC110 - as good as an event for two entries
            await asyncio.sleep(0.1)
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)


def _arrival(body: Mapping[str, object], trust: ArrivalTrust, now: datetime) -> Arrival:
    return Arrival(
        id=str(body["id"]),
        source="gateway",
        headers={"content-type": "application/json"},
        raw=json.dumps(body).encode(),
        received_at=now,
        trust=trust,
    )


async def _try(work: Awaitable[object], tally: Tally) -> None:
    try:
        await work
    except (ConnectorError, UserError) as error:
        tally.details["refused"] = int(tally.details.get("refused", 0)) + 1
        for leak in (MISTYPED, PROXY):
            if leak in str(error):
                tally.findings.append("a password stands in an error")


async def _copies(desk: Desk) -> None:
    """The day's copy of the ledger, and those that a migration makes beforehand."""
    now = datetime.now(UTC)
    await desk.store.copy_ledger(now=now)
    for name in ("ledger.sqlite", "store.sqlite"):
        path = desk.profile.folder / name
        with closing(sqlite3.connect(path)) as connection:
            opening._back_up(connection, path, "m0001_planted", now)


def _crash(home: Path, log: Log) -> None:
    """Bugs of ours, with somebody's data in their messages, their variables and what is said of them."""
    held = {RAISED: EVENT}
    try:
        held[WORDS]
    except KeyError as error:
        ours = logging.getLogger("app.planted")
        ours.error("a fault of ours while sending an entry", extra={"error": error, "subject": FILED})
        ours.error(f"it was about {EVENT}")  # somebody will write so one day
        ours.warning("it was about %s, %s", PHONE, TYPED, exc_info=error)
        logging.getLogger("some.library").warning("sent with %s", MISTYPED, stack_info=True)
        report = FaultReport(at=datetime.now(UTC), trace=trace_of(error), doing=f"filing {FILED}", lines=log.newest())
        FaultReports(home / "reports").keep(report)


async def _end_retentions(desk: Desk, place: Town) -> None:
    """The archive's own time for everything is over, and its holds stay: else nobody could be forgotten."""
    assert desk.systems.archive is not None
    archivist = SecondClients(place.ready)
    try:
        for customer in place.material.customers:
            for document in await desk.systems.archive.documents_of(customer):
                await archivist.end_retention(document.node)
    finally:
        await archivist.close()


async def _forget(desk: Desk, material: Material, tally: Tally) -> set[str]:
    """Forget everybody and sign out of everything; the numbers of those whom a hold keeps."""
    kept: set[str] = set()
    for entry in await desk.outbox.newest(states=[EntryState.PARKED], limit=1_000):
        await desk.use.drop_entry(entry.id, "given up", ACTOR)
    everybody = {customer.number for customer in material.customers}

    async def forget(number: CustomerNumber) -> None:
        answer = await desk.use.forget_customer(ForgetWish(customer=number, reason=ForgetReason.ASKED, actor=ACTOR))
        if answer.obstacles:
            kept.add(number)

    await asyncio.gather(*map(forget, everybody))
    tally.details |= {"forgotten": len(everybody) - len(kept), "on hold": len(kept)}
    return kept


def _files(home: Path, *places: str) -> list[Path]:
    return [path for place in places for path in (home / place).rglob("*") if path.is_file()]
