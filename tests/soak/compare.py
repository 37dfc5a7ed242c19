"""What a desk promised, held against what it has and against what the other side says it received."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from app.audit import verify
from app.credentials import Credentials
from app.desk import Desk
from app.records import EntryState, InboxState, OutboxEntry
from app.settings import SYNC_MIN
from app.store import audit, customers, entry_lists, inbox_events
from app.store.schema import ASSET_WORDS, CUSTOMER_WORDS, DOCUMENT_WORDS
from tests.soak.file_keyring import FileKeyring
from tests.soak.own_work import OwnKeys, missing
from tests.soak.town import KEYRING, PROFILE, Received, open_desk
from tests.soak.work import FILED, OUTBOX, Kind, Task, alias_of, event_id, minutes_of, sha256_of, stranger
from tests.stories.second_clients import SecondClients

_ODD_WORDS: Final = re.compile(r"Traceback|Error\b.*\(|<[\w.]+ object at|0x[0-9a-f]{6,}|\bNone\b|\{'|\\x[0-9a-f]{2}")


def objection_to_sentence(sentence: str, *, secrets: Iterable[str] = ()) -> str:
    """Why ``sentence`` is none for a person; empty when it is one."""
    if not sentence.strip():
        return "it is empty"
    if not sentence.rstrip().endswith((".", ".”", "!", "?", "?”", "…”")):
        return "it does not end"
    if _ODD_WORDS.search(sentence):
        return "it speaks to programmers"
    if any(secret and secret in sentence for secret in secrets):
        return "it tells a secret"
    return ""


@dataclass(slots=True)
class Compared:
    """What came out."""

    lost: int = 0
    doubled: int = 0
    parked: int = 0
    done: int = 0
    filed: int = 0
    """Documents among what is done: names are unique in a workspace, so only their number can be held against."""
    findings: list[str] = field(default_factory=list)

    def found(self, words: str) -> None:
        """Keep the first few; a thousand copies of one would hide the second."""
        if len(self.findings) < 20:
            self.findings.append(words)


def compare(home: Path, tasks: Sequence[Task], received: Received, delivered: Counter[str]) -> Compared:
    """Hold every task of ``tasks``, all of them promised, against the files in ``home`` and the other side's list."""
    compared = Compared()
    asyncio.run(_compare(home, tasks, received, delivered, compared))
    return compared


async def _compare(
    home: Path, tasks: Sequence[Task], received: Received, delivered: Counter[str], compared: Compared
) -> None:
    desk = await open_desk(home)
    try:
        for trouble in desk.troubles:
            compared.found(f"the desk opens with trouble: {trouble.sentence}")
        await _compare_outbox(desk, tasks, received, delivered, compared)
        await _compare_rest(desk, tasks, compared)
        await _compare_own(desk, home, tasks, compared)
        for words in (ASSET_WORDS, CUSTOMER_WORDS, DOCUMENT_WORDS):
            await desk.store.write(words.check)
        if not [match for match in await desk.use.find_customers("HM") if match.customer.name]:
            compared.found("no customer can be read: the personal key is another")
    finally:
        await desk.close()
    verdict = await verify(PROFILE, root=home, credentials=Credentials(PROFILE, keyring=FileKeyring(home / KEYRING)))
    if not verdict.is_whole:
        compared.found(f"the audit is broken: {verdict.breaks[0].sentence}")
    if verdict.vouched != verdict.rows:
        compared.found(f"the audit has {verdict.rows} rows, and {verdict.vouched} are anchored")


async def _compare_outbox(
    desk: Desk, tasks: Sequence[Task], received: Received, delivered: Counter[str], compared: Compared
) -> None:
    def look(db: Database) -> tuple[dict[str, OutboxEntry], int, Counter[str]]:
        every = entry_lists.newest(db, limit=1_000_000)
        told = Counter(
            detail["request_key"]
            for row in audit.newest(db, limit=10_000_000)
            if row.action == "outbox.queued" and (detail := row.detail)
        )
        return {entry.request_key: entry for entry in every}, len(every), told

    held, many, told = await desk.store.ledger.read(look)
    if many != len(held):
        compared.found(f"{many - len(held)} entries share a request key")
    for task in tasks:
        if task.kind not in OUTBOX:
            continue
        entry = held.get(task.key)
        if entry is None:
            compared.lost += 1
            compared.found(f"{task.kind} {task.key} was promised and is not in the outbox")
            continue
        if told[task.key] != 1:
            compared.found(f"the audit tells {told[task.key]} times that {task.key} was queued")
        _weigh(task, entry, received, delivered, compared)
        if task.kind is Kind.LARGE and entry.state is EntryState.DONE:
            await _compare_bytes(task, entry, received, compared)


