"""How each verb, at each system that takes it, is found again when nobody knows whether it arrived: decision 8.

A translator's ``look_up`` does what its row says. A test holds every verb and every translator against this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.records import System, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """How one verb is resolved at one system."""

    found_by: str
    """What tells there that it was done."""
    repeated: str
    """What a second one would do, if the look-up were wrong."""
    not_told: str
    """What a person does when the system cannot tell."""


_VERDICT: Final = "nothing: the verdict is the same however often it is given"

LOOK_UPS: Final[Mapping[tuple[Verb, System], LookUp]] = MappingProxyType(
    {
        (Verb.JUDGE_ASSET, System.CLOUDINARY): LookUp(
            found_by="the asset's moderation status, and the note where a reason was given",
            repeated=_VERDICT,
            not_told="Open the asset in Cloudinary: its moderation status is the verdict.",
        ),
        (Verb.JUDGE_ASSET, System.ICONIK): LookUp(
            found_by="our own decision on the newest version; a reason's comment by our key in `external_id`",
            repeated=_VERDICT,
            not_told="Open the asset's approvals in iconik: your decision is listed under your name.",
        ),
        (Verb.JUDGE_ASSET, System.CORE_DAM): LookUp(
            found_by="the status field of the newest version, and its comment where a reason was given",
            repeated=_VERDICT,
            not_told="Open the newest version in Core DAM: its status is the verdict.",
        ),
        (Verb.FILE_DOCUMENT, System.EXTENDED_ECM): LookUp(
            found_by="an item of that name in the workspace whose bytes hash the same; names are unique there",
            repeated="nothing: the archive refuses a second item of the name",
            not_told="Look into the customer's workspace for a document of that name.",
        ),
        (Verb.RESEND, System.EXSTREAM): LookUp(
            found_by="the job whose `externalId` is our request key, among the deleted ones too",
            repeated="a second letter; the guard over communication, channel, address, reason and day stays",
            not_told="Look for the request key among the jobs in Exstream's history before you retry or drop it.",
        ),
    }
)


def look_up_of(verb: Verb, system: System) -> LookUp:
    """How ``verb`` is found again at ``system``. Raises: KeyError when that system does not take it."""
    return LOOK_UPS[verb, system]
