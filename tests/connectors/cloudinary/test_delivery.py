"""Delivery URLs and the renditions that channels get."""

import pytest

from connectors.cloudinary import DeliveryHost, DeliveryType, Purpose, Rendition, ResourceType, rendition_for, step
from connectors.cloudinary.delivery import transformation

HOST = DeliveryHost(base_url="https://res.cloudinary.com", cloud_name="demo", api_secret="s3cr3t")
SMALL = Rendition(transformation=transformation(step(c="limit", w=600), "f_jpg", "q_auto"), extension="jpg")


@pytest.mark.contract("cloudinary 2.b2", "cloudinary 2.b4", "cloudinary 6.3", "cloudinary 9.b2")
@pytest.mark.parametrize(
    ("public_id", "arguments", "expected"),
    [
        ("hero", {}, "image/upload/hero"),
        ("brand/hero", {}, "image/upload/v1/brand/hero"),
        ("brand/hero", {"version": 17}, "image/upload/v17/brand/hero"),
        (
            "brand/hero",
            {"version": 17, "rendition": SMALL},
            "image/upload/c_limit,w_600/f_jpg/q_auto/v17/brand/hero.jpg",
        ),
        (
            "brand/hero",
            {"version": 17, "rendition": SMALL, "is_signed": True},
            "image/upload/s--trv3p-je--/c_limit,w_600/f_jpg/q_auto/v17/brand/hero.jpg",
        ),
        ("été ~1?", {}, "image/upload/%C3%A9t%C3%A9%20%7E1%3F"),
        ("a//b", {"version": 2}, "image/upload/v2/a/b"),
        (
            "clip",
            {"resource_type": ResourceType.VIDEO, "delivery_type": DeliveryType.PRIVATE},
            "video/private/clip",
        ),
    ],
)
def test_a_url_is_built_as_the_vendor_s_clients_build_it(
    public_id: str, arguments: dict[str, object], expected: str
) -> None:
    """A letter in print would carry a broken picture."""
    url = HOST.url(public_id, **arguments)  # type: ignore[arg-type]  # keywords out of the table

    assert url == f"https://res.cloudinary.com/demo/{expected}"


@pytest.mark.contract("cloudinary 1.4")
def test_a_private_host_leaves_the_cloud_out_of_the_path() -> None:
    """Every URL of a customer with a private CDN would be a 404."""
    host = DeliveryHost(base_url="https://demo-res.cloudinary.com/", cloud_name="demo", is_private=True)

    assert host.url("hero") == "https://demo-res.cloudinary.com/image/upload/hero"


def test_a_signed_url_needs_a_secret() -> None:
    """A URL with a signature over nothing would look right and be refused."""
    host = DeliveryHost(base_url="https://res.cloudinary.com", cloud_name="demo")

    with pytest.raises(ValueError, match="secret"):
        host.url("hero", is_signed=True)


def test_a_host_does_not_show_its_secret() -> None:
    """The secret would stand in logs and reports."""
    assert "s3cr3t" not in repr(HOST)


@pytest.mark.contract("cloudinary 9.1.2", "cloudinary 9.b3")
def test_mail_never_gets_a_format_that_the_vendor_chooses() -> None:
    """The desktop Outlook shows a red cross for WebP."""
    renditions = [rendition_for(Purpose.EMAIL, kind) for kind in (ResourceType.IMAGE, ResourceType.VIDEO)]

    assert all(one and "f_auto" not in one.transformation and one.extension == "jpg" for one in renditions)


@pytest.mark.contract("cloudinary 9.1.1")
def test_print_gets_cmyk_at_300_dpi() -> None:
    """The press would reject the page."""
    rendition = rendition_for(Purpose.PRINT, ResourceType.IMAGE)

    assert rendition == Rendition(
        transformation="c_limit,h_4961,w_3508/cs_cmyk,dn_300,q_100/fl_attachment", extension="tif"
    )


def test_nothing_is_made_of_a_raw_file() -> None:
    """A transformation of a raw file is always an error at the vendor."""
    assert all(rendition_for(purpose, ResourceType.RAW) is None for purpose in Purpose)
