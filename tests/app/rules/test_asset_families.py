"""Which assets are one thing in several languages."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records import Asset
from app.rules.asset_families import family_of, stem_of
from tests.app.store.assets_made import make_asset


def asset(name: str, locale: str, key: str = "a1", *, folder: str = "spring") -> Asset:
    return replace(make_asset(key, name=name), locale=locale, folder=folder)


@pytest.mark.parametrize(
    ("name", "locale", "stem"),
    [
        ("spring-banner-fr", "fr", "spring-banner"),
        ("Spring banner, French", "fr", "Spring banner"),
        ("Spring banner (français)", "fr-CA", "Spring banner"),
        ("spring_banner_DE", "de", "spring_banner"),
        ("Spring banner, Polish", "pl", "Spring banner"),
        ("spring-banner-fr", "de", ""),
        ("Lire votre facture", "fr", ""),
        ("Spring banner", "", ""),
        ("logo-und", "und", ""),
        ("fr", "fr", ""),
    ],
)
def test_the_name_without_its_language(name: str, locale: str, stem: str) -> None:
    """Two banners would be one, or the languages of one would be strangers."""
    assert stem_of(asset(name, locale)) == stem


def test_another_folder_is_another_family() -> None:
    """Last year's campaign would answer for this year's."""
    english, french = asset("Banner, English", "en"), asset("Banner, French", "fr", "a2")
    old = asset("Banner, German", "de", "a3", folder="spring 2025")

    assert family_of(english, [old, french]) == (english, french)


@given(st.text(max_size=40), st.sampled_from(["", "fr", "zh-Hant", "x", "und", "fr_CA"]))
def test_any_name_has_a_stem_or_none(name: str, locale: str) -> None:
    """One odd name would stop a whole proof."""
    stem = stem_of(asset(name, locale))

    assert stem == "" or name.strip().startswith(stem)
