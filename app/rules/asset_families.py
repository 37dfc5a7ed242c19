"""Which assets are one thing in several languages: the same folder, and the same name but for the language in it.

No library tells that two assets belong together (CHOSEN); names like ``spring-banner-fr`` and ``Spring banner, French``
do. An asset without a language has no family.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError

from app.records import Asset
from app.rules.locales import NEUTRAL, canonical

_LAST: Final = re.compile(r"^(.*?)[\s,;_\-–(\[]+([^\s,;_\-–()\[\]]+)[)\]]?$", re.DOTALL)


def stem_of(asset: Asset) -> str:
    """The name of ``asset`` without its language; empty when it has no language, or its name does not say it."""
    if canonical(asset.locale) in NEUTRAL:
        return ""
    found = _LAST.match(asset.name.strip())
    if found is None:
        return ""
    language = canonical(asset.locale).partition("-")[0]
    said = found[2].casefold()
    is_said = canonical(found[2]) in {canonical(asset.locale), language} or said in _names_of(language)
    return found[1].strip() if is_said else ""


def family_of(asset: Asset, others: Iterable[Asset]) -> tuple[Asset, ...]:
    """``asset`` and those of ``others`` that are the same in another language, by key."""
    stem = stem_of(asset)
    found = {asset.key: asset}
    if stem:
        for other in others:
            is_kin = other.folder == asset.folder and other.kind is asset.kind
            if is_kin and stem_of(other).casefold() == stem.casefold():
                found.setdefault(other.key, other)
    return tuple(found[key] for key in sorted(found))


@cache
def _names_of(language: str) -> frozenset[str]:
    """What people call ``language``, in English and in itself; nothing for one that CLDR does not know."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    return frozenset(name.casefold() for name in (locale.english_name, locale.display_name) if name)
