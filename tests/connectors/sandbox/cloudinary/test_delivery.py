"""The delivery host: real renditions, protection, and what a browser expects of a CDN."""

import io

import pytest
from PIL import Image

from connectors.cloudinary import (
    Asset,
    CloudinaryClient,
    DeliveryHost,
    DeliveryType,
    Purpose,
    Rendition,
    ResourceType,
    rendition_for,
)
from connectors.errors import NotFoundError
from connectors.sandbox.cloudinary import CloudinarySandbox
from tests.connectors.sandbox.cloudinary.desk import Desk, picture

_TYPES = {"image": ResourceType.IMAGE, "video": ResourceType.VIDEO}
BANNER = "brand/spring/spring-banner"
"""80 × 40: the left half nearly black, the right half green."""


def drawn(desk: Desk, transformation: str, *, source: str = f"v1/{BANNER}.png", **headers: str) -> Image.Image:
    answer = desk.get(f"image/upload/{transformation}/{source}", **headers)
    assert answer.status_code == 200, answer.headers.get("x-cld-error")
    made = Image.open(io.BytesIO(answer.content))
    made.load()
    return made


@pytest.mark.contract("cloudinary 1.4", "cloudinary 5.b2")
def test_the_original_comes_as_it_was_stored(desk: Desk) -> None:
    """A hash over a fetched asset would never match."""
    answer = desk.get(f"image/upload/v1/{BANNER}.png")

    assert answer.content == picture("green")
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("transformation", "size"),
    [
        ("w_40", (40, 20)),
        ("c_scale,h_10,w_10", (10, 10)),
        ("c_scale,w_0.5", (40, 20)),
        ("c_fit,h_30,w_30", (30, 15)),
        ("c_fit,h_300,w_300", (300, 150)),
        ("c_limit,h_300,w_300", (80, 40)),
        ("c_mfit,h_10,w_10", (80, 40)),
        ("c_fill,h_30,w_30", (30, 30)),
        ("ar_1:1,c_fill,w_20", (20, 20)),
        ("c_lfill,h_400,w_400", (40, 40)),
        ("c_pad,h_50,w_50", (50, 50)),
        ("c_lpad,h_200,w_200", (200, 200)),
        ("c_crop,h_10,w_20,x_60,y_0", (20, 10)),
        ("c_limit,dpr_2.0,w_20", (40, 20)),
        ("c_scale,w_40/c_crop,h_5,w_5", (5, 5)),
        ("a_90", (40, 80)),
    ],
)
def test_a_picture_is_really_resized(desk: Desk, transformation: str, size: tuple[int, int]) -> None:
    """A layout that was proofed with other sizes breaks in production."""
    assert drawn(desk, transformation).size == size


@pytest.mark.parametrize(
    ("transformation", "is_green"),
    [
        ("c_crop,g_east,h_10,w_10", True),
        ("c_crop,g_west,h_10,w_10", False),
        ("c_fill,g_north_east,h_40,w_20", True),
        ("c_crop,h_10,w_10,x_70,y_0", True),
    ],
)
def test_gravity_decides_what_stays(desk: Desk, transformation: str, is_green: bool) -> None:
    """The person in the picture would be cut away."""
    red, green, blue = drawn(desk, transformation).convert("RGB").getpixel((5, 5))  # type: ignore[misc]  # a triple

    assert (green > 100 and red < 50 and blue < 50) is is_green


def test_a_pad_has_its_colour(desk: Desk) -> None:
    """Bars of the wrong colour would stand beside the picture."""
    made = drawn(desk, "b_rgb:ff0000,c_pad,h_60,w_60")

    assert made.convert("RGB").getpixel((30, 2)) == (255, 0, 0)


@pytest.mark.contract("cloudinary 9.b3")
@pytest.mark.parametrize(
    ("transformation", "source", "accept", "media_type"),
    [
        ("f_jpg", f"v1/{BANNER}.png", "", "image/jpeg"),
        ("w_10", f"v1/{BANNER}.webp", "", "image/webp"),
        ("f_auto", f"v1/{BANNER}", "image/webp,*/*", "image/webp"),
        ("f_auto", f"v1/{BANNER}", "*/*", "image/jpeg"),
        ("q_auto:low", f"v1/{BANNER}.jpeg", "", "image/jpeg"),
        ("w_10", f"v1/{BANNER}.gif", "", "image/gif"),
    ],
)
def test_the_format_is_what_was_asked(
    desk: Desk, transformation: str, source: str, accept: str, media_type: str
) -> None:
    """A mail program would be sent what it cannot show."""
    answer = desk.get(f"image/upload/{transformation}/{source}", accept=accept)

    assert answer.headers["content-type"] == media_type
    assert Image.open(io.BytesIO(answer.content)).get_format_mimetype() == media_type
    assert answer.headers.get("vary") == ("Accept" if transformation == "f_auto" else None)


