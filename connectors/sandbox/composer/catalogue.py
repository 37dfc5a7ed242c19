"""The templates that the sandbox ships, as their folders describe them.

One folder below ``resources/sandbox/templates`` is one template: ``template.toml`` says what it needs, shows and is
made of, ``words/<locale>.toml`` holds its wording. ``words/<locale>.v<n>.toml`` holds what version ``n`` said
differently, so that an older version composes as it did. Nothing here composes.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, TypeAlias

import msgspec

from connectors.sandbox.world import WorldTemplate

CHANNELS: Final = ("print", "email", "web", "sms")
DEFAULT_LOCALE: Final = "en"

Words: TypeAlias = Mapping[str, object]
"""Wording by key: a sentence, several paragraphs, or a small table, each sentence with its placeholders."""


class BlockKind(StrEnum):
    """What a part of a communication is; the house layouts draw each kind on each channel."""

    BANNER = "banner"
    GREETING = "greeting"
    TEXT = "text"
    HIGHLIGHT = "highlight"
    FACTS = "facts"
    BILL = "bill"
    SECTION = "section"
    BUTTON = "button"
    TILE = "tile"
    SMALL = "small"
    CODE = "code"
    SIGN_OFF = "sign_off"
    PAGE = "page"


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One picture that a slot may show. ``{language}`` in the slug stands for the communication's language."""

    slug: str
    when: str = ""
    """A condition on the record; empty for always."""


class Slot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place for a picture; the first choice that applies and exists is shown."""

    name: str
    choices: tuple[Choice, ...]


class Block(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a communication, in reading order."""

    kind: BlockKind
    words: str = ""
    slot: str = ""
    when: str = ""
    channels: tuple[str, ...] = ("print", "email", "web")


class TemplateVersion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a template, as its history tells it."""

    number: int
    state: str
    by: str
    """A person's login."""
    days_ago: int
    """Whole days before the world began."""
    note: str = ""

    @property
    def age(self) -> timedelta:
        """How long before the world began it was last changed."""
        return timedelta(days=self.days_ago)


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One template, newest version first."""

    slug: str = ""
    name: str
    group: str
    owner: str
    locales: tuple[str, ...]
    channels: tuple[str, ...]
    required: tuple[str, ...]
    versions: tuple[TemplateVersion, ...]
    slots: tuple[Slot, ...]
    blocks: tuple[Block, ...]

    @property
    def latest(self) -> TemplateVersion:
        """The newest version, whatever its state."""
        return self.versions[0]

    @property
    def approved(self) -> TemplateVersion | None:
        """The newest approved version: the one that production composes. None when nobody approved any."""
        return next((version for version in self.versions if version.state == "APPROVED"), None)

    @property
    def asset_slugs(self) -> tuple[str, ...]:
        """Every picture that some record may show, in the order of the slots, each once."""
        slugs = (
            choice.slug.replace("{language}", locale)
            for slot in self.slots
            for choice in slot.choices
            for locale in (self.locales if "{language}" in choice.slug else self.locales[:1])
        )
        return tuple(dict.fromkeys(slugs))

    def slot(self, name: str) -> Slot:
        """The slot called ``name``. Raises: KeyError."""
        for slot in self.slots:
            if slot.name == name:
                return slot
        raise KeyError(name)

    def nearest_locale(self, wanted: str) -> str:
        """The wording to use for a customer's ``wanted`` locale: exact, then its language, then English."""
        language = wanted.replace("_", "-").partition("-")[0].lower()
        return next((locale for locale in (wanted, language) if locale in self.locales), DEFAULT_LOCALE)


def load_templates() -> tuple[WorldTemplate, ...]:
    """Every template as the world tells of it, by name."""
    return tuple(
        WorldTemplate(
            slug=template.slug,
            name=template.name,
            group=template.group,
            owner=template.owner,
            version=template.latest.number,
            state=template.latest.state,
            locales=template.locales,
            channels=template.channels,
            assets=template.asset_slugs,
            required=template.required,
        )
        for template in sorted(catalogue().values(), key=lambda template: template.name)
    )


@cache
def catalogue() -> Mapping[str, Template]:
    """Every template by its slug."""
    folders = [entry for entry in templates_folder().iterdir() if entry.joinpath("template.toml").is_file()]
    return {folder.name: _read_template(folder) for folder in sorted(folders, key=lambda folder: folder.name)}


def templates_folder() -> Traversable:
    """Where the templates and the house layouts lie, inside the package."""
    return files("resources").joinpath("sandbox").joinpath("templates")


@cache
def house_words(locale: str) -> Words:
    """What every communication of the house says in ``locale``."""
    return _read_words(templates_folder().joinpath("house"), locale)


@cache
def template_words(slug: str, version: int, locale: str) -> Words:
    """The wording of one version: today's, with what that version and the later ones said differently laid over it."""
    folder = templates_folder().joinpath(slug)
    words = dict(_read_words(folder, locale))
    for number in _worded_versions(folder, locale):
        if number >= version:
            words |= _read_words(folder, f"{locale}.v{number}")
    return words


def _worded_versions(folder: Traversable, locale: str) -> Sequence[int]:
    """The versions that keep wording of their own, newest first."""
    pattern = re.compile(rf"{re.escape(locale)}\.v(\d+)\.toml")
    found = (pattern.fullmatch(entry.name) for entry in folder.joinpath("words").iterdir())
    return sorted((int(match[1]) for match in found if match), reverse=True)


def _read_words(folder: Traversable, name: str) -> Words:
    return tomllib.loads(folder.joinpath("words", f"{name}.toml").read_text("utf-8"))


def _read_template(folder: Traversable) -> Template:
    raw = tomllib.loads(folder.joinpath("template.toml").read_text("utf-8"))
    return msgspec.convert({"slug": folder.name, **raw}, type=Template)
