"""The Support page as a person uses it: finding, reading, and what is said when something is amiss."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import qasync
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.records import Changes, Channel, ConnectionState, CustomerNumber, NodeId, System
from app.use_cases.find_customer import CustomerFile
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.support.desk import AGNES, BOUNCE, INES, SupportDesk, customer, document, entry, event, held
from tests.ui.pages.support.driver import SupportDriver
from ui.widgets import Empty, Failed, Fresh, Stale, unnamed_widgets
from ui.widgets.pdf_view import PdfView
from ui.widgets.sms_view import SmsView

DOWN = UserError("Extended ECM cannot be reached.", hint="It is tried again by itself.")


async def test_who_is_in_trouble_is_open_on_arrival(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """The first thing to do would be to look for something to do."""
    await page.arrive()

    assert page.found == (INES, AGNES)
    assert page.line.key == "bounced"
    assert page.view.middle.timeline.row_actions.resend.isVisible()


async def test_one_search_opens_the_best_match(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """An account number on the telephone should be all it takes."""
    await page.arrive()

    await page.search("331407")

    assert page.found == (AGNES,)
    assert page.view.middle.words == "Nothing was sent to this customer, as far as is known here."


async def test_a_search_that_finds_nobody_says_what_to_try(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """An empty list looks like a broken one."""
    await page.arrive()

    await page.search("zzz")

    assert page.view.left.words.startswith("Nobody answers “zzz”.")
    assert page.line.key == "bounced"


async def test_the_copy_is_proven(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """Nobody could swear to what was sent."""
    await page.arrive()

    assert page.view.document.proof == "Hash verified"


async def test_a_copy_that_was_altered_is_shown_as_such(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """A changed letter would pass for the one that was sent."""
    desk.contents[NodeId(10505)] = b"Something else"

    await page.arrive()

    assert page.view.document.proof == "Hash differs"
    assert page.view.document.warning.startswith("These bytes are not the ones that were filed.")


async def test_a_copy_that_was_altered_is_not_sent(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The customer would get what nobody ever wrote."""
    desk.contents[NodeId(10505)] = b"Something else"

    await page.arrive()

    assert not page.view.resend.isEnabled()
    assert "not the ones that were filed" in page.view.resend.toolTip()


