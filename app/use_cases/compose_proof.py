"""Compose one record on every channel of a template, and say which assets are in it and what is wrong with it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.checks.bill import bill_findings, usages_of
from app.checks.html import html_facts, mail_findings
from app.checks.sms import sms_findings
from app.clock import Clock
from app.errors import UserError
from app.records import (
    Asset,
    AssetState,
    BillItem,
    Changes,
    Channel,
    DriverRecord,
    Finding,
    FindingLevel,
    Proof,
    ProofOutput,
    Template,
    TemplateId,
)
from app.store import Store, assets, templates, usages
from app.systems.ports import Composer, Sighting, Systems


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """The wish: this template, with this record, on every channel that the template has."""

    template: TemplateId
    record: DriverRecord


class ListTemplates:
    """The templates as last synchronised."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def __call__(self) -> Sequence[Template]:
        """All of them, by group and name."""
        return await self._store.read(templates.every)


class ListRecords:
    """The test records that a template can be composed from."""

    def __init__(self, *, systems: Systems) -> None:
        self._systems = systems

    async def __call__(self, template: TemplateId) -> Sequence[DriverRecord]:
        """As the composer offers them. Raises: ConnectorError, UserError."""
        return await composer_of(self._systems).records_for(template)


class ComposeProof:
    """Compose, on demand and never delivered."""

    def __init__(self, *, store: Store, systems: Systems, clock: Clock, publish: Callable[[Changes], None]) -> None:
        self._store = store
        self._systems = systems
        self._clock = clock
        self._publish = publish

    async def __call__(self, wish: Composition) -> Proof:
        """The proof; what it shows counts as used in its template from now on.

        Raises: ConnectorError when it could not be composed, UserError when there is no composer.
        """
        composer = composer_of(self._systems)
        template = await self._store.read(templates.find, wish.template)
        if template is None:
            raise UserError("This template is no longer there.", hint="Refresh the list of templates.")
        made = await composer.compose(template, wish.record.data)
        order = list(Channel)
        outputs = sorted(made, key=lambda output: order.index(output.channel))
        bill = await self._bill(outputs)
        proof = Proof(
            template=template.id,
            template_name=template.name,
            version=template.version,
            record=wish.record.id,
            composed_at=self._clock.now(),
            outputs=tuple(outputs),
            bill=bill,
            findings=_in_order((*bill_findings(bill), *_output_findings(outputs))),
        )
        with suppress(UserError):  # a full disk: the proof stands, and the next one tells the same
            used = await self._store.write(usages.note, usages_of(proof))
            self._publish(Changes(assets=used))
        return proof

    async def _bill(self, outputs: Sequence[ProofOutput]) -> tuple[BillItem, ...]:
        addresses = [
            picture.address
            for output in outputs
            if output.media_type == "text/html"
            for picture in html_facts(output.content).pictures
        ]
        sightings = {address: self._recognised(address) for address in addresses}
        known = await self._store.read(
            assets.by_name_in_addresses, [(seen.system, seen.name) for seen in sightings.values() if seen]
        )
        items: dict[object, BillItem] = {}
        for address, seen in sightings.items():
            asset = known.get((seen.system, seen.name)) if seen else None
            item = _bill_item(len(items) + 1, address, seen, asset)
            items.setdefault(item.key or address, item)
        return tuple(items.values())

    def _recognised(self, address: str) -> Sighting | None:
        seen = (library.recognise(address) for library in self._systems.libraries.values())
        return next((each for each in seen if each), None)


def composer_of(systems: Systems) -> Composer:
    """The composer. Raises: UserError when no connection to one is set up."""
    if systems.composer is None:
        raise UserError("No composer is connected.", hint="Add Exstream under Connections.")
    return systems.composer


def _bill_item(place: int, address: str, seen: Sighting | None, asset: Asset | None) -> BillItem:
    return BillItem(
        slot=f"picture {place}",
        name=asset.name if asset else (seen.name if seen else address).rpartition("/")[2].partition("?")[0],
        version=(seen.version if seen else "") or (asset.version if asset else ""),
        key=asset.key if asset else None,
        state=asset.state if asset else AssetState.UNKNOWN,
        address=address,
    )


def _output_findings(outputs: Sequence[ProofOutput]) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    for output in outputs:
        if output.channel is Channel.EMAIL:
            findings += mail_findings(output.content)
        elif output.channel is Channel.SMS:
            findings += sms_findings(output.text)
    return tuple(findings)


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    worst_first = [FindingLevel.ERROR, FindingLevel.WARNING, FindingLevel.PASSED]
    return tuple(sorted(findings, key=lambda finding: worst_first.index(finding.level)))
