"""The table of delivery URLs that both clients build: the vendor's options, and our own words for the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from connectors.cloudinary import (
    DeliveryHost,
    DeliveryType,
    Digest,
    PictureLayer,
    Recipe,
    Rendition,
    ResourceType,
    SearchQuery,
    TextLayer,
    TokenKey,
)
from tests.judges.bench import Ready

Ours = Callable[[DeliveryHost], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One URL."""

    name: str
    public_id: str
    options: Mapping[str, Any]
    """What the vendor's client is told; JSON-ready."""
    ours: Ours = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The signed search of the judge's flows in our own words."""

    query: SearchQuery
    ttl: timedelta


def host_of(ready: Ready, **changes: Any) -> DeliveryHost:
    """The vendor's shared host for the judged cloud."""
    told = ready["cloudinary"]
    said: dict[str, Any] = {"cloud_name": told["cloud_name"], "api_secret": told["api_secret"], **changes}
    return DeliveryHost(base_url="https://res.cloudinary.com", **said)


def _plain(name: str, public_id: str, options: Mapping[str, Any], *, extension: str | None = None, **said: Any) -> Case:
    """A URL without a transformation."""
    return Case(
        name=name,
        public_id=public_id,
        options=options,
        ours=lambda host: host.url(public_id, rendition=Rendition(extension=extension), **said),
    )


def _made(name: str, recipe: Recipe, *steps: Mapping[str, Any]) -> Case:
    """A URL of ``brand/hero`` as JPEG by ``recipe``; ``steps`` are the vendor's words for it."""
    options: dict[str, Any] = dict(steps[0]) if len(steps) == 1 else {"transformation": list(steps)}
    rendition = Rendition(transformation=str(recipe), extension="jpg")
    return Case(
        name=name,
        public_id="brand/hero",
        options={"format": "jpg", "version": 17, **options},
        ours=lambda host: host.url("brand/hero", version=17, rendition=rendition),
    )


_R: Final = Recipe()
_SIGNED: Final = Rendition(transformation="c_limit,w_600/f_jpg/q_auto", extension="jpg")
_SIGNED_STEPS: Final = [{"crop": "limit", "width": 600}, {"fetch_format": "jpg"}, {"quality": "auto"}]
_SIGNED_OPTIONS: Final = {"transformation": _SIGNED_STEPS, "format": "jpg", "version": 17, "sign_url": True}


def _signed(name: str, options: Mapping[str, Any], changes: Mapping[str, Any], **said: Any) -> Case:
    def ours(host: DeliveryHost) -> str:
        signing = DeliveryHost(
            base_url=host.base_url, cloud_name=host.cloud_name, api_secret=host.api_secret, **changes
        )
        return signing.url("brand/hero", version=17, rendition=_SIGNED, is_signed=True, **said)

    return Case(name=name, public_id="brand/hero", options={**_SIGNED_OPTIONS, **options}, ours=ours)


