"""Public holidays of the countries whose quiet hours are known here (domain rule 3.4: France).

Source: the eleven days of article L3133-1 of the French labour code; those that move hang on Easter.
"""

from datetime import date, timedelta
from typing import Final

_FIXED_IN_FRANCE: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER_IN_FRANCE: Final = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday: days after Easter Sunday."""


def holidays_of(country: str, *, year: int) -> frozenset[date]:
    """The public holidays of ``country`` (ISO 3166, two letters) in ``year``; empty where they are not known here."""
    if country.casefold() != "fr":
        return frozenset()
    easter = easter_sunday(year)
    fixed = {date(year, month, day) for month, day in _FIXED_IN_FRANCE}
    return frozenset(fixed | {easter + timedelta(days=days) for days in _AFTER_EASTER_IN_FRANCE})


def easter_sunday(year: int) -> date:
    """Easter by the Gregorian calendar: the anonymous algorithm of 1876, which knows no exceptions."""
    golden, (century, of_century) = year % 19, divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    leap, left = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * leap - epact - left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
