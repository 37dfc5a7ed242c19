"""Lookup domains: the controlled vocabularies behind metadata fields, read out of the world."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from babel import Locale, UnknownLocaleError

from connectors.sandbox.library import assets_in
from connectors.sandbox.world import AssetStanding, Library, World

STATUS: Final = "PD.DOMAIN.STATUS"
LANGUAGE: Final = "PD.DOMAIN.LANGUAGE"
MARKET: Final = "PD.DOMAIN.MARKET"
CHANNEL: Final = "PD.DOMAIN.CHANNEL"
AREA: Final = "PD.DOMAIN.AREA"
PRODUCT: Final = "OTMM.DOMAIN.OTM_PRODUCT"
NEW_PRODUCT: Final = "OTMM.DOMAIN.OTM_PRODUCT_NEW.LU"
BUSINESS_UNIT: Final = "OTMM.DOMAIN.OTM_BUSINESS_UNIT.LU"

STATUS_CODES: Final[Mapping[AssetStanding, str]] = {
    AssetStanding.DRAFT: "DRFT",
    AssetStanding.IN_REVIEW: "REVW",
    AssetStanding.APPROVED: "APPR",
    AssetStanding.REJECTED: "REJC",
    AssetStanding.SUPERSEDED: "SUPR",
    AssetStanding.RETIRED: "RETD",
}
"""Sites model approval as a domain field; these codes are CHOSEN."""
_CHANNEL_LABELS: Final = {"print": "Print", "email": "Email", "web": "Web", "sms": "Text message"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One vocabulary: stored code → label, in the order in which it is shown."""

    id: str
    labels: Mapping[str, str]

    def label(self, code: str) -> str:
        """The label of ``code``; a cascading code has one label per part, joined as the codes are."""
        if code in self.labels or "^" not in code:
            return self.labels.get(code, code)
        return "^".join(self.labels.get(part, part) for part in code.split("^"))

    def knows(self, code: str) -> bool:
        """Whether ``code``, or every part of a cascading one, is in the vocabulary."""
        return code in self.labels or all(part in self.labels for part in code.split("^"))

    def as_json(self) -> dict[str, object]:
        """The wire form (keys CONFIRMED by OpenText's own client)."""
        return {
            "cacheable": True,
            "datatype": "CHAR",
            "domainId": self.id,
            "domainValues": [
                {
                    "active_from": "",
                    "active_to": "",
                    "description": label.strip(),
                    "display_value": label,
                    "expired_value": False,
                    "field_value": {"type": "string", "value": code},
                }
                for code, label in self.labels.items()
            ],
        }


class Vocabulary:
    """Every domain of the world's library."""

    def __init__(self, world: World) -> None:
        assets = assets_in(Library.CORE_DAM, world.assets).originals
        parts = {part for asset in assets for part in asset.folder.split("/") if part}
        products = sorted({asset.product for asset in assets if asset.product})
        domains = (
            Domain(
                id=STATUS,
                labels={code: standing.value.replace("_", " ").capitalize() for standing, code in STATUS_CODES.items()},
            ),
            Domain(
                id=LANGUAGE,
                labels={language_code(tag): _language_label(tag) for tag in _distinct(a.locale for a in assets)},
            ),
            # Labels with stray spaces are a known complaint about real vocabularies (core-dam 13).
            Domain(id=MARKET, labels={code(name): f" {name} " for name in _distinct(a.region for a in assets)}),
            Domain(id=CHANNEL, labels={code(name): label for name, label in _CHANNEL_LABELS.items()}),
            Domain(id=AREA, labels={code(part): part.replace("-", " ").capitalize() for part in sorted(parts)}),
            Domain(id=PRODUCT, labels={str(101 + place): name for place, name in enumerate(products)}),
            Domain(id=NEW_PRODUCT, labels={}),
            Domain(
                id=BUSINESS_UNIT,
                labels={
                    code(name): name.replace("-", " ").capitalize()
                    for name in _distinct(a.folder.partition("/")[0] for a in assets)
                },
            ),
        )
        self.domains: Mapping[str, Domain] = {domain.id: domain for domain in domains}

    def product_code(self, name: str) -> str:
        """The number under which a product is stored."""
        return next((number for number, label in self.domains[PRODUCT].labels.items() if label == name), "")


def code(word: str) -> str:
    """How a word of the world is stored: ``green tariff`` → ``GREEN_TARIFF``."""
    return word.upper().replace(" ", "_").replace("-", "_")


def language_code(tag: str) -> str:
    """``de_DE`` for ``de-DE``; empty for pictures without words."""
    return "" if tag in {"", "und"} else tag.replace("-", "_")


def _language_label(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (ValueError, UnknownLocaleError):
        return tag


def _distinct(words: Iterable[str]) -> list[str]:
    return sorted({word for word in words if word and word != "und"})