CASES: Final = (
    _plain("an id", "hero", {}),
    _plain("an id in a folder", "brand/hero", {}),
    _plain("a version", "brand/hero", {"version": 17}, version=17),
    _plain("a format", "hero", {"format": "png"}, extension="png"),
    _plain("an id with a dot", "hero.v2", {"format": "png"}, extension="png"),
    _plain("an id like a version", "v12/hero", {}),
    _plain("letters of the world", "été ~1", {}),
    _plain("marks", "a(b)'c!*&$", {}),
    _plain("two slashes", "a//b", {}),
    _plain("a colon", "a:b", {}),
    _plain("a comma", "a,b=c", {}),
    _plain("a film", "clip", {"resource_type": "video", "format": "mp4"}, extension="mp4",
           resource_type=ResourceType.VIDEO),
    _plain("a raw file", "list.csv", {"resource_type": "raw"}, resource_type=ResourceType.RAW),
    _plain("a private picture", "hero", {"type": "private"}, delivery_type=DeliveryType.PRIVATE),
    _plain("a fetched picture", "https://example.test/a b.jpg?x=1", {"type": "fetch"},
           delivery_type=DeliveryType.FETCH),
    _plain("a suffix", "hero", {"url_suffix": "spring-sale", "format": "jpg"}, extension="jpg", suffix="spring-sale"),
    _plain("a raw suffix", "list", {"url_suffix": "prices", "resource_type": "raw"},
           resource_type=ResourceType.RAW, suffix="prices"),
    _made("a width", _R.step(width=600, crop="scale"), {"width": 600, "crop": "scale"}),
    _made("a limit", _R.resize("limit", width=600, height=400), {"width": 600, "height": 400, "crop": "limit"}),
    _made("a share", _R.resize("scale", width=0.5), {"width": 0.5, "crop": "scale"}),
    _made("a filled shape", _R.resize("fill", aspect_ratio="4:5", gravity="auto", width=1080),
          {"aspect_ratio": "4:5", "crop": "fill", "gravity": "auto", "width": 1080}),
    _made("a padded box", _R.resize("pad", background="#ff8800", height=50, width=100),
          {"crop": "pad", "background": "#ff8800", "width": 100, "height": 50}),
    _made("a named background", _R.resize("pad", background="auto", height=50, width=100),
          {"crop": "pad", "background": "auto", "width": 100, "height": 50}),
    _made("a cut", _R.resize("crop", gravity="north_east", height=15, width=10, x=3, y=4),
          {"crop": "crop", "gravity": "north_east", "width": 10, "height": 15, "x": 3, "y": 4}),
    _made("a thumbnail", _R.resize("thumb", gravity="face", height=80, radius="max", width=80, zoom=0.7),
          {"crop": "thumb", "gravity": "face", "width": 80, "height": 80, "radius": "max", "zoom": 0.7}),
    _made("two steps", _R.resize("limit", width=600).step(angle=20),
          {"crop": "limit", "width": 600}, {"angle": 20}),
    _made("the contract's mail picture", _R.resize("limit", width=600).step(color_space="srgb").quality("auto:good"),
          {"crop": "limit", "width": 600}, {"color_space": "srgb"}, {"quality": "auto:good"}),
    _made("the contract's print picture",
          _R.resize("limit", height=4961, width=3508)
          .step(color_space="cmyk", density=300, quality=100)
          .step(flags="attachment"),
          {"crop": "limit", "height": 4961, "width": 3508},
          {"color_space": "cmyk", "density": 300, "quality": 100}, {"flags": "attachment"}),
    _made("a format and a quality", _R.format("auto").quality("auto"), {"fetch_format": "auto"}, {"quality": "auto"}),
    _made("a name", _R.named("thumb"), {"transformation": ["thumb"]}),
    _made("an effect", _R.effect("sepia"), {"effect": "sepia"}),
    _made("an effect's strength", _R.effect("blur", 300), {"effect": "blur:300"}),
    _made("an effect as a pair", _R.effect("brightness", -20), {"effect": ["brightness", -20]}),
    _made("opacity", _R.step(opacity=60), {"opacity": 60}),
    _made("a border", _R.step(border="4px_solid_black"), {"border": "4px_solid_black"}),
    _made("a coloured border", _R.step(border="4px_solid_#ff0000"), {"border": {"width": 4, "color": "#ff0000"}}),
    _made("round corners", _R.step(radius="20:0:40"), {"radius": "20:0:40"}),
    _made("a turn", _R.step(angle="auto.hflip"), {"angle": ["auto", "hflip"]}),
    _made("several flags", _R.step(flags="progressive.immutable_cache"), {"flags": ["progressive", "immutable_cache"]}),
    _made("a fine screen", _R.resize("scale", dpr="2.0", width=100), {"dpr": "2.0", "width": 100, "crop": "scale"}),
    _made("a page", _R.step(page=2), {"page": 2}),
    _made("a moment of a film", _R.resize("limit", start_offset="auto", width=320),
          {"crop": "limit", "start_offset": "auto", "width": 320}),
    _made("a part of a film", _R.trim(2.5, "50p"), {"start_offset": 2.5, "end_offset": "50p"}),
    _made("a film for the web", _R.step(video_codec="h264").quality("auto:eco"),
          {"video_codec": "h264"}, {"quality": "auto:eco"}),
    _made("a streaming profile", _R.step(streaming_profile="full_hd"), {"streaming_profile": "full_hd"}),
    _made("a film's pace", _R.step(fps="24-29.97"), {"fps": "24-29.97"}),
    _made("bit rate", _R.step(bit_rate="250k"), {"bit_rate": "250k"}),
    _made("a layer",
          _R.overlay(PictureLayer(public_id="brand/logo"))
          .step(crop="scale", opacity=60, width=200)
          .place("south_east", x=10, y=10),
          {"overlay": {"public_id": "brand/logo"}}, {"crop": "scale", "opacity": 60, "width": 200},
          {"flags": "layer_apply", "gravity": "south_east", "x": 10, "y": 10}),
    _made("an authenticated layer", _R.overlay(PictureLayer(public_id="a/b", delivery_type="authenticated")),
          {"overlay": {"public_id": "a/b", "type": "authenticated"}}),
    _made("a film's layer", _R.overlay(PictureLayer(public_id="clip", resource_type="video")),
          {"overlay": {"public_id": "clip", "resource_type": "video"}}),
    _made("a layer of the web", _R.overlay(PictureLayer(url="https://example.test/l.png")),
          {"overlay": {"url": "https://example.test/l.png"}}),
    _made("an underlay", _R.underlay(PictureLayer(public_id="ground")), {"underlay": {"public_id": "ground"}}),
    _made("words", _R.overlay(TextLayer(words="Draft copy", size=40, weight="bold")).place("north", y=10),
          {"overlay": {"font_family": "Arial", "font_size": 40, "font_weight": "bold", "text": "Draft copy"}},
          {"flags": "layer_apply", "gravity": "north", "y": 10}),
    _made("words with commas and slashes", _R.overlay(TextLayer(words="a, b/c é?", size=20)),
          {"overlay": {"font_family": "Arial", "font_size": 20, "text": "a, b/c é?"}}),
    _made("coloured words", _R.overlay(TextLayer(words="Sale", size=20), color="#ff0000"),
          {"overlay": {"font_family": "Arial", "font_size": 20, "text": "Sale"}, "color": "#ff0000"}),
    _made("spaced words",
          _R.overlay(TextLayer(words="x", size=20, style="italic", decoration="underline", align="center",
                               letter_spacing=4, line_spacing=2)),
          {"overlay": {"font_family": "Arial", "font_size": 20, "font_style": "italic",
                       "text_decoration": "underline", "text_align": "center", "letter_spacing": 4,
                       "line_spacing": 2, "text": "x"}}),
    _made("a condition", _R.when("w_gt_1000").resize("scale", width=500).otherwise().effect("sepia").done(),
          {"if": "w_gt_1000"}, {"crop": "scale", "width": 500}, {"if": "else"}, {"effect": "sepia"}, {"if": "end"}),
    _made("a variable", _R.variable("size", 200).step(crop="scale", width="$size"),
          {"$size": 200}, {"crop": "scale", "width": "$size"}),
    _made("a raw step", _R.then("c_fit,w_10"), {"raw_transformation": "c_fit,w_10"}),
    _signed("a signature", {}, {}),
    _signed("a long signature", {"long_url_signature": True}, {"has_long_signatures": True}),
    _signed("a SHA-256 signature", {"signature_algorithm": "sha256"}, {"digest": Digest.SHA256}),
    _signed("an authenticated rendition", {"type": "authenticated"}, {}, delivery_type=DeliveryType.AUTHENTICATED),
    _signed("a signed suffix", {"url_suffix": "sale"}, {}, suffix="sale"),
    Case(
        name="a signed original with letters of the world",
        public_id="brand/é ~1",
        options={"sign_url": True, "type": "private", "format": "png", "version": 3},
        ours=lambda host: host.url(
            "brand/é ~1",
            version=3,
            rendition=Rendition(extension="png"),
            delivery_type=DeliveryType.PRIVATE,
            is_signed=True,
        ),
    ),
    Case(
        name="a private host",
        public_id="hero",
        options={"private_cdn": True},
        ours=lambda host: DeliveryHost(
            base_url=f"https://{host.cloud_name}-res.cloudinary.com", cloud_name=host.cloud_name, is_private=True
        ).url("hero"),
    ),
)  # fmt: skip
"""At least 40, each built by both clients."""

