"""Where and when a customer is, and what a thing that is sent counts as: what the choice of a way stands on. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from app.records import Customer
from app.rules.channel_choice import Circumstances
from app.rules.holidays import holidays_of

_ZONES: Final[Mapping[str, str]] = {"FR": "Europe/Paris"}
"""The clock of each country whose quiet hours are known here: metropolitan France (domain rule 3.4)."""
_WRITTEN: Final[Mapping[str, str]] = {"FRA": "FR", "FRANCE": "FR"}
"""How archives write those countries besides their two letters: their hours would count for nobody else."""


def circumstances_of(customer: Customer, *, now: datetime) -> Circumstances:
    """The customer's country with its clock and its holidays, this year's and the next's."""
    written = customer.country.strip().upper()
    country = _WRITTEN.get(written, written)
    zone: tzinfo = ZoneInfo(_ZONES[country]) if country in _ZONES else UTC
    year = now.astimezone(zone).year
    days = holidays_of(country, year=year) | holidays_of(country, year=year + 1)
    return Circumstances(now=now, zone=zone, country=country, holidays=days)


def named_in(listed: str, names: Iterable[str]) -> str:
    """The first of ``names`` that is in the comma-separated ``listed``; empty when none is. Case does not count."""
    wanted = _folded(listed)
    return next((name for name in names if name.strip().casefold() in wanted), "")


def _folded(listed: str) -> frozenset[str]:
    return frozenset(name for each in listed.split(",") if (name := each.strip().casefold()))
