"""Use-cases that a test owns, and records that look like the trade's."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar, cast

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QObject, Signal
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter

from app.records import (
    Asset,
    AssetKey,
    AssetKind,
    AssetState,
    BillItem,
    Changes,
    Channel,
    DriverRecord,
    Finding,
    FindingLevel,
    Proof,
    ProofOutput,
    System,
    Template,
    TemplateId,
    TemplateState,
)
from app.use_cases.compose_proof import Composition
from tests.ui.conftest import RecordingNotices
from ui.pages.context import PageContext
from ui.shell import SessionMemory

T = TypeVar("T")
NOW = datetime.now(UTC)
BANNER = AssetKey(System.ICONIK, "a1")
PICTURE = "https://pictures.example/banner.png"


def template(name: str, *, group: str = "Home and motor", state: TemplateState = TemplateState.APPROVED) -> Template:
    """A template whose id is its name."""
    return Template(
        id=TemplateId(name),
        name=name,
        version=14,
        state=state,
        owner="mira.kovac",
        group=group,
        channels=tuple(Channel),
    )


def record(name: str) -> DriverRecord:
    """A test record whose id is its name."""
    return DriverRecord(id=name, name=name, data={"customer": {"name": name}})


def pdf(pages: int = 3) -> bytes:
    """A PDF on A4."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    for page in range(pages):
        if page:
            writer.newPage()
        painter.fillRect(0, 0, 2_000, 2_000, QColor("#143a63"))
    painter.end()
    return bytes(buffer.data().data())


def output(channel: Channel, content: bytes, media_type: str, *, text: str = "") -> ProofOutput:
    """What one channel came to."""
    return ProofOutput(channel=channel, media_type=media_type, content=content, sha256="0" * 64, took_s=0.8, text=text)


def proof_of(wish: Composition, *, outputs: Sequence[ProofOutput] = ()) -> Proof:
    """A proof with a letter and a text message; pages would load Chromium, which few tests need."""
    made = tuple(outputs) or (
        output(Channel.PRINT, pdf(), "application/pdf"),
        output(Channel.SMS, b"", "text/plain", text=f"{wish.record.name}, don’t worry"),
    )
    return Proof(
        template=wish.template,
        template_name=str(wish.template),
        version=14,
        record=wish.record.id,
        composed_at=NOW,
        outputs=made,
        bill=(
            BillItem(
                slot="picture 1",
                name="spring-banner-fr",
                version="v9",
                key=BANNER,
                state=AssetState.IN_REVIEW,
                address=PICTURE,
            ),
            BillItem(slot="picture 2", name="pixel.gif", version="", key=None, state=AssetState.UNKNOWN),
        ),
        findings=(
            Finding(
                level=FindingLevel.ERROR,
                sentence="spring-banner-fr v9 is in review, not approved",
                place="Bill of assets · picture 1",
            ),
            Finding(
                level=FindingLevel.WARNING,
                sentence="“’” forces UCS-2",
                place="SMS · character 10, a plain form fits",
                channel=Channel.SMS,
            ),
        ),
    )


class _Door(QObject):
    changed = Signal(object)


class FakeDesk:
    """The use-cases of the page, with what they were asked."""

    def __init__(self, folder: Path) -> None:
        self.templates: list[Template] = [
            template("Renewal notice"),
            template("Spring offer", state=TemplateState.IN_REVIEW),
            template("Claim received", group="Claims"),
        ]
        self.records: list[DriverRecord] = [record("Inès Caron"), record("Tristan Faure"), record("Helena Marchetti")]
        self.wishes: list[Composition] = []
        self.failure: Exception | None = None
        """What composing raises."""
        self.records_failure: Exception | None = None
        self.outputs: Sequence[ProofOutput] = ()
        self.judged = 0
        self.newer = ""
        """What a library has approved since."""
        self.held: asyncio.Event | None = None
        """Composing waits for it."""
        self.went_to: list[tuple[str, object]] = []
        self.memory = SessionMemory()
        self.notices = RecordingNotices()
        self.changed = _Door()
        self._picture = folder / "thumbnail.png"
        image = QImage(80, 50, QImage.Format.Format_RGB32)
        image.fill(QColor("#cfe8d5"))
        image.save(str(self._picture))

    def publish(self, changes: Changes) -> None:
        """Tell the page what changed."""
        self.changed.changed.emit(changes)

    def context(self) -> PageContext:
        """What the page is handed."""
        use = SimpleNamespace(
            list_templates=self._list_templates,
            list_records=self._list_records,
            compose_proof=self._compose,
            open_asset=self._open_asset,
            judge_bill=self._judge_bill,
        )
        return cast(
            "PageContext",
            SimpleNamespace(
                run=_run,
                use=use,
                changed=self.changed.changed,
                notices=self.notices,
                pictures=SimpleNamespace(thumbnail=self._thumbnail),
                memory=self.memory,
                go_to=self._go_to,
            ),
        )

    async def _list_templates(self) -> Sequence[Template]:
        return tuple(self.templates)

    async def _list_records(self, _template: TemplateId) -> Sequence[DriverRecord]:
        if self.records_failure is not None:
            raise self.records_failure
        return tuple(self.records)

    async def _compose(self, wish: Composition) -> Proof:
        self.wishes.append(wish)
        if self.held is not None:
            await self.held.wait()
        if self.failure is not None:
            raise self.failure
        return proof_of(wish, outputs=self.outputs)

    async def _judge_bill(self, proof: Proof, _record: DriverRecord) -> Proof:
        self.judged += 1
        return replace(proof, bill=(replace(proof.bill[0], newer=self.newer), *proof.bill[1:]))

    async def _open_asset(self, key: AssetKey) -> Asset:
        return Asset(
            key=key,
            name="spring-banner-fr",
            kind=AssetKind.IMAGE,
            state=AssetState.IN_REVIEW,
            version="v9",
            media_type="image/png",
            changed_at=NOW,
        )

    async def _thumbnail(self, _asset: Asset, *, width_px: int) -> Path:
        assert width_px > 0
        return self._picture

    def _go_to(self, page: str, subject: object) -> None:
        self.went_to.append((page, subject))


async def _run(work: Callable[..., Awaitable[T]], /, *wishes: object) -> T:
    return await work(*wishes)
