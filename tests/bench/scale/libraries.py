"""Assets as three libraries of a large company hold them: the same in every run."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, product
from random import Random
from typing import Final

from app.records import Asset, AssetKey, AssetKind, AssetState, System

LIBRARIES: Final = (System.CORE_DAM, System.ICONIK, System.CLOUDINARY)
EPOCH: Final = datetime(2025, 1, 1, tzinfo=UTC)

_FREQUENT: Final = (
    "marketing image banner letter green home spring autumn notice energy family winter summer cover insert logo bill"
    " claim motor renewal phone poster print forest harbour boat boiler dunes gull heat kettle leaf lighthouse marine"
    " meter mountain pet pig pump roof smoke solar storm tariff tile wind"
)
_BEGINNINGS: Final = "bra cor del fen gar hol jun kap lor mar nis osk pel qui ros sel tam ulm ven wol"
_ENDINGS: Final = "a ade alis an bor den dis e eren ette ia ic ika ine is leben lo mar na no ra ron sa ta um"
_WORDS: Final = [
    *_FREQUENT.split(),
    *map("".join, product(_BEGINNINGS.split(), _BEGINNINGS.split(), _ENDINGS.split())),
]
_WEIGHTS: Final = list(accumulate(1 / (place + 8) for place in range(len(_WORDS))))
"""As in any language: the second word is as frequent as half of the first (Zipf), the first ones a little less so."""


def made_assets() -> Iterator[Asset]:
    """Assets with names and descriptions like those of real libraries, without end."""
    dice = Random("bench:search")
    while True:
        subject, form, *others = dice.choices(_WORDS, cum_weights=_WEIGHTS, k=12)
        locale = dice.choice(("fr", "de", "en", "es", "pl", "ar"))
        yield Asset(
            key=AssetKey(dice.choice(LIBRARIES), f"{dice.getrandbits(128):032x}"),
            name=f"{subject}-{form}-{locale}",
            kind=dice.choice((AssetKind.IMAGE, AssetKind.IMAGE, AssetKind.VIDEO, AssetKind.DOCUMENT)),
            state=dice.choice((AssetState.APPROVED, AssetState.APPROVED, AssetState.IN_REVIEW, AssetState.DRAFT)),
            version=f"v{dice.randrange(1, 9)}",
            media_type="image/png",
            changed_at=EPOCH + timedelta(seconds=dice.randrange(40_000_000)),
            size_bytes=dice.randrange(10_000, 5_000_000),
            width_px=1200,
            height_px=800,
            locale=locale,
            owner="Priya Nair",
            description=f"A picture of {' '.join(others[:6])}.",
            alt_text=f"{subject} {form}",
            folder=f"campaigns/{others[6]}",
            tags=tuple(others[7:]),
            channels=("email", "web"),
            rights_end=date(2026, 1, 1) + timedelta(days=dice.randrange(900)) if dice.random() < 0.3 else None,
        )
