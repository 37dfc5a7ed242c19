"""What the page does with connections, forms and tests."""

import asyncio

import pytest
from PySide6.QtWidgets import QLabel

from app.errors import UserError
from app.records import ConnectionState, System
from app.use_cases.connect_system import ConnectionForm
from tests.ui.conftest import RecordingNotices
from tests.ui.pages.connections.driver import ConnectionsDesk, ConnectionsDriver, broken
from ui.pages.connections.controller import DEMO_HINT
from ui.pages.connections.wizard import Step
from ui.theme import Theme
from ui.widgets import Button, Empty, Failed, Fresh, Stale

ECM = {
    "base_url": "https://ecm.harbour.example",
    "cs_path": "/cs/cs",
    "username": "m.kovac",
    "password": "correct horse",
}


@pytest.fixture
def desk() -> ConnectionsDesk:
    return ConnectionsDesk(System.EXTENDED_ECM, System.ICONIK)


@pytest.fixture
def page(desk: ConnectionsDesk, theme: Theme, notices: RecordingNotices) -> ConnectionsDriver:
    return ConnectionsDriver(desk, notices)


def _add(page: ConnectionsDriver, system: System) -> None:
    page.do(page.view.add_wanted.emit, lambda: page.view.wizard.system_chosen.emit(system.value))


def test_a_desk_without_connections_offers_the_first(theme: Theme, notices: RecordingNotices) -> None:
    """A person who starts anew must see the one thing to do, and that there is something to try it on."""
    page = ConnectionsDriver(ConnectionsDesk(), notices)

    page.arrive()

    face = page.view.faces.face
    assert isinstance(face, Empty)
    assert face.action is page.view.add_action
    assert DEMO_HINT in face.sentence


def test_connections_that_cannot_be_read_say_why(page: ConnectionsDriver) -> None:
    """An empty page would look as if everything had been lost."""
    page.desk.trouble = UserError("The profile cannot be read.", hint="Close the other Proofdesk.")

    page.arrive()

    face = page.view.faces.face
    assert isinstance(face, Failed)
    assert face.sentence == "The profile cannot be read. Close the other Proofdesk."


def test_a_failed_reread_keeps_the_cards(page: ConnectionsDriver) -> None:
    """What was known a moment ago is still worth seeing."""
    page.arrive()
    page.desk.trouble = UserError("The profile is busy.")

    page.do(page.view.refresh_wanted.emit)

    assert isinstance(page.view.faces.face, Stale)
    assert len(page.view.grid.cards) == 2


def test_the_header_counts_what_works(page: ConnectionsDriver) -> None:
    """One glance has to tell whether all is well."""
    page.status(System.EXTENDED_ECM, ConnectionState.CONNECTED)
    page.status(System.ICONIK, ConnectionState.UNREACHABLE, "iconik cannot be reached.")

    page.arrive()

    assert page.aside == "1 of 2 working"
    assert "cannot be reached" in page.card(System.ICONIK)


def test_a_test_of_a_card_shows_who_we_are(page: ConnectionsDriver) -> None:
    """“I may” is known only from a test."""
    page.arrive()

    page.do(lambda: page.view.test_wanted.emit("iconik"))

    facts = next(card.facts for card in page.view.grid.cards if card.system is System.ICONIK)
    assert facts is not None
    assert (facts.account, facts.rights) == ("Mira Kovač", "find assets, approve and reject")


def test_test_all_tries_every_connection_once(page: ConnectionsDriver) -> None:
    """A system that is not connected has nothing to try."""
    page.arrive()

    page.do(page.view.test_all_wanted.emit)

    assert sorted(str(wish) for wish in page.desk.tested) == ["extended_ecm", "iconik"]


