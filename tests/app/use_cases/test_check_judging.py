"""A verdict reaches the version that was looked at, and no other."""

import asyncio
from collections.abc import Awaitable, Callable
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


async def nothing_changed(_wish: OutboxEntry) -> None:
    """Nobody paused anything meanwhile."""


async def paused(_wish: OutboxEntry) -> None:
    """Somebody did."""
    raise NotSentError("Not attempted yet: iconik was paused.")


def give(
    library: FakeLibrary,
    wish: OutboxEntry,
    *,
    still: Callable[[OutboxEntry], Awaitable[None]] = nothing_changed,
) -> None:
    """As the relay does."""
    asyncio.run(CheckedLibrary(cast("AssetLibrary", library), still=still).deliver(wish))


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


def test_a_pause_while_the_version_is_looked_at_stops_the_verdict() -> None:
    """“Stop!” is confirmed, and the approval is given all the same."""
    library = FakeLibrary()

    with pytest.raises(NotSentError, match="was paused"):
        give(library, verdict_on(ASSET.version), still=paused)

    assert library.given == []
