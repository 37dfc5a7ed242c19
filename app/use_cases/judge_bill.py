"""The bill of a proof, judged by the rules on what the libraries say now: it may be judged again without composing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.checks.bill import bill_findings
from app.checks.html import html_facts, mail_findings
from app.checks.language import LanguageReport, language_report
from app.checks.picture_sizes import size_findings, size_sentences
from app.checks.sms import sms_findings
from app.clock import Clock
from app.records import (
    Asset,
    AssetKey,
    AssetState,
    BillItem,
    Channel,
    DriverRecord,
    Finding,
    FindingLevel,
    PictureUse,
    Proof,
    ProofOutput,
    Template,
)
from app.rules.asset_families import family_of, stem_of
from app.rules.bill_judgement import Circumstances, judge_picture
from app.rules.sending_circumstances import named_in
from app.settings import DEFAULT_LOCALE, LEGAL_KINDS, RECORD_LOCALE, Settings
from app.store import Store, assets, templates
from app.systems.ports import Sighting, Systems
from connectors.errors import ConnectorError

_OPEN_MOST = 24
"""Assets of one proof that are asked for their versions; a page with more pictures keeps what the cache says."""


class JudgeBill:
    """Reads the outputs of a proof, finds its assets, and judges them."""

    def __init__(self, *, store: Store, systems: Systems, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._systems = systems
        self._settings = settings
        self._clock = clock

    async def __call__(self, proof: Proof, record: DriverRecord) -> Proof:
        """``proof`` with bill and findings as of now; its outputs stay. Libraries are asked for the versions."""
        template = await self._store.read(templates.find, proof.template)
        locale = _at(record.data, self._settings.value(RECORD_LOCALE))
        sightings = {address: self._recognised(address) for address in _addresses(proof.outputs)}
        known = await self._opened(await self._known(sightings))
        kin = await self._store.read(assets.named_like, [stem for each in known.values() if (stem := stem_of(each))])
        circumstances = Circumstances(
            locale=locale,
            default_locale=self._settings.value(DEFAULT_LOCALE),
            on=self._clock.now().astimezone().date(),
            legal_tags=frozenset(
                part for each in self._settings.value(LEGAL_KINDS).split(",") if (part := each.strip().casefold())
            ),
        )
        items = _items(proof.outputs, sightings, known)
        channels = template.channels if template else tuple(output.channel for output in proof.outputs)
        bill = tuple(_judged(item, known, kin, channels, circumstances) for item in items)
        language = self._language(template, proof.outputs, locale)
        findings = (*bill_findings(bill), *size_findings(bill), *language.findings, *_output_findings(proof.outputs))
        return replace(proof, bill=bill, findings=_in_order(findings), language=language.sentences)

    def _language(self, template: Template | None, outputs: Sequence[ProofOutput], locale: str) -> LanguageReport:
        names = [template.group, template.name] if template else []
        return language_report(
            locale,
            template.locales if template else (),
            default=self._settings.value(DEFAULT_LOCALE),
            is_legal=bool(named_in(self._settings.value(LEGAL_KINDS), names)),
            spoken={
                output.channel: html_facts(output.content).language
                for output in outputs
                if output.media_type == "text/html"
            },
        )

    async def _known(self, sightings: "Mapping[str, Sighting | None]") -> dict[str, Asset]:
        found = await self._store.read(
            assets.by_name_in_addresses, [(seen.system, seen.name) for seen in sightings.values() if seen]
        )
        return {
            address: asset
            for address, seen in sightings.items()
            if seen and (asset := found.get((seen.system, seen.name)))
        }

    async def _opened(self, known: Mapping[str, Asset]) -> dict[str, Asset]:
        """Each with its versions; one whose library does not answer stays as the cache has it."""
        keys = sorted({asset.key for asset in known.values()})[:_OPEN_MOST]
        opened = dict(zip(keys, await asyncio.gather(*map(self._open, keys)), strict=True))
        fresh = [asset for asset in opened.values() if asset]
        if fresh:
            await self._store.write(assets.upsert, fresh)
        return {address: opened.get(asset.key) or asset for address, asset in known.items()}

    async def _open(self, key: AssetKey) -> Asset | None:
        library = self._systems.libraries.get(key.system)
        if library is None:
            return None
        try:
            return await library.open(key)
        except ConnectorError:
            return None

    def _recognised(self, address: str) -> Sighting | None:
        seen = (library.recognise(address) for library in self._systems.libraries.values())
        return next((each for each in seen if each), None)


def _addresses(outputs: Sequence[ProofOutput]) -> list[str]:
    return [
        picture.address
        for output in outputs
        if output.media_type == "text/html"
        for picture in html_facts(output.content).pictures
    ]


def _items(
    outputs: Sequence[ProofOutput], sightings: Mapping[str, Sighting | None], known: Mapping[str, Asset]
) -> list[BillItem]:
    """Each asset, or untraced address, once, with all the places where it stands."""
    items: dict[object, BillItem] = {}
    for output in outputs:
        if output.media_type != "text/html":
            continue
        for picture in html_facts(output.content).pictures:
            seen, asset = sightings[picture.address], known.get(picture.address)
            use = _use(output.channel, picture.place, picture.width_px, seen, asset)
            mark: object = asset.key if asset else picture.address
            if mark in items:
                items[mark] = replace(items[mark], uses=(*items[mark].uses, use))
            else:
                items[mark] = _bill_item(len(items) + 1, picture.address, seen, asset, use)
    return list(items.values())


def _use(channel: Channel, place: int, shown_px: int, seen: Sighting | None, asset: Asset | None) -> PictureUse:
    original = (asset.width_px or 0) if asset else 0
    width, height = 0, 0
    if seen is not None and seen.most_px is not None and original:
        width = min(seen.most_px or original, original)
        height = round((asset.height_px or 0) * width / original) if asset else 0
    return PictureUse(
        channel=channel,
        place=f"image {place}",
        shown_px=shown_px,
        width_px=width,
        height_px=height,
        size_bytes=(asset.size_bytes or 0) if asset and width == original else 0,
        media_type=seen.media_type if seen else "",
    )


def _bill_item(place: int, address: str, seen: Sighting | None, asset: Asset | None, use: PictureUse) -> BillItem:
    return BillItem(
        slot=f"picture {place}",
        name=asset.name if asset else (seen.name if seen else address).rpartition("/")[2].partition("?")[0],
        version=(seen.version if seen else "") or (asset.version if asset else ""),
        key=asset.key if asset else None,
        state=asset.state if asset else AssetState.UNKNOWN,
        address=address,
        uses=(use,),
        is_pinned=bool(seen and seen.version),
    )


def _judged(
    item: BillItem,
    known: Mapping[str, Asset],
    kin: Sequence[Asset],
    channels: Sequence[Channel],
    circumstances: Circumstances,
) -> BillItem:
    asset = known.get(item.address)
    sizes = size_sentences(item, asset, channels)
    if asset is None:
        return replace(item, why=("It cannot be traced to a connected library.", *sizes))
    verdict = judge_picture(
        asset,
        item.version if item.is_pinned else "",
        slot=item.slot,
        channels=tuple(dict.fromkeys(use.channel for use in item.uses)),
        family=family_of(asset, kin),
        circumstances=circumstances,
    )
    return replace(
        item,
        newer=verdict.newer,
        objections=verdict.objections,
        blocks=verdict.is_legal_missing,
        why=(*verdict.why, *sizes),
    )


def _at(data: Mapping[str, object], path: str) -> str:
    """The word at ``path``, such as ``/customer/locale``; empty when there is none."""
    value: object = data
    for key in path.strip("/").split("/"):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def _output_findings(outputs: Sequence[ProofOutput]) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    for output in outputs:
        if output.channel is Channel.EMAIL:
            findings += mail_findings(output.content)
        elif output.channel is Channel.SMS:
            findings += sms_findings(output.text)
    return tuple(findings)


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    worst_first = [FindingLevel.ERROR, FindingLevel.WARNING, FindingLevel.PASSED]
    return tuple(sorted(findings, key=lambda finding: worst_first.index(finding.level)))