def test_a_failed_test_of_a_kept_connection_is_on_its_card(page: ConnectionsDriver) -> None:
    """A card that says “connected” after a failed test would be a lie."""
    page.desk.answers[System.ICONIK] = broken(System.ICONIK, "iconik refused the sign-in.")
    page.arrive()

    page.do(page.view.test_all_wanted.emit)

    assert "iconik refused the sign-in." in page.card(System.ICONIK)


@pytest.mark.parametrize(
    "sentence",
    [
        "Extended ECM refused the sign-in.",
        "Extended ECM cannot be reached.",
        "Extended ECM answered in a form we do not know.",
    ],
)
def test_what_goes_wrong_is_said_and_nothing_typed_is_lost(
    sentence: str, theme: Theme, notices: RecordingNotices
) -> None:
    """Typing nine fields again because of one wrong letter drives people away."""
    page = ConnectionsDriver(ConnectionsDesk(), notices)
    page.desk.answers[System.EXTENDED_ECM] = broken(System.EXTENDED_ECM, sentence)
    page.arrive()
    _add(page, System.EXTENDED_ECM)
    page.type(ECM)

    page.do(page.view.wizard.try_wanted.emit)

    assert page.checks == [f"Sign in to Extended ECM: failed. {sentence} Check the address."]
    assert {key: page.typed(key) for key in ECM} == ECM


def test_a_field_that_cannot_be_right_says_so_when_it_is_left(page: ConnectionsDriver) -> None:
    """Waiting for the vendor to refuse it would cost a minute and teach nothing."""
    page.arrive()
    _add(page, System.CORE_DAM)
    page.type({"base_url": "http://coredam.example"})

    page.leave("base_url")

    assert "https://" in page.complaint("base_url")
    assert page.complaint("username") == ""


def test_an_implausible_form_is_not_tried(page: ConnectionsDriver) -> None:
    """A password must not travel over http, not even once."""
    page.arrive()
    _add(page, System.CORE_DAM)
    page.type({"base_url": "http://coredam.example", "username": "m.kovac", "password": "x"})

    page.do(page.view.wizard.try_wanted.emit)

    assert page.desk.tested == []
    assert page.view.wizard.step is Step.FORM


def test_an_edited_connection_keeps_its_secret_when_none_is_typed(page: ConnectionsDriver) -> None:
    """Changing an address must not cost the password."""
    page.arrive()
    page.do(lambda: page.view.edit_wanted.emit("extended_ecm"))

    page.do(page.view.wizard.try_wanted.emit)

    (wish,) = page.desk.tested
    assert isinstance(wish, ConnectionForm)
    assert wish.values["password"] == ""


def test_a_refusal_beside_a_field_returns_to_the_form(page: ConnectionsDriver) -> None:
    """The sentence belongs where the person can act on it."""
    page.desk.answers[System.EXTENDED_ECM] = UserError("No such path.", field="cs_path")
    page.arrive()
    page.do(lambda: page.view.edit_wanted.emit("extended_ecm"))

    page.do(page.view.wizard.try_wanted.emit)

    assert page.view.wizard.step is Step.FORM
    assert page.complaint("cs_path") == "No such path."


def test_saving_says_where_the_secret_is_kept(page: ConnectionsDriver) -> None:
    """People are entitled to know where their password went."""
    page.arrive()
    _add(page, System.CORE_DAM)
    page.type({"base_url": "https://dam.example", "username": "m.kovac", "password": "x"})
    page.do(page.view.wizard.try_wanted.emit)

    page.do(page.view.wizard.save_wanted.emit)

    assert page.view.wizard.said == "Passwords are kept in this desktop's keyring."
    assert System.CORE_DAM in {card.system for card in page.view.grid.cards}
    assert isinstance(page.view.faces.face, Fresh)


def test_turning_to_another_system_and_back_keeps_what_was_typed(page: ConnectionsDriver) -> None:
    """A look at another form is no reason to start again."""
    page.arrive()
    _add(page, System.CORE_DAM)
    page.type({"username": "m.kovac"})

    page.view.wizard.system_chosen.emit("cloudinary")
    page.view.wizard.system_chosen.emit("core_dam")

    assert page.typed("username") == "m.kovac"


