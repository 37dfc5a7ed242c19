"""Addresses are shown by role and reason, as the archive says them now, and whoever looked is in the audit."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar, cast

import pytest

from app.desk import Desk
from app.errors import UserError
from app.profile import Profile
from app.records import Channel, Customer
from app.rules.erasure import held_by
from app.rules.roles import RevealReason, Role
from app.store import audit, customers, restrictions
from app.systems.ports import ArchiveOfRecord
from app.use_cases.reveal_addresses import RevealWish
from tests.app.outbox.fakes import NOW
from tests.app.sync.fakes import FakeArchive
from tests.app.use_cases.people import INES

T = TypeVar("T")
PLAIN = "ines.caron@lamer.example"


class TellingArchive(FakeArchive):
    """An archive that says addresses."""

    async def addresses(self, _customer: Customer) -> Mapping[Channel, str]:
        """Hers."""
        return {Channel.EMAIL: PLAIN, Channel.PRINT: "14 quai des Moulins"}


def on_desk(root: Path, role: Role, work: Callable[[Desk], Awaitable[T]]) -> T:
    """What ``work`` answers on a desk that knows Inès and has this role."""

    async def run() -> T:
        desk = await Desk.open(Profile.open("test", root), publish=lambda _changes: None, session_only=True)
        try:
            await desk.store.write(customers.upsert, [INES], now=NOW)
            desk.systems.archive = cast("ArchiveOfRecord", TellingArchive())
            await desk.access.change(role, actor="ada")
            return await work(desk)
        finally:
            await desk.close()

    return asyncio.run(run())


def wish(reason: RevealReason | None = None) -> RevealWish:
    """Inès's addresses."""
    return RevealWish(customer=INES.number, actor="mia", reason=reason)


def test_an_agent_sees_addresses_and_the_audit_knows_which_and_not_what(tmp_path: Path) -> None:
    """“Who looked up her address?” is what a court asks; and the audit must not be where it is found."""

    async def look(desk: Desk) -> tuple[Mapping[Channel, str], audit.AuditRow]:
        revealed = await desk.use.reveal_addresses(wish())
        (row,) = await desk.store.ledger.read(audit.about, f"customer:{INES.number}")
        return revealed.addresses, row

    addresses, row = on_desk(tmp_path, Role.AGENT, look)

    assert addresses[Channel.EMAIL] == PLAIN
    assert (row.actor, row.action, row.detail) == ("mia", "addresses.revealed", {"seen": "email print"})
    assert PLAIN not in repr(row)


def test_everybody_else_says_why(tmp_path: Path) -> None:
    """An archivist who looks at a neighbour would leave no trace of a reason."""

    async def look(desk: Desk) -> Mapping[str, str]:
        with pytest.raises(UserError, match="needs a reason"):
            await desk.use.reveal_addresses(wish())
        await desk.use.reveal_addresses(wish(RevealReason.COMPLAINT))
        (row,) = await desk.store.ledger.read(audit.about, f"customer:{INES.number}")
        return row.detail

    assert on_desk(tmp_path, Role.ARCHIVIST, look)["reason"] == "complaint"


def test_whoever_asked_to_be_forgotten_is_looked_at_with_a_reason(tmp_path: Path) -> None:
    """They are kept for a court alone."""

    async def look(desk: Desk) -> bool:
        await desk.store.ledger.write(
            restrictions.put, INES.number, obstacles=[held_by("Storm")], reason="asked", actor="ada", now=NOW
        )
        return await desk.use.reveal_addresses.is_reason_needed(INES.number)

    assert on_desk(tmp_path, Role.AGENT, look)


def test_without_the_role_nothing_is_asked_of_the_archive(tmp_path: Path) -> None:
    """The address would be on this computer, whether it is shown or not."""

    async def look(desk: Desk) -> int:
        with pytest.raises(UserError, match="needs the role agent or archivist"):
            await desk.use.reveal_addresses(wish(RevealReason.CHECK))
        return len(await desk.store.ledger.read(audit.about, f"customer:{INES.number}"))

    assert on_desk(tmp_path, Role.MEDIA, look) == 0


def test_what_was_seen_is_on_no_disk(tmp_path: Path) -> None:
    """A reveal for a minute would be a copy for years."""

    async def look(desk: Desk) -> None:
        shown = await desk.use.reveal_addresses(wish())
        assert PLAIN not in repr(shown)

    on_desk(tmp_path, Role.AGENT, look)

    assert not [each for each in tmp_path.rglob("*") if each.is_file() and PLAIN.encode() in each.read_bytes()]
