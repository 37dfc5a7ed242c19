"""What happens on the page: a template and a record are chosen, composed when a person says so, and shown."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QImage, QPixmap

from app.errors import EXPECTED, sentence_of
from app.records import AssetKey, BillItem, Changes, DriverRecord, Proof, System, Template, TemplateId
from app.use_cases.compose_proof import Composition
from app.wording import age
from ui.pages.context import PageContext
from ui.pages.proofs import words
from ui.pages.proofs.explaining import WhyDialog
from ui.pages.proofs.faces import failed_face, missing_data_face
from ui.pages.proofs.filing import letter_draft
from ui.pages.proofs.model import TemplatesModel, template_rows
from ui.pages.proofs.presenting import point_at, show_proof, show_side
from ui.pages.proofs.rejudging import Rejudging
from ui.pages.proofs.shelf import ProofKey, ProofShelf
from ui.pages.proofs.transaction import read_record
from ui.pages.proofs.view import ProofsView
from ui.tasks import Tasks
from ui.theme import Icon
from ui.widgets import Empty, Failed, Fresh, Loading, Stale

_THUMB_PX = 80
_TEMPLATE_KEY = "proofs/template"
_RECORD_KEY = "proofs/record"


class ProofsController:
    """Plain object behind :class:`ProofsView`; the page keeps it alive."""

    def __init__(self, view: ProofsView, model: TemplatesModel, *, context: PageContext, tasks: Tasks) -> None:
        self._view = view
        self._model = model
        self._context = context
        self._tasks = tasks
        self._shelf = ProofShelf()
        self._templates: dict[str, Template] = {}
        self._records: dict[tuple[TemplateId, int], list[DriverRecord]] = {}
        self._opened: list[DriverRecord] = []
        """Records from files: offered with every template."""
        self._template: Template | None = None
        self._record: DriverRecord | None = None
        self._wanted = _kept(context, _TEMPLATE_KEY)
        """The template to show as soon as it is known."""
        self._composing: dict[ProofKey, asyncio.Task[None]] = {}
        self._failures: dict[ProofKey, Exception] = {}
        self._records_failure: Exception | None = None
        self._is_listing = False
        self._is_here = True
        self._rejudging = Rejudging(context=context, tasks=tasks, judged=self._on_judged)
        self._shown: Proof | None = None
        self._pictures: dict[str, QPixmap] = {}
        view.template_wanted.connect(self._on_template)
        view.record_wanted.connect(self.choose_record)
        view.step_wanted.connect(self.step)
        view.compose_wanted.connect(self.compose)
        view.again_wanted.connect(self.try_again)
        view.cancel_wanted.connect(self.cancel)
        view.file_wanted.connect(self.open_file)
        view.connections_wanted.connect(self._on_connections)
        view.letter_filing_wanted.connect(self._on_letter_filing)
        view.asset_wanted.connect(self._on_asset)
        view.finding_wanted.connect(self._on_finding)
        view.why_wanted.connect(self._on_why)
        context.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Read the templates."""
        self._tasks.start(self.refresh(), name="list the templates")

    def leave(self) -> None:
        """Hear no more: the page is gone. A second time is nothing."""
        if not self._is_here:
            return
        self._is_here = False
        self._context.changed.disconnect(self._on_changed)
        self._template = None
        for task in self._composing.values():
            task.cancel()

    def show_subject(self, subject: object) -> None:
        """Show the template with this id, now or as soon as it is known."""
        self._wanted = str(subject)
        self._view.templates.select(self._wanted)

    async def refresh(self) -> None:
        """Read the templates again, keeping what is chosen."""
        if not self._templates:
            self._view.set_face(Loading(what="Reading the templates"))
        found = await self._context.run(self._context.use.list_templates)
        self._templates = {template.id: template for template in found}
        self._view.templates.set_counts(len(found), words.state_counts(found))
        wanted = self._wanted
        self._is_listing = True
        self._model.set_rows(template_rows(found))
        if not self._view.templates.select(wanted):
            self._view.templates.select(self._model.first_key)
        self._is_listing = False
        if found:
            self.choose_template(self._view.templates.table.current_key)
        else:
            self._template = self._record = None
            self._show()

    def _on_template(self, template: str) -> None:
        # While the list is being filled its current row wanders; what is chosen is said at the end.
        if not self._is_listing:
            self.choose_template(template)

    def choose_template(self, template: str) -> None:
        """Show another template with the record of the same name."""
        known = self._templates.get(template)
        if known is None or known == self._template:
            return
        self._template = known
        self._wanted = template
        self._context.memory.set(_TEMPLATE_KEY, template)
        self._record = None
        self._records_failure = None
        self._view.show_template(known.name, words.proof_aside(known, None))
        if (known.id, known.version) in self._records:
            self._offer_records()
        else:
            self._view.show_records((), "")
            self._view.side.clear()
            self._tasks.start(self._load_records(known), name="list the test records")

    async def _load_records(self, template: Template) -> None:
        self._view.set_can_compose(False, "The test records are being read.")
        self._view.set_face(Loading(what=f"Reading the test records of {template.name}"))
        try:
            records = await self._context.run(self._context.use.list_records, template.id)
        except EXPECTED as error:
            if template is self._template:
                self._records_failure = error
                self._show()
            return
        self._records[template.id, template.version] = list(records)
        if template is self._template:
            self._offer_records()

    def _offered(self) -> list[DriverRecord]:
        if self._template is None:
            return []
        return [*self._records.get((self._template.id, self._template.version), ()), *self._opened]

    def _offer_records(self) -> None:
        offered = self._offered()
        name = _kept(self._context, _RECORD_KEY)
        self._record = next((each for each in offered if each.name == name), offered[0] if offered else None)
        labels = [(each.id, words.record_label(at, each)) for at, each in enumerate(offered, start=1)]
        self._view.show_records(labels, self._record.id if self._record else "")
        self._show()

    def choose_record(self, record: str) -> None:
        """Show another record in all panes."""
        self._record = next((each for each in self._offered() if each.id == record), self._record)
        if self._record is not None:
            self._context.memory.set(_RECORD_KEY, self._record.name)
            self._view.records.choose(self._record.id)
        self._show()

    def step(self, step: int) -> None:
        """Show the record before or after; at the ends it stays."""
        ids = [each.id for each in self._offered()]
        if self._record is not None and self._record.id in ids:
            at = min(len(ids) - 1, max(0, ids.index(self._record.id) + step))
            if ids[at] != self._record.id:
                self.choose_record(ids[at])

    def compose(self) -> None:
        """Compose what is chosen, deliberately: a preview is a run of the composer."""
        if self._template is None or self._record is None:
            return
        key = ProofKey.of(self._template, self._record)
        if key not in self._composing:
            work = self._compose(key, self._template, self._record)
            self._composing[key] = self._tasks.start(work, name="compose a proof")
            self._view.panes.prepare()
            self._show()

    async def _compose(self, key: ProofKey, template: Template, record: DriverRecord) -> None:
        try:
            wish = Composition(template=template.id, record=record)
            proof = await self._context.run(self._context.use.compose_proof, wish)
        except EXPECTED as error:
            self._failures[key] = error
        else:
            self._shelf.put(key, proof)
            self._failures.pop(key, None)
        finally:
            self._composing.pop(key, None)
            if key == self._key():
                self._show()

    def cancel(self) -> None:
        """Wait no longer for the composition that is shown."""
        key = self._key()
        if key in self._composing:
            self._composing[key].cancel()

    def try_again(self) -> None:
        """Do once more what failed."""
        if self._records_failure is not None and self._template is not None:
            self._records_failure = None
            self._tasks.start(self._load_records(self._template), name="list the test records")
        else:
            self.compose()

    def open_file(self, path: str) -> None:
        """Take a transaction from a file as one more record, and compose it."""
        self._tasks.start(self._open_file(Path(path)), name="open a transaction")

    async def _open_file(self, path: Path) -> None:
        record = await asyncio.to_thread(read_record, path)
        self._opened = [each for each in self._opened if each.id != record.id] + [record]
        self._context.memory.set(_RECORD_KEY, record.name)
        self._offer_records()
        self.compose()

    def _key(self) -> ProofKey | None:
        if self._template is None or self._record is None:
            return None
        return ProofKey.of(self._template, self._record)

    def _show(self) -> None:
        """Show what is known of the chosen template and record."""
        key = self._key()
        self._view.set_can_compose(
            key is not None and key not in self._composing,
            "It is being composed." if key is not None else "Choose a template and a record first.",
            is_composing=key in self._composing,
        )
        if self._template is None:
            self._show_nothing(
                Empty(
                    title="No templates yet",
                    sentence="They appear when a composer has been connected and read.",
                    action=self._view.connections_action,
                    icon=Icon.PROOFS,
                    word="",
                )
            )
        elif key is None or self._record is None:
            self._show_no_record(self._template)
        else:
            self._show_composition(key, self._template, self._record)

    def _show_no_record(self, template: Template) -> None:
        if self._records_failure is not None:
            self._show_nothing(
                failed_face(
                    "The test records could not be read",
                    self._records_failure,
                    again=self._view.again_action,
                    connections=self._view.connections_action,
                )
            )
            return
        self._show_nothing(
            Empty(
                title="No test records",
                sentence=f"{template.name} has no sample data. Open a transaction from a file instead.",
                action=self._view.open_action,
                icon=Icon.PROOFS,
                word="",
            )
        )

    def _show_composition(self, key: ProofKey, template: Template, record: DriverRecord) -> None:
        proof = self._shelf.find(key)
        earlier = self._shelf.find_earlier(key) if proof is None else None
        failure = self._failures.get(key)
        if key in self._composing:
            self._view.set_face(Loading(what=f"Composing {template.name} for {record.name}", word="composing"))
        elif proof is not None and failure is None:
            self._show_proof(proof, template, record)
            self._view.set_face(Fresh(word=""))
        elif (kept := proof or earlier) is not None:
            self._show_proof(kept, template, record)
            self._view.set_face(self._stale_face(kept, failure))
        elif failure is not None:
            self._show_nothing(self._failed_face(failure, template, record))
        else:
            self._show_nothing(
                Empty(
                    title="Not composed yet",
                    sentence=f"See {template.name} for {record.name} on every channel. "
                    "A preview is a run of the composer, so it is made when you ask for it.",
                    action=self._view.compose_action,
                    icon=Icon.PROOFS,
                    word="",
                )
            )

    def _on_letter_filing(self) -> None:
        if self._shown is not None and self._record is not None and (draft := letter_draft(self._shown, self._record)):
            self._context.go_to("archive", draft)

    def _show_nothing(self, face: Empty | Failed) -> None:
        self._shown = None
        self._view.set_can_file(False)
        self._view.set_can_explain(False)
        self._view.side.clear()
        if self._template is not None:
            self._view.show_template(self._template.name, words.proof_aside(self._template, None))
        else:
            self._view.show_template("", "")
            self._view.show_records((), "")
        self._view.set_face(face)

    def _show_proof(self, proof: Proof, template: Template, record: DriverRecord) -> None:
        self._view.show_template(template.name, words.proof_aside(template, proof))
        if proof is self._shown:
            return
        self._shown = proof
        self._view.set_can_file(letter_draft(proof, record) is not None)
        self._view.set_can_explain(bool(proof.bill))
        show_proof(self._view, proof, record=record.name, pictures=self._pictures)
        missing = [item for item in proof.bill if item.key is not None and str(item.key) not in self._pictures]
        if missing:
            self._tasks.start(self._load_pictures(missing), name="show the assets of a proof")

    def _stale_face(self, proof: Proof, failure: Exception | None) -> Stale:
        old = age(proof.composed_at, now=datetime.now(UTC))
        if failure is None:
            why = f"Composed from v{proof.version}, which has been changed since."
            return Stale(word=f"{old} old", sentence=why, action=self._view.compose_action)
        sentence = f"Shown from **{old} ago**. {_sentence(failure)}"
        return Stale(word=f"{old} old", sentence=sentence, action=self._view.again_action)

    def _failed_face(self, failure: Exception, template: Template, record: DriverRecord) -> Failed:
        missing = getattr(failure, "fields", {})
        if missing:
            return missing_data_face(
                missing, template.name, record.name, actions=(self._view.next_action, self._view.open_action)
            )
        return failed_face(
            f"{template.name} could not be composed",
            failure,
            again=self._view.again_action,
            connections=self._view.connections_action,
        )

    async def _load_pictures(self, items: Sequence[BillItem]) -> None:
        for item in items:
            if item.key is None:
                continue
            try:
                picture = await self._picture(item.key)
            except EXPECTED:
                # The line says name and state without it; its library says elsewhere what is wrong.
                continue
            if not picture.isNull():
                self._pictures[str(item.key)] = QPixmap.fromImage(picture)
        if self._is_here:
            self._view.side.set_pictures(self._pictures)

    async def _picture(self, key: AssetKey) -> QImage:
        asset = await self._context.run(self._context.use.open_asset, key)

        async def thumbnail() -> Path:
            return await self._context.pictures.thumbnail(asset, width_px=_THUMB_PX)

        return await asyncio.to_thread(QImage, str(await self._context.run(thumbnail)))

    def _on_changed(self, changes: Changes) -> None:
        self._rejudging.hear(changes, self._shown, self._record)
        if changes.templates:
            self._tasks.start(self.refresh(), name="list the templates")
        if System.EXSTREAM in changes.systems and self._records_failure is not None:
            self.try_again()

    def _on_judged(self, before: Proof, now: Proof) -> None:
        self._shelf.replace(before, now)
        if self._shown is before:
            self._shown = now
            show_side(self._view, now, pictures=self._pictures)

    def _on_why(self) -> None:
        if self._shown is not None and self._shown.bill:
            WhyDialog(self._view, self._shown).open()

    def _on_connections(self) -> None:
        self._context.go_to("connections", None)

    def _on_asset(self, key: str) -> None:
        self._context.go_to("assets", AssetKey.parse(key))

    def _on_finding(self, at: int) -> None:
        if self._shown is not None:
            point_at(self._view, self._shown.findings[at])


def _kept(context: PageContext, key: str) -> str:
    kept = context.memory.get(key)
    return kept if isinstance(kept, str) else ""


def _sentence(error: Exception) -> str:
    return sentence_of(error) if isinstance(error, EXPECTED) else ""
