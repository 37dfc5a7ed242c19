"""Transformations of pictures, really computed with Pillow.

What a parameter does is CONFIRMED (contract §9.1) as far as the sandbox does it: ``c`` (scale, fit, limit, mfit, fill,
lfill, pad, lpad, mpad, crop, thumb), ``w h ar x y g dpr``, ``b`` (background), ``a`` (angle), ``r`` (round corners),
``o`` (opacity), ``bo`` (a solid frame), ``e`` (grayscale, sepia, negate, blur, brightness, contrast, sharpen), ``cs``
(cmyk, srgb). Keys that choose a format, a page, a frame or a codec are read elsewhere or have no effect here. Faces and
saliency are not looked for: ``g_auto`` and ``g_face`` mean the centre (CHOSEN).
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from PIL import Image, ImageColor, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from connectors.sandbox.cloudinary.delivery_path import Step
from connectors.sandbox.cloudinary.refusals import RefusalError

MOST_PIXELS: Final = 50_000_000
_PERCENT: Final = 100
_WIDEST_FRAME: Final = 500
_FINER: Final = 3
"""Round corners are drawn this much larger and shrunk, so that their edges are smooth."""
_ANCHORS: Final[Mapping[str, tuple[float, float]]] = {
    "north_west": (0.0, 0.0),
    "north": (0.5, 0.0),
    "north_east": (1.0, 0.0),
    "west": (0.0, 0.5),
    "center": (0.5, 0.5),
    "east": (1.0, 0.5),
    "south_west": (0.0, 1.0),
    "south": (0.5, 1.0),
    "south_east": (1.0, 1.0),
}
"""Where a gravity holds on, in fractions of the picture; any other gravity is the centre."""


def transform(picture: Image.Image, step: Step) -> Image.Image:
    """``picture`` after one step. Raises: RefusalError, 400, for a value that the step cannot have."""
    picture = _resized(picture, step)
    if "a" in step:
        picture = _turned(picture, step["a"])
    if "e" in step:
        picture = _with_effect(picture, step["e"])
    if "o" in step:
        picture = faded(picture, _number(step, "o") / _PERCENT)
    if "r" in step:
        picture = _rounded(picture, step["r"])
    if "bo" in step:
        picture = _framed(picture, step["bo"])
    if "b" in step and "c" not in step:
        picture = on_background(picture, step["b"])
    if "cs" in step:
        picture = _in_space(picture, step["cs"])
    return picture


def faded(picture: Image.Image, share: float) -> Image.Image:
    """``picture`` with its opacity multiplied by ``share`` (0 to 1)."""
    solid = picture.convert("RGBA")
    solid.putalpha(solid.getchannel("A").point(lambda level: round(level * min(max(share, 0.0), 1.0))))
    return solid


def on_background(picture: Image.Image, colour: str) -> Image.Image:
    """``picture`` laid on a ``colour`` as URLs name it: ``white``, ``rgb:ff8800``, ``auto``."""
    ground = Image.new("RGBA", picture.size, _colour(colour))
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def written(said: str, colour: str = "black") -> Image.Image:
    """Words on nothing, from ``text:Arial_40_bold:Draft%20copy``; every font is Pillow's own (CHOSEN).

    In text, commas and slashes are encoded twice (§9), so one decoding is still to be done here.
    """
    _, _, rest = said.partition(":")
    style, _, words = rest.partition(":")
    size = next((int(part) for part in style.split("_")[1:] if part.isdecimal()), 24)
    font = ImageFont.load_default(min(max(size, 4), 1000))
    shown = unquote(words)
    left, top, right, bottom = font.getbbox(shown)
    layer = Image.new("RGBA", (max(round(right - left), 1), max(round(bottom - top), 1)), (255, 255, 255, 0))
    ImageDraw.Draw(layer).text((-left, -top), shown, fill=_colour(colour), font=font)
    return layer


def anchored(outer: tuple[int, int], inner: tuple[int, int], step: Step) -> tuple[int, int]:
    """Where ``inner`` starts within ``outer`` by the step's gravity and offsets, which point inwards."""
    across, down = _ANCHORS.get(step.get("g", "center"), (0.5, 0.5))
    left = (outer[0] - inner[0]) * across + _number(step, "x") * (-1 if across == 1 else 1)
    top = (outer[1] - inner[1]) * down + _number(step, "y") * (-1 if down == 1 else 1)
    return round(left), round(top)


