"""A verdict reaches the version that was looked at, and no other."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from app.errors import NotSentError
from app.records import Asset, AssetKey, AssetState, OutboxEntry, Receipt, System, Verb
from app.rules.verdicts import Verdict
from app.systems.judgement import Judgement
from app.systems.ports import AssetLibrary
from app.use_cases.check_judging import CheckedLibrary
from tests.app.store.assets_made import make_asset
from tests.app.systems.entries_made import entry

ASSET = make_asset(state=AssetState.IN_REVIEW)


@dataclass
class FakeLibrary:
    """Has one version of everything."""

    newest: Asset = ASSET
    given: list[Verb] = field(default_factory=list)

    async def open(self, _key: AssetKey) -> Asset:
        """The newest."""
        return self.newest

    async def deliver(self, wish: OutboxEntry) -> Receipt:
        """Takes every verdict."""
        self.given.append(wish.verb)
        return Receipt(sentence="Done.")


def verdict_on(version: str) -> OutboxEntry:
    """A verdict on its way."""
    judged = Judgement(key=ASSET.key, verdict=Verdict.APPROVE, version=version)
    return entry(System.ICONIK, Verb.JUDGE_ASSET, judged.payload())


def give(library: FakeLibrary, wish: OutboxEntry) -> None:
    """As the relay does."""
    asyncio.run(CheckedLibrary(cast("AssetLibrary", library)).deliver(wish))


@pytest.mark.parametrize("version", [ASSET.version, ""])
def test_the_version_that_was_looked_at_gets_its_verdict(version: str) -> None:
    """Nothing could be approved; nor what was wished before versions were noted."""
    library = FakeLibrary()

    give(library, verdict_on(version))

    assert library.given == [Verb.JUDGE_ASSET]


def test_a_newer_version_gets_no_verdict_that_was_meant_for_another() -> None:
    """A picture that nobody has seen would be approved."""
    library = FakeLibrary(newest=replace(ASSET, version="v2"))

    with pytest.raises(NotSentError, match="v1 was judged, and iconik has v2 now"):
        give(library, verdict_on(ASSET.version))

    assert library.given == []
