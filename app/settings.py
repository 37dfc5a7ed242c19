"""Settings, each declared once: the page, the reader and the manual derive from here. Credentials are no settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Generic, TypeAlias, TypeVar, cast

import msgspec
from sqlite_utils import Database

from app.errors import UserError
from app.records import Channel
from app.store import Store, settings_values

Value = TypeVar("Value", bool, int, str)
Chosen: TypeAlias = bool | int | str
"""What can be chosen, of whichever kind."""


class Group(StrEnum):
    """Where a setting stands on the page."""

    APPEARANCE = "Appearance"
    SENDING = "Sending"
    PROOFS = "Proofs"
    READING = "Reading"
    KEEPING = "Keeping"
    NOWHERE = ""
    """What reads it is not built yet, so it is not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[Value]):
    """One thing that a person may choose."""

    key: str
    default: Value
    sentence: str
    """What it does, for the page and the manual."""
    unit: str = ""
    """``s``, ``min`` … for numbers."""
    choices: tuple[Value, ...] = ()
    """All that may be chosen; empty: anything of the default's type within the bounds."""
    minimum: int | None = None
    maximum: int | None = None
    label: str
    """What it is called on the page."""
    group: Group
    words: tuple[str, ...] = ()
    """How the choices are called on the page, in their order."""

    def objection(self, value: object) -> str:
        """Why ``value`` cannot be chosen; empty when it can."""
        if type(value) is not type(self.default):
            return f"It must be {_KINDS[type(self.default)]}."
        if self.choices and value not in self.choices:
            return f"Choose one of: {', '.join(map(str, self.choices))}."
        if isinstance(value, int) and not isinstance(value, bool):
            unit = f" {self.unit}" if self.unit else ""
            if self.minimum is not None and value < self.minimum:
                return f"At least {self.minimum}{unit}."
            if self.maximum is not None and value > self.maximum:
                return f"At most {self.maximum}{unit}."
        return ""


_KINDS: Final[Mapping[type, str]] = {bool: "yes or no", int: "a whole number", str: "words"}

THEME: Final = Setting(
    key="theme",
    label="Theme",
    group=Group.APPEARANCE,
    words=("As the desktop", "Light", "Dark"),
    default="desktop",
    choices=("desktop", "light", "dark"),
    sentence="Light or dark: as the desktop has it, or always one of them.",
)
UNDO_S: Final = Setting(
    key="undo_s",
    label="Time to undo",
    group=Group.SENDING,
    default=10,
    unit="s",
    minimum=0,
    maximum=300,
    sentence="How long a write waits before it leaves for its system, so that it can be undone.",
)
SYNC_MIN: Final = Setting(
    key="sync_min",
    label="Libraries and customers",
    group=Group.READING,
    default=1,
    unit="min",
    minimum=1,
    maximum=1440,
    sentence="How often libraries and customers are asked for what changed; Cloudinary, which counts calls, at most"
    " every second minute.",
)
EVENTS_S: Final = Setting(
    key="events_s",
    label="Delivery events",
    group=Group.READING,
    default=15,
    unit="s",
    minimum=5,
    maximum=3600,
    sentence="How often the composer is asked for templates, and for delivery events that nobody pushed to us.",
)
RECEIVES_EVENTS: Final = Setting(
    key="receives_events",
    label="Receive events",
    group=Group.NOWHERE,
    default=True,
    sentence="Whether this computer listens, for itself alone, to events that a gateway or a tunnel posts to it.",
)
RECEIVER_PORT: Final = Setting(
    key="receiver_port",
    label="Port for events",
    group=Group.NOWHERE,
    default=0,
    minimum=0,
    maximum=65535,
    sentence="The port that events are posted to; 0 takes a free one at each start.",
)

KEPT_DAYS: Final = Setting(
    key="kept_days",
    label="Days in the cache",
    group=Group.KEEPING,
    default=30,
    unit="d",
    minimum=1,
    maximum=365,
    sentence="How long customers whom the archive no longer tells of, and the bytes of events, stay in the cache.",
)

EVENTS_KEPT_DAYS: Final = Setting(
    key="events_kept_days",
    label="Days in the inbox",
    group=Group.KEEPING,
    default=365,
    unit="d",
    # Longer than any sender repeats an event (three days are the longest span that is known): what comes again after
    # its bytes are gone is still known by its id.
    minimum=14,
    maximum=3650,
    sentence="How long events stay in the inbox after their bytes are gone. What they meant stays on the timelines.",
)
EMAIL_WORD_H: Final = Setting(
    key="email_word_h",
    label="Hours until an email is missed",
    group=Group.READING,
    default=24,
    unit="h",
    minimum=0,
    maximum=720,
    sentence="After how long without a delivery word about an email somebody should look; 0 waits for none.",
)
SMS_WORD_H: Final = Setting(
    key="sms_word_h",
    label="Hours until an SMS is missed",
    group=Group.READING,
    default=12,
    unit="h",
    minimum=0,
    maximum=720,
    sentence="After how long without a delivery word about an SMS somebody should look; 0 waits for none.",
)
PRINT_WORD_H: Final = Setting(
    key="print_word_h",
    label="Hours until a letter is missed",
    group=Group.READING,
    default=120,
    unit="h",
    minimum=0,
    maximum=720,
    sentence="After how long without a delivery word about a letter somebody should look; 0 waits for none.",
)
WEB_WORD_H: Final = Setting(
    key="web_word_h",
    label="Hours until a portal page is missed",
    group=Group.READING,
    default=24,
    unit="h",
    minimum=0,
    maximum=720,
    sentence="After how long without a delivery word about a portal page somebody should look; 0 waits for none.",
)
MARKETING_KINDS: Final = Setting(
    key="marketing_kinds",
    label="Kinds that are marketing",
    group=Group.SENDING,
    default="Marketing, Offer",
    sentence="Kinds of document and groups of templates that are marketing, parted by commas; all else is service.",
)
LETTER_KINDS: Final = Setting(
    key="letter_kinds",
    label="Kinds that are letters",
    group=Group.SENDING,
    default="",
    sentence="Kinds of document that must go by letter, whatever the customer prefers, parted by commas.",
)
LEGAL_KINDS: Final = Setting(
    key="legal_kinds",
    label="Kinds that are legal text",
    group=Group.PROOFS,
    default="Legal, Disclosure",
    sentence="Groups of templates and tags of assets that are legal text, parted by commas: shown in the customer's own"
    " language or not at all.",
)
RECORD_LOCALE: Final = Setting(
    key="record_locale",
    label="Language in a record",
    group=Group.PROOFS,
    default="/customer/locale",
    sentence="Where a record says in which language its customer reads, as a path through it.",
)
DEFAULT_LOCALE: Final = Setting(
    key="default_locale",
    label="Language that stands in",
    group=Group.PROOFS,
    default="en",
    sentence="The language that stands in where nothing nearer to the customer's is there.",
)

