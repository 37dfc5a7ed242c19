"""One composition with its bill of assets and what is wrong with it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from app.errors import UserError
from app.records import (
    Asset,
    AssetState,
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
from app.store import Store, asset_search, assets, templates, usages
from app.store.asset_question import AssetQuestion
from app.systems.ports import AssetLibrary, Composer, Sighting, Systems
from app.use_cases.compose_proof import ComposeProof, Composition
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
    """Knows its addresses: ``https://pictures/NAME/VERSION``."""

    system = System.ICONIK

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


def composed(store: Store, *outputs: ProofOutput, known: Sequence[Asset] = (BANNER,)) -> Proof:
    """The proof of such a composition in a cache that knows ``known``."""
    systems = Systems()
    systems.composer = cast("Composer", FakeComposer(outputs))
    systems.libraries[System.ICONIK] = cast("AssetLibrary", FakeLibrary())
    compose = ComposeProof(store=store, systems=systems, clock=FakeClock(), publish=lambda _: None)

    async def run() -> Proof:
        await store.write(templates.replace_all, [RENEWAL])
        await store.write(assets.upsert, known)
        return await compose(Composition(template=RENEWAL.id, record=DriverRecord(id="r", name="r", data={})))

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
        asyncio.run(ComposeProof(store=store, systems=systems, clock=FakeClock(), publish=lambda _: None)(wish))
    systems.composer = cast("Composer", FakeComposer(()))
    with pytest.raises(UserError, match="no longer there"):
        asyncio.run(ComposeProof(store=store, systems=systems, clock=FakeClock(), publish=lambda _: None)(wish))
