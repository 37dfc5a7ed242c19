"""Which Exstream it is: edition, what its subscription opens, and the vendor's own disagreements (exstream 4, 2.1)."""

from dataclasses import dataclass
from enum import StrEnum


class Edition(StrEnum):
    """The product line. What differs on the wire is INFERRED from where each was seen."""

    CLOUD = "cloud"
    """Core Communications: ``generate`` and ``fulfill`` are built in."""
    PRIVATE = "private"
    """Cloud-native on somebody's own cluster: only the channels of published flows exist, below the prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One installation. The defaults are those of the vendor's own samples."""

    edition: Edition = Edition.CLOUD
    base_subscription: bool = False
    """Without orchestration and monitor; that their API is closed too is INFERRED."""
    offset_counts_pages: bool = False
    """The specification counts entities, a readme counts pages."""
    demands_csrf: bool | None = None
    """Whether input channels want the CSRF pair; None leaves it to the dialect, since an older help demands it."""


SAMPLES_OFFER = Offer()
