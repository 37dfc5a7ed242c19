"""Secrets and personal data are planted in every part of a day at the desk, and looked for afterwards in every file.

While they are needed, none may stand in a log, a report or an anchor, and what must be sealed may stand nowhere plain
in the cache. After everybody is forgotten and every system signed out, nothing of them may be left anywhere, however it
is written.
"""

import asyncio
import json
import tempfile
from base64 import b64encode
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import quote

from app.desk import Desk
from app.errors import UserError
from app.fault_report import FaultReport, FaultReports
from app.log import Log, trace_of
from app.outbox import new_request_key
from app.records import Channel, EntryState, System
from app.use_cases.compose_proof import Composition
from app.use_cases.connect_system import ConnectionForm
from app.use_cases.file_document import FilingWish
from app.use_cases.forget_customer import ForgetReason, ForgetWish
from app.use_cases.resend import ResendWish
from connectors.errors import ConnectorError
from connectors.inbound import Arrival, ArrivalTrust
from connectors.sandbox.seed import build_world
from tests.soak.faults import secrets_of
from tests.soak.tally import Tally
from tests.soak.town import KEYRING, READY, Town, open_desk, town
from tests.soak.work import ACTOR, Material
from tests.stories.second_clients import SecondClients

COUNT: Final = 1
CUSTOMERS: Final = 24
SHORTEST: Final = 8
"""Characters of a string that says by itself where it comes from."""
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
    for _ in range(count):
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
            town(Path(folder), assets=200, customers=CUSTOMERS) as place,
        ):
            asyncio.run(_live(place, place.home("desk"), tally))
    tally.took_s = monotonic() - began
    return tally


async def _live(place: Town, home: Path, tally: Tally) -> None:
    secrets = {f"secret {number}": each for number, each in enumerate(sorted(set(secrets_of(place.ready))))}
    secrets |= {"mistyped password": MISTYPED, "proxy password": PROXY}
    people = _people(place.material)
    typed = {"filed name": FILED, "document": WORDS, "event": EVENT, "phone": PHONE, "reason": TYPED, "raised": RAISED}
    (home / READY).unlink()  # the sandbox's own, which a real system has not
    log = Log()
    log.begin()
    log.write_to(home / "logs")
    desk = await open_desk(home)
    try:
        await _work(desk, place.material, tally)
        _crash(home, log)
        await asyncio.sleep(0.3)  # until the log's own thread has written
        before = {**secrets, **people, **typed}
        tally.tried += len(before)
        _look(tally, "in a log or report", before, _files(home, "logs", "reports", "state"))
        plain = {**people, **secrets, "filed name": FILED, "event": EVENT, "phone": PHONE}
        cache = [each for each in _files(home, "profiles") if each.name.startswith("store.sqlite")]
        _look(tally, "plain in the cache", plain, cache)
        _look(tally, "in the ledger", secrets, _files(home, "profiles"))
        await _end_retentions(desk, place)
        kept = await _forget(desk, place.material, tally)
    finally:
        await desk.close()
        log.end()
    gone = {name: each for name, each in {**people, **typed, **secrets}.items() if name.partition(" ")[0] not in kept}
    tally.tried += len(gone)
    _look(tally, "after forgetting", gone, _files(home, "profiles", "state", "logs", "reports"))
    _look(tally, "in the keyring after signing out", secrets, _files(home, KEYRING))


def _people(material: Material) -> dict[str, str]:
    """What the archive tells of customers: names, addresses, numbers."""
    world = {each.number: each for each in build_world(customers=CUSTOMERS).customers}
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
    await desk.use.open_document(document, ACTOR)
    await desk.use.note_saved(document, ACTOR)
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
    for system, secret in ((System.ICONIK, "auth_token"), (System.CLOUDINARY, "api_secret")):
        connection = next(each for each in await desk.use.list_connections() if each.system is system)
        said = {**connection.settings, "base_url": connection.base_url, secret: MISTYPED}
        through = {"proxy": "named", "proxy_url": "http://127.0.0.1:9", "proxy_user": "ada", "proxy_password": PROXY}
        await _try(desk.use.test_connection(ConnectionForm(system=system, values=said)), tally)
        await _try(desk.use.test_connection(ConnectionForm(system=system, values={**said, **through})), tally)
    async with asyncio.timeout(60):
        while await desk.outbox.newest(states=_MOVING, limit=1):  # noqa: ASYNC110 - as good as an event for two entries
            await asyncio.sleep(0.1)
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)


def _arrival(body: Mapping[str, object], trust: ArrivalTrust, now: datetime) -> Arrival:
    return Arrival(
        id="planted-1",
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


def _crash(home: Path, log: Log) -> None:
    """A bug of ours, with somebody's data in its message and in its variables."""
    held = {RAISED: EVENT}
    try:
        held[WORDS]
    except KeyError as error:
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
    for number in sorted(everybody):
        answer = await desk.use.forget_customer(ForgetWish(customer=number, reason=ForgetReason.ASKED, actor=ACTOR))
        if answer.obstacles:
            kept.add(number)
    tally.details |= {"forgotten": len(everybody) - len(kept), "on hold": len(kept)}
    for connection in await desk.use.list_connections():
        await desk.use.remove_connection(connection.system, ACTOR)
    return kept


def _files(home: Path, *places: str) -> list[Path]:
    return [path for place in places for path in (home / place).rglob("*") if path.is_file()]


def _look(tally: Tally, where: str, planted: Mapping[str, str], files: Sequence[Path]) -> None:
    for file in files:
        raw = file.read_bytes()
        tally.details["files read"] = int(tally.details.get("files read", 0)) + 1
        for name, text in planted.items():
            for way, form in _forms(text):
                if form in raw:
                    tally.lost += 1
                    # Never the string itself: this goes to a terminal.
                    tally.findings.append(f"{name} is there {where}, as {way}, in {file.parent.name}/{file.name}")
                    break


def _forms(text: str) -> Iterable[tuple[str, bytes]]:
    """The ways in which ``text`` may be written."""
    plain = text.encode()
    yield "it is", plain
    if text.lower() != text:
        yield "small letters", text.lower().encode()
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "UTF-16", text.encode("utf-16-le")
    yield "percent", quote(text, safe="").encode()
    yield from (("base64", form) for form in _in_base64(plain))


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """What stands in the middle of base64, wherever ``plain`` begins in it."""
    for shift in range(3):
        coded = b64encode(b"\0" * shift + plain)
        middle = coded[4 if shift else 0 : -4]
        if len(middle) >= SHORTEST:
            yield middle
