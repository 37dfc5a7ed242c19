"""What happens on the Settings page: what is chosen counts at once, and leaving asks first."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import UserError
from app.records import System
from app.rules.roles import Role
from app.settings import THEME, Chosen
from app.use_cases.desk_settings import DeskSettings
from app.use_cases.sign_out import SignOutWish
from ui.pages.context import Run
from ui.pages.settings.leaving import SignOutDialog
from ui.pages.settings.stepping_down import StepDownDialog
from ui.pages.settings.view import SettingsView
from ui.tasks import Tasks
from ui.widgets import Failed, Fresh, Loading, ask


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsUses:
    """The verbs of this page."""

    list_settings: Callable[[], Awaitable[DeskSettings]]
    change_setting: Callable[[str, Chosen], Awaitable[None]]
    change_theme: Callable[[str], Awaitable[None]]
    change_role: Callable[[Role, str], Awaitable[None]]
    keep_secrets: Callable[[], Awaitable[str]]
    waiting: Callable[[], Awaitable[Mapping[System, int]]]
    sign_out: Callable[[SignOutWish], Awaitable[Path]]


class SettingsController:
    """Answers every intent of :class:`SettingsView`."""

    def __init__(
        self,
        view: SettingsView,
        *,
        run: Run,
        use: SettingsUses,
        tasks: Tasks,
        actor: str,
        choose_theme: Callable[[str], None],
        go_to: Callable[[str, object], None],
        leave: Callable[[], None],
    ) -> None:
        self._view, self._run, self._use, self._tasks = view, run, use, tasks
        self._actor, self._choose_theme, self._go_to, self._leave = actor, choose_theme, go_to, leave
        self._is_asking = False
        self._shown: DeskSettings | None = None
        view.setting_changed.connect(self._on_setting)
        view.role_chosen.connect(self._on_role)
        view.secrets_wanted.connect(self._on_secrets)
        view.forget_wanted.connect(lambda: go_to("support", None))
        view.sign_out_wanted.connect(self._on_sign_out)
        view.again_wanted.connect(self.start)

    def start(self) -> None:
        """Read what counts."""
        self._tasks.start(self.refresh(), name="read the settings")

    def leave(self) -> None:
        """The page is gone: nothing is done for it any more."""
        self._tasks.abandon()

    async def refresh(self) -> None:
        """Show what counts, or why it cannot be read."""
        self._view.show_face(Loading(what="Reading the settings"))
        try:
            settings = await self._run(self._use.list_settings)
        except UserError as error:
            sentence = f"{error.sentence} {error.hint}".strip()
            self._view.show_face(
                Failed(title="The settings could not be read", sentence=sentence, actions=(self._view.again,))
            )
            return
        self._shown = settings
        self._view.show_settings(settings)
        self._view.show_face(Fresh(word=""))

    def _on_setting(self, key: str, value: object) -> None:
        if isinstance(value, bool | int | str):
            self._tasks.start(self._change(key, value), name="change a setting")

    async def _change(self, key: str, value: Chosen) -> None:
        try:
            if key == THEME.key:
                await self._run(self._use.change_theme, str(value))
                self._choose_theme(str(value))
            else:
                await self._run(self._use.change_setting, key, value)
        except UserError as error:
            if error.field != key:
                raise
            self._view.settings[key].complain(error.sentence)
            return
        self._view.settings[key].show_value(value)

    def _on_role(self, role: str) -> None:
        self._tasks.start(self._change_role(Role(role)), name="change the role")

    async def _change_role(self, role: Role) -> None:
        before = self._shown
        try:
            if before is None or role is before.role:
                return
            steps_down = before.role is Role.ADMINISTRATOR
            if steps_down and not await ask(StepDownDialog(self._view, role, profile=before.profile)):
                return
            await self._run(self._use.change_role, role, self._actor)
        finally:
            await self.refresh()

    def _on_secrets(self) -> None:
        self._tasks.start(self._ask_keyring(), name="ask the keyring")

    async def _ask_keyring(self) -> None:
        sentence = await self._run(self._use.keep_secrets)
        self._view.show_secrets(sentence, is_lasting=True)

    def _on_sign_out(self) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._tasks.start(self._sign_out(), name="sign out")

    async def _sign_out(self) -> None:
        try:
            waiting = await self._run(self._use.waiting)
            dialog = SignOutDialog(self._view, waiting)
            if not await ask(dialog):
                return
        finally:
            self._is_asking = False
        if dialog.stays:
            self._go_to("activity", None)
            return
        await self._run(self._use.sign_out, SignOutWish(actor=self._actor, drops_waiting=bool(waiting)))
        self._leave()
