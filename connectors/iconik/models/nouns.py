"""What iconik's nouns have in common: their ids, their times, and how unknown words and keys are read.

iconik sends null for what it does not have, so null and absent read the same (``wire.reading``). Times are aware,
sizes are bytes, durations and time codes milliseconds. Ids are opaque strings, UUIDs so far.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, NewType, Self

import msgspec

AssetId = NewType("AssetId", str)
VersionId = NewType("VersionId", str)
CollectionId = NewType("CollectionId", str)
ViewId = NewType("ViewId", str)
UserId = NewType("UserId", str)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class VendorWord(StrEnum):
    """A closed set of the vendor's that may grow: a word we do not know reads as ``UNKNOWN``."""

    @classmethod
    def _missing_(cls, value: object) -> Self:
        del value
        return cls("UNKNOWN")


class Noun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Decoded from JSON; keys that nobody reads are dropped.

    What is decoded cannot hold itself, so the garbage collector need not go through it: pages have thousands.
    """
