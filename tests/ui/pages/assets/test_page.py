"""The page through the eyes and keys of a person."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import qasync
from PySide6.QtCore import Qt

from app.errors import UserError
from app.records import AssetState, Changes, ConnectionState, EntryId, EntryState, System
from app.rules.verdicts import Verdict
from tests.ui.pages.assets.driver import AssetsDriver
from tests.ui.pages.assets.fakes import FakeDesk, asset, entry, status
from ui.theme import Theme
from ui.widgets import Empty, Failed, Fresh, Stale, unnamed_widgets


async def test_three_libraries_are_one_list(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Three lists to search one after the other are what people have today."""
    assert page.names == ["spring-banner", "heat-pump-hero", "motor-tile", "autumn-draft"]


async def test_the_count_says_how_much_is_left_out(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A count of what happens to be loaded would be taken for all there is."""
    page.choose("State", "approved")

    await page.until(lambda: len(page.names) == 2)

    assert page.view.header._aside.text() == "2 of 4"


async def test_a_second_choice_widens_its_own_facet(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Two states are an or: as an and, no asset would ever match."""
    page.choose("State", "in review")
    await page.until(lambda: len(page.names) == 1)

    page.choose("State", "approved")

    await page.until(lambda: page.names == ["spring-banner", "heat-pump-hero", "motor-tile"])


async def test_each_option_says_how_much_it_would_leave(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A choice without its count is a guess."""
    assert page.offered("Library") == {"iconik": "2", "Core DAM": "1", "Cloudinary": "1"}


async def test_clearing_brings_everything_back(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A filter that cannot be found again hides assets for good."""
    page.choose("Locale", "de")
    await page.until(lambda: len(page.names) == 1)

    page.view.clear_filters.trigger()

    await page.until(lambda: len(page.names) == 4)


async def test_filters_survive_a_restart(page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop) -> None:
    """People set their filters once and work in them for weeks."""
    page.choose("Locale", "de")
    await page.until(lambda: len(page.names) == 1)

    again = AssetsDriver(desk)
    await again.opened()

    assert again.names == ["autumn-draft"]
    again.close()


async def test_typing_narrows_and_asks_the_libraries_beside(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """What the cache has not seen yet would be reported as not existing."""
    desk.found_in_libraries = [asset("spring-insert", system=System.CORE_DAM)]

    page.type_words("spring")

    await page.until(lambda: page.names == ["spring-banner", "spring-insert"])
    assert {system for system, _ in desk.library_searches} == {System.CORE_DAM, System.ICONIK, System.CLOUDINARY}


async def test_a_library_that_cannot_be_searched_says_so_in_its_cell(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Results without a word would look complete."""
    desk.failures[f"ask {System.ICONIK}"] = UserError("iconik did not answer.")

    page.type_words("hero")

    await page.until(lambda: "Only what is here was searched." in page.sources["iconik"])
    assert page.names == ["heat-pump-hero"]


async def test_a_failed_library_leaves_the_others_usable(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """One vendor's bad hour must not cost the work on the other two."""
    desk.statuses[System.CLOUDINARY] = status(
        System.CLOUDINARY, state=ConnectionState.UNREACHABLE, sentence="Cloudinary cannot be reached."
    )

    desk.publish(Changes(systems=frozenset({System.CLOUDINARY})))

    assert page.sources["Cloudinary"] == "cannot be reached. 1 shown, 3 min old."
    assert isinstance(page.face, Fresh)


async def test_retry_asks_that_library_alone(page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop) -> None:
    """Calls to the others would be spent from their hourly budgets."""
    page.view.sources.retry_wanted.emit(System.CLOUDINARY.value)

    assert desk.synchronised == [System.CLOUDINARY]


async def test_nobody_answering_is_stale_and_stays_usable(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """An empty page offline would stop work that needs no vendor at all."""
    for system in desk.statuses:
        desk.statuses[system] = status(
            system, state=ConnectionState.UNREACHABLE, sentence=f"{system.label} cannot be reached."
        )

    desk.publish(Changes(systems=frozenset(desk.statuses)))

    assert isinstance(page.face, Stale)
    assert len(page.names) == 4


async def test_nothing_found_offers_the_way_back(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A blank area would be taken for a fault."""
    page.type_words("zzz")

    await page.until(lambda: isinstance(page.face, Empty))

    assert isinstance(page.face, Empty)
    assert page.face.action is page.view.clear_filters


async def test_without_a_library_the_page_leads_to_connections(
    desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme
) -> None:
    """A newcomer's first page must say what fills it."""
    desk.assets.clear()
    desk.statuses.clear()
    page = AssetsDriver(desk)
    await page.until(lambda: isinstance(page.face, Empty))

    page.view.connect_library.trigger()

    assert desk.went_to == [("connections", None)]
    page.close()


async def test_a_cache_that_cannot_be_read_is_said_with_what_to_do(
    desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme
) -> None:
    """Without the sentence the page would stay at its skeleton for ever."""
    desk.failures["search_assets"] = UserError("The disk is full.", hint="Make room and try again.")

    page = AssetsDriver(desk)
    await page.until(lambda: isinstance(page.face, Failed))

    assert isinstance(page.face, Failed)
    assert page.face.sentence == "The disk is full. Make room and try again."
    page.close()


async def test_an_approval_shows_as_on_its_way_never_as_done(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Somebody would use a picture whose library still says otherwise."""
    page.approve()

    await page.until(lambda: page.state == "approving")

    assert desk.verdicts[0].verdict is Verdict.APPROVE
    assert page.view.undo_bar.isVisible()


async def test_a_second_click_is_not_a_second_verdict(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Two writes at the vendor could void a sign-off that the person believes is done."""
    page.approve()
    page.approve()

    await page.until(lambda: page.state == "approving")

    assert len(desk.verdicts) == 1


async def test_undo_takes_the_verdict_back(page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop) -> None:
    """A slip of the finger must not reach the vendor."""
    page.approve()
    await page.until(page.view.undo.isEnabled)

    page.press(Qt.Key.Key_Z)

    await page.until(lambda: page.state == "in review")
    assert not page.view.undo_bar.isVisible()


async def test_what_has_left_cannot_be_undone_and_says_so(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Silence would be read as undone."""
    desk.failures["undo_entry"] = UserError("It has already left and cannot be undone.")
    page.approve()
    await page.until(page.view.undo.isEnabled)

    page.view.undo.trigger()

    await page.until(lambda: desk.told == ["It has already left and cannot be undone."])


async def test_the_state_that_was_read_back_replaces_the_wish(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """The library has the last word about its asset."""
    page.approve()
    await page.until(lambda: page.state == "approving")

    desk.entries = [replace(each, state=EntryState.DONE) for each in desk.entries]
    desk.assets[0] = replace(desk.assets[0], state=AssetState.APPROVED)
    desk.publish(Changes(outbox=True, assets=frozenset({desk.assets[0].key})))

    await page.until(lambda: page.state == "approved")


async def test_a_disabled_verdict_explains_itself(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A grey button without a reason is taken for a fault."""
    page.select("heat-pump-hero")

    assert page.why_not == "heat-pump-hero v2 is approved already."


async def test_a_rejection_asks_for_its_reason_in_place(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """The maker could not act on a bare no."""
    page.reject("  ")

    assert page.view.inspector.reason.error == "A rejection needs a reason that its maker can act on."
    assert desk.verdicts == []


async def test_a_rejection_carries_its_reason(page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop) -> None:
    """What was typed must arrive."""
    page.reject("The sun crosses the trim.")

    await page.until(lambda: page.state == "rejecting")

    assert desk.verdicts[0].note == "The sun crosses the trim."
    assert page.view.inspector.reason.isHidden()


async def test_a_refused_verdict_keeps_what_was_typed(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Typing a reason twice is how reasons become short."""
    desk.failures["judge_asset"] = UserError("Another verdict has not left yet.")

    page.reject("Too blue.")

    await page.until(lambda: page.view.inspector.reason.error == "Another verdict has not left yet.")
    assert page.view.inspector.reason.reason == "Too blue."


async def test_a_parked_verdict_says_why_and_can_be_tried_again(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Otherwise it would be found in a log, or never."""
    key = desk.assets[0].key
    desk.entries = [entry(key, state=EntryState.PARKED, sentence="iconik does not allow this account to do that.")]
    desk.publish(Changes(outbox=True))
    await page.until(lambda: page.state == "approval stuck")
    details = page.view.inspector.details
    assert details is not None
    assert details.stuck is not None
    assert "does not allow this account" in details.stuck.sentence

    page.view.inspector.retry_wanted.emit()

    await page.until(lambda: desk.entries[0].state is EntryState.QUEUED)


async def test_a_stuck_verdict_is_given_up_with_a_reason(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """It blocks every other verdict on that asset until somebody decides."""
    desk.entries = [entry(desk.assets[0].key, id=EntryId(7), state=EntryState.PARKED, sentence="It was refused.")]
    desk.publish(Changes(outbox=True))
    await page.until(lambda: page.state == "approval stuck")

    page.view.inspector.drop_wanted.emit()
    page.view.inspector.reason._edit.setPlainText("Judged in iconik itself.")
    page.view.inspector.reason._on_sent()

    await page.until(lambda: desk.entries[0].state is EntryState.DROPPED)


async def test_an_asset_that_cannot_be_read_afresh_is_shown_as_it_was(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Facts of an hour ago are worth more than an empty pane."""
    desk.failures["open_asset"] = UserError("Core DAM cannot be reached.")

    page.select("heat-pump-hero")

    await page.until(lambda: bool(page.view.inspector.trouble))
    assert page.view.inspector.trouble == "Core DAM cannot be reached. Shown as it was last read."
    assert page.looked_at == "heat-pump-hero"


async def test_opening_brings_versions_and_reviewers(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Whoever judges must see who else was asked."""
    page.select("motor-tile")

    await page.until(lambda: bool(page.view.inspector.details and page.view.inspector.details.reviewers))

    details = page.view.inspector.details
    assert details is not None
    assert details.versions[0].label == "v…1960"
    assert details.versions[0].whole_label == "v1787991960"


async def test_space_looks_large_and_esc_leads_back(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Losing the place in a long list makes people stop looking closely."""
    page.view.grid.setFocus()
    page.select("motor-tile")
    page.press(Qt.Key.Key_Space)
    await page.until(lambda: page.view.viewer.is_open)

    page.press(Qt.Key.Key_Escape)

    assert not page.view.viewer.is_open
    assert page.looked_at == "motor-tile"
    assert page.view.window().focusWidget() is page.view.grid


async def test_the_table_shows_the_same_asset(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Changing the view must not change the subject."""
    page.select("motor-tile")

    page.view.as_table.trigger()

    assert page.view.shows_table
    assert page.looked_at == "motor-tile"
    assert page.view.table.current_key == "cloudinary:motor-tile"


async def test_a_new_asset_does_not_move_the_person(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """A verdict would land on the neighbour."""
    page.select("motor-tile")
    desk.assets.append(asset("brand-new", changed_at=datetime.now(UTC) + timedelta(days=900)))

    desk.publish(Changes(libraries=frozenset({System.ICONIK})))
    await page.until(lambda: page.names[0] == "brand-new")

    assert page.looked_at == "motor-tile"
    assert page.view.current_key == "cloudinary:motor-tile"


async def test_the_page_opens_on_an_asset_outside_its_filters(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """A bill of assets links here: the link must lead to its asset."""
    page.choose("Locale", "de")
    await page.until(lambda: len(page.names) == 1)

    page.view.show_subject(desk.assets[1].key)

    await page.until(lambda: page.looked_at == "heat-pump-hero")
    assert page.view.current_key == "core_dam:heat-pump-hero"


async def test_an_asset_shows_even_when_the_list_cannot_have_it(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """What another page names exists, even if no synchronisation has reached it."""
    hidden = asset("only-there")
    desk.failures["search_assets"] = UserError("The cache cannot be read.")
    desk.assets.append(hidden)

    page.view.show_subject(hidden.key)

    await page.until(lambda: page.looked_at == "only-there")


async def test_scrolling_fetches_the_next_page(desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme) -> None:
    """Half a million rows cannot be loaded to show twenty."""
    desk.assets = [asset(f"a{number:04}") for number in range(450)]
    page = await AssetsDriver(desk).opened()
    assert len(page.names) == 200

    page.view.grid.verticalScrollBar().setValue(page.view.grid.verticalScrollBar().maximum())

    await page.until(lambda: len(page.names) >= 400)
    assert len(set(page.names)) == len(page.names)
    page.close()


async def test_pictures_are_fetched_for_what_is_in_sight(
    desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme
) -> None:
    """A grid that asks for everything brings its library down."""
    desk.assets = [asset(f"a{number:04}") for number in range(200)]
    page = await AssetsDriver(desk).opened()

    await page.until(lambda: len(desk.pictures_asked) >= 20)
    await asyncio.sleep(0.2)  # the absence of further requests can only be seen by waiting

    assert len(desk.pictures_asked) < 60
    page.close()


async def test_a_picture_that_is_missing_says_why(page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop) -> None:
    """A grey tile without a reason would be taken for slow."""
    broken = asset("broken")
    desk.assets.append(broken)
    desk.failures[str(broken.key)] = UserError("iconik no longer has it.")
    desk.publish(Changes(assets=frozenset({broken.key})))
    await page.until(lambda: "broken" in page.names)

    page.select("broken")

    await page.until(lambda: page.view.inspector.stage.image._words == "iconik no longer has it.")


async def test_every_control_has_a_name(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A screen reader would say “button”."""
    assert unnamed_widgets(page.view) == []


async def test_every_action_has_words_and_all_but_the_faces_have_keys(
    page: AssetsDriver, qloop: qasync.QEventLoop
) -> None:
    """Whoever cannot use a mouse could not do it."""
    without = {action.text() for action in page.view.actions() if action.shortcut().isEmpty()}

    assert without == {"Try again", "Open Connections"}


async def test_a_page_that_was_left_hears_no_more(desk: FakeDesk, qloop: qasync.QEventLoop, theme: Theme) -> None:
    """It would work on widgets that are gone."""
    page = await AssetsDriver(desk).opened()
    page.close()
    before = len(desk.searches)

    desk.publish(Changes(libraries=frozenset({System.ICONIK})))

    assert len(desk.searches) == before
