"""A channel is closed by hand: with a reason, and the card says so at once."""

import qasync

from app.errors import UserError
from app.records import Channel
from app.rules.suppression import SuppressionScope
from app.use_cases.close_channel import CloseWish
from tests.ui.pages.support.desk import INES, SupportDesk
from tests.ui.pages.support.driver import SupportDriver
from ui.pages.support.closing import CloseDialog
from ui.widgets import unnamed_widgets


async def wish_to_close(page: SupportDriver) -> CloseDialog:
    """Open Inès, and choose it; the dialog that came up."""
    await page.arrive()
    page.controller.open(INES)
    await page.quiet()
    page.view.close_channel.trigger()
    page.view.close_channel.trigger()
    await page.a_moment()
    (dialog,) = [each for each in page.view.window().findChildren(CloseDialog) if each.isVisible()]
    return dialog


async def test_what_was_closed_stands_on_the_card(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The customer said it on the telephone, and the next agent would write again."""
    dialog = await wish_to_close(page)
    may_without_reason = dialog.confirm.isEnabled()
    unnamed = unnamed_widgets(dialog)
    dialog.channels.set_current(Channel.SMS)
    dialog.scopes.set_current(SuppressionScope.MARKETING)
    dialog.reason.control.setText("She said so on the telephone.")
    dialog.accept()
    await page.quiet()

    assert (may_without_reason, unnamed) == (False, [])
    assert desk.closed == [
        CloseWish(
            customer=INES,
            channel=Channel.SMS,
            scope=SuppressionScope.MARKETING,
            reason="She said so on the telephone.",
            actor="mk",
        )
    ]
    (said,) = page.view.card.suppressions
    assert said.startswith("No text messages: somebody here closed it, for marketing (mk) · since ")


async def test_what_is_closed_already_is_said_in_place(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The reason would have to be typed again, in another dialog."""
    desk.fail["close_channel"] = UserError("Somebody closed it already.")
    dialog = await wish_to_close(page)

    dialog.reason.control.setText("again")
    dialog.accept()
    await page.a_moment()
    said = dialog.refusal.sentence
    dialog.reject()
    await page.quiet()

    assert said == "Somebody closed it already."
    assert desk.closed == []
