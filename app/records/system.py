"""The systems that the desk joins, and how each of them is doing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.records.ability import AccountFacts


class System(StrEnum):
    """One of the five."""

    EXSTREAM = "exstream"
    EXTENDED_ECM = "extended_ecm"
    CORE_DAM = "core_dam"
    ICONIK = "iconik"
    CLOUDINARY = "cloudinary"

    @property
    def label(self) -> str:
        """The system's name as people write it."""
        return _TITLES[self]

    @property
    def is_library(self) -> bool:
        """Whether assets live there."""
        return self in {System.CORE_DAM, System.ICONIK, System.CLOUDINARY}


_TITLES = {
    System.EXSTREAM: "Exstream",
    System.EXTENDED_ECM: "Extended ECM",
    System.CORE_DAM: "Core DAM",
    System.ICONIK: "iconik",
    System.CLOUDINARY: "Cloudinary",
}


class ConnectionState(StrEnum):
    """What is known of a connection just now."""

    UNKNOWN = "unknown"
    CONNECTED = "connected"
    SYNCING = "syncing"
    UNREACHABLE = "unreachable"
    SIGNED_OUT = "signed_out"
    RESTING = "resting"
    """It works; the next round waits until the vendor's call budget refills, so that people may still use it."""
    TROUBLED = "troubled"
    """It answers, and not as it should: rate limit, fault, odd shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    """One line about one connection: its state, since when, and what to tell a person."""

    system: System
    state: ConnectionState
    since: datetime
    sentence: str = ""
    """Empty while all is well."""
    last_sync: datetime | None = None
    fetched: int = 0
    """Records fetched by the synchronisation that runs now, or by the last one."""
    expected: int | None = None
    """How many it will be, when the vendor told a total."""
    doing: str = ""
    """What is being done just now, in a word or two: ``reading``, ``looking for deletions``."""
    next_sync: datetime | None = None
    """When the next round begins by itself; None while one runs, and while nobody knows."""
    is_paused: bool = False
    """A person stopped it: nothing is read by itself before a person lets it go on."""
    facts: AccountFacts | None = None
    """Who we are there and what is offered, once it was asked."""
