# mypy: disable-error-code="import-not-found,no-any-return"
# The vendor's client is installed in the judge's environment alone.
"""Delivery: the URLs that the vendor's client builds, and what the host answers to them."""

import json
from typing import Any

from cloudinary import Search, api, utils

from tests.judges.cloudinary.asking import fetched, pixels
from tests.judges.ledger import Ledger


def run(ledger: Ledger) -> None:
    """Each block is one line of the table; the URLs of the given cases are handed on to be compared."""
    _made_urls(ledger)
    base = ledger.ready["cloudinary"]["delivery_url"]

    def ask(public_id: str, **options: Any) -> tuple[int, Any, bytes]:
        return fetched(utils.cloudinary_url(public_id, **options)[0], base)

    _pictures(ledger, ask)
    with ledger.call("deliver a signed search"):
        url = Search().expression("tags:qr").max_results(1).to_url()
        assert json.loads(fetched(url, base)[2])["total_count"] >= 1
    with ledger.call("deliver with a wrong signature"):
        status, headers, _ = ask("judge/life2", type="authenticated", sign_url=True, api_secret="x")
        assert status == 401
        assert "signature" in headers["x-cld-error"]
    with ledger.call("deliver without a signature"):
        assert ask("judge/life2", type="authenticated")[0] == 401
    signings: dict[str, dict[str, Any]] = {
        "a signature": {},
        "a long signature": {"long_url_signature": True},
        "a SHA-256 signature": {"signature_algorithm": "sha256"},
        "a signed rendition": {"width": 20, "crop": "scale", "format": "png"},
    }
    for name, options in signings.items():
        with ledger.call(f"deliver with {name}"):
            assert ask("judge/life2", type="authenticated", sign_url=True, **options)[0] == 200
    with ledger.call("deliver nothing"):
        status, headers, _ = ask("no such picture")
        assert status == 404
        assert headers["x-cld-error"].startswith("Resource not found")
    with ledger.call("deliver a wrong transformation"):
        assert ask("judge/hero", width="abc", crop="scale")[0] == 400


def _pictures(ledger: Ledger, ask: Any) -> None:
    sizes: dict[str, tuple[dict[str, Any], tuple[int, int]]] = {
        "scaled": ({"width": 30, "crop": "scale"}, (30, 30)),
        "filled": ({"width": 40, "height": 20, "crop": "fill", "gravity": "auto"}, (40, 20)),
        "padded": ({"width": 100, "height": 50, "crop": "pad", "background": "red"}, (100, 50)),
        "limited": ({"width": 500, "crop": "limit"}, (60, 60)),
        "cut": ({"width": 10, "height": 15, "crop": "crop", "gravity": "north_east"}, (10, 15)),
        "of half the size": ({"width": 0.5, "crop": "scale"}, (30, 30)),
        "for a fine screen": ({"width": 20, "crop": "scale", "dpr": "2.0"}, (40, 40)),
        "rounded": ({"width": 30, "height": 30, "crop": "thumb", "radius": "max"}, (30, 30)),
        "of a shape": ({"width": 40, "aspect_ratio": "2:1", "crop": "fill"}, (40, 20)),
        "with words": (
            {
                "transformation": [
                    {"width": 50, "crop": "scale"},
                    {"overlay": {"font_family": "Arial", "font_size": 10, "text": "Draft, a/b"}},
                    {"flags": "layer_apply", "gravity": "north"},
                ]
            },
            (50, 50),
        ),
        "with a layer": (
            {
                "transformation": [
                    {"width": 50, "crop": "scale"},
                    {"overlay": "judge:data"},
                    {"width": 10, "crop": "scale", "opacity": 60},
                    {"flags": "layer_apply", "gravity": "south_east", "x": 2, "y": 2},
                ]
            },
            (50, 50),
        ),
    }
    for name, (options, size) in sizes.items():
        with ledger.call(f"deliver a picture {name}"):
            status, _, content = ask("judge/hero", format="png", **options)
            assert status == 200
            assert pixels(content) == size
    for extension, media_type in {"jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}.items():
        with ledger.call(f"deliver as {extension}"):
            assert ask("judge/hero", format=extension)[1]["content-type"] == media_type
    film = api.resources(resource_type="video", max_results=1)["resources"][0]["public_id"]
    with ledger.call("deliver a film's poster"):
        options = {"resource_type": "video", "format": "jpg", "width": 80, "crop": "limit", "start_offset": "auto"}
        assert ask(film, **options)[1]["content-type"] == "image/jpeg"
    with ledger.call("deliver a film"):
        assert ask(film, resource_type="video", format="mp4")[1]["content-type"] == "video/mp4"


def _made_urls(ledger: Ledger) -> None:
    urls: dict[str, str] = {}
    for name, (public_id, options) in ledger.given.get("urls", {}).items():
        with ledger.call(f"build the URL of {name}"):
            urls[name] = utils.cloudinary_url(public_id, **options)[0]
    for name, options in ledger.given.get("tokens", {}).items():
        with ledger.call(f"build {name}"):
            urls[name] = utils.generate_auth_token(**options)
    if urls:
        search = Search().expression("tags:qr AND bytes>1k").sort_by("created_at", "desc").max_results(3)
        with ledger.call("build a search URL"):
            urls["search"] = search.to_url(ttl=600)
    ledger.hand("urls", urls)