FILES_MB: Final = Setting(
    key="files_mb",
    label="Room for files",
    group=Group.KEEPING,
    default=2_048,
    unit="MB",
    minimum=100,
    maximum=1_000_000,
    sentence="Room for fetched files: pictures, originals and opened documents, the least used of which go first.",
)

DECLARED: Final = (
    THEME,
    UNDO_S,
    SYNC_MIN,
    EVENTS_S,
    RECEIVES_EVENTS,
    RECEIVER_PORT,
    KEPT_DAYS,
    FILES_MB,
    EVENTS_KEPT_DAYS,
    EMAIL_WORD_H,
    SMS_WORD_H,
    PRINT_WORD_H,
    WEB_WORD_H,
    MARKETING_KINDS,
    LETTER_KINDS,
    LEGAL_KINDS,
    RECORD_LOCALE,
    DEFAULT_LOCALE,
)


_WORD_H: Final = {
    Channel.EMAIL: EMAIL_WORD_H,
    Channel.SMS: SMS_WORD_H,
    Channel.PRINT: PRINT_WORD_H,
    Channel.WEB: WEB_WORD_H,
}


class Settings:
    """What was chosen in one profile. Read once at the start; after that, asking costs nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._chosen: dict[str, object] = {}

    async def load(self) -> None:
        """Read what was chosen. What is not understood, from another version perhaps, counts as not chosen."""
        stored = await self._store.ledger.read(settings_values.every)
        declared = {setting.key: setting for setting in DECLARED}
        chosen: dict[str, object] = {}
        for key, raw in stored.items():
            value = msgspec.json.decode(raw)
            if key in declared and not declared[key].objection(value):
                chosen[key] = value
        self._chosen = chosen

    def value(self, setting: Setting[Value]) -> Value:
        """What was chosen, or the default."""
        return cast("Value", self._chosen.get(setting.key, setting.default))

    def value_of(self, setting: Setting[bool] | Setting[int] | Setting[str]) -> Chosen:
        """As :meth:`value`, where the kind of the setting does not matter."""
        return cast("Chosen", self._chosen.get(setting.key, setting.default))

    async def choose(self, key: str, value: Chosen, *, noting: Callable[[Database], None]) -> None:
        """As :meth:`change`, by key, with what ``noting`` does in the same transaction.

        Raises: UserError, also for a key that nobody declared.
        """
        declared = next((each for each in DECLARED if each.key == key), None)
        if declared is None:
            raise UserError("There is no such setting.", field=key)
        await self._keep(declared, value, noting=noting)

    async def change(self, setting: Setting[Value], value: Value) -> None:
        """Choose ``value``. Raises: UserError when it cannot be chosen."""
        await self._keep(setting, value)

    async def _keep(
        self,
        setting: Setting[bool] | Setting[int] | Setting[str],
        value: Chosen,
        *,
        noting: Callable[[Database], None] = lambda _db: None,
    ) -> None:
        if objection := setting.objection(value):
            raise UserError(objection, field=setting.key)
        packed = msgspec.json.encode(value).decode()

        def keep(db: Database) -> None:
            settings_values.put(db, setting.key, packed)
            noting(db)

        await self._store.ledger.write(keep)
        self._chosen[setting.key] = value

    @property
    def kept_for(self) -> timedelta:
        """:data:`KEPT_DAYS` as a time."""
        return timedelta(days=self.value(KEPT_DAYS))

    @property
    def word_within(self) -> Mapping[Channel, timedelta]:
        """How long a delivery word may take, by channel; no time at all where none is waited for."""
        return {channel: timedelta(hours=self.value(setting)) for channel, setting in _WORD_H.items()}

    @property
    def files_bytes(self) -> int:
        """:data:`FILES_MB` in bytes."""
        return self.value(FILES_MB) * 1_000_000

    @property
    def events_kept_for(self) -> timedelta:
        """:data:`EVENTS_KEPT_DAYS` as a time."""
        return timedelta(days=self.value(EVENTS_KEPT_DAYS))

    @property
    def undo_for(self) -> timedelta:
        """:data:`UNDO_S` as a time."""
        return timedelta(seconds=self.value(UNDO_S))
