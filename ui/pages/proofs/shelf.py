"""Proofs that were composed, so that they show at once when a person comes back to them. Previews may cost licences."""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Self

from app.records import DriverRecord, Proof, Template, TemplateId

_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofKey:
    """What decides how a proof comes out: the template's version, and the record down to its last value."""

    template: TemplateId
    version: int
    record: str
    data_sha256: str

    @classmethod
    def of(cls, template: Template, record: DriverRecord) -> Self:
        """The key of one composition."""
        data = json.dumps(record.data, sort_keys=True, default=str).encode()
        return cls(
            template=template.id,
            version=template.version,
            record=record.id,
            data_sha256=hashlib.sha256(data).hexdigest(),
        )


class ProofShelf:
    """At most ``most`` proofs, the least recently shown thrown away first."""

    def __init__(self, *, most: int = _MOST) -> None:
        self._most = most
        self._proofs: OrderedDict[ProofKey, Proof] = OrderedDict()

    def find(self, key: ProofKey) -> Proof | None:
        """The proof of exactly this composition, or None."""
        if key in self._proofs:
            self._proofs.move_to_end(key)
        return self._proofs.get(key)

    def find_earlier(self, key: ProofKey) -> Proof | None:
        """The last proof of the same template and record from other data or another version, or None."""
        same = (proof for kept, proof in reversed(self._proofs.items()) if _is_earlier(kept, key))
        return next(same, None)

    def replace(self, before: Proof, now: Proof) -> None:
        """Keep ``now`` in the place of ``before``, where that is still kept."""
        for key, proof in self._proofs.items():
            if proof is before:
                self._proofs[key] = now

    def put(self, key: ProofKey, proof: Proof) -> None:
        """Keep a proof."""
        self._proofs[key] = proof
        self._proofs.move_to_end(key)
        while len(self._proofs) > self._most:
            self._proofs.popitem(last=False)


def _is_earlier(kept: ProofKey, wanted: ProofKey) -> bool:
    return (kept.template, kept.record) == (wanted.template, wanted.record) and kept != wanted
