"""What a person sees and chooses under Settings: what is declared, the role, and where secrets are kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.access import Access, Guarded, needs
from app.credentials import Credentials
from app.errors import UserError
from app.files import FilesSize, KeptFiles
from app.notary import Notary
from app.records import System
from app.rules.roles import Action, Role, objection_to
from app.settings import DECLARED, THEME, Chosen, Settings
from app.use_cases.save_connection import SaveConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """Everything that the page shows."""

    profile: str
    """Its name."""
    values: Mapping[str, Chosen]
    """What counts for each declared setting, by its key."""
    role: Role
    secrets: str
    """Where secrets are kept, in a sentence."""
    is_lasting: bool
    """Whether they are still there after a restart."""
    settings_objection: str
    """Why nothing can be changed in this role; empty when it can."""
    role_objection: str
    files: FilesSize
    """How much is kept of what was fetched, of how much."""


class ListSettings:
    """Read what counts. The keyring is not asked anew: what is known of it is told."""

    def __init__(
        self, *, profile: str, settings: Settings, access: Access, credentials: Credentials, files: KeptFiles
    ) -> None:
        self._profile = profile
        self._settings = settings
        self._access = access
        self._credentials = credentials
        self._files = files

    async def __call__(self) -> DeskSettings:
        """As it is now."""
        keeping = self._credentials.keeping
        return DeskSettings(
            profile=self._profile,
            values={each.key: self._settings.value_of(each) for each in DECLARED},
            role=self._access.role,
            secrets=keeping.sentence,
            is_lasting=keeping.is_lasting,
            settings_objection=objection_to(self._access.role, Action.CHANGE_SETTINGS),
            role_objection=objection_to(self._access.role, Action.CHANGE_ROLE),
            files=await self._files.size(),
        )


class ChangeSetting(Guarded):
    """Choose another value; it counts at once."""

    def __init__(self, *, settings: Settings, changed: Callable[[], None], notary: Notary) -> None:
        self._notary = notary
        self._settings = settings
        self._changed = changed

    @needs(Action.CHANGE_SETTINGS)
    async def __call__(self, key: str, value: Chosen) -> None:
        """Raises: UserError beside the setting when ``value`` cannot be chosen."""
        # A value may be words that somebody typed, such as an address.
        noting = self._notary.row("setting.changed", f"setting:{key}", words={"value": str(value)})
        await self._settings.choose(key, value, noting=noting)
        self._changed()

    async def theme(self, theme: str) -> None:
        """Light or dark is everybody's own, whatever their role. Raises: UserError."""
        await self._settings.change(THEME, theme)


class ChangeRole(Guarded):
    """Use the profile in another role; the audit has it."""

    def __init__(self, *, access: Access) -> None:
        self._roles = access

    @needs(Action.CHANGE_ROLE)
    async def __call__(self, role: Role, actor: str) -> None:
        """Raises: UserError."""
        await self._roles.change(role, actor=actor)


class KeepSecrets:
    """Ask the keyring once more, as after unlocking it, and go on with what is in it."""

    def __init__(self, *, credentials: Credentials, saving: SaveConnection, in_use: Callable[[System], bool]) -> None:
        self._credentials = credentials
        self._saving = saving
        self._in_use = in_use

    async def __call__(self) -> str:
        """Where secrets are kept now, in a sentence. Raises: UserError when the keyring is as it was."""
        keeping = await self._credentials.try_again()
        if not keeping.is_lasting:
            raise UserError(
                keeping.sentence,
                hint="Unlock it with your desktop's own tool, then try again. Nothing is lost meanwhile.",
            )
        await self._saving.open_kept(unless=self._in_use)
        return keeping.sentence
