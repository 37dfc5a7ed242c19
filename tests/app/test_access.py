"""The role of a profile: kept, changed by administrators alone, and asked by everything that changes or reveals."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlite_utils import Database

from app.access import ROLE_KEY, Guarded
from app.desk import Desk
from app.desk_use_cases import UseCases
from app.errors import UserError
from app.profile import Profile
from app.records import System
from app.rules.roles import Action, Role
from app.store import audit, settings_values
from app.use_cases.connect_system import ConnectionForm

T = TypeVar("T")

READING = {
    *("search_assets", "count_assets", "list_usages", "ask_library", "open_asset", "list_templates", "list_records"),
    *("find_customers", "open_customer", "refresh_customer", "offer_resend", "list_suppressions", "explain_sending"),
    *("list_categories", "list_record_series", "read_keeping", "reopen_filing", "list_entries", "page_entries"),
    *("tell_entry", "watch_outbox", "list_events", "count_events", "list_connections", "test_connection"),
    *("list_settings", "keep_secrets", "explain_event", "list_silences", "judge_bill", "list_views"),
    *("save_view", "rename_view", "drop_view", "read_now", "stop_reading"),
}
"""What neither changes anything of others nor reveals more than the page shows anyway; views are everybody's own."""


def on_desk(root: Path, work: Callable[[Desk], Awaitable[T]]) -> T:
    """What ``work`` answers on a desk that was opened for it."""

    async def run() -> T:
        desk = await Desk.open(Profile.open("test", root), publish=lambda _changes: None, session_only=True)
        try:
            return await work(desk)
        finally:
            await desk.close()

    return asyncio.run(run())


def guarded() -> dict[str, Action]:
    """The use-cases that ask for a role, by their names on the desk, and what they ask for."""
    hints = inspect.get_annotations(UseCases, eval_str=True)
    return {
        name: kind.__call__.__dict__["action"]
        for name, kind in hints.items()
        if issubclass(kind, Guarded) and "action" in kind.__call__.__dict__
    }


def test_every_use_case_reads_or_asks_for_a_role() -> None:
    """One that nobody thought of would let everybody do it."""
    names = {each.name for each in fields(UseCases)}

    assert guarded().keys() | READING == names
    assert not guarded().keys() & READING


def test_every_action_is_asked_for_somewhere() -> None:
    """The table would promise what nothing keeps."""
    assert set(guarded().values()) == set(Action)


@pytest.mark.parametrize("role", Role)
def test_whoever_may_not_is_told_so_before_anything_is_done(tmp_path: Path, role: Role) -> None:
    """A disabled button is no guard: the palette, the tour and a second window come another way."""

    async def try_all(desk: Desk) -> set[str]:
        await desk.access.change(role, actor="ada")
        refused = set()
        for name in guarded():
            use_case: Any = getattr(desk.use, name)
            wishes = [None for each in inspect.signature(use_case).parameters.values() if each.default is each.empty]
            try:
                await use_case(*wishes)
            except UserError as error:
                if "needs the role" in error.sentence:
                    refused.add(name)
            except Exception:  # noqa: BLE001 - let through, and then there is no such wish
                continue
        return refused

    from app.rules.roles import may  # noqa: PLC0415 - of the test's own expectation

    expected = {name for name, action in guarded().items() if not may(role, action)}

    assert on_desk(tmp_path, try_all) == expected


def test_the_first_person_is_administrator_and_a_role_lasts(tmp_path: Path) -> None:
    """A new profile that nobody may connect is of no use; a role that is gone after a restart is none."""
    first = on_desk(tmp_path, lambda desk: asyncio.sleep(0, desk.access.role))

    async def change(desk: Desk) -> None:
        await desk.use.change_role(Role.ARCHIVIST, "ada")

    on_desk(tmp_path, change)

    assert first is Role.ADMINISTRATOR
    assert on_desk(tmp_path, lambda desk: asyncio.sleep(0, desk.access.role)) is Role.ARCHIVIST


def test_a_role_is_changed_by_administrators_alone_and_the_audit_has_it(tmp_path: Path) -> None:
    """Everybody would make themselves what they like, and nobody would know."""

    async def change(desk: Desk) -> list[tuple[str, str, dict[str, str]]]:
        await desk.use.change_role(Role.MEDIA, "ada")
        with pytest.raises(UserError, match="Changing the role needs the role administrator"):
            await desk.use.change_role(Role.ADMINISTRATOR, "mia")
        rows = await desk.store.ledger.read(audit.of, "profile")
        return [(row.actor, row.action, dict(row.detail)) for row in rows]

    assert on_desk(tmp_path, change) == [("ada", "role.changed", {"from": "administrator", "to": "media"})]


def test_a_role_of_another_version_may_the_least(tmp_path: Path) -> None:
    """What cannot be understood must not open everything."""

    def write(db: Database) -> None:
        settings_values.put(db, ROLE_KEY, '"emperor"')

    async def put(desk: Desk) -> None:
        await desk.store.ledger.write(write)

    on_desk(tmp_path, put)

    assert on_desk(tmp_path, lambda desk: asyncio.sleep(0, desk.access.role)) is Role.AGENT


def test_light_and_dark_are_everybodys_own(tmp_path: Path) -> None:
    """An agent with sore eyes would have to ask an administrator."""

    async def change(desk: Desk) -> object:
        await desk.access.change(Role.AGENT, actor="ada")
        await desk.use.change_setting.theme("dark")
        with pytest.raises(UserError, match="needs the role administrator"):
            await desk.use.change_setting("undo_s", 0)
        return (await desk.use.list_settings()).values["theme"]

    assert on_desk(tmp_path, change) == "dark"


def test_a_changed_setting_counts_at_once(tmp_path: Path) -> None:
    """Somebody who wants a minute to undo would have it tomorrow."""

    async def change(desk: Desk) -> float:
        await desk.use.change_setting("undo_s", 60)
        return desk.outbox.undo_for.total_seconds()

    assert on_desk(tmp_path, change) == 60
    assert on_desk(tmp_path, lambda desk: asyncio.sleep(0, desk.outbox.undo_for.total_seconds())) == 60


def test_what_is_typed_is_tried_by_whoever_may_connect(tmp_path: Path) -> None:
    """Anybody could have the kept password sent to an address of their own."""

    async def try_it(desk: Desk) -> None:
        await desk.access.change(Role.AGENT, actor="ada")
        values = {"base_url": "https://elsewhere.example", "cs_path": "/cs", "username": "ada"}
        with pytest.raises(UserError, match="needs the role administrator"):
            await desk.use.test_connection(ConnectionForm(system=System.EXTENDED_ECM, values=values))

    on_desk(tmp_path, try_it)
