"""The composer: a template, a record and a channel in, the finished communication out."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from connectors.sandbox.composer.catalogue import Template, catalogue
from connectors.sandbox.composer.errors import UnknownTemplateError
from connectors.sandbox.composer.layouts import (
    MEDIA_TYPES,
    SUFFIXES,
    draw_mail,
    draw_page,
    draw_print,
    draw_text,
)
from connectors.sandbox.composer.letter import Letter, write_letter
from connectors.sandbox.composer.pictures import OneLook, PictureSource
from connectors.sandbox.world import World

_PAGE: Final = re.compile(rb"/Type\s*/Page\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedAsset:
    """A picture that a communication shows."""

    slot: str
    """The first place that it stands in."""
    slug: str
    library: str
    version: int | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One finished communication."""

    media_type: str
    content: bytes = field(repr=False)
    file_name: str
    pages: int
    """0 for channels that have none."""
    assets: tuple[UsedAsset, ...]


class Composer:
    """Composes the templates that ship with the sandbox."""

    def __init__(self, *, world: World, fetch: PictureSource) -> None:
        self._world = world
        self._fetch = fetch

    def with_one_look(self) -> "Composer":
        """For one composition on several channels, or one run: each picture is fetched once and then the same."""
        return Composer(world=self._world, fetch=OneLook(self._fetch))

    def template(self, slug: str) -> Template:
        """Raises: UnknownTemplateError."""
        try:
            return catalogue()[slug]
        except KeyError as error:
            raise UnknownTemplateError(f"There is no template {slug}") from error

    async def compose(
        self,
        template_slug: str,
        version: int | None,
        channel: str,
        record: Mapping[str, object],
        *,
        at: datetime | None = None,
    ) -> Output:
        """One channel of one record; without ``version`` the newest approved one. Raises: ComposeError.

        ``at`` dates what was composed before; without it the communication is dated today. The day is enough:
        composing twice for one day gives the same bytes.
        """
        template = self.template(template_slug)
        number = _version(template, version)
        if channel not in template.channels:
            raise UnknownTemplateError(f"{template.name} is not made for {channel}")
        day = (at or self._world.clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        letter = await write_letter(
            template, version=number, channel=channel, record=record, pictures=self._fetch, today=day.date()
        )
        content = await _draw(letter, channel, day)
        return Output(
            media_type=MEDIA_TYPES[channel],
            content=content,
            file_name=f"{template.slug}-{_file_stem(record)}.{SUFFIXES[channel]}",
            pages=len(_PAGE.findall(content)) if channel == "print" else 0,
            assets=tuple(
                UsedAsset(slot=slot, slug=each.slug, library=each.library, version=each.version, url=each.url)
                for slot, each in zip(letter.slots, letter.pictures, strict=True)
            ),
        )


async def _draw(letter: Letter, channel: str, day: datetime) -> bytes:
    match channel:
        case "print":
            return await asyncio.to_thread(draw_print, letter, made_at=day)
        case "email":
            return draw_mail(letter)
        case "web":
            return draw_page(letter)
        case _:
            return draw_text(letter)


def _version(template: Template, wanted: int | None) -> int:
    if wanted is None:
        approved = template.approved
        if approved is None:
            raise UnknownTemplateError(f"{template.name} has no approved version")
        return approved.number
    if wanted not in {version.number for version in template.versions}:
        raise UnknownTemplateError(f"{template.name} has no version {wanted}")
    return wanted


def _file_stem(record: Mapping[str, object]) -> str:
    customer = record.get("customer")
    number = customer.get("number") if isinstance(customer, Mapping) else None
    return re.sub(r"[^\w.-]+", "-", str(number or "document"))
