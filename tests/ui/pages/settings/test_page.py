"""The Settings page as a person uses it: what is declared, why it cannot be changed, and the way out."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
import qasync
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.files import FilesSize
from app.records import System
from app.rules.roles import Action, Role, objection_to
from app.settings import DECLARED, Chosen, Group
from app.use_cases.desk_settings import DeskSettings
from app.use_cases.sign_out import SignOutWish
from app.wording import size
from tests.ui.conftest import RecordingNotices
from ui.pages.settings.controller import SettingsController, SettingsUses
from ui.pages.settings.leaving import DROP, SignOutDialog
from ui.pages.settings.stepping_down import StepDownDialog
from ui.pages.settings.view import SettingsView
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets import Button, ButtonKind, ChoiceField, Failed, Segmented, TextField, unnamed_widgets

T = TypeVar("T")


async def run(work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
    """The engine's stand-in: here and now."""
    return await work(*wishes)


class SettingsDesk:
    """What stands behind the page."""

    def __init__(self) -> None:
        self.role = Role.ADMINISTRATOR
        self.values: dict[str, Chosen] = {each.key: each.default for each in DECLARED}
        self.lasts = True
        self.open: dict[System, int] = {}
        self.wishes: list[SignOutWish] = []
        self.themes: list[str] = []
        self.went: list[str] = []
        self.left = 0

    async def list_settings(self) -> DeskSettings:
        """What counts."""
        return DeskSettings(
            profile="mira",
            values=self.values,
            role=self.role,
            secrets="Passwords are kept in this desktop's keyring." if self.lasts else "The keyring is locked.",
            is_lasting=self.lasts,
            settings_objection=objection_to(self.role, Action.CHANGE_SETTINGS),
            role_objection=objection_to(self.role, Action.CHANGE_ROLE),
            files=FilesSize(files=12, size_bytes=34_000_000, budget_bytes=2_048_000_000),
        )

    async def change_setting(self, key: str, value: Chosen) -> None:
        """Keep it."""
        self.values[key] = value

    async def change_theme(self, theme: str) -> None:
        """Keep it."""
        self.values["theme"] = theme

    async def change_role(self, role: Role, _actor: str) -> None:
        """Keep it."""
        self.role = role

    async def keep_secrets(self) -> str:
        """The keyring is open now, or as it was."""
        if self.lasts:
            return "Passwords are kept in this desktop's keyring."
        raise UserError("The keyring is locked.", hint="Unlock it.")

    async def waiting(self) -> Mapping[System, int]:
        """What has not left."""
        return self.open

    async def sign_out(self, wish: SignOutWish) -> Path:
        """Wipe."""
        self.wishes.append(wish)
        return Path("evidence.jsonl")

    def leave(self) -> None:
        """The window is closed."""
        self.left += 1


class SettingsDriver:
    """Chooses, types and presses."""

    def __init__(self, desk: SettingsDesk, notices: RecordingNotices) -> None:
        self.desk = desk
        self.tasks = Tasks(notices, place="settings")
        self.view = SettingsView(person="mira")
        self.controller = SettingsController(
            self.view,
            run=run,
            use=SettingsUses(
                list_settings=desk.list_settings,
                change_setting=desk.change_setting,
                change_theme=desk.change_theme,
                change_role=desk.change_role,
                keep_secrets=desk.keep_secrets,
                waiting=desk.waiting,
                sign_out=desk.sign_out,
            ),
            tasks=self.tasks,
            actor="mira",
            choose_theme=desk.themes.append,
            go_to=lambda page, _subject: desk.went.append(page),
            leave=desk.leave,
        )
        self.view.resize(1224, 756)

    async def arrive(self) -> "SettingsDriver":
        """Come to the page."""
        self.controller.start()
        await self.tasks.idle()
        return self

    def typed(self, key: str) -> TextField:
        """What is typed into."""
        control = self.view.settings[key].control
        assert isinstance(control, TextField)
        return control

    async def type(self, key: str, words: str) -> None:
        """Type and leave the field."""
        self.typed(key).setText(words)
        self.typed(key).editingFinished.emit()
        await self.tasks.idle()

    async def wish_to_become(self, role: Role) -> StepDownDialog:
        """Choose another role; the dialog that came up."""
        choice = self.view.role.control
        assert isinstance(choice, ChoiceField)
        choice.set_key(role)
        choice.activated.emit(choice.currentIndex())
        for _ in range(20):
            await asyncio.sleep(0)
        return self.view.window().findChildren(StepDownDialog)[-1]

    async def wish_to_sign_out(self) -> SignOutDialog:
        """The dialog that came up."""
        self.view.sign_out.trigger()
        for _ in range(20):
            await asyncio.sleep(0)
        return self.view.window().findChildren(SignOutDialog)[-1]


@pytest.fixture
def desk() -> SettingsDesk:
    return SettingsDesk()


@pytest.fixture
def page(desk: SettingsDesk, theme: Theme, notices: RecordingNotices, qtbot: QtBot) -> SettingsDriver:
    driver = SettingsDriver(desk, notices)
    qtbot.addWidget(driver.view)
    driver.view.show()
    return driver


def test_what_is_declared_and_built_is_on_the_page_and_nothing_else(page: SettingsDriver) -> None:
    """A setting that nobody can reach is none; one that does nothing is a lie."""
    assert set(page.view.settings) == {each.key for each in DECLARED if each.group is not Group.NOWHERE}