async def _compare_bytes(task: Task, entry: OutboxEntry, received: Received, compared: Compared) -> None:
    """What went in parts is one document again."""
    archivist = SecondClients(received.ready)
    try:
        there = await archivist.archived_sha256(int(entry.receipt.reference)) if entry.receipt else ""
    finally:
        await archivist.close()
    if there != sha256_of(task):
        compared.lost += 1
        compared.found(f"{task.key} went in parts and is another document there")


async def _compare_own(desk: Desk, home: Path, tasks: Sequence[Task], compared: Compared) -> None:
    keys: dict[Kind, list[str]] = {kind: [task.key for task in tasks if task.kind is kind] for kind in Kind}
    own = OwnKeys(
        revealed=len(keys[Kind.REVEAL]),
        views=keys[Kind.VIEW],
        rotated=keys[Kind.ROTATE],
        told=keys[Kind.TOLD],
        left=keys[Kind.LEAVE],
    )
    for each in await missing(desk, home, keys=own):
        compared.lost += 1
        compared.found(each)


def _weigh(task: Task, entry: OutboxEntry, received: Received, delivered: Counter[str], compared: Compared) -> None:
    times = _times(task, received, delivered)
    match entry.state:
        case EntryState.DONE:
            compared.done += 1
            compared.filed += task.kind in FILED
            if times == 0:
                compared.lost += 1
                compared.found(f"{task.kind} {task.key} is done and never arrived")
        case EntryState.PARKED:
            compared.parked += 1
            if objection := objection_to_sentence(entry.sentence):
                compared.found(f"{task.key} is parked and {objection}: “{entry.sentence}”")
        case state:  # neither lost nor at its end
            compared.found(f"{task.kind} {task.key} came to rest as {state}: {entry.sentence}")
    if times is not None and times > 1:
        compared.doubled += 1
        compared.found(f"{task.kind} {entry.system} {task.key} was carried out {times} times")


def _times(task: Task, received: Received, delivered: Counter[str]) -> int | None:
    """How often the other side carried ``task`` out; None where only all of them together can be counted."""
    if task.kind is Kind.RESEND:
        return delivered[task.key]
    if task.kind is Kind.JUDGE and task.asset is not None:
        name = alias_of(task.asset.key, task.asset)
        comments = received.acted[f"comment {name}"]
        return max(received.acted[f"{task.asset.key.system} {name}"], comments if comments > 1 else 0)
    return None


async def _compare_rest(desk: Desk, tasks: Sequence[Task], compared: Compared) -> None:
    set_to = [minutes_of(task) for task in tasks if task.kind is Kind.SETTING]
    if set_to and desk.settings.value(SYNC_MIN) != set_to[-1]:
        compared.lost += 1
        compared.found(f"the setting reads {desk.settings.value(SYNC_MIN)} instead of {set_to[-1]}")
    seen = sum(1 for task in tasks if task.kind is Kind.SEEN)
    rows = await desk.store.ledger.read(audit.newest, limit=10_000_000)
    saved = sum(1 for row in rows if row.action == "document.saved")
    if saved < seen:
        compared.lost += seen - saved
        compared.found(f"{seen} documents were noted as saved, and the audit has {saved}")
    for task in tasks:
        if task.kind is Kind.EVENT:
            event = await desk.store.read(inbox_events.find, event_id(task))
            if event is None or event.state is not InboxState.DONE:
                compared.lost += 1
                compared.found(f"the event {task.key} was taken and is {event.state if event else 'gone'}")
    forgotten = {stranger(task).number for task in tasks if task.kind is Kind.FORGET}
    for task in tasks:
        if task.kind is Kind.LEARN:
            is_there = await desk.store.read(customers.find, stranger(task).number) is not None
            if is_there == (stranger(task).number in forgotten):
                compared.lost += 1
                compared.found(f"{stranger(task).number} is {'still' if is_there else 'not'} there")
