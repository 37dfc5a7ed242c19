"""A connection is removed whole, whatever stands in the way, or it says what is left and goes on later."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import keyring as library
import pytest
from sqlite_utils import Database

from app.connections import Connection, ReadConnection
from app.desk import Desk
from app.errors import UserError
from app.outbox import Wish
from app.profile import Profile
from app.records import DeliveryState, RequestKey, System, Verb
from app.rules.suppression import SuppressionReason
from app.store import Store, audit, connections, customers, deliveries, forgetting
from tests.app.keyrings import FakeKeyring
from tests.app.use_cases.people import INES, claim

ACTOR = "ada"
ECM = System.EXTENDED_ECM
CONNECTED = ReadConnection(
    connection=Connection(system=ECM, base_url="https://ecm.example", settings={"cs_path": "/cs", "username": "ada"}),
    secrets={"password": "s3cret"},
)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    """The desktop's own, for a test."""
    fake = FakeKeyring()
    monkeypatch.setattr(library, "get_keyring", lambda: fake)
    return fake


async def opened(root: Path) -> Desk:
    """A desk that keeps its secrets."""
    return await Desk.open(Profile.open("test", root), publish=lambda _changes: None)


async def connected(root: Path) -> Desk:
    """The same, connected to an archive that told a customer."""
    desk = await opened(root)
    await desk.use.save_connection.use(CONNECTED)
    await desk.store.write(customers.upsert, [INES], now=datetime.now(UTC))
    return desk


async def left_of_it(desk: Desk, keyring: FakeKeyring) -> list[str]:
    """What is still there of the connection."""
    return [
        *(["its customers"] if await desk.store.read(customers.find, INES.number) else []),
        *(["its place in the list"] if await desk.use.list_connections() else []),
        *(["its mark"] if await desk.store.ledger.read(connections.leaving) else []),
        *(["its secret"] if "s3cret" in keyring.held.values() else []),
    ]


def test_a_removed_connection_is_gone_everywhere(tmp_path: Path, keyring: FakeKeyring) -> None:
    """Somebody who left the team would still be signed in."""

    async def remove() -> list[str]:
        desk = await connected(tmp_path)
        await desk.use.remove_connection(ECM, ACTOR)
        left = await left_of_it(desk, keyring)
        await desk.close()
        return left

    assert asyncio.run(remove()) == []


def test_a_complaint_outlasts_the_connection_that_told_it(tmp_path: Path, keyring: FakeKeyring) -> None:
    """Whoever complained would be written to again once the composer is connected anew."""

    async def remove() -> list[SuppressionReason]:
        desk = await opened(tmp_path)
        await desk.store.write(deliveries.fold, [claim(DeliveryState.COMPLAINED)])
        await desk.use.remove_connection(System.EXSTREAM, ACTOR)
        listed = await desk.suppressions.of(INES.number)
        await desk.close()
        return [each.suppression.reason for each in listed]

    assert asyncio.run(remove()) == [SuppressionReason.COMPLAINT]


def test_a_locked_keyring_is_said_and_its_secret_goes_with_the_next_start(tmp_path: Path, keyring: FakeKeyring) -> None:
    """The secret would stay for ever, and nobody would know."""

    async def remove() -> tuple[list[str], list[str], tuple[UserError, ...]]:
        desk = await connected(tmp_path)
        keyring.is_locked = True
        with pytest.raises(UserError, match="secrets may still be in it"):
            await desk.use.remove_connection(ECM, ACTOR)
        meanwhile = await left_of_it(desk, keyring)
        await desk.close()
        keyring.is_locked = False
        again = await opened(tmp_path)
        at_last = await left_of_it(again, keyring)
        await again.close()
        return meanwhile, at_last, again.troubles

    assert asyncio.run(remove()) == (["its mark", "its secret"], [], ())


def test_a_removal_that_broke_off_is_finished_by_the_next_start(
    tmp_path: Path, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Customers and secrets would stay, with no connection left to remove them by."""

    def breaks(_db: Database, _system: System) -> None:
        raise RuntimeError("the power went")

    async def remove() -> tuple[list[str], list[str]]:
        desk = await connected(tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(forgetting, "forget_system", breaks)
            with pytest.raises(RuntimeError, match="the power went"):
                await desk.use.remove_connection(ECM, ACTOR)
        await desk.close()
        again = await opened(tmp_path)
        left = await left_of_it(again, keyring)
        rows = await again.store.ledger.read(audit.of, "system:extended_ecm")
        await again.close()
        return left, [row.action for row in rows]

    assert asyncio.run(remove()) == ([], ["connection.saved", "connection.removed"])


def test_nothing_can_be_queued_for_a_system_that_is_being_removed(
    tmp_path: Path, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filing that is wished in that moment would wait for ever, for a system that is gone."""
    wish = Wish(
        system=ECM,
        verb=Verb.FILE_DOCUMENT,
        subject="workspace:7",
        title="a.pdf",
        payload={},
        actor=ACTOR,
        request_key=RequestKey("k"),
    )

    async def remove() -> None:
        desk = await connected(tmp_path)
        purge = Store.purge

        async def queueing(store: Store, *args: object, **kwargs: object) -> object:
            with pytest.raises(UserError, match="Extended ECM is being removed"):
                await desk.outbox.queue(wish)
            return await purge(store, *args, **kwargs)  # type: ignore[arg-type]  # as it was called

        monkeypatch.setattr(Store, "purge", queueing)
        await desk.use.remove_connection(ECM, ACTOR)
        await desk.close()

    asyncio.run(remove())

    assert keyring.held


def test_a_connection_that_is_set_up_again_is_no_longer_being_removed(tmp_path: Path, keyring: FakeKeyring) -> None:
    """The next start would remove what was just connected."""

    async def remove_and_connect() -> list[str]:
        desk = await connected(tmp_path)
        keyring.is_locked = True
        with pytest.raises(UserError):
            await desk.use.remove_connection(ECM, ACTOR)
        keyring.is_locked = False
        await desk.use.save_connection.use(CONNECTED)
        await desk.close()
        again = await opened(tmp_path)
        left = await left_of_it(again, keyring)
        await again.close()
        return left

    assert asyncio.run(remove_and_connect()) == ["its place in the list", "its secret"]
