"""Who is not written to stands on the card, and ends with a reason; why a sending went its way can be asked."""

from datetime import timedelta
from typing import TypeVar

import pytest
import qasync

from app.records import Channel, EntryState
from app.rules.channel_choice import Openness
from app.rules.suppression import Suppression, SuppressionReason, SuppressionScope
from app.rules.suppression_list import Listed
from app.use_cases.explain_sending import SendingCheck, SendingTrail
from tests.ui.pages.support.desk import NOW, SupportDesk, entry
from tests.ui.pages.support.driver import SupportDriver
from ui.pages.support.explaining import TrailDialog
from ui.pages.support.lifting import LiftDialog
from ui.pages.support.rows import entry_key
from ui.widgets import DeskDialog, unnamed_widgets

D = TypeVar("D", bound=DeskDialog)


def listed(
    reason: SuppressionReason = SuppressionReason.COMPLAINT, *, asked_by: str = "", by_carrier: bool = False
) -> Listed:
    """One that is not written to by mail."""
    return Listed(
        event="gateway/1",
        suppression=Suppression(
            channel=Channel.EMAIL,
            reason=reason,
            since=NOW - timedelta(days=40),
            source="Email gateway",
            is_kept_by_carrier=by_carrier,
        ),
        lift_asked_by=asked_by,
    )


def up(page: SupportDriver, kind: type[D]) -> D:
    """The dialog that is up."""
    (dialog,) = (each for each in page.view.window().findChildren(kind) if each.isVisible())
    return dialog


async def test_the_card_says_who_is_not_written_to(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """An agent would promise a mail that is never sent."""
    desk.listed = (listed(),)

    await page.arrive()

    (said,) = page.view.card.suppressions
    assert said.startswith("No mail: the customer complained about this channel (Email gateway) · since ")
    assert unnamed_widgets(page.view.card) == []


@pytest.mark.parametrize(("asked_by", "word"), [("", "Ask for it"), ("mk", "Ask for it"), ("grace", "Lift it")])
async def test_a_complaint_takes_two(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, asked_by: str, word: str
) -> None:
    """One click would undo what a customer complained about."""
    desk.listed = (listed(asked_by=asked_by),)
    await page.arrive()

    page.view.card.lift_wanted.emit("gateway/1")
    await page.a_moment()
    dialog = up(page, LiftDialog)
    offered = (dialog.confirm.text(), dialog.confirm.isEnabled())
    dialog.reject()
    await page.quiet()

    assert offered == (word, False)


async def test_it_is_lifted_with_a_reason(qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk) -> None:
    """Nobody would know why."""
    desk.listed = (listed(SuppressionReason.UNSUBSCRIBE),)
    await page.arrive()
    page.view.card.lift_wanted.emit("gateway/1")
    await page.a_moment()
    dialog = up(page, LiftDialog)

    dialog.reason.control.setText("She asked for it on the telephone")
    dialog.scopes.set_current(SuppressionScope.NOTIFICATION)
    dialog.confirm.click()
    await page.quiet()

    assert [(wish.reason, wish.scope, wish.actor) for wish in desk.lifted] == [
        ("She asked for it on the telephone", SuppressionScope.NOTIFICATION, "mk")
    ]
    assert page.view.card.suppressions == ()


async def test_what_the_carrier_keeps_is_not_offered(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The agent would believe that it was lifted."""
    desk.listed = (listed(SuppressionReason.UNSUBSCRIBE, by_carrier=True),)
    await page.arrive()
    page.view.card.lift_wanted.emit("gateway/1")
    await page.a_moment()
    dialog = up(page, LiftDialog)

    dialog.reason.control.setText("She asked")
    is_enabled = dialog.confirm.isEnabled()
    dialog.reject()
    await page.quiet()

    assert not is_enabled


async def test_why_a_sending_took_its_way_is_told(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """“Why not by mail?” would have no answer."""
    check = SendingCheck(at=NOW, openness=Openness.BLOCKED, trail=("Email is blocked: consent withdrawn.",))
    desk.trail = SendingTrail(queued_at=NOW, queued=("Email is open.",), checks=(check,))
    desk.entries = [entry(1, EntryState.PARKED)]
    await page.arrive()
    await page.choose(entry_key(desk.entries[0].id))

    page.view.why.trigger()
    await page.a_moment()
    dialog = up(page, TrailDialog)
    lines = dialog.lines
    dialog.reject()
    await page.quiet()

    assert lines == ["Email is open.", "Email is blocked: consent withdrawn."]


async def test_there_is_nothing_to_explain_about_what_others_sent(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The key would open an empty box."""
    await page.arrive()

    assert not page.view.why.isEnabled()
