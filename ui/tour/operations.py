"""Operations: what came in and whether it is believed, what every system says, what is wrong with a connection."""

from base64 import b64encode
from datetime import UTC, datetime

from app.records import System
from ui.pages.connections.view import ConnectionsView
from ui.pages.connections.wizard import Step as WizardStep
from ui.pages.inbox.view import InboxView
from ui.tour.guide import Guide
from ui.tour.person import row_with

FORGED = "bad signature"
TESTED, MISTYPED = System.ICONIK, System.EXTENDED_ECM
WRONG_PASSWORD = "not the password"  # noqa: S105 - wrong on purpose
TEST_S = 30.0


async def events(guide: Guide) -> None:
    """Events are listed with what made them believed; one with a false signature comes, and is refused."""
    page = await inbox_page(guide)
    await guide.until(lambda: row_with(page.events, "verified"), "an event whose signature holds")
    forged = b64encode(b"not the gateway's own secret").decode()
    event = {"id": "forged-1", "type": "message.delivered", "timestamp": datetime.now(UTC).isoformat(), "data": {}}
    await guide.ask(guide.sandbox.push, guide.session.listens_at, forged, [event])
    row = await guide.seen(lambda: row_with(page.events, FORGED), "the event with the false signature")
    await guide.click_row(page.events, row)
    key = page.events.key_at(row.row())
    await guide.until(lambda: page.events.current_key == key, "that event to be current")
    words = [str(page.events.model().index(row.row(), at).data()) for at in range(page.events.model().columnCount())]
    await guide.until(lambda: "refused" in words, "that event to be refused")


async def activity(guide: Guide) -> None:
    """The exchanges with every system are listed, and the outbox says what left on the tour."""
    page = await inbox_page(guide)
    for system in System:
        await guide.until(lambda label=system.label: row_with(page.calls, label), f"an exchange with {system.label}")
    await guide.until(lambda: page.outbox_pane.table.model().rowCount(), "the entries of the outbox")
    await guide.click_row(page.outbox_pane.table, page.outbox_pane.table.model().index(0, 0))


async def system_cards(guide: Guide) -> None:
    """A card for every system, and a test that asks one of them."""
    page = await connections_page(guide)
    await guide.until(lambda: len(page.grid.cards) == len(System), "a card for every system")
    await guide.click_button(f"Test {TESTED.label}", inside=page)
    wizard = page.wizard
    await guide.until(
        lambda: wizard.isVisible() and wizard.step is WizardStep.TEST and wizard.checks, "the test", patience_s=TEST_S
    )
    await guide.until(lambda: f"{len(wizard.checks)} of {len(wizard.checks)} checks passed" in guide.words(inside=wizard), "all checks to pass")


async def wrong_password(guide: Guide) -> None:
    """A mistyped password is answered with a sentence that says what to do; nothing is lost."""
    page = await connections_page(guide)
    await guide.click_button(f"Edit {MISTYPED.label}", inside=page)
    wizard = page.wizard
    form = await guide.seen(lambda: wizard.form if wizard.step is WizardStep.FORM else None, "the form")
    await guide.enter(WRONG_PASSWORD, into=form.field("password").control)
    await guide.click_button("Try it", inside=wizard)
    await guide.until(lambda: wizard.step is WizardStep.TEST and wizard.checks, "the test", patience_s=TEST_S)
    await guide.until(lambda: "password" in guide.words(inside=wizard), "a sentence about the password")


async def inbox_page(guide: Guide) -> InboxView:
    """The page, in sight."""
    return await guide.page("inbox", "Ctrl+5", InboxView)


async def connections_page(guide: Guide) -> ConnectionsView:
    """The page, in sight."""
    return await guide.page("connections", "Ctrl+6", ConnectionsView)
