"""The payload of a verdict on its way to a library: what the three libraries' translators have in common."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.records import AssetKey, AssetState, Receipt
from app.rules.verdicts import Verdict
from connectors.errors import ShapeError


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict on one asset, with the reason that its maker will read."""

    key: AssetKey
    verdict: Verdict
    note: str = ""
    version: str = ""
    """The version that was looked at, as the asset's record words it; empty in wishes of earlier releases."""

    def payload(self) -> dict[str, object]:
        """JSON-ready, for the outbox."""
        return {"asset": str(self.key), "verdict": self.verdict.value, "note": self.note, "version": self.version}

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> "Judgement":
        """What :meth:`payload` made."""
        return cls(
            key=AssetKey.parse(str(payload["asset"])),
            verdict=Verdict(str(payload["verdict"])),
            note=str(payload.get("note", "")),
            version=str(payload.get("version", "")),
        )

    def receipt(self, state: AssetState, *, reference: str) -> Receipt:
        """What the library shows after the write. Raises: ShapeError when it is another state than the verdict's."""
        if state is not self.verdict.leads_to:
            raise ShapeError(
                system=self.key.system.label,
                call="read back the verdict",
                detail=f"the asset reads {state.value} after it was {self.verdict.past}",
            )
        return Receipt(
            sentence=f"{self.key.system.label} shows it as {self.verdict.past}.",
            reference=reference,
            values={"state": state.value},
        )
