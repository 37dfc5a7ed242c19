"""One composition with its bill of assets and what is wrong with it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, cast

import pytest

from app.errors import UserError
from app.notary import Notary
from app.records import (
    Asset,
    AssetKey,
    AssetState,
    AssetVersion,
    Channel,
    DriverRecord,
    FindingLevel,
    Proof,
    ProofOutput,
    System,
    Template,
    TemplateId,
    TemplateState,
)
from app.rules.asset_uses import read_uses
from app.settings import Settings
from app.store import Store, asset_search, assets, templates, usages
from app.store.asset_question import AssetQuestion
from app.systems.ports import AssetLibrary, Composer, Sighting, Systems
from app.use_cases.compose_proof import ComposeProof, Composition
from app.use_cases.judge_bill import JudgeBill
from connectors.errors import UnreachableError
from tests.app.outbox.fakes import FakeClock
from tests.app.store.assets_made import make_asset

RENEWAL = Template(id=TemplateId("t1"), name="Renewal notice", version=14, state=TemplateState.APPROVED)
BANNER = make_asset("a1", name="Spring banner")


class FakeComposer:
    """Composes what it is told."""

    system = System.EXSTREAM

    def __init__(self, outputs: Sequence[ProofOutput]) -> None:
        self._outputs = outputs

    async def compose(self, _template: Template, _data: Mapping[str, object]) -> Sequence[ProofOutput]:
        """The outputs."""
        return self._outputs


class FakeLibrary:
    """Knows its addresses: ``https://pictures/NAME/VERSION``. Opens what it knows, or fails."""

    system = System.ICONIK

    def __init__(self, known: Sequence[Asset] = (), *, is_down: bool = False) -> None:
        self._known = {asset.key: asset for asset in known}
        self._is_down = is_down

    async def open(self, key: AssetKey) -> Asset:
        """As it is now."""
        if self._is_down:
            raise UnreachableError(system="iconik", call="asset")
        return self._known[key]

    def recognise(self, address: str) -> Sighting | None:
        """By the host."""
        host, _, path = address.removeprefix("https://").partition("/")
        name, _, version = path.partition("/")
        return Sighting(system=System.ICONIK, name=name, version=version) if host == "pictures" else None


def output(channel: Channel, content: str = "", *, media_type: str = "text/html") -> ProofOutput:
    """What one channel came to."""
    return ProofOutput(
        channel=channel,
        media_type=media_type,
        content=content.encode(),
        sha256="",
        took_s=0.1,
        text=content if channel is Channel.SMS else "",
    )


def composing(store: Store, systems: Systems) -> ComposeProof:
    """The use-case with its judgement, and nothing set."""
    clock = FakeClock()
    judge = JudgeBill(store=store, systems=systems, settings=Settings(store), clock=clock)
    return ComposeProof(
        store=store,
        systems=systems,
        judge_bill=judge,
        clock=clock,
        publish=lambda _: None,
        notary=Notary(store=store, clock=clock),
    )


def composed(
    store: Store,
    *outputs: ProofOutput,
    known: Sequence[Asset] = (BANNER,),
    opened: Sequence[Asset] | None = None,
    is_down: bool = False,
    data: Mapping[str, object] = MappingProxyType({}),
    template: Template = RENEWAL,
) -> Proof:
    """The proof of such a composition in a cache that knows ``known``, with a library that knows ``opened`` (or so)."""
    systems = Systems()
    systems.composer = cast("Composer", FakeComposer(outputs))
    systems.libraries[System.ICONIK] = cast(
        "AssetLibrary", FakeLibrary(known if opened is None else opened, is_down=is_down)
    )
    compose = composing(store, systems)

    async def run() -> Proof:
        await store.write(templates.replace_all, [template])
        await store.write(assets.upsert, known)
        return await compose(Composition(template=template.id, record=DriverRecord(id="r", name="r", data=data)))

    return asyncio.run(run())


