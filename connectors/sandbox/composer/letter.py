"""Resolves a template and a record into one channel's content: the words filled in, the conditions decided, the
pictures chosen and fetched. What comes out is plain data that the layouts draw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from connectors.sandbox.composer.catalogue import (
    Block,
    BlockKind,
    Slot,
    Template,
    Words,
    house_words,
    template_words,
)
from connectors.sandbox.composer.errors import ComposeError, MissingDataError, PictureError
from connectors.sandbox.composer.pictures import Picture, PictureSource
from connectors.sandbox.composer.wording import Wording, full_name

RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur"})
_LOGO_SLOT: Final = "logo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One communication for one channel, ready to be drawn. ``content`` holds only JSON values and personal data."""

    content: Mapping[str, object] = field(repr=False)
    pictures: tuple[Picture, ...]
    """In the order in which they were first shown; a block names its picture by its place in here."""
    slots: tuple[str, ...] = ()
    """The slot in which each picture was first shown."""


async def write_letter(
    template: Template,
    *,
    version: int,
    channel: str,
    record: Mapping[str, object],
    pictures: PictureSource,
    today: date,
) -> Letter:
    """Resolve ``record`` for ``channel``. Raises: ComposeError."""
    missing = [pointer for pointer in template.required if is_missing(record, pointer)]
    if missing:
        raise MissingDataError(template.slug, missing)
    writer = _Writer(template, version=version, record=record, pictures=pictures)
    return await writer.letter(channel, today)


def is_missing(record: Mapping[str, object], pointer: str) -> bool:
    """Whether there is nothing at ``pointer``: no key, a null, an empty text or an empty list. Zero is something."""
    value: object = record
    for key in pointer.strip("/").split("/"):
        if not isinstance(value, Mapping) or key not in value:
            return True
        value = value[key]
    return value is None or value in ("", [], {})