def _resized(picture: Image.Image, step: Step) -> Image.Image:
    mode = step.get("c", "scale")
    resize = _MODES.get(mode)
    if resize is None:
        raise _invalid("c", mode)
    if not step.keys() & {"w", "h", "ar"}:
        return picture
    if mode == "crop" and "g" not in step and step.keys() & {"x", "y"}:
        step = {**step, "g": "north_west"}
    size = _target(picture, step)
    if not all(side >= 1 for side in size) or size[0] * size[1] > MOST_PIXELS:
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Maximum image size is {MOST_PIXELS // 1_000_000} Megapixels")
    return resize(picture, size, step)


def _target(picture: Image.Image, step: Step) -> tuple[int, int]:
    """The box that is asked for; a side that is not given follows the other one."""
    ratio = _ratio(step["ar"]) if "ar" in step else picture.width / picture.height
    width = _side(step, "w", picture.width)
    height = _side(step, "h", picture.height)
    if width is None and height is None:
        width = float(picture.width)
    if width is None:
        width = (height or 1.0) * ratio
    elif height is None:
        height = width / ratio
    scale = _number(step, "dpr", 1.0) if step.get("dpr") != "auto" else 1.0
    return max(round(width * scale), 1), max(round((height or 1.0) * scale), 1)


def _side(step: Step, key: str, original: int) -> float | None:
    """A side in pixels; a fraction such as ``0.5`` is one of the original's."""
    said = step.get(key)
    if said in {None, "auto"}:
        return None
    if said in {"iw", "ih"}:
        return float(original)
    value = _number(step, key)
    if value <= 0:
        raise _invalid(key, step[key])
    return value * original if "." in step[key] and value <= 1 else value


def _ratio(said: str) -> float:
    width, mark, height = said.partition(":")
    try:
        ratio = float(width) / float(height) if mark else float(width)
    except (ValueError, ZeroDivisionError):
        raise _invalid("ar", said) from None
    if ratio <= 0:
        raise _invalid("ar", said)
    return ratio


def _number(step: Step, key: str, default: float = 0.0) -> float:
    try:
        return float(step.get(key, default))
    except ValueError:
        raise _invalid(key, step[key]) from None


def _invalid(key: str, value: str) -> RefusalError:
    return RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid transformation parameter - {key}_{value}")


def _to(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)


def _within(picture: Image.Image, size: tuple[int, int], *, grows: bool = True, shrinks: bool = True) -> Image.Image:
    factor = min(size[0] / picture.width, size[1] / picture.height)
    factor = min(factor, 1.0) if not grows else max(factor, 1.0) if not shrinks else factor
    return _to(picture, (max(round(picture.width * factor), 1), max(round(picture.height * factor), 1)))


def _fit(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    del step
    return _within(picture, size)


def _limit(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    del step
    return _within(picture, size, grows=False)


def _mfit(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    del step
    return _within(picture, size, shrinks=False)


def _scale(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    del step
    return _to(picture, size)


def _crop(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    size = (min(size[0], picture.width), min(size[1], picture.height))
    left, top = anchored(picture.size, size, step)
    left = min(max(left, 0), picture.width - size[0])
    top = min(max(top, 0), picture.height - size[1])
    return picture.crop((left, top, left + size[0], top + size[1]))


def _fill(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    factor = max(size[0] / picture.width, size[1] / picture.height)
    cover = (max(round(picture.width * factor), size[0]), max(round(picture.height * factor), size[1]))
    return _crop(_to(picture, cover), size, step)


def _lfill(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    """As fill, but a picture that is smaller than the box is only cropped to its shape."""
    factor = min(picture.width / size[0], picture.height / size[1], 1.0)
    return _fill(picture, (max(round(size[0] * factor), 1), max(round(size[1] * factor), 1)), step)


def _padded(inner: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    ground = Image.new("RGBA", size, _colour(step["b"]) if "b" in step else (255, 255, 255, 0))
    ground.alpha_composite(inner.convert("RGBA"), anchored(size, inner.size, {**step, "x": "0", "y": "0"}))
    return ground


def _pad(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    return _padded(_within(picture, size), size, step)


def _lpad(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    return _padded(_within(picture, size, grows=False), size, step)


def _mpad(picture: Image.Image, size: tuple[int, int], step: Step) -> Image.Image:
    if picture.width > size[0] or picture.height > size[1]:
        return picture
    return _padded(picture, size, step)


_MODES: Final[Mapping[str, Callable[[Image.Image, tuple[int, int], Step], Image.Image]]] = {
    "scale": _scale,
    "fit": _fit,
    "limit": _limit,
    "mfit": _mfit,
    "fill": _fill,
    "lfill": _lfill,
    "auto": _fill,
    "thumb": _fill,
    "pad": _pad,
    "lpad": _lpad,
    "mpad": _mpad,
    "crop": _crop,
}


def _turned(picture: Image.Image, said: str) -> Image.Image:
    for part in said.split("."):
        if part == "hflip":
            picture = ImageOps.mirror(picture)
        elif part == "vflip":
            picture = ImageOps.flip(picture)
        elif part not in {"auto", "exif", "ignore"}:
            picture = picture.convert("RGBA").rotate(-_number({"a": part}, "a"), Image.Resampling.BICUBIC, expand=True)
    return picture


def _rounded(picture: Image.Image, said: str) -> Image.Image:
    radius = min(picture.size) / 2 if said == "max" else _number({"r": said.partition(":")[0]}, "r")
    width, height = picture.width * _FINER, picture.height * _FINER
    large = Image.new("L", (width, height), 0)
    ImageDraw.Draw(large).rounded_rectangle((0, 0, width - 1, height - 1), radius * _FINER, fill=255)
    mask = large.resize(picture.size, Image.Resampling.BOX)
    cut = Image.new("RGBA", picture.size, (255, 255, 255, 0))
    cut.paste(picture.convert("RGBA"), (0, 0), mask)
    return cut


def _framed(picture: Image.Image, said: str) -> Image.Image:
    """``4px_solid_black``: a frame around the picture, which grows by it."""
    width, _, colour = said.partition("px_solid_")
    if not width.isdecimal() or int(width) > _WIDEST_FRAME:
        raise _invalid("bo", said)
    return ImageOps.expand(picture.convert("RGBA"), border=int(width), fill=_colour(colour or "black"))


def _with_effect(picture: Image.Image, said: str) -> Image.Image:
    """One effect; an effect that the sandbox does not know leaves the picture as it is (CHOSEN)."""
    name, _, strength = said.partition(":")
    level = _number({"e": strength}, "e") if strength.lstrip("-").replace(".", "").isdecimal() else None
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    flat = picture.convert("RGB")
    match name:
        case "grayscale" | "blackwhite":
            flat = ImageOps.grayscale(flat).convert("RGB")
        case "sepia":
            flat = ImageOps.colorize(ImageOps.grayscale(flat), "#2b1a0b", "#fff1d6")
        case "negate":
            flat = ImageOps.invert(flat)
        case "blur":
            flat = flat.filter(ImageFilter.GaussianBlur((level if level is not None else 100.0) / 50))
        case "brightness":
            flat = ImageEnhance.Brightness(flat).enhance(1 + (level or 0.0) / _PERCENT)
        case "contrast":
            flat = ImageEnhance.Contrast(flat).enhance(1 + (level or 0.0) / _PERCENT)
        case "sharpen":
            flat = flat.filter(ImageFilter.UnsharpMask(percent=round(level if level is not None else 100.0)))
        case _:
            return picture
    if alpha is not None:
        flat.putalpha(alpha)
    return flat


def _in_space(picture: Image.Image, said: str) -> Image.Image:
    if said == "cmyk":
        return on_background(picture, "white").convert("CMYK")
    if said in {"srgb", "tinysrgb"} and picture.mode == "CMYK":
        return picture.convert("RGB")
    return picture


def _colour(said: str) -> tuple[int, int, int, int]:
    if said.partition(":")[0] in {"auto", "blurred", "gen_fill"}:
        return (255, 255, 255, 255)
    try:
        red, green, blue, *alpha = ImageColor.getrgb(said.replace("rgb:", "#"))
    except ValueError:
        raise _invalid("b", said) from None
    return (red, green, blue, alpha[0] if alpha else 255)
