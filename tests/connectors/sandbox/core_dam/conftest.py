"""A small library: pictures, a drawing, a document with a poster; one expired, one retired, one in review, one old."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.core_dam import CoreDamSandbox, build
from connectors.sandbox.world import (
    AssetKind,
    AssetStanding,
    Library,
    Person,
    World,
    WorldAsset,
    WorldFile,
    WorldVersion,
)

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def picture_file(name: str, *, width_px: int = 640, height_px: int = 320, colour: str = "teal") -> WorldFile:
    written = BytesIO()
    Image.new("RGBA", (width_px, height_px), colour).save(written, "PNG")
    content = written.getvalue()
    return WorldFile(
        name=name,
        media_type="image/png",
        size_bytes=len(content),
        read=lambda: content,
        width_px=width_px,
        height_px=height_px,
    )


def plain_file(name: str, media_type: str, content: bytes) -> WorldFile:
    return WorldFile(name=name, media_type=media_type, size_bytes=len(content), read=lambda: content)


def asset(
    slug: str,
    *files: WorldFile,
    standing: AssetStanding = AssetStanding.APPROVED,
    kind: AssetKind = AssetKind.IMAGE,
    locale: str = "und",
    folder: str = "marketing/campaigns",
    tags: Sequence[str] = (),
    poster: WorldFile | None = None,
    rights_end: date | None = None,
    product: str = "Home cover",
    region: str = "north",
    channels: Sequence[str] = ("print", "email"),
    alt_text: str = "",
) -> WorldAsset:
    return WorldAsset(
        slug=slug,
        library=Library.CORE_DAM,
        kind=kind,
        standing=standing,
        title=slug.replace("-", " ").capitalize(),
        description=f"About {slug}",
        alt_text=alt_text,
        locale=locale,
        tags=tuple(tags),
        folder=folder,
        owner="Mira Kovac",
        versions=tuple(
            WorldVersion(
                number=number,
                file=file,
                created_at=BEGAN - timedelta(days=40 - number),
                created_by="Mira Kovac",
                poster=poster,
            )
            for number, file in enumerate(files, start=1)
        ),
        rights_end=rights_end,
        channels=tuple(channels),
        product=product,
        region=region,
    )


@pytest.fixture
def world() -> World:
    return World(
        seed=7,
        clock=SandboxClock(BEGAN),
        began=BEGAN,
        people=(
            Person(login="mira.k", full_name="Mira Kovac", email="mira@harbour.example", role="designer"),
            Person(login="desk", full_name="Desk Account", email="desk@harbour.example", role="designer"),
        ),
        customers=(),
        templates=(),
        assets=(
            asset("spring-banner", picture_file("spring-banner.png"), locale="de-DE", tags=("spring", "hero")),
            asset(
                "policy-cover",
                picture_file("policy-cover.png", colour="navy"),
                picture_file("policy-cover.png", colour="red"),
                picture_file("policy-cover.png", colour="green"),
                locale="fr-FR",
                product="Motor cover",
                region="south",
                alt_text="A harbour",
            ),
            asset(
                "tariff-leaflet",
                plain_file("tariff.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n"),
                kind=AssetKind.DOCUMENT,
                poster=picture_file("tariff.png", width_px=200, height_px=300),
                folder="service",
                region="",
                product="",
                channels=(),
            ),
            asset(
                "logo",
                plain_file("logo.svg", "image/svg+xml", b"<svg><text>Harbour</text></svg>"),
                kind=AssetKind.VECTOR,
                folder="brand",
            ),
            asset("old-campaign", picture_file("old.png"), rights_end=date(2026, 1, 31)),
            asset("summer-draft", picture_file("summer.png"), standing=AssetStanding.IN_REVIEW),
            asset("winter-retired", picture_file("winter.png"), standing=AssetStanding.RETIRED),
        ),
        sent=(),
        addresses={"core_dam_delivery": "http://media.test"},
        secrets={
            "core_dam": {
                "username": "desk",
                "password": "open-sesame",
                "client_id": "proofdesk-dam",
                "client_secret": "s3cret",
            }
        },
    )


@pytest.fixture
def sandbox(world: World) -> CoreDamSandbox:
    return build(world)