class _Writer:
    def __init__(
        self, template: Template, *, version: int, record: Mapping[str, object], pictures: PictureSource
    ) -> None:
        self._template = template
        self._record = record
        self._source = pictures
        customer = _section(record, "customer")
        self._own_locale = str(customer.get("locale") or "en")
        self._language = template.nearest_locale(self._own_locale)
        self._house = house_words(self._language)
        self._words = template_words(template.slug, version, self._language)
        # Where the wording falls back to English, so do its numbers: a letter speaks one language.
        spoken = self._own_locale if self._own_locale.startswith(self._language.partition("-")[0]) else self._language
        self._wording = Wording(record, locale=spoken, language=self._language)
        self._shown: dict[str, Picture] = {}
        self._slots: dict[str, str] = {}

    async def letter(self, channel: str, today: date) -> Letter:
        text = self._say
        if channel == "sms":
            return Letter(content={"lang": self._language, "text": text("sms")}, pictures=())
        blocks = [
            await self._block(block, channel)
            for block in self._template.blocks
            if channel in block.channels and self._wording.holds(block.when)
        ]
        customer = _section(self._record, "customer")
        content: dict[str, object] = {
            "lang": self._language,
            "dir": "rtl" if self._language in RIGHT_TO_LEFT else "ltr",
            "subject": text("subject"),
            "preheader": text("preheader"),
            "eyebrow": text("eyebrow"),
            "title": text("title"),
            "greeting": self._greeting("greeting", customer),
            "salutation": self._greeting("salutation", customer),
            "house": {
                key: self._wording.fill(value)
                for key, value in self._house.items()
                if isinstance(value, str) and not key.startswith(("greeting", "salutation"))
            },
            "addressee": _addressee(customer),
            "date": self._wording.date(today),
            "references": self._references(customer),
            "portal_url": str(_section(self._record, "portal").get("url") or ""),
            "logo": await self._picture(self._template.slot(_LOGO_SLOT)),
            "blocks": blocks,
        }
        return Letter(content=content, pictures=tuple(self._shown.values()), slots=tuple(self._slots.values()))

    async def _block(self, block: Block, channel: str) -> Mapping[str, object]:
        drawn: dict[str, object] = {"kind": block.kind.value}
        if block.slot:
            drawn["picture"] = await self._picture(self._template.slot(block.slot))
        words = self._words.get(block.words, "")
        match block.kind:
            case BlockKind.GREETING:
                key = "salutation" if channel == "print" else "greeting"
                drawn["text"] = self._greeting(key, _section(self._record, "customer"))
            case BlockKind.SIGN_OFF:
                drawn["lines"] = self._wording.lines(self._house["sign_off"])
            case BlockKind.TEXT | BlockKind.SMALL:
                drawn["paragraphs"] = self._wording.lines(words)
            case BlockKind.BILL:
                drawn |= self._bill()
            case BlockKind.BUTTON:
                drawn["url"] = str(_section(self._record, "portal").get("url") or "")
        if isinstance(words, Mapping):
            drawn |= self._table(words)
        return drawn

    def _table(self, words: Words) -> Mapping[str, object]:
        """A block's words: single texts, several paragraphs or items, and rows whose value is not empty."""
        filled: dict[str, object] = {}
        for key, value in words.items():
            if key == "rows" and isinstance(value, list):
                rows = [[self._wording.fill(str(cell)) for cell in row] for row in value]
                filled[key] = [row for row in rows if row[-1]]
            elif isinstance(value, list):
                filled["paragraphs" if key == "text" else "points"] = self._wording.lines(value)
            else:
                filled[key] = self._wording.fill(str(value))
        return filled

    def _bill(self) -> Mapping[str, object]:
        bill = _section(self._record, "bill")
        currency = bill.get("currency")
        wording = self._wording
        rows = []
        lines = bill.get("lines")
        for line in lines if isinstance(lines, Sequence) else ():
            if not isinstance(line, Mapping) or is_missing(line, "/text") or is_missing(line, "/amount"):
                raise MissingDataError(self._template.slug, ["/bill/lines"])
            quantity = "" if is_missing(line, "/quantity") else wording.number(line["quantity"])
            rows.append(
                [
                    str(line["text"]),
                    f"{quantity} {line.get('unit') or ''}".strip(),
                    wording.money(line["amount"], currency),
                ]
            )
        if bill.get("previousBalance"):
            rows.append([str(self._house["bill_previous"]), "", wording.money(bill["previousBalance"], currency)])
        return {
            "head": [self._house["bill_text"], self._house["bill_quantity"], self._house["bill_amount"]],
            "rows": rows,
            "total": [self._house["bill_total"], wording.money(bill["amount"], currency)],
        }

    async def _picture(self, slot: Slot) -> Mapping[str, object]:
        picture = await self._chosen(slot)
        self._shown.setdefault(picture.url, picture)
        self._slots.setdefault(picture.url, slot.name)
        return {
            "number": list(self._shown).index(picture.url),
            "url": picture.url,
            "alt": picture.alt_text,
            "width": picture.width_px,
            "height": picture.height_px,
        }

    async def _chosen(self, slot: Slot) -> Picture:
        """What the driver data names for the slot, or the slot's first choice that applies and exists."""
        override = _section(_section(self._record, "assets"), slot.name)
        slug, version = str(override.get("slug") or ""), override.get("version")
        if url := str(override.get("url") or ""):
            for shown in self._shown.values():
                if shown.url == url:
                    return shown
            return await self._source.picture_at(
                url, slug=slug or url, version=version if isinstance(version, int) else None
            )
        if slug:
            return await self._named(slug)
        wanted = [
            choice.slug.replace("{language}", self._language)
            for choice in slot.choices
            if self._wording.holds(choice.when)
        ]
        for name in wanted:
            if self._source.has(name):
                return await self._named(name)
        raise PictureError(wanted[0] if wanted else slot.name, f"nothing fits the place {slot.name}")

    async def _named(self, slug: str) -> Picture:
        for shown in self._shown.values():
            if shown.slug == slug:
                return shown
        return await self._source.picture(slug)

    def _say(self, key: str) -> str:
        words = self._words.get(key)
        if not isinstance(words, str):
            raise ComposeError(f"{self._template.slug} has no wording {key!r} in {self._language}")
        return self._wording.fill(words)

    def _greeting(self, key: str, customer: Mapping[str, object]) -> str:
        """By name where there is a person, without one for a company."""
        person = "familyName" if key == "salutation" else "givenName"
        known = not is_missing(customer, f"/{person}") and (key == "greeting" or not is_missing(customer, "/title"))
        return self._wording.fill(str(self._house[key if known else f"{key}_company"]))

    def _references(self, customer: Mapping[str, object]) -> list[list[str]]:
        """What to quote when one writes back: the customer's number and that of the subject."""
        rows = [[str(self._house["customer_number"]), str(customer.get("number") or "")]]
        for section, label in (("policy", "policy_number"), ("bill", "bill_number"), ("claim", "claim_number")):
            if f"/{section}/number" in self._template.required:
                rows.append([str(self._house[label]), str(_section(self._record, section)["number"])])
        return rows


def _section(record: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _addressee(customer: Mapping[str, object]) -> list[str]:
    address = _section(customer, "address")
    lines = address.get("lines")
    place = f"{address.get('postcode') or ''} {address.get('city') or ''}"
    return [
        line.strip()
        for line in (
            str(customer.get("company") or ""),
            full_name(customer),
            *(str(part) for part in (lines if isinstance(lines, list) else [])),
            place,
        )
        if line.strip()
    ]
