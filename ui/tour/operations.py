"""Operations: what came in and whether it is believed, what every system says, what is wrong with a connection."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from PySide6.QtWidgets import QAbstractItemView

from app.records import System
from ui.pages.activity.exchanges.view import ExchangesView
from ui.pages.activity.outbox.view import OutboxView
from ui.pages.activity.page import ActivityPage
from ui.pages.connections.view import ConnectionsView
from ui.pages.connections.wizard import Step as WizardStep
from ui.pages.inbox.view import InboxView
from ui.tour.guide import Guide
from ui.tour.person import NotSeenError, cells_of, row_with

GATEWAY = "email-gateway"
TESTED, MISTYPED = System.ICONIK, System.EXTENDED_ECM
WRONG_PASSWORD = "not the password"  # noqa: S105 - wrong on purpose
TEST_S = 30.0


async def events(guide: Guide) -> None:
    """An event of the gateway is believed; one with a false signature comes too, and is refused."""
    page = await inbox_page(guide)
    secret = b64encode(b"what the gateway and the desk know").decode()

    async def listen() -> str:
        return guide.desk.receive({GATEWAY: secret}) + GATEWAY

    address = await guide.ask(listen)
    await guide.ask(guide.sandbox.push, address, secret, [_event("delivered")])
    await guide.seen(lambda: row_with(page.events, "verified"), "an event whose signature holds")
    forged = b64encode(b"what somebody else made up").decode()
    await guide.ask(guide.sandbox.push, address, forged, [_event("opened")])
    row = await guide.seen(lambda: row_with(page.events, "bad signature"), "the event with the false signature")
    await guide.click_row(page.events, row)
    key = page.events.key_at(row.row())
    await guide.until(lambda: page.events.current_key == key, "that event to be current")
    await guide.until(lambda: "refused" in cells_of(page.events, page.events.currentIndex().row()), "it to be refused")


async def activity(guide: Guide) -> None:
    """What was believed can be read, and the exchanges are listed."""
    page = await inbox_page(guide)
    row = await guide.seen(lambda: row_with(page.events, "verified"), "the event that was believed")
    await guide.click_row(page.events, row)
    call = await guide.seen(lambda: row_with(page.calls, "POST"), "an exchange that wrote something")
    await guide.click_row(page.calls, call)


async def outbox(guide: Guide) -> None:
    """The outbox has every wish of the tour, sent, with its receipt and its history."""
    page = await guide.page("activity", "Ctrl+6", ActivityPage)
    page.show_part("outbox")
    part = page.part("outbox")
    if not isinstance(part, OutboxView):
        raise NotSeenError(f"the outbox is a {type(part).__name__}")
    entries = part.table
    for wish in ("Approve", "Re-send", "Renewal letter"):
        await guide.until(partial(_is_sent, entries, wish), f"“{wish}” to be sent")
    row = await guide.seen(lambda: row_with(entries, "Re-send"), "the letter that was sent once more")
    await guide.click_row(entries, row)
    await guide.until(lambda: "asked for by" in guide.words(inside=part), "its history")


async def exchanges(guide: Guide) -> None:
    """A search finds the call that filed the letter."""
    page = await guide.page("activity", "Ctrl+6", ActivityPage)
    page.show_part("exchanges")
    part = page.part("exchanges")
    if not isinstance(part, ExchangesView):
        raise NotSeenError(f"the exchanges are a {type(part).__name__}")
    await guide.enter("system:extended_ecm nodes", into=part.field)
    row = await guide.seen(lambda: row_with(part.table, "POST"), "the call that filed the letter")
    await guide.click_row(part.table, row)
    await guide.until(lambda: "POST" in guide.words(inside=part), "the call's own words")


async def health(guide: Guide) -> None:
    """How late the window is and what waits where, told by the desk about itself."""
    page = await guide.page("activity", "Ctrl+6", ActivityPage)
    page.show_part("health")
    await guide.until(lambda: System.ICONIK.label in guide.words(inside=page.part("health")), "a line for every system")


async def system_cards(guide: Guide) -> None:
    """A card for every system, and a test that asks one of them."""
    page = await connections_page(guide)
    await guide.until(lambda: len(page.grid.cards) == len(System), "a card for every system")
    await guide.click_button(f"Test {TESTED.label}", inside=page)
    wizard = page.wizard
    await guide.until(
        lambda: wizard.isVisible() and wizard.step is WizardStep.TEST and wizard.checks, "the test", patience_s=TEST_S
    )
    all_passed = f"{len(wizard.checks)} of {len(wizard.checks)} checks passed"
    await guide.until(lambda: all_passed in guide.words(inside=wizard), "all checks to pass")


async def wrong_password(guide: Guide) -> None:
    """A mistyped password is answered with a sentence that says what to do; nothing is lost."""
    page = await connections_page(guide)
    await guide.click_button(f"Edit {MISTYPED.label}", inside=page)
    wizard = page.wizard
    form = await guide.seen(lambda: wizard.form if wizard.step is WizardStep.FORM else None, "the form")
    await guide.enter(WRONG_PASSWORD, into=form.text_field("password"))
    await guide.click_button("Try it", inside=wizard)
    await guide.until(lambda: wizard.step is WizardStep.TEST and wizard.checks, "the test", patience_s=TEST_S)
    await guide.until(lambda: "password" in guide.words(inside=wizard), "a sentence about the password")


async def inbox_page(guide: Guide) -> InboxView:
    """The page, in sight."""
    return await guide.page("inbox", "Ctrl+5", InboxView)


async def connections_page(guide: Guide) -> ConnectionsView:
    """The page, in sight."""
    return await guide.page("connections", "Ctrl+7", ConnectionsView)


def _is_sent(outbox: QAbstractItemView, wish: str) -> bool:
    row = row_with(outbox, wish)
    return row is not None and "sent" in cells_of(outbox, row.row())


def _event(kind: str) -> Mapping[str, object]:
    """What the gateway says of the mail that support looked at."""
    data = {"communication": "S-tour-1", "customer": "HM-204881", "channel": "email", "title": "Renewal notice"}
    at = datetime.now(UTC).isoformat()
    return {"id": f"tour-{kind}", "type": f"message.{kind}", "timestamp": at, "data": data}
