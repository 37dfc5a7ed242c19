"""A verdict becomes one entry, or a sentence."""

import asyncio

import pytest

from app.errors import UserError
from app.outbox import Outbox, new_request_key
from app.records import Ability, AccountFacts, Asset, AssetKey, AssetState, System, Verb
from app.rules.verdicts import Verdict
from app.store import Store, assets
from app.systems.abilities import missing, untold
from app.systems.ports import Systems
from app.use_cases.judge_asset import AssetVerdict, JudgeAsset
from tests.app.store.assets_made import make_asset

WAITING = make_asset(state=AssetState.IN_REVIEW)


def wish(asset: Asset = WAITING, verdict: Verdict = Verdict.APPROVE, *, note: str = "") -> AssetVerdict:
    """A click."""
    return AssetVerdict(key=asset.key, verdict=verdict, request_key=new_request_key(), actor="ada", note=note)


@pytest.fixture
def judge(store: Store, outbox: Outbox) -> JudgeAsset:
    """The use-case on a store with one asset that waits."""
    asyncio.run(store.write(assets.upsert, [WAITING]))
    return JudgeAsset(store=store, outbox=outbox, systems=Systems())


def test_the_entry_says_what_it_will_do(judge: JudgeAsset) -> None:
    """Nobody would know what waits there."""
    entry = asyncio.run(judge(wish(verdict=Verdict.REJECT, note="  Old logo. ")))

    assert (entry.system, entry.verb) == (System.ICONIK, Verb.JUDGE_ASSET)
    assert entry.title == "Reject spring-banner-fr v1"
    assert entry.payload == {"asset": str(WAITING.key), "verdict": "reject", "note": "Old logo.", "version": "v1"}


def test_the_same_click_twice_is_one_entry(judge: JudgeAsset) -> None:
    """It would be written twice."""
    click = wish()

    first, second = (asyncio.run(judge(click)) for _ in range(2))

    assert first.id == second.id


def test_a_second_verdict_waits_for_the_first(judge: JudgeAsset) -> None:
    """Approve and reject would race."""
    asyncio.run(judge(wish()))

    with pytest.raises(UserError, match="has not left yet") as refused:
        asyncio.run(judge(wish(verdict=Verdict.REJECT, note="Old logo.")))

    assert "Undo" in refused.value.hint


def test_an_asset_that_is_not_there_cannot_be_judged(judge: JudgeAsset) -> None:
    """The entry would fail hours later."""
    gone = make_asset("gone")

    with pytest.raises(UserError, match="no longer here"):
        asyncio.run(judge(wish(gone)))

    assert AssetKey.parse(str(gone.key)) == gone.key


def test_what_a_rule_forbids_never_becomes_an_entry(judge: JudgeAsset, outbox: Outbox) -> None:
    """The button is not the only door."""
    with pytest.raises(UserError, match="needs a reason"):
        asyncio.run(judge(wish(verdict=Verdict.REJECT)))

    assert asyncio.run(outbox.newest()) == ()


def test_a_verdict_that_the_library_will_not_take_is_refused_with_its_reason(store: Store, outbox: Outbox) -> None:
    """It would wait in the outbox, and fail there after the person has left."""
    systems = Systems()
    systems.facts[System.ICONIK] = AccountFacts(
        account="ada", offers=(missing(Ability.JUDGE_ASSETS, "Your account lacks the role.", remedy="Ask for it."),)
    )

    with pytest.raises(UserError) as refused:
        asyncio.run(JudgeAsset(store=store, outbox=outbox, systems=systems)(wish()))

    assert (refused.value.sentence, refused.value.hint) == ("Your account lacks the role.", "Ask for it.")


def test_a_verdict_whose_right_is_not_told_may_be_tried(store: Store, outbox: Outbox) -> None:
    """Nobody could approve where the vendor does not tell rights."""
    systems = Systems()
    systems.facts[System.ICONIK] = AccountFacts(
        account="ada", offers=(untold(Ability.JUDGE_ASSETS, "Only a write can tell."),)
    )
    asyncio.run(store.write(assets.upsert, [WAITING]))

    entry = asyncio.run(JudgeAsset(store=store, outbox=outbox, systems=systems)(wish()))

    assert entry.verb is Verb.JUDGE_ASSET
