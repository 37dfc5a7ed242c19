"""How the list is narrowed: what is kept, what a time means on which day, what the menu offers."""

from datetime import datetime, time, timedelta

import pytest

from app.rules.asset_query import read
from app.rules.asset_times import Days
from app.store.asset_question import AssetFacets, AssetOrder, AssetQuestion, Moments
from tests.ui.pages.assets.fakes import TODAY
from ui.pages.assets import narrowing


def test_what_narrows_is_kept_and_restored() -> None:
    """Filters survive a restart."""
    by_name = narrowing.Narrowing(question=AssetQuestion(order=AssetOrder.NAME))
    narrowed = narrowing.toggled(by_name, "states", "in_review", on=True)

    assert narrowing.restored(narrowing.kept(narrowed)) == narrowed


@pytest.mark.parametrize(
    "kept", [None, [], {"states": ["gone"], "order": "size"}, {"locales": "fr"}, {"expires": "soon", "changed": 7}]
)
def test_what_cannot_be_read_any_more_narrows_nothing(kept: object) -> None:
    """An older version's memory must not stop the page."""
    assert narrowing.restored(kept) == narrowing.Narrowing()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("expires:<30d", "within 30 days"),
        ("expires:>3m", "in more than 3 months"),
        ("expires:past", "in the past"),
        ("expires:none", "never"),
        ("expires:<2026-12-31", "before 31 Dec 2026"),
        ("expires:2026-12-31", "on 31 Dec 2026"),
        ("changed:<1w", "within 1 week"),
        ("changed:>30d", "more than 30 days ago"),
        ("changed:>2026-05-01", "after 1 May 2026"),
        ("used:>0", "anywhere"),
        ("used:0", "nowhere"),
        ("used:>5", "in more than 5 places"),
        ("used:1", "in 1 place"),
    ],
)
def test_a_time_is_said_as_people_say_it(typed: str, said: str) -> None:
    """A chip that says “<30d” has to be learned."""
    narrowed = narrowing.under(narrowing.Narrowing(), read(typed, today=TODAY).conditions)

    (facet,) = [each for each in narrowing.facets_of(narrowed, AssetFacets()) if each.chosen]

    assert facet.chosen == said
    assert narrowing.restored(narrowing.kept(narrowed)) == narrowed


def test_a_length_of_time_is_counted_from_the_day_on_which_it_is_asked() -> None:
    """A desk that stays open over the weekend would go on showing Friday's answer."""
    narrowed = narrowing.under(narrowing.Narrowing(), read("expires:<30d changed:<7d", today=TODAY).conditions)

    friday, monday = (narrowed.asked(today=TODAY + timedelta(days=days)) for days in (0, 3))

    assert friday.rights_end == Days(since=TODAY, until=TODAY + timedelta(days=30))
    assert monday.rights_end == Days(since=TODAY + timedelta(days=3), until=TODAY + timedelta(days=33))
    assert friday.changed == Moments(since=datetime.combine(TODAY - timedelta(days=7), time()).astimezone())


@pytest.mark.parametrize("typed", ["changed:<9999m", "changed:>9999m", "changed:<0001-01-01", "changed:>9999-12-31"])
def test_the_ends_of_the_calendar_have_a_moment_too(typed: str) -> None:
    """An absurd year must find nothing or everything, and not stop the page."""
    narrowed = narrowing.under(narrowing.Narrowing(), read(typed, today=TODAY).conditions)

    assert narrowed.asked(today=TODAY).changed is not None


def test_a_time_alone_narrows() -> None:
    """“Clear all” would be missing where it is needed."""
    narrowed = narrowing.toggled(narrowing.Narrowing(), "expires", "past", on=True)

    assert narrowing.is_narrowed(narrowed)
    assert not narrowing.is_narrowed(narrowing.dropped(narrowed, "expires"))
    assert not narrowing.is_narrowed(narrowing.without_limits(narrowed))


def test_a_chosen_option_is_offered_even_when_nothing_is_left() -> None:
    """It could never be taken away again."""
    narrowed = narrowing.toggled(narrowing.Narrowing(), "locales", "pl", on=True)

    locales = next(each for each in narrowing.facets_of(narrowed, AssetFacets()) if each.key == "locales")

    assert [(option.word, option.count, option.is_on) for option in locales.options] == [("pl", 0, True)]