def picture(address: str, alt: str = "x") -> str:
    """A page with one picture."""
    return f'<img src="{address}" alt="{alt}">'


def test_what_a_proof_shows_counts_as_used_in_its_template(store: Store) -> None:
    """Who retires a picture would not learn which letters show it."""
    composed(store, output(Channel.EMAIL, picture("https://pictures/a1/v8") + picture("https://elsewhere/logo.png")))

    (seen,) = asyncio.run(store.read(usages.of_asset, BANNER.key))
    found = asyncio.run(store.read(asset_search.page, AssetQuestion(used=read_uses(">0"))))

    assert (seen.place, seen.title, seen.version) == (RENEWAL.id, "Renewal notice", "v8")
    assert [asset.key for asset in found.assets] == [BANNER.key]


def test_outputs_stand_in_the_order_of_channels(store: Store) -> None:
    """Panes would change places from one proof to the next."""
    proof = composed(store, output(Channel.SMS, "Hello"), output(Channel.WEB), output(Channel.PRINT))

    assert [each.channel for each in proof.outputs] == [Channel.PRINT, Channel.WEB, Channel.SMS]
    assert (proof.template_name, proof.version) == ("Renewal notice", 14)


@pytest.mark.parametrize(
    ("address", "billed"),
    [
        ("https://pictures/a1/v8", ("Spring banner", "v8", AssetState.APPROVED, True)),
        ("https://pictures/a1/", ("Spring banner", "v1", AssetState.APPROVED, True)),
        ("https://pictures/unknown/v2", ("unknown", "v2", AssetState.UNKNOWN, False)),
        ("https://elsewhere/dir/logo.png?x=1", ("logo.png", "", AssetState.UNKNOWN, False)),
    ],
)
def test_a_picture_is_billed_by_the_name_that_people_know(store: Store, address: str, billed: tuple[Any, ...]) -> None:
    """The owner would read an address of two hundred characters."""
    (item,) = composed(store, output(Channel.EMAIL, picture(address))).bill

    assert (item.name, item.version, item.state, item.key is not None) == billed


def test_an_asset_that_is_shown_twice_is_billed_once(store: Store) -> None:
    """The bill would be as long as the mail."""
    page = picture("https://pictures/a1/v8") * 2

    proof = composed(store, output(Channel.EMAIL, page), output(Channel.WEB, picture("https://pictures/a1/v8?width=1")))

    assert [item.name for item in proof.bill] == ["Spring banner"]


def test_what_is_worst_stands_first(store: Store) -> None:
    """The error would be below the fold."""
    rejected = replace(BANNER, state=AssetState.REJECTED)

    proof = composed(
        store,
        output(Channel.EMAIL, "<img src='https://pictures/a1/v8'>"),
        output(Channel.SMS, "Hello", media_type="text/plain"),
        known=[rejected],
    )

    assert [finding.level for finding in proof.findings] == [
        FindingLevel.ERROR,
        FindingLevel.WARNING,
        FindingLevel.PASSED,
    ]


def test_without_a_composer_or_a_template_there_is_a_sentence(store: Store) -> None:
    """The button would do nothing."""
    wish = Composition(template=RENEWAL.id, record=DriverRecord(id="r", name="r", data={}))
    systems = Systems()

    with pytest.raises(UserError, match="No composer is connected"):
        asyncio.run(composing(store, systems)(wish))
    systems.composer = cast("Composer", FakeComposer(()))
    with pytest.raises(UserError, match="no longer there"):
        asyncio.run(composing(store, systems)(wish))


V9 = AssetVersion(id="9", label="v9", created_at=None, state=AssetState.APPROVED)
V8 = AssetVersion(id="8", label="v8", created_at=None, state=AssetState.APPROVED)
VERSIONED = replace(BANNER, version="v9", versions=(V9, V8))
SHOWN = output(Channel.EMAIL, picture("https://pictures/a1/v8"))


