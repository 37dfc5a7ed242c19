"""Addresses can be read after one key, and by nobody who comes later."""

import asyncio

import qasync

from app.errors import UserError
from app.rules.roles import RevealReason
from app.use_cases.reveal_addresses import RevealWish
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.support.desk import AGNES, INES, PLAIN, SupportDesk
from tests.ui.pages.support.driver import SupportDriver
from ui.pages.revealing import RevealDialog
from ui.widgets import ElidedLabel


def seen(page: SupportDriver) -> str:
    """Everything that stands on the card."""
    shown = [each for each in page.view.card.findChildren(ElidedLabel) if not each.isHidden()]
    return " ".join(f"{each.text()} {each.toolTip()} {each.accessibleName()}" for each in shown)


async def opened(page: SupportDriver) -> None:
    """Inès is open."""
    await page.arrive()
    page.controller.open(INES)
    await page.quiet()


async def test_one_key_reveals_and_the_same_masks_again(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The caller spells an address, and the agent could not compare it."""
    await opened(page)
    before = seen(page)

    page.view.reveal.trigger()
    await page.quiet()
    revealed = seen(page)
    page.view.reveal.trigger()
    await page.a_moment()

    assert (PLAIN in before, PLAIN in revealed, PLAIN in seen(page)) == (False, True, False)
    assert desk.reveal.wishes == [RevealWish(customer=INES, actor="mk")]


async def test_a_reason_is_asked_for_where_the_rule_wants_one(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The audit would know who looked, and not why."""
    desk.reveal.needs_reason = True
    await opened(page)

    page.view.reveal.trigger()
    await page.a_moment()
    (dialog,) = page.view.window().findChildren(RevealDialog)
    dialog.reasons.set_current(RevealReason.COMPLAINT)
    dialog.accept()
    await page.quiet()

    assert desk.reveal.wishes == [RevealWish(customer=INES, actor="mk", reason=RevealReason.COMPLAINT)]
    assert PLAIN in seen(page)


async def test_another_customer_or_page_folds_it_back(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """Whoever comes to the desk next reads the address of the one before."""
    await opened(page)
    page.view.reveal.trigger()
    await page.quiet()

    page.controller.open(AGNES)
    await page.quiet()
    with_agnes = page.view.card.is_revealed
    page.view.reveal.trigger()
    await page.quiet()
    page.view.hide()

    assert (with_agnes, page.view.card.is_revealed) == (False, False)
    assert page.view.reveal.text() == "Reveal addresses"


async def test_an_answer_that_comes_for_a_customer_who_was_left_is_not_shown(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """Inès's address would stand on Agnès's card."""
    gate = asyncio.Event()
    desk.reveal.before = _waiting(gate)
    await opened(page)

    page.view.reveal.trigger()
    await page.a_moment()
    page.controller.open(AGNES)
    await page.a_moment()
    gate.set()
    await page.quiet()

    assert not page.view.card.is_revealed


async def _waiting(gate: asyncio.Event) -> None:
    await gate.wait()


async def test_whoever_may_not_is_told_who_can(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, notices: RecordingNotices
) -> None:
    """A key that does nothing is pressed again and again."""
    desk.reveal.refusal = UserError(
        "Revealing personal values needs the role agent or archivist; ask your administrator."
    )
    await opened(page)

    page.view.reveal.trigger()
    await page.quiet()

    assert "ask your administrator" in notices.only().sentence
    assert not page.view.card.is_revealed
