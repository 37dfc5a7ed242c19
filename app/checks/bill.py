"""The bill of assets: whether what an output shows may be shown, and where it is used."""

from collections.abc import Iterable
from typing import Final

from app.records import AssetState, BillItem, Finding, FindingLevel, Proof, Usage, UsageKind

SEEN_IN_PROOF: Final = "Proof"
"""The source of a usage that was seen in a proof."""


def bill_findings(bill: Iterable[BillItem]) -> tuple[Finding, ...]:
    """A finding for each asset that is not approved; one that passes when all are."""
    items = tuple(bill)
    bad = tuple(
        Finding(
            level=FindingLevel.ERROR if item.state in _NEVER else FindingLevel.WARNING,
            sentence=f"{item.name} {item.version} is {item.state.value.replace('_', ' ')}, not approved",
            place=f"Bill of assets · {item.slot}",
        )
        for item in items
        if item.state not in {AssetState.APPROVED, AssetState.UNKNOWN}
    )
    judged = tuple(
        Finding(
            level=FindingLevel.ERROR if item.blocks or item.state is AssetState.APPROVED else FindingLevel.WARNING,
            sentence=f"{item.name} {item.version}: {sentence.removesuffix('.')}",
            place=f"Bill of assets · {item.slot}",
        )
        for item in items
        for sentence in item.objections
        if not _is_about_approval(sentence)
    )
    newer = tuple(
        Finding(
            level=FindingLevel.WARNING,
            sentence=f"{item.name} {item.version} is shown, and {item.newer} is approved and newer: compose again",
            place=f"Bill of assets · {item.slot}",
        )
        for item in items
        if item.newer
    )
    untraced = tuple(
        Finding(
            level=FindingLevel.WARNING,
            sentence="A picture cannot be traced to a library, so nobody can say whether it is approved",
            place=f"Bill of assets · {item.slot}",
        )
        for item in items
        if item.key is None
    )
    wrong = (*bad, *judged, *newer, *untraced)
    if items and not wrong:
        words = "The asset is approved" if len(items) == 1 else f"All {len(items)} assets are approved"
        return (Finding(level=FindingLevel.PASSED, sentence=words, place="Bill of assets"),)
    return wrong


def _is_about_approval(sentence: str) -> bool:
    """Whether the state of the asset says the same already."""
    return "approved" in sentence


def usages_of(proof: Proof) -> tuple[Usage, ...]:
    """Where the assets of ``proof`` are used: in its template. What cannot be traced to a library is left out."""
    return tuple(
        Usage(
            asset=item.key,
            version=item.version,
            kind=UsageKind.TEMPLATE,
            place=proof.template,
            title=proof.template_name,
            source=SEEN_IN_PROOF,
            seen_at=proof.composed_at,
        )
        for item in proof.bill
        if item.key is not None
    )


_NEVER = {AssetState.REJECTED, AssetState.RETIRED, AssetState.DRAFT}
