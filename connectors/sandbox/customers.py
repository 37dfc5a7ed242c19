"""The customers of Harbour Mutual: the hard cases by hand, everybody else derived from the seed.

Every address ends in a reserved domain, every number comes from a range that its regulator keeps for fiction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from connectors.sandbox.hard_cases import HARD_CASES
from connectors.sandbox.world import WorldCustomer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Region:
    locale: str
    country: str
    titles: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    number_first: bool
    mobile: str
    """A range kept for fiction, two digits short."""


_FRANCE: Final = _Region(
    locale="fr-FR",
    country="FR",
    titles=("Mme", "M."),
    given=("Chloé", "Théo", "Léonie", "Gaspard", "Maëlle", "Noé", "Solène", "Rémi", "Zoé", "Yves"),
    family=("Lefèvre", "Petit", "Garnier", "Faure", "Bœuf", "Leroy", "Nadeau", "Roy", "Guérin", "L’Hostis"),
    streets=("rue du Port", "quai des Moulins", "avenue de la République", "place d’Armes", "chemin des Dunes"),
    places=(
        ("59800", "Lille"),
        ("76600", "Le Havre"),
        ("29200", "Brest"),
        ("33000", "Bordeaux"),
        ("13002", "Marseille"),
    ),
    number_first=True,
    mobile="+336399800",
)
_BRITAIN: Final = _Region(
    locale="en-GB",
    country="GB",
    titles=("Ms", "Mr", "Dr"),
    given=("Imogen", "Callum", "Aoife", "Rhys", "Harriet", "Omar", "Freya", "Alfie", "Niamh", "Desmond"),
    family=("Ashdown", "Okonkwo", "Pryce", "MacLeod", "Whitfield", "O’Hara", "Singh", "Fairweather", "Boyle", "Trent"),
    streets=("Harbour Road", "Mill Lane", "Station Approach", "The Crescent", "Quay Street"),
    places=(("PL1 2AB", "Plymouth"), ("BS1 4DJ", "Bristol"), ("LE1 6TP", "Leicester"), ("EH6 7QN", "Edinburgh")),
    number_first=True,
    mobile="+4477009001",
)
_GERMANY: Final = _Region(
    locale="de-DE",
    country="DE",
    titles=("Frau", "Herr"),
    given=("Anneliese", "Jürgen", "Käthe", "Söhnke", "Birgit", "Matthias", "Grete", "Uwe", "Jördis", "Lutz"),
    family=("Müller", "Groß", "Bäcker", "Sörensen", "Weiß", "von Ahlefeld", "Jäger", "Kühn", "Thießen", "Möller"),
    streets=("Hafenstraße", "Am Deich", "Lindenallee", "Große Elbstraße", "Kirchweg"),
    places=(("20457", "Hamburg"), ("28195", "Bremen"), ("24103", "Kiel"), ("50667", "Köln")),
    number_first=False,
    mobile="+491713920",
)
_SPAIN: Final = _Region(
    locale="es-ES",
    country="ES",
    titles=("Sra.", "Sr."),
    given=("Begoña", "Íñigo", "Lucía", "Álvaro", "Nuria", "Jesús", "Ángela", "Martín"),
    family=("Núñez Ortega", "Ibarra", "Peña Castro", "Güell", "Muñoz", "Fernández Gil"),
    streets=("calle del Puerto", "avenida del Mar", "paseo de la Castellana", "plaza Mayor"),
    places=(("48001", "Bilbao"), ("36201", "Vigo"), ("28046", "Madrid"), ("29015", "Málaga")),
    number_first=False,
    mobile="+336399801",
)
_REGIONS: Final = (_FRANCE, _FRANCE, _BRITAIN, _GERMANY, _SPAIN)

_SEGMENTS: Final = (
    ("home",),
    ("home", "green-tariff"),
    ("motor",),
    ("motor", "home"),
    ("energy",),
    ("energy", "green-tariff"),
    ("home", "energy"),
    ("marine",),
    ("business",),
)
_PLAIN: Final = str.maketrans("éèëêâàáíîïóôöòúûüùçñßœæ’ ", "eeeeaaaiiioooouuuucnsoa--")


def _mail_name(text: str) -> str:
    plain = text.lower().translate(_PLAIN)
    return "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter == "-"))


def _derive(seed: int, index: int) -> WorldCustomer:
    dice = Random(f"{seed}:customer:{index}")  # noqa: S311 - a story is told here, no secret made
    region = _REGIONS[index % len(_REGIONS)]
    given, family = dice.choice(region.given), dice.choice(region.family)
    postcode, city = dice.choice(region.places)
    number, street = dice.randrange(1, 180), dice.choice(region.streets)
    reachable_by_mobile = dice.random() < 0.85  # noqa: PLR2004 - shares of a made-up population
    email_allowed = dice.random() < 0.9  # noqa: PLR2004
    return WorldCustomer(
        # Above every number of the hard cases, and a step that keeps numbers from looking like a count.
        number=f"HM-{400_000 + index * 37}",
        title=dice.choice(region.titles),
        given_name=given,
        family_name=family,
        company="",
        locale=region.locale,
        email=f"{_mail_name(given)}.{_mail_name(family)}{index}@mail.example",
        mobile=f"{region.mobile}{index % 100:02d}" if reachable_by_mobile else "",
        address_lines=(f"{number} {street}" if region.number_first else f"{street} {number}",),
        postcode=postcode,
        city=city,
        country=region.country,
        segments=dice.choice(_SEGMENTS),
        email_allowed=email_allowed,
        sms_allowed=reachable_by_mobile and dice.random() < 0.8,  # noqa: PLR2004
        email_bad=dice.random() < 0.03,  # noqa: PLR2004
        preferred_channels=dice.choice((("email", "sms"), ("email",), ("print",), ("sms", "email"), ("web", "email"))),
        note="",
    )


def build_customers(seed: int, count: int) -> Sequence[WorldCustomer]:
    """The hard cases first, then derived customers until there are ``count``; never fewer than the hard cases."""
    return (*HARD_CASES, *(_derive(seed, index) for index in range(count - len(HARD_CASES))))
