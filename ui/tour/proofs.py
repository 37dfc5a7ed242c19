"""The template owner: sees one record on four channels, then the next."""

from app.records import Channel
from ui.pages.proofs.page import ProofsPage
from ui.tour.guide import Guide
from ui.tour.person import row_with
from ui.widgets import Empty, Fresh

TEMPLATE = "Renewal notice"
COMPOSED_S = 30.0


async def compose(guide: Guide) -> None:
    """The template is chosen, composed when asked for, and fills four panes."""
    page = await proofs_page(guide)
    table = page.templates.table
    row = await guide.seen(lambda: row_with(table, TEMPLATE), f"the template “{TEMPLATE}”")
    await guide.click_row(table, row)
    await guide.until(lambda: page.records.current, "its test records")
    await _compose(guide, page)


async def next_record(guide: Guide) -> None:
    """The same template says something else to somebody else."""
    page = await proofs_page(guide)
    before, text = page.records.label, page.panes.text.cost
    await guide.click_button("Next record", inside=page)
    await guide.until(lambda: page.records.label != before, "another record")
    await guide.until(lambda: isinstance(page.faces.face, Empty), "an empty middle: nothing is composed unasked")
    await _compose(guide, page)
    await guide.until(lambda: page.panes.text.cost != text, "another text message")


async def proofs_page(guide: Guide) -> ProofsPage:
    """The page, in sight."""
    return await guide.page("proofs", "Ctrl+2", ProofsPage)


async def _compose(guide: Guide, page: ProofsPage) -> None:
    panes = page.panes
    drawn: set[Channel] = set()
    mail = panes.mail.finished.connect(lambda fine: drawn.add(Channel.EMAIL) if fine else None)
    web = panes.web.finished.connect(lambda fine: drawn.add(Channel.WEB) if fine else None)
    await guide.until(page.compose_action.isEnabled, "Compose to be offered")
    await guide.press("Ctrl+Return", on=page)
    await guide.until(lambda: isinstance(page.faces.face, Fresh), "the composition", patience_s=COMPOSED_S)
    await guide.until(lambda: {Channel.EMAIL, Channel.WEB} <= drawn, "the mail and the web page to be drawn")
    panes.mail.finished.disconnect(mail)
    panes.web.finished.disconnect(web)
    await guide.until(lambda: panes.letter.page_count and not panes.letter.words, "the letter's pages")
    await guide.until(lambda: panes.text.cost and not panes.text.words, "the text message")
