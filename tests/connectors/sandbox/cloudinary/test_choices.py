"""Conditions, variables and arithmetic in transformations, and what they make of a picture."""

import pytest

from connectors.sandbox.cloudinary.choices import Course
from connectors.sandbox.cloudinary.delivery_path import read_steps
from connectors.sandbox.cloudinary.refusals import RefusalError
from tests.connectors.sandbox.cloudinary.desk import Desk
from tests.connectors.sandbox.cloudinary.test_delivery import drawn


def taken(transformation: str) -> list[dict[str, str]]:
    """The steps that a picture of 200 by 100 is put through."""
    course = Course(width=200, height=100, pages=3)
    steps = (course.step(step, width=200, height=100) for step in read_steps(transformation))
    return [dict(step) for step in steps if step]


@pytest.mark.parametrize(
    ("transformation", "expected"),
    [
        ("if_w_gt_100/e_sepia/if_end", [{"e": "sepia"}]),
        ("if_w_gt_300/e_sepia/if_end/c_fit,w_5", [{"c": "fit", "w": "5"}]),
        ("if_w_gt_300/e_sepia/if_else/e_negate/if_end", [{"e": "negate"}]),
        ("if_w_gt_100_and_h_lt_50/e_sepia/if_end", []),
        ("if_w_gt_300_or_h_eq_100/e_sepia/if_end", [{"e": "sepia"}]),
        ("if_ar_gte_16:9,e_sepia", [{"e": "sepia"}]),
        ("if_ar_lt_1:1,e_sepia/e_negate", [{"e": "negate"}]),
        ("if_pc_gt_1/if_iw_ne_200/e_sepia/if_end/if_end", []),
        ("$size_50/c_fit,w_$size", [{"c": "fit", "w": "50"}]),
        ("$size_50/c_fit,w_$size_mul_2_add_1", [{"c": "fit", "w": "101"}]),
        ("$a_10/$b_$a_mul_3/c_fit,w_$b", [{"c": "fit", "w": "30"}]),
        ("$half_w_div_2/c_fit,w_$half", [{"c": "fit", "w": "100"}]),
        ("$word_!Hello!/l_text:Arial_20:$(word)", [{"l": "text:Arial_20:Hello"}]),
    ],
)
def test_a_step_is_taken_with_its_values(transformation: str, expected: list[dict[str, str]]) -> None:
    """A template that the vendor obeys would look like another one here."""
    assert taken(transformation) == expected


@pytest.mark.parametrize(
    "transformation",
    [
        "if_w/e_sepia",
        "if_w_gt_x/e_sepia",
        "if_else",
        "$a_1_div_0",
        "c_fit,w_$nothing",
        "$a_9_mul",
        "$a_1000000000_mul_9",
    ],
)
def test_an_expression_that_means_nothing_is_refused(transformation: str) -> None:
    """A slip would be drawn as if it were meant."""
    with pytest.raises(RefusalError, match="Invalid expression"):
        taken(transformation)


@pytest.mark.parametrize(
    ("transformation", "size"),
    [
        ("if_w_gt_100/c_scale,w_50/if_else/c_scale,w_10/if_end", (50, 25)),
        ("$w_40/c_scale,w_$w", (40, 20)),
        ("bo_4px_solid_red,c_scale,w_100", (108, 58)),
        ("c_scale,w_20/u_brand:mark/c_scale,w_60/fl_layer_apply,g_center", (60, 30)),
    ],
)
def test_a_picture_follows_its_conditions(desk: Desk, transformation: str, size: tuple[int, int]) -> None:
    """Wide and narrow pictures would be treated alike."""
    assert drawn(desk, transformation, source="v1/brand/storm-photo.png").size == size


def test_words_have_their_colour(desk: Desk) -> None:
    """Red letters on a proof would be black."""
    made = drawn(
        desk, "c_scale,w_200/l_text:Arial_60:DRAFT,co_red/fl_layer_apply,g_center", source="v1/brand/old-logo.png"
    )

    colours = {colour for _, colour in made.convert("RGB").getcolors(1 << 20) or []}
    assert (255, 0, 0) in colours


def test_a_sprite_comes_with_its_style_sheet(desk: Desk) -> None:
    """A page could show the sprite and not a single picture of it."""
    told = desk.ask("POST", "/v1_1/demo/image/sprite", data={"tag": "logo"}).json()

    css, sheet = desk.get(told["css_url"]), desk.get(told["json_url"])

    assert css.headers["content-type"].startswith("text/css")
    assert all(f".{name} {{" in css.text for name in told["image_infos"])
    assert sheet.json() == told["image_infos"]
    assert desk.get(told["image_url"]).content.startswith(b"\x89PNG")