def test_quality_changes_the_size(desk: Desk) -> None:
    """A mailing would weigh what the press needs."""
    best, low = (
        len(desk.get(f"image/upload/q_{quality}/v1/brand/storm-photo.jpg").content) for quality in ("100", "1")
    )

    assert low < best


@pytest.mark.contract("cloudinary 9.1.1")
def test_print_gets_cmyk_and_its_density(desk: Desk) -> None:
    """The press would get screen colours."""
    rendition = rendition_for(Purpose.PRINT, desk.run(banner).resource_type)
    assert rendition is not None

    made = drawn(desk, rendition.transformation, source=f"v1/{BANNER}.tif")

    assert (made.mode, made.format, made.info["dpi"]) == ("CMYK", "TIFF", (300.0, 300.0))


async def banner(client: CloudinaryClient) -> Asset:
    return await client.asset_by_public_id(BANNER)


@pytest.mark.contract("cloudinary 9.1.2", "cloudinary 9.1.3", "cloudinary 9.1.4", "cloudinary 9.1.5")
@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("kind", ["image", "video"])
def test_every_channel_s_rendition_is_served(desk: Desk, purpose: Purpose, kind: str) -> None:
    """A channel whose rendition is refused has no picture at all."""

    async def fetch(client: CloudinaryClient) -> bytes:
        public_id = BANNER if kind == "image" else "brand/clip"
        found = await client.asset_by_public_id(public_id, resource_type=_TYPES[kind])
        rendition = rendition_for(purpose, found.resource_type)
        assert rendition is not None
        return await client.fetch(client.host.asset_url(found, rendition))

    assert desk.run(fetch)


def test_a_drawing_becomes_pixels(desk: Desk) -> None:
    """A logo would be missing from every mail."""
    made = drawn(desk, "c_limit,w_100", source="v1/brand/mark.png")

    assert made.size == (100, 50)
    assert made.convert("RGB").getpixel((50, 25)) == (255, 0, 0)


def test_a_drawing_comes_as_itself_when_asked(desk: Desk) -> None:
    """A browser would be sent a blurred logo."""
    assert desk.get("image/upload/v1/brand/mark.svg").headers["content-type"] == "image/svg+xml"


def test_a_video_is_played_in_parts(desk: Desk) -> None:
    """A player cannot jump into a film without ranges."""
    whole = desk.get("video/upload/v1/brand/clip.mp4")
    middle = desk.get("video/upload/v1/brand/clip.mp4", range="bytes=10-19")
    beyond = desk.get("video/upload/v1/brand/clip.mp4", range="bytes=9999-")

    assert middle.status_code == 206
    assert middle.content == whole.content[10:20]
    assert middle.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    assert beyond.status_code == 416


def test_a_video_s_picture_is_its_poster(desk: Desk) -> None:
    """The grid would show an empty tile for every film."""
    answer = desk.get("video/upload/c_limit,so_auto,w_32/v1/brand/clip.jpg")

    assert Image.open(io.BytesIO(answer.content)).size == (32, 18)


@pytest.mark.contract("cloudinary 9.1.6", "cloudinary 9.b2")
def test_a_layer_lies_where_it_was_put(desk: Desk) -> None:
    """A proof without its watermark could be taken for the approved picture."""
    made = drawn(desk, "l_brand:mark/c_scale,w_20/fl_layer_apply,g_south_east,x_2,y_2/f_png")

    assert made.size == (80, 40)
    assert made.convert("RGB").getpixel((70, 33)) == (255, 0, 0)
    assert made.convert("RGB").getpixel((70, 5)) == (0, 128, 0)


@pytest.mark.contract("cloudinary 9.b4")
def test_words_can_be_laid_over(desk: Desk) -> None:
    """Draft marks are words."""
    plain, marked = drawn(desk, "f_png"), drawn(desk, "l_text:Arial_20_bold:Dra%252Cft/fl_layer_apply,g_east/f_png")

    assert plain.convert("RGB").tobytes() != marked.convert("RGB").tobytes()


def test_a_reader_s_copy_is_not_sent_again(desk: Desk) -> None:
    """Each scroll through the grid would fetch everything anew."""
    first = desk.get(f"image/upload/w_10/v1/{BANNER}.png")

    second = desk.get(f"image/upload/w_10/v1/{BANNER}.png", **{"if-none-match": first.headers["etag"]})

    assert (second.status_code, second.content) == (304, b"")
    assert "max-age" in first.headers["cache-control"]


