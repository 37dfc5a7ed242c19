"""Sending once more: asked once, sent once, taken back in time, refused in place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.errors import UserError
from app.records import Changes, Channel, ChannelConsent, EntryState, RequestKey
from app.rules.channel_choice import Message
from app.rules.quiet_hours import Purpose
from app.rules.resend import plan_resend
from app.use_cases.resend import ResendOffer
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.support.desk import INES, NOW, SupportDesk, customer, document, held
from tests.ui.pages.support.driver import SupportDriver
from ui.pages.support.resend_dialog import ResendDialog
from ui.widgets import StateCell, unnamed_widgets

SENT_ALREADY = UserError(
    "The same thing is already on its way: mk asked for it at 09:30 on 12 May.",
    hint="To send it once more all the same, say why.",
    field="override",
)


async def test_the_open_ways_come_first_and_closed_ones_say_why(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """The dead mailbox would be tried again."""
    await page.arrive()

    dialog = await page.wish_to_resend()
    offered = [(card.way.channel, card.isEnabled(), card.note) for card in dialog.content.cards]
    await page.leave(dialog)

    assert offered == [
        (Channel.SMS, True, "to +33 •• •• •• 42"),
        (Channel.PRINT, True, "to 14 q••• d••• M•••, 59800 L•••, FR"),
        (Channel.EMAIL, False, "closed: the last delivery to it failed for good"),
    ]


async def test_the_key_opens_it_and_the_confirming_button_is_ready(
    qloop: qasync.QEventLoop, page: SupportDriver
) -> None:
    """Support would need the mouse for the one thing it does most."""
    await page.arrive()

    dialog = await page.wish_to_resend()
    ready = (dialog.confirm.text(), dialog.confirm.isEnabled(), page.view.window().focusWidget() is dialog.confirm)
    await page.leave(dialog)

    assert page.view.resend.shortcut().toString() == "E"
    assert ready == ("Send one SMS", True, True)


async def test_two_clicks_are_one_sending(qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk) -> None:
    """The customer would get two letters."""
    await page.arrive()
    dialog = await page.wish_to_resend()

    await page.confirm(dialog, times=2)
    await page.quiet()

    assert len(desk.entries) == 1
    assert {wish.request_key for wish in desk.wishes} == {"key-0"}


async def test_two_enters_are_one_sending(qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk) -> None:
    """As above, for those who type."""
    await page.arrive()
    dialog = await page.wish_to_resend()

    for _ in range(2):
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await page.quiet()

    assert len(desk.entries) == 1


async def test_the_sending_is_a_line_of_its_own(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """One would send again to be sure."""
    await page.arrive()
    dialog = await page.wish_to_resend()

    await page.confirm(dialog)
    await page.quiet()

    assert (page.line.key, page.line.title, page.line.word) == (
        "entry 1",
        "Re-send “Renewal notice” by SMS",
        "queued",
    )


async def test_the_line_follows_the_outbox(qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk) -> None:
    """It would say queued for ever."""
    await page.arrive()
    dialog = await page.wish_to_resend()
    await page.confirm(dialog)
    await page.quiet()

    desk.put(desk.entries[0].id, EntryState.UNKNOWN)
    desk.tell(Changes(outbox=True))
    await page.quiet()

    assert page.line.word == "sent, no answer"


async def test_it_can_be_taken_back(qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk) -> None:
    """A slip would reach the customer."""
    await page.arrive()
    dialog = await page.wish_to_resend()
    await page.confirm(dialog)
    await page.quiet()

    page.view.undo.trigger()
    await page.quiet()

    assert desk.undone == [1]
    assert "entry 1" not in page.lines
    assert not page.view.middle.undo_bar.isVisible()


async def test_an_undo_that_comes_too_late_is_said(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, notices: RecordingNotices
) -> None:
    """One would believe it was taken back."""
    await page.arrive()
    dialog = await page.wish_to_resend()
    await page.confirm(dialog)
    await page.quiet()
    desk.fail["undo_entry"] = UserError("It has already left and cannot be undone.")

    page.view.undo.trigger()
    await page.quiet()

    assert notices.only().sentence == "It has already left and cannot be undone."


async def test_a_second_sending_is_refused_in_the_dialog(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """Two agents would each send it once."""
    desk.fail["resend"] = SENT_ALREADY
    await page.arrive()
    dialog = await page.wish_to_resend()

    await page.confirm(dialog)
    said, needs_reason = dialog.content.refusal.sentence, not dialog.confirm.isEnabled()
    await page.leave(dialog)

    assert said.startswith("The same thing is already on its way")
    assert needs_reason
    assert desk.entries == []


async def test_a_reason_lets_it_go_once_more(qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk) -> None:
    """A customer who lost the letter could not be helped."""
    desk.fail["resend"] = SENT_ALREADY
    await page.arrive()
    dialog = await page.wish_to_resend()
    await page.confirm(dialog)

    QTest.keyClicks(dialog.content.override.control, "the letter got lost")
    await page.confirm(dialog)
    await page.quiet()

    assert desk.wishes[-1].override == "the letter got lost"
    assert len(desk.entries) == 1


async def test_another_refusal_asks_for_no_reason(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """A reason cannot open what consent closes."""
    desk.fail["resend"] = UserError("SMS is closed: consent withdrawn.")
    await page.arrive()
    dialog = await page.wish_to_resend()

    await page.confirm(dialog)
    asked = dialog.content.override.isVisible()
    said = dialog.content.refusal.sentence
    await page.leave(dialog)

    assert (said, asked) == ("SMS is closed: consent withdrawn.", False)


async def test_a_customer_whom_no_way_reaches_cannot_be_sent_to(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """A button that does nothing would be pressed."""
    who = held().customer
    closed = tuple(
        ChannelConsent(channel=each.channel, is_allowed=False, reason="consent withdrawn") for each in who.consents
    )
    desk.files[INES] = held(replace(who, consents=closed))
    await page.arrive()

    dialog = await page.wish_to_resend()
    ready = dialog.confirm.isEnabled()
    await page.leave(dialog)

    assert not ready


async def test_one_question_at_a_time(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """Two dialogs have two keys, and two keys are two sendings."""
    await page.arrive()
    dialog = await page.wish_to_resend()

    page.view.resend_wanted.emit()
    again = await page.wish_to_resend()
    await page.leave(dialog)

    assert again is dialog


async def test_everything_in_the_dialog_has_a_name(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """A person who does not see would send without knowing how."""
    await page.arrive()

    dialog = await page.wish_to_resend()
    unnamed = unnamed_widgets(dialog)
    await page.leave(dialog)

    assert unnamed == []


@pytest.mark.parametrize(("is_demo", "said"), [(False, "Reaches a real customer"), (True, "Reaches a demo customer")])
def test_it_says_who_is_reached(page: SupportDriver, *, is_demo: bool, said: str) -> None:
    """People would fear the demo, or trust production as if it were one."""
    plan = plan_resend(customer(), (), Message(purpose=Purpose.SERVICE), communication="S-1", now=NOW)
    offer = ResendOffer(request_key=RequestKey("key"), customer=customer(), document=document(), plan=plan)

    dialog = ResendDialog(page.view, offer, is_demo=is_demo)

    assert said in [cell.word for cell in dialog.findChildren(StateCell)]


async def test_what_waits_for_the_morning_counts_no_seconds_down(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """A bar would say “32 400 s”, or the sending could not be taken back."""
    tomorrow = datetime.now(UTC) + timedelta(hours=30)
    desk.leaves_at = tomorrow
    await page.arrive()

    dialog = await page.wish_to_resend()
    await page.confirm(dialog)
    await page.quiet()

    local = tomorrow.astimezone()
    assert not page.view.middle.undo_bar.isVisible()
    assert page.view.undo.isEnabled()
    assert page.line.detail == f"leaves at {local:%H:%M} on {local.day} {local:%b}"
