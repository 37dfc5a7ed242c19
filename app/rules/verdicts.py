"""Whether a verdict on an asset makes sense, in sentences that a disabled button can show."""

from enum import StrEnum

from app.records import Asset, AssetState


class Verdict(StrEnum):
    """What a reviewer says."""

    APPROVE = "approve"
    REJECT = "reject"

    @property
    def leads_to(self) -> AssetState:
        """The state that an asset is in afterwards."""
        return AssetState.APPROVED if self is Verdict.APPROVE else AssetState.REJECTED

    @property
    def past(self) -> str:
        """``approved`` or ``rejected``."""
        return self.leads_to.value


def objections_to(verdict: Verdict, asset: Asset, *, note: str = "") -> tuple[str, ...]:
    """Why ``verdict`` cannot be given on ``asset``; empty when it can."""
    objections: list[str] = []
    if asset.state is AssetState.RETIRED:
        objections.append(f"{asset.name} is retired. Restore it in {asset.key.system.label} before judging it.")
    elif asset.state is verdict.leads_to:
        objections.append(f"{asset.name} {asset.version} is {verdict.past} already.")
    if objection := objection_to_note(verdict, note):
        objections.append(objection)
    return tuple(objections)


def objection_to_note(verdict: Verdict, note: str) -> str:
    """Why ``verdict`` cannot be given with these words; empty when it can."""
    if verdict is Verdict.REJECT and not note.strip():
        return "A rejection needs a reason that its maker can act on."
    return ""