def test_an_attachment_has_a_name(desk: Desk) -> None:
    """A download would be saved as a row of digits."""
    answer = desk.get(f"image/upload/fl_attachment/v1/{BANNER}.png")

    assert answer.headers["content-disposition"] == 'attachment; filename="spring-banner.png"'


@pytest.mark.contract("cloudinary 8.b4")
@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("image/upload/v1/nope.png", 404, "Resource not found - nope.png"),
        (f"video/upload/v1/{BANNER}.png", 404, "Resource not found"),
        (f"image/upload/w_abc/v1/{BANNER}.png", 400, "Invalid transformation parameter - w_abc"),
        (f"image/upload/c_bend,w_5/v1/{BANNER}.png", 400, "Invalid transformation parameter - c_bend"),
        (f"image/upload/q_400/v1/{BANNER}.jpg", 400, "Invalid transformation parameter - q_400"),
        (f"image/upload/c_scale,h_99999,w_99999/v1/{BANNER}.png", 400, "Maximum image size"),
        ("image/upload", 404, "Resource not found"),
        ("image", 404, "Resource not found"),
    ],
)
def test_a_refusal_gives_its_reason_in_a_header(desk: Desk, path: str, status: int, reason: str) -> None:
    """An image cannot carry a sentence, so the header is all that a person can be told."""
    answer = desk.get(path)

    assert answer.status_code == status
    assert answer.headers["x-cld-error"].startswith(reason)


def test_the_client_reads_that_reason(desk: Desk) -> None:
    """The page would say no more than a number."""
    with pytest.raises(NotFoundError, match="Resource not found - nope"):
        desk.run(lambda client: client.fetch(client.host.url("nope")))


@pytest.mark.contract("cloudinary 6.3", "cloudinary 10.b1")
@pytest.mark.parametrize(
    ("delivery_type", "rendition", "signed", "status"),
    [
        ("authenticated", Rendition(), True, 200),
        ("authenticated", Rendition(), False, 401),
        ("authenticated", Rendition(transformation="c_limit,w_5"), True, 200),
        ("authenticated", Rendition(transformation="c_limit,w_5"), False, 401),
        ("private", Rendition(), True, 200),
        ("private", Rendition(), False, 401),
        ("private", Rendition(transformation="c_limit,w_5"), False, 200),
    ],
)
@pytest.mark.parametrize("is_long", [False, True])
def test_protected_assets_need_a_signature(  # noqa: PLR0917 - pytest passes its parameters by name
    desk: Desk, delivery_type: str, rendition: Rendition, signed: bool, status: int, is_long: bool
) -> None:
    """What is not yet public would be served to anybody, or to nobody."""
    fields = {"public_id": "brand/é ~x", "type": delivery_type}
    desk.ask("POST", "/v1_1/demo/image/upload", data=fields, files={"file": picture("red")})
    host = DeliveryHost(
        base_url="http://delivery.test", cloud_name="demo", api_secret="s3cr3t", has_long_signatures=is_long
    )

    url = host.url("brand/é ~x", delivery_type=DeliveryType(delivery_type), rendition=rendition, is_signed=signed)

    assert desk.get(url).status_code == status


def test_a_wrong_signature_is_refused_even_where_none_is_needed(desk: Desk) -> None:
    """A broken signer would go unnoticed until the asset becomes protected."""
    answer = desk.get(f"image/upload/s--AAAAAAAA--/w_5/v1/{BANNER}.png")

    assert (answer.status_code, answer.headers["x-cld-error"]) == (401, "Invalid signature s--AAAAAAAA--")


@pytest.mark.contract("cloudinary 10.b2")
def test_a_closed_publication_window_is_refused(desk: Desk) -> None:
    """A campaign would be seen before its day."""
    window = '[{"access_type":"anonymous","start":"2026-11-02T00:00:00Z","end":"2026-12-01T00:00:00Z"}]'
    desk.ask("POST", f"/v1_1/demo/resources/image/upload/{BANNER}", json={"access_control": window})

    answer = desk.get(f"image/upload/v1/{BANNER}.png")

    assert (answer.status_code, answer.headers["x-cld-error"]) == (401, "ACL deny")


def test_another_cloud_is_not_served(desk: Desk) -> None:
    """A slip in the settings would show somebody else's pictures."""
    assert desk.get("http://delivery.test/other/image/upload/x.png").status_code == 401


def test_a_rendition_that_was_read_is_listed_as_derived(desk: Desk, sandbox: CloudinarySandbox) -> None:
    """The detail page lists what exists."""
    drawn(desk, "c_limit,w_10")
    drawn(desk, "c_limit,w_10")

    derived = desk.run(banner).renditions

    assert [(one.transformation, one.width) for one in derived] == [("c_limit,w_10", 10)]