def test_a_closed_pane_forgets_what_was_typed(page: ConnectionsDriver) -> None:
    """A password must not wait in a pane that nobody sees."""
    page.arrive()
    _add(page, System.CORE_DAM)
    page.type({"password": "x"})

    page.view.wizard.close_wanted.emit()
    _add(page, System.CORE_DAM)

    assert page.typed("password") == ""


def test_the_card_of_a_system_that_is_added_leads_back_to_its_form(page: ConnectionsDriver) -> None:
    """Otherwise the way back from the test is hard to find."""
    page.arrive()
    _add(page, System.CORE_DAM)
    page.type({"base_url": "https://dam.example", "username": "m.kovac", "password": "x"})
    page.do(page.view.wizard.try_wanted.emit)

    page.do(lambda: page.view.edit_wanted.emit("core_dam"))

    assert page.view.wizard.step is Step.FORM
    assert page.typed("username") == "m.kovac"


def test_the_page_opens_on_a_system(page: ConnectionsDriver) -> None:
    """A notice that says “sign in again” leads here."""
    page.do(lambda: page.view.show_subject(System.ICONIK))

    assert page.view.wizard.system is System.ICONIK
    assert page.view.wizard.form is not None


@pytest.mark.parametrize("is_meant", [True, False])
def test_a_connection_is_removed_when_it_is_meant(page: ConnectionsDriver, is_meant: bool) -> None:
    """A slip would sign the whole team out, or nobody could ever sign out."""
    page.desk.is_removal_meant = is_meant
    page.arrive()
    page.do(lambda: page.view.edit_wanted.emit("iconik"))

    page.do(lambda: page.view.wizard.remove_wanted.emit("iconik"))

    assert (System.ICONIK in page.desk.kept) is not is_meant
    assert (System.ICONIK in {card.system for card in page.view.grid.cards}) is not is_meant


def test_only_a_connection_that_is_kept_can_be_removed(page: ConnectionsDriver) -> None:
    """Removing what was never added means nothing."""
    page.arrive()

    page.do(lambda: page.view.edit_wanted.emit("iconik"))
    offered_for_kept = "Remove…" in page.offers
    _add(page, System.CORE_DAM)

    assert offered_for_kept
    assert "Remove…" not in page.offers


def test_a_sign_in_in_the_browser_comes_before_the_test(page: ConnectionsDriver) -> None:
    """The system would be tried with nothing, and the person told that the sign-in is wrong."""
    said: list[str] = []

    async def signs_in() -> None:
        said.append(" ".join(label.text() for label in page.view.wizard.findChildren(QLabel)))

    page.desk.browser = signs_in
    page.arrive()
    page.do(lambda: page.view.edit_wanted.emit("extended_ecm"))
    page.do(page.view.wizard.try_wanted.emit)

    assert page.desk.opened == ["https://otds.harbour.example/otdsws/oauth2/auth"]
    assert "in your browser" in said[0]
    assert len(page.desk.tested) == 1


def test_back_stops_waiting_for_the_browser(page: ConnectionsDriver) -> None:
    """Five minutes of nothing, for somebody who closed the browser window."""
    ended: list[str] = []
    page.arrive()

    async def work() -> None:
        opened = asyncio.Event()

        async def waits() -> None:
            opened.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.append("stopped")
                raise

        page.desk.browser = waits
        page.view.edit_wanted.emit("extended_ecm")
        page.view.wizard.try_wanted.emit()
        await asyncio.wait_for(opened.wait(), 5)
        next(each for each in page.view.wizard.findChildren(Button) if each.text() == "Back").click()
        await page.tasks.idle()

    asyncio.run(work())

    assert (ended, page.desk.tested) == (["stopped"], [])
    assert page.view.wizard.step is Step.FORM
