"""The page of proofs, as a template owner meets it."""

import asyncio
import json
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app.errors import UserError
from app.records import AssetKey, Changes, Channel, System, TemplateId
from connectors.errors import InvalidError, UnreachableError
from tests.ui.pages.proofs.driver import ProofsDriver
from tests.ui.pages.proofs.fakes import BANNER, FakeDesk, output, template
from ui.theme import Theme
from ui.widgets import Empty, Failed, Fresh, Stale, unnamed_widgets


def down() -> UnreachableError:
    """The composer is down."""
    return UnreachableError(system="Exstream", call="generate")


def missing(*pointers: str) -> InvalidError:
    """The record lacks data."""
    return InvalidError(system="Exstream", call="generate", fields=dict.fromkeys(pointers, "is missing"))


async def test_nothing_is_composed_unasked(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """Previews may cost licences."""
    await page.select("Spring offer")
    page.press(Qt.Key.Key_Down)

    assert page.desk.wishes == []
    assert page.face_words == "Not composed yet"
    assert page.filled_buttons == ["Compose"]


async def test_composing_shows_every_channel(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """The page would have no purpose."""
    await page.select("Renewal notice")

    await page.compose()

    assert isinstance(page.face, Fresh)
    assert [(wish.template, wish.record.name) for wish in page.desk.wishes] == [("Renewal notice", "Inès Caron")]
    await page.until(lambda: page.page.panes.letter.page_count == 3)
    assert page.page.panes.panes[Channel.PRINT].aside == "A4, page 1 of 3"
    assert page.page.panes.text.cost == "1 segment · 23 of 70"
    assert page.state_of(Channel.SMS) == "1 segment"


async def test_a_channel_without_output_says_so_in_its_own_pane(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """An empty pane would look like a failure, or blank the others."""
    await page.select("Renewal notice")

    await page.compose()

    assert page.words_in(Channel.EMAIL) == "Renewal notice has no mail."
    assert page.words_in(Channel.PRINT) == ""


async def test_what_cannot_be_shown_is_said_in_its_pane(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """One odd output must not take the other three away."""
    page.desk.outputs = (
        output(Channel.PRINT, b"%!PS", "application/postscript"),
        output(Channel.SMS, b"", "text/plain", text="Hello"),
    )

    await page.compose()

    assert "application/postscript" in page.words_in(Channel.PRINT)
    assert page.page.panes.text.cost == "1 segment · 5 of 160"


async def test_a_broken_pdf_is_said_in_its_pane(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """The reader of a damaged document must not be left with a blank sheet."""
    page.desk.outputs = (output(Channel.PRINT, b"no pdf", "application/pdf"),)

    await page.compose()

    await page.until(lambda: "cannot be opened" in page.words_in(Channel.PRINT))


async def test_arrows_change_the_record_in_all_panes(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """The four panes are of one record, whichever has the focus."""
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Up)

    assert page.record == "2 · Tristan Faure"


async def test_arrows_in_the_list_change_the_template(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A list that arrows do not walk through cannot be used without a mouse."""
    await page.select("Renewal notice")

    page.press_in_list(Qt.Key.Key_Down)
    await page.settle()

    assert page.page.templates.table.current_key == "Spring offer"
    assert page.record == "1 · Inès Caron"


async def test_what_was_composed_shows_at_once_again(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """Going back and forth between two records would cost a run each time."""
    await page.compose()
    page.press(Qt.Key.Key_Down)
    between = page.face

    page.press(Qt.Key.Key_Up)

    assert isinstance(between, Empty)
    assert isinstance(page.face, Fresh)
    assert len(page.desk.wishes) == 1


async def test_the_record_is_kept_from_one_template_to_the_next(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """Whoever compares templates looks at one customer."""
    page.choose("Helena Marchetti")

    await page.select("Spring offer")

    assert page.record == "3 · Helena Marchetti"


async def test_a_record_without_data_names_what_is_missing(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A document without the data that a template needs: the person must know which value, and what to do."""
    page.desk.failure = missing("/policy/number", "/policy/premium")

    await page.compose()

    assert isinstance(page.face, Failed)
    assert "needs 2 values" in page.face.sentence
    assert "Choose another record" in page.face.sentence
    assert [pointer for _, pointer in page.face.facts] == ["/policy/number", "/policy/premium"]


async def test_a_composer_that_is_down_can_be_tried_again(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A system down at start."""
    page.desk.failure = down()
    await page.compose()
    failed = page.face
    page.desk.failure = None

    page.page.again_action.trigger()
    await page.settle()

    assert isinstance(failed, Failed)
    assert failed.sentence.startswith("Exstream cannot be reached.")
    assert isinstance(page.face, Fresh)


async def test_the_last_proof_stays_when_the_composer_goes_down(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A system going down later: what was shown is still worth looking at, with its age."""
    await page.compose()
    page.desk.failure = down()

    await page.compose()

    assert isinstance(page.face, Stale)
    assert "Exstream cannot be reached." in page.face.sentence
    assert page.bill


async def test_a_proof_of_an_earlier_version_says_so(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """Somebody would sign for a text that has been changed since."""
    await page.select("Renewal notice")
    await page.compose()
    newer = template("Renewal notice")
    page.desk.templates[0] = type(newer)(
        **{name: getattr(newer, name) for name in newer.__dataclass_fields__ if name != "version"}, version=15
    )

    page.desk.publish(Changes(templates=True))
    await page.settle()

    assert isinstance(page.face, Stale)
    assert "v14" in page.face.sentence


async def test_records_that_cannot_be_read_come_when_the_composer_is_back(
    page: ProofsDriver, qloop: qasync.QEventLoop
) -> None:
    """A page that failed at start would stay so for the day."""
    page.desk.records_failure = UserError("No composer is connected.", hint="Add Exstream under Connections.")
    await page.select("Spring offer")
    failed = page.face
    page.desk.records_failure = None

    page.desk.publish(Changes(systems=frozenset({System.EXSTREAM})))
    await page.settle()

    assert isinstance(failed, Failed)
    assert page.record == "1 · Inès Caron"


async def test_composing_can_be_cancelled(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A composer that hangs would hold the page."""

    page.desk.held = asyncio.Event()
    page.page.compose_action.trigger()
    await page.until(lambda: bool(page.desk.wishes))

    page.press(Qt.Key.Key_Escape)
    await page.settle()

    assert page.face_words == "Not composed yet"
    assert page.page.compose_action.isEnabled()


async def test_a_second_press_is_not_a_second_run(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """An impatient key would cost twice."""
    page.page.compose_action.trigger()
    page.page.compose_action.trigger()
    await page.settle()

    assert len(page.desk.wishes) == 1


async def test_a_bill_line_leads_to_its_asset(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """Whoever sees an unapproved picture wants to have it approved."""
    await page.compose()

    page.click_bill(0)

    assert page.bill == ["spring-banner-fr v9, in review", "pixel.gif , not traced"]
    assert page.desk.went_to == [("assets", AssetKey(BANNER.system, BANNER.id))]


async def test_a_finding_leads_to_its_place(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A finding without its place has to be searched for."""
    await page.compose()

    page.click_finding(0)

    assert page.findings[0].startswith("spring-banner-fr")
    assert page.page.focusWidget() is page.page.side.bill_lines[0]


async def test_a_transaction_from_a_file_is_composed(
    page: ProofsDriver, qloop: qasync.QEventLoop, tmp_path: Path
) -> None:
    """A case from production could not be looked at."""
    path = tmp_path / "transaction.json"
    path.write_text(json.dumps({"customer": {"number": "HM-1"}}))

    page.page.file_wanted.emit(str(path))
    await page.settle()

    assert page.record == "4 · transaction.json"
    assert page.desk.wishes[-1].record.data == {"customer": {"number": "HM-1"}}


@pytest.mark.parametrize("content", ["<html>no</html>", "[1, 2]", "", "[" * 100_000])
async def test_a_file_that_is_no_transaction_is_refused_in_a_sentence(
    page: ProofsDriver, qloop: qasync.QEventLoop, tmp_path: Path, content: str
) -> None:
    """HTML where JSON should be."""
    path = tmp_path / "page.json"
    path.write_text(content)

    page.page.file_wanted.emit(str(path))
    await page.settle()

    assert page.desk.notices.only().sentence.startswith("page.json ")
    assert page.desk.wishes == []


async def test_the_filter_narrows_and_keeps_groups(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """With two hundred templates nobody scrolls."""
    page.type_in_filter("offer")
    await page.settle()

    assert page.shown_templates == ["Home and motor", "Spring offer"]
    assert page.page.templates.table.current_key == "Spring offer"


async def test_a_template_asked_for_from_elsewhere_is_shown(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A link from another page would lead to whatever was chosen last."""
    page.type_in_filter("offer")

    page.page.show_subject(TemplateId("Claim received"))
    await page.settle()

    assert page.page.templates.table.current_key == "Claim received"


async def test_the_page_opens_where_it_was_left(desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme) -> None:
    """Every start would begin with the same clicks."""
    first = await ProofsDriver(desk).opened()
    await first.select("Spring offer")
    first.choose("Tristan Faure")
    first.close()

    second = await ProofsDriver(desk).opened()

    assert (second.page.templates.table.current_key, second.record) == ("Spring offer", "2 · Tristan Faure")
    second.close()


async def test_no_templates_leads_to_connections(desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme) -> None:
    """A new profile would show a blank page."""
    desk.templates = []
    page = await ProofsDriver(desk).opened()

    page.page.connections_action.trigger()

    assert page.face_words == "No templates yet"
    assert desk.went_to == [("connections", None)]
    page.close()


async def test_only_checked_channels_claim_that_nothing_was_found(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A tick on a letter that nobody checked would be believed."""
    await page.compose()

    assert page.state_of(Channel.PRINT) == "not checked"


async def test_mail_and_web_are_drawn_and_say_what_was_refused(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A mail with a tracking pixel would pass for a clean one; and its view must not swallow the page's keys."""
    mail = b"<title>mail</title><img src='https://tracker.example/pixel.gif'><p>Hello"
    page.desk.outputs = (
        output(Channel.EMAIL, mail, "text/html"),
        output(Channel.WEB, b"<title>web</title>", "text/html"),
    )

    await page.compose()

    panes = page.page.panes
    await page.until(lambda: panes.panes[Channel.EMAIL].aside.startswith("1 request blocked · 600 px"))
    await page.until(lambda: panes.web.surface is not None and panes.web.surface.title == "web")
    await page.until(lambda: unnamed_widgets(page.page) == [])
    page.press_in_mail(Qt.Key.Key_Down)
    assert page.record == "2 · Tristan Faure"


async def test_a_file_is_asked_for_without_stopping_the_desk(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A dialog that turns a loop of its own would hold every other task."""
    page.page.open_action.trigger()

    dialog = page.page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


async def test_every_control_has_a_name(page: ProofsDriver, qloop: qasync.QEventLoop) -> None:
    """A screen reader would say 'button'."""
    await page.compose()

    assert unnamed_widgets(page.page) == []


async def test_a_page_that_was_left_hears_no_more(desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme) -> None:
    """It would work on widgets that are gone."""
    page = await ProofsDriver(desk).opened()
    page.page.controller.leave()

    desk.publish(Changes(templates=True))

    assert not page.page.tasks.is_busy
    page.close()