async def test_every_control_has_a_name(qloop: qasync.QEventLoop, page: SettingsDriver) -> None:
    """Without one a screen reader says “edit” and nothing else."""
    await page.arrive()

    assert unnamed_widgets(page.view) == []


async def test_what_is_typed_counts_and_what_cannot_be_is_said_beside_it(
    qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk
) -> None:
    """A minute to undo that is none costs a letter."""
    await page.arrive()

    await page.type("undo_s", "9999")
    refused = (desk.values["undo_s"], page.view.settings["undo_s"].said)
    await page.type("undo_s", "many")
    words = page.view.settings["undo_s"].said
    await page.type("undo_s", "60")

    assert refused == (10, "At most 300 s.")
    assert words == "It must be a whole number."
    assert (desk.values["undo_s"], page.view.settings["undo_s"].said) == (60, "")


async def test_how_much_is_kept_stands_beside_its_room(qloop: qasync.QEventLoop, page: SettingsDriver) -> None:
    """Nobody could say whether two gigabytes are too few or too many."""
    await page.arrive()

    assert page.view.settings["files_mb"].said == f"12 things are kept now, {size(34_000_000)}."


async def test_the_theme_changes_at_once(qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk) -> None:
    """Dark tomorrow is no dark."""
    await page.arrive()
    control = page.view.settings["theme"].control
    assert isinstance(control, Segmented)

    control.chosen.emit("dark")
    await page.tasks.idle()

    assert (desk.values["theme"], desk.themes) == ("dark", ["dark"])


async def test_whoever_may_not_change_it_reads_why(
    qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk
) -> None:
    """A grey field without a word looks like a fault."""
    desk.role = Role.AGENT

    await page.arrive()

    assert not page.typed("undo_s").isEnabled()
    assert "ask your administrator" in page.typed("undo_s").toolTip()
    assert "ask your administrator" in page.typed("undo_s").accessibleDescription()
    assert not page.view.role.control.isEnabled()
    assert "Changing the role needs the role administrator" in page.view.role.said
    assert page.view.settings["theme"].control.isEnabled()


async def test_a_role_is_given_away_once_it_was_said_what_that_means(
    qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk
) -> None:
    """An administrator would lock themselves out by a slip, without a word of the way back."""
    await page.arrive()

    dialog = await page.wish_to_become(Role.MEDIA)
    before, way_back = desk.role, dialog.way_back.text()
    dialog.accept()
    await page.tasks.idle()

    assert before is Role.ADMINISTRATOR
    assert way_back == 'proofdesk role administrator --profile "mira" --reason "…"'
    assert desk.role is Role.MEDIA
    assert not page.typed("undo_s").isEnabled()


async def test_whoever_thinks_better_of_it_stays_administrator(
    qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk
) -> None:
    """The field would go on showing a role that nobody has."""
    await page.arrive()

    (await page.wish_to_become(Role.AGENT)).reject()
    await page.tasks.idle()

    assert desk.role is Role.ADMINISTRATOR
    choice = page.view.role.control
    assert isinstance(choice, ChoiceField)
    assert choice.key == Role.ADMINISTRATOR


async def test_a_locked_keyring_can_be_tried_again(
    qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk
) -> None:
    """The person would have to start the desk anew after unlocking."""
    desk.lasts = False
    await page.arrive()
    button = next(each for each in page.view.findChildren(Button) if each.text() == "Try the keyring again")
    locked = (page.view.secrets, button.isVisibleTo(page.view))

    desk.lasts = True
    button.click()
    await page.tasks.idle()

    assert locked == ("The keyring is locked.", True)
    assert page.view.secrets == "Passwords are kept in this desktop's keyring."
    assert not button.isVisibleTo(page.view)


async def test_signing_out_asks_and_then_closes(
    qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk
) -> None:
    """A slip would wipe the desk."""
    await page.arrive()

    (await page.wish_to_sign_out()).reject()
    await page.tasks.idle()
    thought_better = (list(desk.wishes), desk.left)
    (await page.wish_to_sign_out()).accept()
    await page.tasks.idle()

    assert thought_better == ([], 0)
    assert (desk.wishes, desk.left) == ([SignOutWish(actor="mira")], 1)


async def test_what_waits_is_sent_first_unless_somebody_drops_it(
    qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk
) -> None:
    """A letter that somebody believes is on its way would vanish by default."""
    desk.open = {System.ICONIK: 2}
    await page.arrive()

    dialog = await page.wish_to_sign_out()
    offered = (dialog.confirm.text(), dialog.confirm.kind)
    dialog.accept()
    await page.tasks.idle()
    stayed = (list(desk.wishes), list(desk.went))
    dialog = await page.wish_to_sign_out()
    dialog.decision.set_current(DROP)
    dialog.accept()
    await page.tasks.idle()

    assert offered == ("See what waits", ButtonKind.FILLED)
    assert stayed == ([], ["activity"])
    assert desk.wishes == [SignOutWish(actor="mira", drops_waiting=True)]


async def test_what_cannot_be_read_says_so(qloop: qasync.QEventLoop, page: SettingsDriver, desk: SettingsDesk) -> None:
    """An empty page looks as if nothing could be chosen."""

    async def fails() -> DeskSettings:
        raise UserError("The disk takes no more.", hint="Free some space.")

    page.controller._use = replace(page.controller._use, list_settings=fails)

    await page.arrive()

    face = page.view.faces.face
    assert isinstance(face, Failed)
    assert face.sentence == "The disk takes no more. Free some space."