def test_a_newer_approved_version_is_named(store: Store) -> None:
    """The letter would go out with last year's picture."""
    proof = composed(store, SHOWN, opened=[VERSIONED])

    assert [item.newer for item in proof.bill] == ["v9"]
    assert "Spring banner v8 is shown, and v9 is approved and newer: compose again" in [
        finding.sentence for finding in proof.findings
    ]


def test_a_newer_version_that_nobody_approved_is_none(store: Store) -> None:
    """A draft would be asked for."""
    draft = replace(VERSIONED, versions=(replace(V9, state=AssetState.DRAFT), V8))

    (item,) = composed(store, SHOWN, opened=[draft]).bill

    assert item.newer == ""
    assert "The address pins v8, the newest that is approved." in item.why


def test_a_library_that_is_down_leaves_the_version_unknown(store: Store) -> None:
    """An old cache would be taken for the library's word, or the proof would fail for it."""
    (item,) = composed(store, SHOWN, is_down=True).bill

    assert item.newer == ""
    assert "The address pins v8; whether that is the newest approved one is not known." in item.why


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rights_end": date(2026, 5, 11)}, "Its rights ended on 2026-05-11."),
        ({"channels": ("print",)}, "It is not licensed for Email: only for print."),
    ],
)
def test_what_speaks_against_an_approved_asset_is_an_error(store: Store, change: dict[str, Any], said: str) -> None:
    """A picture without rights would be in a million mails."""
    proof = composed(store, SHOWN, known=[replace(BANNER, **change)])

    assert said in proof.bill[0].objections
    assert proof.findings[0].level is FindingLevel.ERROR
    assert said.removesuffix(".") in proof.findings[0].sentence


def in_language(name: str, locale: str, key: str, **more: Any) -> Asset:
    """One of a family of banners."""
    return replace(make_asset(key, name=name), locale=locale, folder="spring", **more)


FAMILY = (
    in_language("Spring banner, English", "en", "a1"),
    in_language("Spring banner, French", "fr", "a2"),
    in_language("Spring banner, German", "de", "a3", state=AssetState.DRAFT),
)
READS_FRENCH = {"customer": {"locale": "fr-CA"}}


def test_the_nearer_language_is_told_with_its_path(store: Store) -> None:
    """A French customer would get the English banner and nobody would know that there is a French one."""
    proof = composed(store, SHOWN, known=FAMILY, data=READS_FRENCH)

    (item,) = proof.bill
    assert "It is en; fr is nearer to fr-CA." in item.objections
    assert "By rule Spring banner, French v1 goes here." in item.why
    assert "Not Spring banner, German: It is draft, not approved." in item.why
    assert any(line.startswith("Language, among what may be shown: fr-CA → fr") for line in item.why)


def test_legal_text_without_the_customer_s_language_blocks(store: Store) -> None:
    """A Spaniard would be told the small print in English."""
    legal = [replace(each, tags=("legal",)) for each in FAMILY]

    proof = composed(store, SHOWN, known=legal, data={"customer": {"locale": "es-MX"}})

    assert proof.bill[0].blocks
    assert proof.findings[0].level is FindingLevel.ERROR
    assert "Legal text is not there in es-MX, and no other language may stand in" in proof.findings[0].sentence


def test_the_template_s_language_is_looked_up_and_told(store: Store) -> None:
    """Nobody could say why a customer from Quebec got that letter."""
    template = replace(RENEWAL, locales=("en", "fr"))

    proof = composed(store, SHOWN, data=READS_FRENCH, template=template)

    assert proof.language == (
        "Asked: fr-CA. The template is in en, fr.",
        "There is no fr-CA version.",
        "Taken: fr (fr-CA → fr).",
    )


def test_sizes_that_nobody_told_are_unknown(store: Store) -> None:
    """“Sharp enough” would be a guess."""
    (item,) = composed(store, SHOWN).bill

    assert any("size and format of what is delivered are not known" in line for line in item.why)
