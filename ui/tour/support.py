"""Support: finds a customer, sees what became of the mail, and sends it once more. Once."""

from collections.abc import Sequence

from app.records import CustomerNumber, EntryState, Verb
from ui.pages.support import SupportPage
from ui.pages.support.model import TimelineRole
from ui.pages.support.resend_dialog import ResendDialog
from ui.pages.support.timeline_row import TimelineRow
from ui.tour.guide import Guide
from ui.tour.person import NotSeenError, row_with

WORDS = "caron"
NAME, NUMBER = "Inès Caron", CustomerNumber("HM-204881")
DOCUMENT = "Renewal notice"
SENT_S = 30.0


async def find(guide: Guide) -> None:
    """The customer is found, the mail has bounced, and the archived bytes are the ones that were sent."""
    page = await support_page(guide)
    await guide.press("/", on=page)
    await guide.enter(WORDS, into=page.left.field)
    row = await guide.seen(lambda: row_with(page.left.list, NAME), f"{NAME} among the matches")
    await guide.click_row(page.left.list, row)
    await guide.until(lambda: NAME in guide.words(inside=page.middle), f"the timeline of {NAME}")
    timeline = page.middle.timeline
    bounced = await guide.seen(
        lambda: next(
            (each for each in _rows(page) if each.is_problem and DOCUMENT in each.title and each.document), None
        ),
        f"a {DOCUMENT.lower()} that did not arrive",
    )
    index = timeline.model().index(next(at for at, each in enumerate(_rows(page)) if each.key == bounced.key), 0)
    await guide.click_row(timeline, index)
    await guide.until(lambda: timeline.current_key == bounced.key, "that line to be current")
    await guide.until(lambda: guide.button("Hash verified", inside=page.document), "the hash to be verified")


async def offer(guide: Guide) -> None:
    """Before anything leaves, the guards are told."""
    page = await support_page(guide)
    await guide.press("E", on=page.middle.timeline)
    dialog = await guide.seen(lambda: _dialog(guide), "the question before it is sent")
    await guide.until(lambda: dialog.content.way is not None, "an open way to send it")


async def send(guide: Guide) -> None:
    """It is confirmed with two clicks, leaves after the time to undo, and reaches the customer once."""
    page = await support_page(guide)
    dialog = await guide.seen(lambda: _dialog(guide), "the question before it is sent")
    before = await guide.ask(guide.sandbox.deliveries, NUMBER)
    await guide.click(dialog.confirm)
    if dialog.isVisible():
        await guide.click(dialog.confirm)
    await guide.until(page.middle.undo_bar.isVisible, "the undo bar")
    await _until_done(guide)
    received = await guide.ask(guide.sandbox.deliveries, NUMBER) - before
    if received != 1:
        raise NotSeenError(f"the customer was reached {received} times instead of once")
    await guide.until(
        lambda: any(each.entry is not None and not each.is_problem for each in _rows(page)),
        "the sending in the timeline",
    )


async def support_page(guide: Guide) -> SupportPage:
    """The page, in sight."""
    return await guide.page("support", "Ctrl+3", SupportPage)


async def _until_done(guide: Guide) -> None:
    """Until the outbox has the composer's receipt."""

    async def is_done() -> bool:
        entries = await guide.ask(guide.desk.use.list_entries)
        return any(each.verb is Verb.RESEND and each.state is EntryState.DONE and each.receipt for each in entries)

    await guide.until_told(is_done, "the composer to say that it was sent", patience_s=SENT_S)


def _rows(page: SupportPage) -> Sequence[TimelineRow]:
    model = page.middle.timeline.model()
    rows = (model.index(row, 0).data(TimelineRole.ROW) for row in range(model.rowCount()))
    return [row for row in rows if isinstance(row, TimelineRow)]


def _dialog(guide: Guide) -> ResendDialog | None:
    return next(iter(guide.visible(ResendDialog)), None)
