"""The language of the search field, typed key by key."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import qasync
from PySide6.QtCore import Qt

from app.rules.asset_times import Days
from tests.ui.pages.assets.driver import AssetsDriver
from tests.ui.pages.assets.fakes import FakeDesk, asset
from ui.widgets import unnamed_widgets

PIECES = ["state:", "expires:", "sta", "<7", "d", " ", '"', ",", "aproved", "locale:fr", "kind:", ":", "stat:x ", "🎉"]
KEYS = [
    Qt.Key.Key_Down,
    Qt.Key.Key_Up,
    Qt.Key.Key_Return,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Left,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Backspace,
]


async def test_a_condition_becomes_a_chip_at_the_blank_behind_it(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Text that filters and text that is searched for could not be told apart at a glance."""
    page.type_words("state:in-review ")

    await page.until(lambda: page.names == ["spring-banner"])

    assert (page.text, page.chips) == ("", {"State": "in review"})
    assert page.is_searching


async def test_words_beside_a_condition_go_on_narrowing(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A condition and a word are one question."""
    page.type_words("system:core-dam hero")

    await page.until(lambda: page.names == ["heat-pump-hero"])

    assert (page.text, page.chips) == ("hero", {"Library": "Core DAM"})


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
async def test_return_and_tab_complete_a_condition(page: AssetsDriver, qloop: qasync.QEventLoop, key: Qt.Key) -> None:
    """Nobody ends a search with a blank."""
    page.type_words("system:core-dam,iconik")
    page.press(Qt.Key.Key_Escape)
    page.press(key)

    await page.until(lambda: len(page.names) == 3)

    assert (page.text, page.chips) == ("", {"Library": "iconik, Core DAM"})
    assert page.is_searching


async def test_a_pasted_search_becomes_chips_and_words(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Searches are sent to colleagues."""
    page.type_words("")
    page.view.filters._search.insert("state:draft locale:de kind:image autumn")

    await page.until(lambda: page.names == ["autumn-draft"])

    assert (page.text, set(page.chips)) == ("autumn", {"State", "Locale", "Kind"})


async def test_typed_and_chosen_values_join(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Two ways to the same filter must not fight each other."""
    page.choose("State", "draft")
    await page.until(lambda: page.names == ["autumn-draft"])

    page.type_words("state:in-review ")

    await page.until(lambda: page.names == ["spring-banner", "autumn-draft"])


async def test_rights_that_end_soon_are_found_and_the_chip_says_how_soon(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Pictures whose rights run out are what media teams look for on Monday."""
    today = datetime.now(UTC).astimezone().date()
    desk.assets.append(asset("motor-renewal", rights_end=today + timedelta(days=30)))
    desk.assets.append(asset("motor-later", rights_end=today + timedelta(days=31)))

    page.type_words("expires:<30d ")

    await page.until(lambda: page.names == ["motor-renewal"])
    assert page.chips == {"Rights end": "within 30 days"}


async def test_a_time_is_taken_away_with_its_chip(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A filter that cannot be taken away hides assets for good."""
    page.type_words("expires:past ")
    await page.until(lambda: page.names == [])

    page.drop_chip("Rights end")

    await page.until(lambda: len(page.names) == 4)


async def test_a_time_means_the_same_after_a_restart(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """“Within 30 days” kept as two dates would be last month's question."""
    page.type_words("expires:<30d changed:>2020-01-01 ")
    await page.until(lambda: len(page.chips) == 2)

    again = AssetsDriver(desk)
    await again.until(lambda: len(again.chips) == 2)

    today = datetime.now(UTC).astimezone().date()
    assert again.chips == {"Rights end": "within 30 days", "Changed": "after 1 Jan 2020"}
    assert desk.searches[-1].question.rights_end == Days(since=today, until=today + timedelta(days=30))
    again.close()


async def test_times_are_in_the_menu_of_filters_too(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Who does not type filters with the mouse."""
    page.choose("Rights end", "never")
    await page.until(lambda: bool(page.chips))
    page.choose("Rights end", "in the past")

    await page.until(lambda: page.names == [])

    assert page.chips == {"Rights end": "in the past"}


async def test_a_mistake_is_said_at_its_word_and_the_list_stays(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """An empty list would be taken for the answer."""
    page.type_words("spring ")
    await page.until(lambda: page.names == ["spring-banner"])
    asked = len(desk.searches)

    page.type_on("state:aproved x")

    await page.until(lambda: bool(page.complaint))
    assert page.complaint == "No state is called “aproved”. Try approved."
    assert page.text == "spring state:aproved x"
    assert page.view.filters._search.accessibleDescription() == page.complaint
    assert (page.names, len(desk.searches)) == (["spring-banner"], asked)


async def test_a_mended_mistake_is_forgotten(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A complaint that stays is read as one about the next word."""
    page.type_words("state:drat ")
    await page.until(lambda: bool(page.complaint))

    page.press(Qt.Key.Key_Left)
    page.press(Qt.Key.Key_Left)
    page.type_on("f")
    page.press(Qt.Key.Key_Return)
    page.press(Qt.Key.Key_End)

    await page.until(lambda: page.names == ["autumn-draft"])
    assert page.complaint == ""


async def test_a_word_is_not_complained_of_while_it_is_typed(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """“No state is called a” after the first letter is nagging."""
    page.type_words("state:aproved")

    before = page.complaint
    page.press(Qt.Key.Key_Return)

    assert before == ""
    assert page.complaint == "No state is called “aproved”. Try approved."
    assert page.is_searching


async def test_plain_words_open_no_list(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Those who only search must not notice the language."""
    page.type_words("spring https://x.example")

    assert page.suggested == []


async def test_suggestions_lead_from_key_to_value_without_leaving_the_field(
    page: AssetsDriver, qloop: qasync.QEventLoop
) -> None:
    """The language is learned while it is used."""
    page.type_words("sta")
    keys, current = page.suggested, page.suggestion
    page.press(Qt.Key.Key_Tab)
    values = page.suggested
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Down)
    page.press(Qt.Key.Key_Return)

    await page.until(lambda: page.names == ["spring-banner"])

    assert (keys, current) == (["state:"], "")
    assert values[:3] == ["approved", "draft", "in-review"]
    assert page.chips == {"State": "in review"}
    assert (page.text, page.suggested, page.is_searching) == ("", [], True)


async def test_counts_beside_values_follow_the_words(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A number that was true before the last word leads to an empty list."""
    page.type_words("hero state:")
    page.press(Qt.Key.Key_Down)
    chosen = page.suggestion

    await page.until(lambda: page.counts == {"approved": 1})

    assert page.suggestion == chosen


async def test_a_condition_does_not_ask_the_libraries_again(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Every question to a library is taken from its hourly budget."""
    page.type_words("hero")
    await page.until(lambda: len(desk.library_searches) == 3)

    page.type_on(" kind:image")
    page.press(Qt.Key.Key_Return)
    await page.until(lambda: bool(page.chips))
    await page.until(lambda: not page.is_thinking)

    assert len(desk.library_searches) == 3


async def test_a_suggestion_can_be_clicked(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """The hand is on the mouse as often as on the keys."""
    page.type_words("locale:")

    page.click_suggestion("de")

    await page.until(lambda: page.names == ["autumn-draft"])
    assert page.is_searching


async def test_escape_closes_the_suggestions_first(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """One key must not throw away both the list and what was typed."""
    page.type_words("state:")
    page.press(Qt.Key.Key_Escape)
    closed = (page.suggested, page.text)
    page.type_on("dr")
    still_closed = page.suggested
    page.press(Qt.Key.Key_Escape)

    assert closed == ([], "state:")
    assert still_closed == []
    assert page.text == ""


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down])
async def test_the_list_is_reached_from_a_plain_word(page: AssetsDriver, qloop: qasync.QEventLoop, key: Qt.Key) -> None:
    """The way to the list is older than the language."""
    page.type_words("spring")

    page.press(key)

    assert not page.is_searching


async def test_return_leads_to_the_list_from_a_word_that_begins_like_a_key(
    page: AssetsDriver, qloop: qasync.QEventLoop
) -> None:
    """Who looks for “kin” must not get a filter."""
    page.type_words("kin")
    suggested = page.suggested

    page.press(Qt.Key.Key_Return)

    assert suggested == ["kind:"]
    assert (page.is_searching, page.text, page.suggested) == (False, "kin", [])


async def test_all_that_can_be_asked_is_shown_on_demand(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """There is a way to see the whole language."""
    page.type_words("")

    page.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)

    assert page.suggested == ["state:", "system:", "kind:", "locale:", "expires:", "changed:", "used:"]


async def test_the_current_suggestion_is_spoken(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A screen reader stays in the field, and the list beside it would be silent."""
    page.type_words("system:")
    page.press(Qt.Key.Key_Down)

    description = page.view.filters._search.accessibleDescription()

    assert description == "Suggestion 2 of 3: core-dam, Core DAM, 1 asset"
    assert unnamed_widgets(page.view) == []


async def test_leaving_the_field_takes_a_whole_condition_along(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """A condition that stands in the field and does nothing is a lie."""
    page.type_words("state:draft")

    page.view.focus_list()

    await page.until(lambda: page.names == ["autumn-draft"])
    assert (page.text, page.suggested) == ("", [])


async def test_an_emoji_before_a_condition_does_not_shift_it(page: AssetsDriver, qloop: qasync.QEventLoop) -> None:
    """Qt counts it as two letters, and the condition would be cut in the wrong place."""
    page.type_words("")
    page.view.filters._search.insert("🎉🎉 state:dr")

    page.press(Qt.Key.Key_Tab)

    await page.until(lambda: bool(page.chips))
    assert (page.text, page.chips) == ("🎉🎉 ", {"State": "draft"})


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_typed_the_list_and_the_cursor_stay_in_step(
    page: AssetsDriver, qloop: qasync.QEventLoop, seed: int
) -> None:
    """A list that lies over the page with nothing to take, or a row that means another, cannot be got rid of."""
    dice = Random(seed)
    field = page.view.filters._search
    page.type_words("")

    for _ in range(200):
        field.setFocus()
        if dice.random() < 0.6:
            field.insert(dice.choice(PIECES))
        else:
            page.press(dice.choice(KEYS))

        assert len(page.suggested) == len(field._offered)
        assert 0 <= field._cursor <= len(page.text)
