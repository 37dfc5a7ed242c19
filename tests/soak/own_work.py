"""What a desk writes for itself, beside wishes: views, secrets, what was seen, what came in, who is forgotten.

Each is done as the pages or the desk do it, and looked for afterwards in the profile.
"""

import hashlib
import hmac
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import msgspec

from app.desk import Desk
from app.records import Customer, CustomerNumber, InboxState
from app.rules.roles import RevealReason
from app.store import audit, customers, inbox_events, saved_views
from app.use_cases.forget_customer import ForgetReason, ForgetWish
from app.use_cases.reveal_addresses import RevealWish
from app.use_cases.saved_views import ViewWish

ACTOR: Final = "ada"
DOOR: Final = "door"
"""The source whose events come over HTTP."""
_SECRET: Final = b"a secret of 32 bytes for a door."
_OWNER: Final = "soak"
_FIELD: Final = "rotated"
_END: Final = "the end"


async def reveal(desk: Desk, customer: Customer) -> None:
    """See somebody's addresses, which the audit knows before they are shown."""
    wish = RevealWish(customer=customer.number, actor=ACTOR, reason=RevealReason.CHECK)
    revealed = await desk.use.reveal_addresses(wish)
    assert revealed.addresses


async def keep_view(desk: Desk, key: str) -> None:
    """Keep a view of its own name."""
    await desk.use.save_view(ViewWish(name=f"View {key}", asks={"words": key}, replaces=True))


async def rotate(desk: Desk, key: str) -> None:
    """Replace a secret that is too long for one entry of a keyring; the old one is there whole until then."""
    kept = await desk.credentials.load(_OWNER, [_FIELD])
    assert kept.get(_FIELD, _END).endswith(_END), "a secret is there in part"
    assert (await desk.credentials.save(_OWNER, {_FIELD: _secret(key)})).is_lasting


def _secret(key: str) -> str:
    return f"{key} {hashlib.sha256(key.encode()).hexdigest() * 120} {_END}"


def complainer(key: str) -> CustomerNumber:
    """Who complains in the event of that key."""
    return CustomerNumber(f"HM-C-{key}")


async def be_told(desk: Desk, key: str) -> None:
    """A complaint is posted to the desk's own door, signed; 2xx says that it is kept, and it closes a channel."""
    address = desk.receive({DOOR: "whsec_" + b64encode(_SECRET).decode()})
    body = msgspec.json.encode(
        {
            "type": "message.complained",
            "timestamp": datetime.now(UTC).isoformat(),
            "data": {"communication": f"C-{key}", "customer": complainer(key), "channel": "email"},
        }
    )
    at = str(int(datetime.now(UTC).timestamp()))
    signature = b64encode(hmac.digest(_SECRET, f"{key}.{at}.".encode() + body, "sha256")).decode()
    headers = {"webhook-id": key, "webhook-timestamp": at, "webhook-signature": f"v1,{signature}"}
    async with httpx.AsyncClient(trust_env=False) as sender:
        reply = await sender.post(f"{address}{DOOR}", content=body, headers=headers)
    reply.raise_for_status()
    await desk.suppressions.learn({complainer(key)})


def leaver(key: str) -> CustomerNumber:
    """Who is forgotten by the task of that key."""
    return CustomerNumber(f"HM-L-{key}")


async def forget_wholly(desk: Desk, who: Customer) -> None:
    """Somebody is learned, seen and complained, and is forgotten in every file by the use-case."""
    now = datetime.now(UTC)
    await desk.store.write(customers.upsert, [who], now=now)
    subject = f"customer:{who.number}"
    await desk.store.ledger.write(audit.add, at=now, actor=ACTOR, action="seen", reference="customer", subject=subject)
    # The archive never heard of them, so somebody must say that nothing there keeps them.
    wish = ForgetWish(customer=who.number, reason=ForgetReason.ASKED, actor=ACTOR, is_vouched=True)
    answer = await desk.use.forget_customer(wish)
    assert answer.is_forgotten


async def missing(desk: Desk, home: Path, *, keys: "OwnKeys") -> list[str]:
    """What of all that was promised is not there, or is there and must not be: a sentence each."""
    found = []
    rows = await desk.store.ledger.read(audit.newest, limit=10_000_000)
    for action, promised in (("addresses.revealed", keys.revealed), ("customer.forgotten", len(keys.left))):
        if (noted := sum(row.action == action for row in rows)) < promised:
            found.append(f"{promised} times {action} was promised, and the audit tells of {noted}")
    views = {view.name for view in await desk.store.ledger.read(saved_views.every)}
    found += [f"the view of {key} is gone" for key in keys.views if f"View {key}" not in views]
    if keys.rotated:
        held = await desk.credentials.load(_OWNER, [_FIELD])
        if held.get(_FIELD) != _secret(keys.rotated[-1]):
            found.append(f"the secret is not the one of {keys.rotated[-1]}")
    for key in keys.told:
        event = await desk.store.read(inbox_events.find, f"{DOOR}/{key}")
        if event is None or event.state is not InboxState.DONE:
            found.append(f"the event {key} was answered with 2xx and is {event.state if event else 'gone'}")
        if len(await desk.suppressions.of(complainer(key))) != 1:
            found.append(f"the complaint {key} closes no channel")
    # Exstream may tell of bounces meanwhile, and they close channels of others.
    listed = Counter(row.subject for row in rows if row.action == "suppression.listed")
    found += [
        f"the audit tells {times} times that the complaint {key} closed a channel"
        for key in {*keys.told}
        if (times := listed[f"customer:{complainer(key)}"]) != 1
    ]
    files = [path for path in (home / "profiles").rglob("*") if path.is_file()]
    left = {path.name: path.read_bytes() for path in files}
    for key in keys.left:
        found += [
            f"{key} was forgotten and stands in {name}" for name, raw in left.items() if leaver(key).encode() in raw
        ]
    return found


class OwnKeys:
    """The keys of the tasks that were promised, by what they did."""

    def __init__(
        self, *, revealed: int, views: Sequence[str], rotated: Sequence[str], told: Sequence[str], left: Sequence[str]
    ) -> None:
        self.revealed, self.views, self.rotated, self.told, self.left = revealed, views, rotated, told, left
