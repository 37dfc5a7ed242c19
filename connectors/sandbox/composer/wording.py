"""Fills the placeholders of wording with a record's values, in the customer's locale. Text in, text out: no markup.

Templates are ours, records are not: the environment is sandboxed, and a placeholder without a value is an error
rather than an empty place in a letter.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import ChainableUndefined, TemplateError
from jinja2 import Template as JinjaTemplate
from jinja2.environment import TemplateExpression
from jinja2.exceptions import UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from connectors.sandbox.composer.catalogue import DEFAULT_LOCALE, Words, house_words
from connectors.sandbox.composer.errors import ComposeError

_FAMILY_FIRST: Final = frozenset({"hu", "ja", "ko", "zh"})


class Absent(ChainableUndefined):
    """A value that the record does not have: it may be asked about, never printed."""

    def __str__(self) -> str:
        raise UndefinedError(f"the record has no value for {self._undefined_name!r}")


class _Speech:
    """How one language is filled in one locale: the placeholders' functions, and what was compiled so far."""

    def __init__(self, locale: Locale, house: Words) -> None:
        self._locale = locale
        self._house = house
        self._environment = ImmutableSandboxedEnvironment(undefined=Absent, autoescape=False)
        self._environment.filters |= {
            "money": self.money,
            "price": self.price,
            "number": self.number,
            "percent": self.percent,
            "date": lambda value: self.date(_day(value)),
            "day": lambda value: self._first_in_french(format_skeleton("MMMMd", _day(value), locale=locale)),
            "month": lambda value: format_skeleton("yMMMM", _day(value), locale=locale),
            "formal": formal_name,
            "product": lambda value: self._named("products", str(value)),
            "region": lambda value: self._named("regions", str(value)),
            "sentence": lambda value: str(value)[:1].upper() + str(value)[1:],
            "short": lambda value: str(value).removeprefix("https://").removeprefix("http://"),
        }
        self._texts: dict[str, JinjaTemplate] = {}
        self._conditions: dict[str, TemplateExpression] = {}

    def text(self, text: str) -> JinjaTemplate:
        """``text``, compiled once."""
        if text not in self._texts:
            self._texts[text] = self._environment.from_string(text)
        return self._texts[text]

    def condition(self, condition: str) -> TemplateExpression:
        """``condition``, compiled once. An absent answer stays absent, so that it can complain."""
        if condition not in self._conditions:
            self._conditions[condition] = self._environment.compile_expression(condition, undefined_to_none=False)
        return self._conditions[condition]

    def money(self, amount: object, currency: object) -> str:
        return format_currency(_decimal(amount), str(currency), locale=self._locale)

    def price(self, amount: object, currency: object) -> str:
        """A unit price, with the four digits that energy is sold by."""
        pattern = self._locale.currency_formats["standard"].pattern.replace("0.00", "0.0000")
        return format_currency(
            _decimal(amount), str(currency), format=pattern, locale=self._locale, currency_digits=False
        )

    def number(self, value: object) -> str:
        return format_decimal(_decimal(value), locale=self._locale)

    def percent(self, share: object) -> str:
        return format_percent(_decimal(share), format="+#,##0.0 %;-#,##0.0 %", locale=self._locale)

    def date(self, day: date) -> str:
        return self._first_in_french(format_date(day, "long", self._locale))

    def _first_in_french(self, day: str) -> str:
        """French counts the first of a month and numbers the others; the locale data writes all of them alike."""
        return f"1er{day[1:]}" if self._locale.language == "fr" and day.startswith("1 ") else day

    def _named(self, table: str, value: str) -> str:
        names = self._house.get(table)
        return str(names.get(value.lower(), value)) if isinstance(names, Mapping) else value


@cache
def _speech(locale: str, language: str) -> _Speech:
    return _Speech(parsed_locale(locale), house_words(language))


class Wording:
    """One communication's wording, bound to its record and to the locale in which numbers and dates are written."""

    def __init__(self, record: Mapping[str, object], *, locale: str, language: str) -> None:
        """``locale`` is the customer's own (``fr-BE``), ``language`` that of the wording (``fr``)."""
        self._values = _without_nulls(record)
        self._speech = _speech(locale, language)

    def fill(self, text: str) -> str:
        """``text`` with its placeholders filled. Raises: ComposeError."""
        if "{" not in text:
            return text
        try:
            return self._speech.text(text).render(self._values).strip()
        except (TemplateError, ValueError, TypeError, ArithmeticError) as error:
            raise ComposeError(f"A placeholder cannot be filled: {error}") from error

    def holds(self, condition: str) -> bool:
        """Whether ``condition`` is true for the record; an empty one always is. Raises: ComposeError."""
        if not condition:
            return True
        try:
            return bool(self._speech.condition(condition)(**self._values))
        except (TemplateError, ValueError, TypeError) as error:
            raise ComposeError(f"A condition cannot be decided: {condition}: {error}") from error

    def lines(self, value: object) -> list[str]:
        """One text or several, filled; those that come out empty are left out."""
        texts = [value] if isinstance(value, str) else value if isinstance(value, Sequence) else []
        return [filled for filled in (self.fill(str(text)) for text in texts) if filled]

    def money(self, amount: object, currency: object) -> str:
        """``€ 318.40`` as the customer's locale writes it."""
        return self._speech.money(amount, currency)

    def number(self, value: object) -> str:
        """A count or a measure as the customer's locale writes it."""
        return self._speech.number(value)

    def date(self, day: date) -> str:
        """A day in full."""
        return self._speech.date(day)


def formal_name(customer: Mapping[str, object]) -> str:
    """``Mme Caron``; family name first and title last where the customer's language has them so."""
    title, family = str(customer.get("title") or ""), str(customer.get("familyName") or "")
    return " ".join((family, title) if family_name_first(customer) else (title, family)).strip()


def full_name(customer: Mapping[str, object]) -> str:
    """``Mme Inès Caron``, or ``山田 太郎 様``; empty for a company without a person."""
    title, given, family = (str(customer.get(key) or "") for key in ("title", "givenName", "familyName"))
    parts = (family, given, title) if family_name_first(customer) else (title, given, family)
    return " ".join(part for part in parts if part)


def family_name_first(customer: Mapping[str, object]) -> bool:
    """Whether the customer's language writes the family name first."""
    return str(customer.get("locale") or "").partition("-")[0] in _FAMILY_FIRST


def parsed_locale(tag: str) -> Locale:
    """The locale behind a BCP 47 tag; English for one that nobody knows."""
    for candidate in (tag.replace("-", "_"), tag.partition("-")[0].partition("_")[0], DEFAULT_LOCALE):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError(DEFAULT_LOCALE)  # pragma: no cover - Babel knows English


def _decimal(value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError("an amount is not a number") from error


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def _without_nulls(record: Mapping[str, object]) -> dict[str, object]:
    """Null is as absent as a key that is not there."""
    return {
        key: _without_nulls(value) if isinstance(value, Mapping) else value
        for key, value in record.items()
        if value is not None
    }
