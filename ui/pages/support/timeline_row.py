"""One line of a customer's timeline, and which lines are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.records import Channel, EntryId, NodeId
from ui.theme import Icon
from ui.widgets import StateMark

CHANNEL_ICONS: Final = {
    Channel.EMAIL: Icon.MAIL,
    Channel.SMS: Icon.SMS,
    Channel.PRINT: Icon.PRINT,
    Channel.WEB: Icon.WEB,
}
BY_CHANNEL: Final = {
    Channel.EMAIL: "by email",
    Channel.SMS: "by SMS",
    Channel.PRINT: "by letter",
    Channel.WEB: "in the portal",
}
NOUNS: Final = {Channel.EMAIL: "Email", Channel.SMS: "SMS", Channel.PRINT: "Letter", Channel.WEB: "Portal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One line of the timeline, already worded."""

    key: str
    at: datetime
    time: str
    icon: Icon
    title: str
    mark: StateMark
    word: str
    day: str = ""
    """The heading above the row; only the first row of a day has one."""
    detail: str = ""
    seen: int = 1
    """How often the same event came."""
    sentence: str = ""
    """What went wrong, in a sentence."""
    advice: str = ""
    """What to do about it."""
    answer: str = ""
    """The provider's own code, class and words, and our class of them."""
    heard: str = ""
    """When it happened and when the desk heard of it; empty where the desk did it itself."""
    channel: Channel | None = None
    document: NodeId | None = None
    """The archived copy that the row is about."""
    entry: EntryId | None = None
    """The entry of the outbox that the row shows."""
    is_problem: bool = False
    can_retry: bool = False

    @property
    def has_actions(self) -> bool:
        """Whether something can be done about it: it went wrong, or it is a sending of ours."""
        return self.is_problem or self.entry is not None

    @property
    def spoken(self) -> str:
        """The whole row as one text, for the clipboard and for who does not see it."""
        parts = (
            f"{self.at.astimezone():%Y-%m-%d} {self.time} {self.title}: {self.word}",
            self.sentence,
            self.detail,
            self.heard,
        )
        return ". ".join(part.removesuffix(".") for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFilter:
    """What of the timeline is shown."""

    channel: Channel | None = None
    problems_only: bool = False

    def admits(self, row: TimelineRow) -> bool:
        """Whether ``row`` is shown."""
        return (self.channel is None or row.channel is self.channel) and (row.is_problem or not self.problems_only)
