"""The templates as shipped: complete, and in step with the world."""

import pytest

from connectors.sandbox.composer import CHANNELS, catalogue, load_templates
from connectors.sandbox.composer.catalogue import BlockKind, house_words, template_words
from connectors.sandbox.world import World

TEMPLATES = sorted(catalogue())


def test_the_house_offers_twelve_templates_on_four_channels() -> None:
    """A demonstration with fewer would leave rows of the catalogue empty."""
    found = load_templates()

    assert len(found) == 12
    assert {channel for template in found for channel in template.channels} == set(CHANNELS)


@pytest.mark.parametrize("slug", TEMPLATES)
def test_every_block_has_its_words_in_every_language(slug: str) -> None:
    """A block without words would be found by the one customer who speaks that language."""
    template = catalogue()[slug]
    wanted = {block.words for block in template.blocks if block.words} | {"subject", "preheader", "eyebrow", "title"}
    if "sms" in template.channels:
        wanted.add("sms")

    missing = {locale: wanted - set(template_words(slug, 10_000, locale)) for locale in template.locales}

    assert not any(missing.values()), missing


@pytest.mark.parametrize("slug", TEMPLATES)
def test_every_block_shows_a_slot_that_there_is(slug: str) -> None:
    """A slot that nobody declared fails only when somebody composes."""
    template = catalogue()[slug]
    named = {slot.name for slot in template.slots}

    shown = {block.slot for block in template.blocks if block.slot}

    assert shown <= named
    assert "logo" in named


@pytest.mark.parametrize("slug", TEMPLATES)
def test_every_template_shows_assets_and_owners_of_the_world(slug: str, world: World) -> None:
    """Where-used lists and owners would point into nothing."""
    template = catalogue()[slug]

    assert template.owner in {person.login for person in world.people}
    assert set(template.asset_slugs) <= {asset.slug for asset in world.assets}


def test_the_house_speaks_every_language_of_its_templates() -> None:
    """A letter in Polish with an English footer is two letters."""
    keys = {locale: set(house_words(locale)) for template in catalogue().values() for locale in template.locales}

    assert len({frozenset(each) for each in keys.values()}) == 1


def test_an_older_version_says_what_it_said() -> None:
    """Without this a comparison of two versions shows nothing."""
    before, after = (template_words("renewal-notice", number, "en")["excess"] for number in (13, 14))

    assert "is unchanged" in str(before)
    assert "stays the same" in str(after)


def test_the_newest_approved_version_is_what_production_composes() -> None:
    """A draft must never reach a customer."""
    reminder = catalogue()["payment-reminder"]

    assert (reminder.latest.number, reminder.latest.state) == (5, "DRAFT")
    assert reminder.approved is not None
    assert reminder.approved.number == 4


@pytest.mark.parametrize(
    ("wanted", "spoken"), [("fr-BE", "fr"), ("ar", "ar"), ("he-IL", "en"), ("zh-Hant-TW", "en"), ("", "en")]
)
def test_a_customer_is_written_to_in_the_nearest_language(wanted: str, spoken: str) -> None:
    """A locale without wording falls back to English, never to nothing."""
    assert catalogue()["renewal-notice"].nearest_locale(wanted) == spoken


def test_every_kind_of_block_is_used() -> None:
    """A kind that no template has is a layout that nobody sees."""
    used = {block.kind for template in catalogue().values() for block in template.blocks}

    assert used == set(BlockKind)
