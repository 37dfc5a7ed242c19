"""What is true in the sandbox before anybody touches it: one fictional insurer and utility, Harbour Mutual.

The world is plain, frozen and deterministic for a seed; every time in it is relative to ``World.began``. The vendor
apps translate it into their own nouns when they are built and keep their own state from then on. What a long history
has by the hundred thousand is a Struct, which is made several times faster than a frozen dataclass.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from connectors.sandbox.clock import SandboxClock


class Library(StrEnum):
    """Where an asset lives."""

    CLOUDINARY = "cloudinary"
    ICONIK = "iconik"
    CORE_DAM = "core_dam"


class AssetKind(StrEnum):
    """What sort of thing an asset's file is."""

    IMAGE = "image"
    VECTOR = "vector"
    VIDEO = "video"
    DOCUMENT = "document"


class AssetStanding(StrEnum):
    """Where an asset stands in approval; each vendor has its own words for these."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


class Dialect(StrEnum):
    """Which release of a vendor's interface is spoken, where releases differ."""

    CURRENT = "current"
    OLDER = "older"
    """Older spellings, success codes and envelopes, as the contracts report them of releases still in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How the vendors behave in time and tongue; the defaults are those of a quiet, current tenant."""

    dialect: Dialect = Dialect.CURRENT
    index_lag_s: float = 0.0
    """How long a write takes to be found by search, in the sandbox's time."""
    job_s: float | None = None
    """How long a background job takes, in the sandbox's time; None leaves each vendor its own pace."""


QUIET: Final = Habits()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldFile:
    """A real file. ``read`` returns its bytes, the same ones each time."""

    name: str
    media_type: str
    size_bytes: int
    read: Callable[[], bytes] = field(repr=False, compare=False)
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldVersion:
    """One version of an asset; numbers start at 1."""

    number: int
    file: WorldFile
    created_at: datetime
    created_by: str
    poster: WorldFile | None = None
    """A still picture, for videos and documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldAsset:
    """One asset of one library, oldest version first."""

    slug: str
    """Unique in the world, lower-case with hyphens: ``spring-banner-fr``."""
    library: Library
    kind: AssetKind
    standing: AssetStanding
    title: str
    description: str
    alt_text: str
    """Empty where nobody wrote one."""
    locale: str
    """BCP 47, or ``und`` for pictures without words."""
    tags: tuple[str, ...]
    folder: str
    """``marketing/spring``: names joined by slashes."""
    owner: str
    """A person's full name out of :attr:`World.people`."""
    versions: tuple[WorldVersion, ...]
    rights_end: date | None = None
    channels: tuple[str, ...] = ()
    """What it is licensed for: ``print``, ``email``, ``web``, ``sms``."""
    product: str = ""
    region: str = ""

    @property
    def latest(self) -> WorldVersion:
        """The newest version."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who works at Harbour Mutual."""

    login: str
    full_name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldCustomer:
    """One customer, with the hard cases that real ones bring."""

    number: str
    """``HM-204881``"""
    title: str
    given_name: str
    family_name: str
    company: str
    locale: str
    email: str
    mobile: str
    """E.164, or empty."""
    address_lines: tuple[str, ...]
    postcode: str
    city: str
    country: str
    """ISO 3166-1 alpha-2."""
    segments: tuple[str, ...]
    """``home``, ``motor``, ``green-tariff``, ``business`` …"""
    email_allowed: bool
    sms_allowed: bool
    email_bad: bool
    preferred_channels: tuple[str, ...]
    note: str
    """Which hard case this customer is: ``longest name``, ``right to left``, ``zero amount`` …; empty for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldTemplate:
    """One communication template as the composer ships it (``resources/sandbox/templates``)."""

    slug: str
    """``renewal-notice``"""
    name: str
    group: str
    owner: str
    """A person's login."""
    version: int
    state: str
    """``DRAFT``, ``REVIEW``, ``APPROVED`` or ``REJECTED``, the vendor's own words."""
    locales: tuple[str, ...]
    channels: tuple[str, ...]
    """Out of ``print``, ``email``, ``web``, ``sms``."""
    assets: tuple[str, ...]
    """Slugs of the assets it shows, whatever the record."""
    required: tuple[str, ...]
    """JSON pointers that a record must have, such as ``/policy/number``."""


class DeliveryFact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a sent communication, as a vendor would report it."""

    id: str
    kind: str
    """``generated``, ``submitted``, ``posted``, ``opened``, ``not_delivered``, ``handed_over``, ``failed``."""
    at: datetime
    reported_at: datetime
    detail: str = ""
    """Such as ``5.1.1 mailbox unknown``."""


class SentCommunication(msgspec.Struct, frozen=True, kw_only=True):
    """One communication that went to one customer on one channel, before the sandbox was started."""

    id: str
    template: str
    """A template's slug."""
    customer: str
    """A customer's number."""
    channel: str
    title: str
    composed_at: datetime
    job_id: str
    facts: tuple[DeliveryFact, ...]
    archived: bool
    """Whether its bytes lie in the archive of record."""


@dataclass(slots=True, kw_only=True)
class World:
    """Everything the vendor apps are built from."""

    seed: int
    clock: SandboxClock
    began: datetime
    people: Sequence[Person]
    customers: Sequence[WorldCustomer]
    templates: Sequence[WorldTemplate]
    assets: Sequence[WorldAsset]
    """At least 120 real ones; ``--assets`` beyond that repeats them under new names without new files."""
    sent: Sequence[SentCommunication]
    habits: Habits = QUIET
    addresses: dict[str, str] = field(default_factory=dict)
    """Base URL of each running system, and of ``cloudinary_delivery`` and ``core_dam_delivery``; the composer fetches
    its pictures there. Filled by the server once its ports are bound."""
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """The credentials of the ready file, by its own keys: ``secrets["iconik"]["auth_token"]``."""

    def record(self, customer: WorldCustomer, template: str) -> dict[str, object]:
        """The driver data that ``template`` (a slug) is composed from for ``customer``: JSON-ready, deterministic."""
        from connectors.sandbox.records import driver_data  # noqa: PLC0415 - records build on this module

        return driver_data(self, customer, template)