_KEY: Final = TokenKey(key="00112233ff99")
_START: Final = datetime.fromtimestamp(1_700_000_000, UTC)
_TOLD: Final = {"key": "00112233ff99", "start_time": 1_700_000_000, "duration": 600}

TOKENS: Final[Mapping[str, tuple[Mapping[str, Any], str]]] = {
    "a token for patterns": (
        {**_TOLD, "acl": "/image/authenticated/brand/*"},
        _KEY.token(start=_START, lasts=timedelta(seconds=600), acl=["/image/authenticated/brand/*"]),
    ),
    "a token for two patterns": (
        {**_TOLD, "acl": ["/image/a/*", "/video/b c/*"]},
        _KEY.token(start=_START, lasts=timedelta(seconds=600), acl=["/image/a/*", "/video/b c/*"]),
    ),
    "a token for one URL": (
        {**_TOLD, "url": "/demo/image/authenticated/v1/A b~é.jpg?x=[1]"},
        _KEY.token(start=_START, lasts=timedelta(seconds=600), url="/demo/image/authenticated/v1/A b~é.jpg?x=[1]"),
    ),
    "a token for one address": (
        {"key": "00112233ff99", "expiration": 1_800_000_000, "ip": "192.0.2.7", "acl": "*"},
        _KEY.token(expires_at=datetime.fromtimestamp(1_800_000_000, UTC), ip="192.0.2.7", acl=["*"]),
    ),
}
"""What the vendor's client is told, and our own token."""

SEARCH: Final = Search(
    query=SearchQuery(expression="tags:qr AND bytes>1k", sort_by=(("created_at", "desc"),), max_results=3, fields=()),
    ttl=timedelta(seconds=600),
)
