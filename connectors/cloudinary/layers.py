"""Transformations, step by step: sizes, formats, effects, and layers of pictures and words.

    Recipe().resize("limit", width=600).overlay(TextLayer(words="Draft", size=40)).place("south", y=10).format("jpg")

A recipe is a value: every method answers a longer one. Source: wire contract "Cloudinary" §9, CONFIRMED: steps in
their order, pairs inside a step sorted; text layers encode commas and slashes twice.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import quote

from connectors.cloudinary.delivery import step, transformation

_LONG_FORMS: Final[Mapping[str, str]] = {
    "angle": "a",
    "aspect_ratio": "ar",
    "background": "b",
    "bit_rate": "br",
    "border": "bo",
    "color": "co",
    "color_space": "cs",
    "crop": "c",
    "delay": "dl",
    "density": "dn",
    "dpr": "dpr",
    "duration": "du",
    "effect": "e",
    "end_offset": "eo",
    "flags": "fl",
    "fps": "fps",
    "gravity": "g",
    "height": "h",
    "keyframe_interval": "ki",
    "opacity": "o",
    "page": "pg",
    "prefix": "p",
    "quality": "q",
    "radius": "r",
    "start_offset": "so",
    "streaming_profile": "sp",
    "video_codec": "vc",
    "width": "w",
    "x": "x",
    "y": "y",
    "zoom": "z",
}
"""The keys of URLs by the words that the vendor's guides and SDKs use."""


def escaped(text: str) -> str:
    """Everything outside ``A-Z a-z 0-9 _ . - / :`` percent-encoded, as URLs carry it and signatures cover it (§9)."""
    return quote(text, safe="/:").replace("~", "%7E")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLayer:
    """Words in a font that the vendor has."""

    words: str
    font: str = "Arial"
    size: int = 40
    """Pixels."""
    weight: str = ""
    """``bold``; empty for normal."""
    style: str = ""
    """``italic``; empty for normal."""
    decoration: str = ""
    """``underline``, ``strikethrough``; empty for none."""
    align: str = ""
    letter_spacing: int | None = None
    line_spacing: int | None = None

    def __str__(self) -> str:
        spaced = (("letter_spacing", self.letter_spacing), ("line_spacing", self.line_spacing))
        traits = [
            *(one for one in (self.weight, self.style, self.decoration, self.align) if one),
            *(f"{name}_{value}" for name, value in spaced if value is not None),
        ]
        look = "_".join([self.font, str(self.size), *traits])
        # Commas and slashes would end the pair or the step, so they are encoded once more (CONFIRMED).
        words = self.words.replace(",", "%2C").replace("/", "%2F")
        return f"text:{escaped(look)}:{escaped(words)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLayer:
    """Another asset of the cloud, or of the web with ``url``."""

    public_id: str = ""
    resource_type: str = ""
    """``video``; empty for a picture."""
    delivery_type: str = ""
    """``private`` or ``authenticated``; empty for a public one."""
    url: str = ""

    def __str__(self) -> str:
        if self.url:
            fetched = urlsafe_b64encode(self.url.encode()).decode()
            return ":".join(part for part in (self.resource_type, "fetch", fetched) if part)
        parts = (self.resource_type, self.delivery_type, self.public_id.replace("/", ":"))
        return ":".join(part for part in parts if part)


Layer = TextLayer | PictureLayer


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps in their order; ``str`` of it is what a URL carries."""

    steps: tuple[str, ...] = ()

    def __str__(self) -> str:
        return transformation(*self.steps)

    def step(self, **parameters: str | float) -> Self:
        """One step, its keys in their long words (``width``) or in those of URLs (``w``)."""
        made = step(**{_LONG_FORMS.get(key, key): _plain(value) for key, value in parameters.items()})
        return self.then(made)

    def then(self, raw: str) -> Self:
        """A step as URLs write it, or several."""
        return type(self)((*self.steps, raw))

    def named(self, name: str) -> Self:
        """A transformation that has a name at the vendor."""
        return self.then(f"t_{name}")

    def resize(self, mode: str, **parameters: str | float) -> Self:
        """A size: ``limit``, ``fill``, ``pad``, ``crop``, ``thumb``, …"""
        return self.step(crop=mode, **parameters)

    def format(self, name: str) -> Self:
        """The format, ``auto`` to have the reader's Accept header decide."""
        return self.then(f"f_{name}")

    def quality(self, level: str | int) -> Self:
        """1 to 100, ``auto`` or ``auto:good``."""
        return self.then(f"q_{level}")

    def effect(self, name: str, level: str | float | None = None) -> Self:
        """An effect, with its strength where it has one."""
        return self.then(f"e_{name}" if level is None else f"e_{name}:{_plain(level)}")

    def overlay(self, layer: Layer, **parameters: str | float) -> Self:
        """Begin a layer above; the steps up to :meth:`place` shape it."""
        return self.then(_with({"l": str(layer)}, parameters))

    def underlay(self, layer: Layer, **parameters: str | float) -> Self:
        """Begin a layer below."""
        return self.then(_with({"u": str(layer)}, parameters))

    def place(self, gravity: str = "", **parameters: str | float) -> Self:
        """End a layer and say where it lies; ``x`` and ``y`` in pixels from that edge."""
        held: dict[str, str | float] = {"fl": "layer_apply", **({"g": gravity} if gravity else {})}
        return self.then(_with(held, parameters))

    def trim(self, start_s: float | str | None = None, end_s: float | str | None = None) -> Self:
        """A part of a film, or the moment of its poster: seconds, ``50p`` for per cent, ``auto``."""
        said = {key: _plain(value) for key, value in (("so", start_s), ("eo", end_s)) if value is not None}
        return self.then(step(**said)) if said else self

    def when(self, condition: str) -> Self:
        """The steps up to :meth:`otherwise` or :meth:`done` only if ``condition`` holds, such as ``w_gt_1000``."""
        return self.then(f"if_{condition}")

    def otherwise(self) -> Self:
        """The steps for the other case."""
        return self.then("if_else")

    def done(self) -> Self:
        """End what :meth:`when` began."""
        return self.then("if_end")

    def variable(self, name: str, value: str | float) -> Self:
        """A value that later steps name as ``$name``."""
        return self.then(f"${name}_{_plain(value)}")


def _with(held: Mapping[str, str | float], parameters: Mapping[str, str | float]) -> str:
    return step(**held, **{_LONG_FORMS.get(key, key): _plain(value) for key, value in parameters.items()})


def _plain(value: str | float) -> str | float:
    """Colours lose their ``#``, as URLs demand."""
    return value.replace("#", "rgb:") if isinstance(value, str) else value
