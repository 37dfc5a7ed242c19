"""Forgetting a customer: asked once with a reason, and the page goes on without them."""

import qasync

from app.errors import UserError
from app.rules.erasure import held_by, unseen
from app.use_cases.forget_customer import ForgetReason, ForgetWish
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.support.desk import AGNES, INES, SupportDesk
from tests.ui.pages.support.driver import SupportDriver
from ui.pages.support.forgetting import ForgetDialog


async def wish_to_forget(page: SupportDriver) -> ForgetDialog:
    """Choose it in the palette; the dialog that came up."""
    page.view.forget.trigger()
    page.view.forget.trigger()
    await page.a_moment()
    (dialog,) = [each for each in page.view.window().findChildren(ForgetDialog) if each.isVisible()]
    return dialog


async def test_a_forgotten_customer_leaves_the_page(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, notices: RecordingNotices
) -> None:
    """The name would stay on the screen, or an error would take its place."""
    await page.arrive()
    page.controller.open(INES)
    await page.quiet()

    dialog = await wish_to_forget(page)
    dialog.reasons.set_current(ForgetReason.GONE)
    dialog.accept()
    await page.quiet()

    assert desk.forgotten == [ForgetWish(customer=INES, reason=ForgetReason.GONE, actor="mk")]
    assert page.found == (AGNES,)
    assert desk.memory.get("support/customer") == AGNES


async def test_whoever_thinks_better_of_it_forgets_nobody(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """A slip would cost a customer's history."""
    await page.arrive()

    dialog = await wish_to_forget(page)
    dialog.reject()
    await page.quiet()

    assert desk.forgotten == []
    assert page.view.forget.isEnabled()


async def test_a_refusal_leaves_the_customer_open(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, notices: RecordingNotices
) -> None:
    """Support would lose the page of the customer whose letter is still on its way."""
    desk.fail["forget_customer"] = UserError("Something about this customer has not left yet.")
    await page.arrive()
    page.controller.open(INES)
    await page.quiet()

    dialog = await wish_to_forget(page)
    dialog.accept()
    await page.quiet()

    assert desk.memory.get("support/customer") == INES
    assert page.lines


async def test_a_hold_leaves_the_customer_open_and_says_restricted(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, notices: RecordingNotices
) -> None:
    """Support would tell the customer that they were forgotten."""
    desk.obstacles = (held_by("Marchetti v. Harbour"),)
    await page.arrive()
    page.controller.open(INES)
    await page.quiet()

    dialog = await wish_to_forget(page)
    dialog.accept()
    await page.quiet()

    assert notices.only().sentence == (
        "Inès Caron is restricted, not forgotten. “Marchetti v. Harbour” holds what is theirs in the archive."
    )
    assert page.view.card.is_restricted
    assert desk.memory.get("support/customer") == INES


async def test_what_the_archive_does_not_say_can_be_vouched_for(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, notices: RecordingNotices
) -> None:
    """A customer whose workspace is gone could never be forgotten; or a slip would do it at the first question."""
    desk.obstacles = (unseen(),)
    await page.arrive()
    page.controller.open(INES)
    await page.quiet()
    first = await wish_to_forget(page)
    offered_at_first = first.vouches.isVisibleTo(first)
    first.accept()
    await page.quiet()

    second = await wish_to_forget(page)
    offered_then = second.vouches.isVisibleTo(second)
    second.vouches.setChecked(True)
    second.accept()
    await page.quiet()

    assert (offered_at_first, offered_then) == (False, True)
    assert [each.is_vouched for each in desk.forgotten] == [False, True]
    assert page.found == (AGNES,)