async def test_a_copy_without_a_filed_hash_proves_nothing(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """Silence would read as proof."""
    desk.files[INES] = replace(held(), documents=(replace(document(), sha256=""),))

    await page.arrive()

    assert page.view.document.proof == "No hash was filed"


async def test_a_copy_that_cannot_be_fetched_can_be_asked_for_again(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """One would have to leave the page and come back."""
    desk.fail["open_document"] = DOWN
    await page.arrive()
    failed = page.view.document.faces.face
    desk.fail.clear()

    page.view.fetch.trigger()
    await page.quiet()

    assert isinstance(failed, Failed)
    assert failed.sentence == "Extended ECM cannot be reached. It is tried again by itself."
    assert isinstance(page.view.document.faces.face, Fresh)


async def test_a_pdf_that_is_none_is_said_in_its_place(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, qtbot: QtBot
) -> None:
    """The pane would stay white."""
    desk.files[INES] = replace(held(), documents=(replace(document(), media_type="application/pdf"),))

    await page.arrive()

    view = page.view.document.findChild(PdfView)
    assert isinstance(view, PdfView)
    qtbot.waitUntil(lambda: bool(view.words))


async def test_a_text_message_is_shown_with_its_cost(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """Nobody would see why it was cut in two."""
    sms = document(channel=Channel.SMS)
    desk.files[INES] = replace(held(), documents=(sms,), events=(replace(BOUNCE, channel=Channel.SMS),))

    await page.arrive()

    view = page.view.document.findChild(SmsView)
    assert isinstance(view, SmsView)
    assert view.cost == "1 segment · 37 of 160 in GSM-7"


async def test_lines_of_one_copy_fetch_it_once(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """Moving through the timeline would ask the archive at every line."""
    await page.arrive()

    await page.press(Qt.Key.Key_J)
    await page.press(Qt.Key.Key_J)
    await page.press(Qt.Key.Key_K)

    assert page.line.key == "handed over"
    assert desk.fetched == [NodeId(10505)]


async def test_a_new_version_is_another_copy(qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk) -> None:
    """What was kept of the old one would be shown as the new."""
    await page.arrive()
    desk.contents[NodeId(10505)] = b"Corrected"
    desk.files[INES] = replace(held(), documents=(document(content="Corrected"),))

    desk.tell(Changes(customers=frozenset({INES})))
    await page.quiet()

    assert desk.fetched == [NodeId(10505), NodeId(10505)]
    assert page.view.document.proof == "Hash verified"


async def test_a_line_without_a_copy_says_so(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """An empty pane looks like one that still loads."""
    await page.arrive()

    await page.choose("read")

    face = page.view.document.faces.face
    assert isinstance(face, Empty)
    assert face.title == "No copy is archived"
    assert not page.view.resend.isEnabled()


async def test_an_archive_that_is_down_leaves_the_rows(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The customer on the telephone would have to wait for the archive."""
    desk.fail["refresh_customer"] = DOWN

    await page.arrive()

    face = page.view.middle.faces.face
    assert isinstance(face, Stale)
    # How old it is by now depends on how long the tests before this one took.
    assert re.fullmatch(r"\d+ min old", face.word)
    assert re.fullmatch(r"Shown as read \*\*\d+ min ago\*\*\. Extended ECM cannot be reached\.", face.sentence)
    assert page.line.key == "bounced"


async def test_an_archive_that_is_known_to_be_down_is_said_at_once(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """Old rows would pass for new ones until the archive has not answered once more."""
    desk.status = replace(desk.status, state=ConnectionState.UNREACHABLE, sentence="Extended ECM cannot be reached.")
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    desk.before_refresh = never

    page.controller.start()
    await page.a_moment()
    face = page.view.middle.faces.face
    never.set_result(None)
    await page.quiet()

    assert isinstance(face, Stale)


async def test_an_archive_that_comes_back_is_asked_by_itself(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The page would say old for ever."""
    desk.fail |= {"refresh_customer": DOWN, "open_document": DOWN}
    await page.arrive()
    desk.fail.clear()
    desk.status = replace(desk.status, state=ConnectionState.CONNECTED)

    desk.tell(Changes(systems=frozenset({System.EXTENDED_ECM})))
    await page.quiet()

    assert isinstance(page.view.middle.faces.face, Fresh)
    assert page.view.document.proof == "Hash verified"


async def test_a_customer_who_is_not_known_gets_a_sentence(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """A link from elsewhere would end in an empty page."""
    await page.arrive()

    page.controller.open("HM-000000")
    await page.quiet()

    face = page.view.middle.faces.face
    assert isinstance(face, Failed)
    assert face.sentence.startswith("This customer is not known here.")
    page.view.synchronise.trigger()
    assert desk.synchronised == [System.EXTENDED_ECM]


async def test_a_customer_who_becomes_known_opens(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The person would have to search again after the synchronisation."""
    await page.arrive()
    page.controller.open("HM-000000")
    await page.quiet()
    new = customer(CustomerNumber("HM-000000"), "Nadia Novak")
    desk.files[new.number] = CustomerFile(customer=new, documents=(), events=(BOUNCE,))

    desk.tell(Changes(customers=frozenset({"HM-000000"})))
    await page.quiet()

    assert page.lines == ("bounced",)


async def test_without_customers_the_page_says_where_they_come_from(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """A new desk would look broken."""
    desk.files.clear()

    await page.arrive()
    page.view.connections.trigger()

    face = page.view.middle.faces.face
    assert isinstance(face, Empty)
    assert face.title == "No customers yet"
    assert desk.went == ["connections"]


async def test_news_keep_the_line_that_is_read(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """The page would jump away while somebody reads it out."""
    await page.arrive()
    await page.choose("composed")
    desk.files[INES] = replace(held(), events=(event("new", minutes_ago=1), *held().events))

    desk.tell(Changes(customers=frozenset({INES})))
    await page.quiet()

    assert page.lines[0] == "new"
    assert page.line.key == "composed"


async def test_problems_only_by_one_key(qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk) -> None:
    """Success would hide what needs a person; and the choice would be forgotten."""
    await page.arrive()

    page.view.problems.trigger()
    await page.quiet()

    assert page.lines == ("bounced",)
    assert desk.memory.get("support/filter") == {"channel": "", "problems_only": True}


async def test_one_channel_at_a_time(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """A question about a text message would drown in letters."""
    await page.arrive()

    page.view.channel_wanted.emit(Channel.WEB.value)
    await page.quiet()

    assert page.lines == ("read",)


async def test_a_channel_without_events_says_so(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """An empty timeline looks like one that still loads."""
    await page.arrive()

    page.view.channel_wanted.emit(Channel.PRINT.value)
    await page.quiet()

    assert page.view.middle.words == "Nothing on this channel."


async def test_the_provider_s_answer_opens_in_the_line(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """Who looks after mail asks for the code."""
    await page.arrive()
    before = page.view.middle.timeline.rowHeight(0)

    page.view.middle.timeline.row_actions.answer.click()

    assert page.view.middle.timeline.rowHeight(0) > before


async def test_a_parked_sending_can_be_tried_again(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """It would wait for ever, and nobody would know why."""
    desk.entries.append(entry(7))
    desk.put(desk.entries[0].id, state=desk.entries[0].state.PARKED, sentence="Exstream knows no such channel.")
    await page.arrive()
    await page.choose("entry 7")
    said = page.line.sentence

    page.view.middle.timeline.row_actions.retry.click()
    await page.quiet()

    assert said == "Exstream knows no such channel."
    assert desk.retried == [7]
    assert page.line.word == "queued"


async def test_a_copy_is_saved_byte_by_byte(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk, tmp_path: Path, notices: RecordingNotices
) -> None:
    """What is handed on would not be what was sent."""
    await page.arrive()
    page.saved_to = tmp_path / "copy.txt"

    page.view.save.trigger()
    await page.quiet()

    assert page.saved_to.read_text() == "Bonjour, votre contrat est renouvelé."
    assert notices.only().sentence == "A copy of “Renewal notice” is saved."


async def test_a_copy_that_cannot_be_written_is_a_sentence(
    qloop: qasync.QEventLoop, page: SupportDriver, tmp_path: Path, notices: RecordingNotices
) -> None:
    """It would look saved."""
    await page.arrive()
    page.saved_to = tmp_path / "gone" / "copy.txt"

    page.view.save.trigger()
    await page.quiet()

    assert notices.only().sentence == "copy.txt cannot be written: No such file or directory."
    assert notices.only().hint == "Choose another folder, or free some space, and try again."


async def test_the_customer_who_was_open_is_open_again(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """Every restart would begin with a search."""
    desk.memory.set("support/customer", AGNES)

    await page.arrive()

    assert page.view.left.list.current_key == AGNES


async def test_no_address_is_shown_whole(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """A glance over the shoulder would be a leak."""
    await page.arrive()

    said = " ".join(row.spoken for row in page.timeline.rows)
    assert "i•••@lamer.example" in said
    assert "ines.caron" not in said


async def test_everything_has_a_name(qloop: qasync.QEventLoop, page: SupportDriver) -> None:
    """A person who does not see could not use the page."""
    await page.arrive()

    assert unnamed_widgets(page.view) == []


async def test_a_page_that_is_gone_hears_nothing(
    qloop: qasync.QEventLoop, page: SupportDriver, desk: SupportDesk
) -> None:
    """A closed window would go on asking the archive."""
    await page.arrive()
    asked = len(desk.asked)

    page.controller.close()
    desk.tell(Changes(customers=frozenset({INES})))
    await page.quiet()

    assert len(desk.asked) == asked
