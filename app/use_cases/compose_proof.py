"""Compose one record on every channel of a template, and say which assets are in it and what is wrong with it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.access import Guarded, needs
from app.checks.bill import usages_of
from app.clock import Clock
from app.errors import UserError
from app.notary import Notary
from app.records import Changes, Channel, DriverRecord, Proof, Template, TemplateId
from app.rules.roles import Action
from app.store import Store, templates, usages
from app.systems.ports import Composer, Systems
from app.use_cases.judge_bill import JudgeBill


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


class ComposeProof(Guarded):
    """Compose, on demand and never delivered."""

    def __init__(
        self,
        *,
        store: Store,
        systems: Systems,
        judge_bill: JudgeBill,
        clock: Clock,
        publish: Callable[[Changes], None],
        notary: Notary,
    ) -> None:
        self._notary = notary
        self._store = store
        self._systems = systems
        self._judge_bill = judge_bill
        self._clock = clock
        self._publish = publish

    @needs(Action.COMPOSE)
    async def __call__(self, wish: Composition) -> Proof:
        """The proof; what it shows counts as used in its template from now on.

        Raises: ConnectorError when it could not be composed, UserError when there is no composer.
        """
        composer = composer_of(self._systems)
        template = await self._store.read(templates.find, wish.template)
        if template is None:
            raise UserError("This template is no longer there.", hint="Refresh the list of templates.")
        # A preview is a run of the composer, and shows what is in the record.
        await self._notary.note(
            "proof.composed",
            f"template:{template.id}",
            subject=f"record:{wish.record.id}",
            version=str(template.version),
        )
        made = await composer.compose(template, wish.record.data)
        order = list(Channel)
        proof = Proof(
            template=template.id,
            template_name=template.name,
            version=template.version,
            record=wish.record.id,
            composed_at=self._clock.now(),
            outputs=tuple(sorted(made, key=lambda output: order.index(output.channel))),
        )
        proof = await self._judge_bill(proof, wish.record)
        with suppress(UserError):  # a full disk: the proof stands, and the next one tells the same
            used = await self._store.write(usages.note, usages_of(proof))
            self._publish(Changes(assets=used))
        return proof


def composer_of(systems: Systems) -> Composer:
    """The composer. Raises: UserError when no connection to one is set up."""
    if systems.composer is None:
        raise UserError("No composer is connected.", hint="Add Exstream under Connections.")
    return systems.composer
