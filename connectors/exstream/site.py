"""What differs from one Exstream to the next: prefixes, spellings, token forms (contract section 4)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FilterSpelling(StrEnum):
    """How list filters are written; which release accepts which is unknown (contract 1.2, both CONFIRMED)."""

    FIND_OUT = "find_out"
    """Key by key, until a list holds what was not asked for: then this release knows only pairs."""
    KEYS = "keys"
    """``filter.types=exstrapplication&filter.states=APPROVED``"""
    PAIRS = "pairs"
    """``filter=types:exstrapplication;states:APPROVED``, commas inside lists"""


class OffsetMeaning(StrEnum):
    """What ``offset`` counts; the vendor's sources disagree (contract 2.1)."""

    FIND_OUT = "find_out"
    """Ask once, compare, remember."""
    ENTITIES = "entities"
    PAGES = "pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One deployment, as an administrator describes it. The defaults are those of the vendor's own samples."""

    design: str = "/design/api/v1"
    orchestration: str = "/orchestration/api/v1"
    """``/api/v1`` on hosts that serve orchestration alone."""
    empower: str = "/empower/api/v1"
    events: str = "/ei/api/v1"
    spelling: FilterSpelling = FilterSpelling.FIND_OUT
    offset: OffsetMeaning = OffsetMeaning.FIND_OUT
    page_size: int = 100
    """``count``; its maximum is not published."""
    generate_channel: str = "generate"
    """CC's built-in channel; a private deployment may have named its own (INFERRED)."""
    fulfil_channel: str = "fulfill"
    """As for ``generate_channel``."""
    version_header: str = "exstream-variable-version"
    """Asks a flow for a certain version of a communication. CHOSEN: the exact spelling of flow variables is not
    public; empty where a deployment reads none, and then the newest approved version is composed."""
    csrf_cookie: str = "XSRF-TOKEN"
    """What a service hands out is sent back with every call, as a browser does; empty where that is not wanted. The
    pair is a documented requirement of HTTP input channels, yet the vendor's own samples send none (contract 1.1)."""
    csrf_header: str = "X-XSRF-TOKEN"
    """CHOSEN: the header's name is not public."""
    asks_for_csrf: bool = False
    """Whether the pair is fetched with the token, so that the very first call can be a submission."""
    uses_events: bool = False
    """The event metrics are labelled internal by the vendor, so they are off until somebody switches them on."""


SAMPLES_SITE: Final = Site()
"""The deployment that the vendor's own samples describe."""
