"""The driver data of a communication: what the line-of-business systems of Harbour Mutual know of one customer.

The shape is one for all templates, so that any record can be tried on any of them:
``customer``, ``policy``, ``bill``, ``claim``, ``tariff``, ``notice`` and ``portal``. Amounts are numbers in the
currency's main unit with at most two decimals, dates are ISO 8601, texts of bill lines are in the customer's language.
"""

from datetime import date, timedelta
from random import Random
from typing import Final

from connectors.sandbox.world import World, WorldCustomer

PORTAL: Final = "https://portal.harbour-mutual.example"

_LINE_TEXTS: Final = {
    "fr": ("Consommation", "Abonnement", "Énergie verte", "kWh", "jours"),
    "de": ("Verbrauch", "Grundpreis", "Ökostromanteil", "kWh", "Tage"),
    "es": ("Consumo", "Cuota fija", "Energía verde", "kWh", "días"),
    "ar": ("الاستهلاك", "الاشتراك", "الطاقة الخضراء", "كيلوواط ساعة", "أيام"),
    "en": ("Energy used", "Standing charge", "Green share", "kWh", "days"),
}
_CLAIMS: Final = {
    "fr": ("Dégât des eaux dans la cuisine", "Tuiles arrachées par la tempête", "Pare-brise fissuré"),
    "de": ("Wasserschaden in der Küche", "Dachziegel vom Sturm gelöst", "Windschutzscheibe gerissen"),
    "es": ("Daños por agua en la cocina", "Tejas arrancadas por el temporal", "Parabrisas agrietado"),
    "ar": ("أضرار مائية في المطبخ", "قرميد اقتلعته العاصفة", "زجاج أمامي متصدع"),
    "en": ("Water damage in the kitchen", "Roof tiles lifted by the storm", "Cracked windscreen"),
}
_PRODUCTS: Final = {
    "home": "Home cover",
    "motor": "Motor cover",
    "marine": "Marine cover",
    "business": "Business cover",
    "energy": "Harbour Energy",
    "green-tariff": "Harbour Green",
}
_REGIONS: Final = ("west", "north", "coast", "inland")


def _money(cents: int) -> float:
    return round(cents / 100, 2)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _currency(customer: WorldCustomer) -> str:
    return "GBP" if customer.country == "GB" else "EUR"


def _customer(customer: WorldCustomer) -> dict[str, object]:
    return {
        "number": customer.number,
        "title": customer.title,
        "givenName": customer.given_name,
        "familyName": customer.family_name,
        "company": customer.company,
        "locale": customer.locale,
        "email": customer.email,
        "mobile": customer.mobile,
        "address": {
            "lines": list(customer.address_lines),
            "postcode": customer.postcode,
            "city": customer.city,
            "country": customer.country,
        },
        "segments": list(customer.segments),
    }


def _policy(customer: WorldCustomer, today: date, dice: Random) -> dict[str, object]:
    previous = dice.randrange(14_000, 92_000)
    premium = previous + dice.randrange(-1_500, 4_000)
    if customer.number == "HM-204881":
        previous, premium = 30_910, 31_840
    return {
        "number": f"P-{customer.number.removeprefix('HM-')}-1",
        "product": _PRODUCTS[customer.segments[0]],
        "renewalDate": _first_of_next_month(today).isoformat(),
        "premium": _money(premium),
        "previousPremium": _money(previous),
        "currency": _currency(customer),
        "excess": _money(dice.choice((0, 10_000, 15_000, 25_000, 50_000))),
    }


def _bill(customer: WorldCustomer, today: date, dice: Random, *, unit_price: int) -> dict[str, object]:
    texts = _LINE_TEXTS.get(customer.locale.partition("-")[0], _LINE_TEXTS["en"])
    period_end = today.replace(day=1) - timedelta(days=1)
    period_start = period_end.replace(day=1)
    days = (period_end - period_start).days + 1
    reading = dice.randrange(3_000, 60_000)
    used = dice.randrange(90, 900)
    lines = [
        (texts[0], used, texts[3], used * unit_price // 100),
        (texts[1], days, texts[4], days * 42),
    ]
    if "green-tariff" in customer.segments:
        lines.append((texts[2], used, texts[3], used * 2))
    charges = sum(cents for _, _, _, cents in lines)
    previous_balance = 0
    if customer.note == "zero amount":
        previous_balance = -charges
    elif customer.note == "credit":
        previous_balance = -charges - 4_215
    return {
        "number": f"B-{period_end:%Y%m}-{customer.number.removeprefix('HM-')}",
        "periodStart": period_start.isoformat(),
        "periodEnd": period_end.isoformat(),
        "issued": (period_end + timedelta(days=1)).isoformat(),
        "due": (period_end + timedelta(days=21)).isoformat(),
        "amount": _money(charges + previous_balance),
        "currency": _currency(customer),
        "lines": [
            {"text": text, "quantity": quantity, "unit": unit, "amount": _money(cents)}
            for text, quantity, unit, cents in lines
        ],
        "previousBalance": _money(previous_balance),
        "meter": {
            "number": f"{dice.randrange(10**7, 10**8)}",
            "previous": reading,
            "current": reading + used,
        },
    }


def _claim(customer: WorldCustomer, today: date, dice: Random) -> dict[str, object]:
    number = "C-88120" if customer.number == "HM-207551" else f"C-{dice.randrange(70_000, 88_000)}"
    reported = today - timedelta(days=dice.randrange(12, 60))
    return {
        "number": number,
        "reported": reported.isoformat(),
        "settled": (reported + timedelta(days=dice.randrange(3, 11))).isoformat(),
        "amount": _money(dice.randrange(8_000, 480_000)),
        "description": dice.choice(_CLAIMS.get(customer.locale.partition("-")[0], _CLAIMS["en"])),
    }


def driver_data(world: World, customer: WorldCustomer, template: str) -> dict[str, object]:
    """The record that ``template`` (a slug) is composed from for ``customer``: JSON-ready, the same for the same world.

    Only ``notice`` and the portal's address depend on the template; what a customer owes does not.
    """
    dice = Random(f"{world.seed}:record:{customer.number}")  # noqa: S311 - a story is told here, no secret made
    today = world.began.date()
    unit_price = dice.randrange(2_150, 2_950)
    reference = Random(f"{world.seed}:{template}:{customer.number}").randrange(10**5, 10**6)  # noqa: S311 - as above
    return {
        "customer": _customer(customer),
        "policy": _policy(customer, today, dice),
        "bill": _bill(customer, today, dice, unit_price=unit_price),
        "claim": _claim(customer, today, dice),
        "tariff": {
            "name": "Harbour Green" if "green-tariff" in customer.segments else "Harbour Standard",
            "unitPrice": unit_price / 10_000,
            "newUnitPrice": (unit_price + dice.randrange(40, 240)) / 10_000,
            "from": _first_of_next_month(_first_of_next_month(today)).isoformat(),
        },
        "notice": {
            "reference": f"N-{reference}",
            "date": today.isoformat(),
            "region": dice.choice(_REGIONS),
        },
        "portal": {"url": f"{PORTAL}/{customer.locale.partition('-')[0]}/documents/{reference}"},
    }
