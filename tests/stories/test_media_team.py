"""The media team: approves or rejects what waits for review, in whichever library it lives, and others see it."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product

import pytest

from app.errors import UserError
from app.outbox import new_request_key
from app.records import Asset, AssetState, EntryState, System
from app.rules.verdicts import Verdict
from app.store import assets
from app.use_cases.judge_asset import AssetVerdict
from tests.stories.desks import ACTOR, StoryDesk
from tests.stories.sandbox import Control
from tests.stories.second_clients import SecondClients

REASON = "The logo is the old one."


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenByOthers:
    """A verdict as the vendor tells it to somebody else."""

    status: str
    reason: str
    times_said: int = 1


async def seen_by_others(second: SecondClients, asset: Asset) -> SeenByOthers:
    """The standing of ``asset`` in the vendor's own words, read by another client."""
    match asset.key.system:
        case System.CLOUDINARY:
            found = await second.cloudinary_asset(asset.key.id)
            return SeenByOthers(
                status=found["moderation_status"], reason=found.get("metadata", {}).get("review_note", "")
            )
        case System.ICONIK:
            approvals = await second.iconik(f"assets/v1/assets/{asset.key.id}/approvals/")
            comments = (await second.iconik(f"assets/v1/assets/{asset.key.id}/segments/"))["objects"]
            said = [each["segment_text"] for each in comments if each["segment_text"] == REASON]
            decisions = [each["status"] for each in approvals["objects"]]
            return SeenByOthers(status=decisions[-1], reason=said[-1] if said else "", times_said=len(said) or 1)
        case _:
            fields = await second.core_dam_fields(asset.alias)
            return SeenByOthers(status=fields["PD.FIELD.STATUS"], reason=fields["PD.FIELD.REVIEW COMMENT"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An asset, and what the vendor calls the verdict that it is given."""

    system: System
    state: AssetState
    name: str
    theirs: str


WAITING = [
    Case(system=System.CLOUDINARY, state=AssetState.IN_REVIEW, name="Portal banner, Arabic", theirs="approved"),
    Case(system=System.ICONIK, state=AssetState.IN_REVIEW, name="Winter banner, German", theirs="APPROVED"),
    Case(
        system=System.CORE_DAM,
        state=AssetState.IN_REVIEW,
        name="Wohngebäude: was versichert ist und was nicht",
        theirs="APPR",
    ),
]
UNLOVED = [
    Case(system=System.CLOUDINARY, state=AssetState.IN_REVIEW, name="Pet cover tile", theirs="rejected"),
    Case(system=System.ICONIK, state=AssetState.IN_REVIEW, name="Leaf, vector", theirs="NOT_APPROVED"),
    Case(system=System.CORE_DAM, state=AssetState.DRAFT, name="Lighthouse cover, A4", theirs="REJC"),
]


@pytest.mark.parametrize("case", WAITING, ids=lambda case: case.system)
async def test_an_approval_is_written_back_and_others_see_it(
    desk: StoryDesk, second: SecondClients, case: Case
) -> None:
    """The desk would say approved while everybody else at the vendor still waits."""
    asset = await desk.asset(case.system, case.state, name=case.name)

    done = await desk.settled(await desk.judge(asset, Verdict.APPROVE))

    assert (done.state, done.sentence) == (EntryState.DONE, "")
    assert done.receipt is not None
    assert (await seen_by_others(second, asset)).status == case.theirs
    assert await desk.until_cached(asset.key, AssetState.APPROVED)


@pytest.mark.parametrize("case", UNLOVED, ids=lambda case: case.system)
async def test_a_rejection_reaches_its_maker_with_the_reason(
    desk: StoryDesk, second: SecondClients, case: Case
) -> None:
    """Somebody would redraw a picture without knowing what is wrong with it."""
    asset = await desk.asset(case.system, case.state, name=case.name)

    done = await desk.settled(await desk.judge(asset, Verdict.REJECT, note=REASON))

    assert done.state is EntryState.DONE
    assert await seen_by_others(second, asset) == SeenByOthers(status=case.theirs, reason=REASON)


@pytest.mark.parametrize(
    ("system", "ours"),
    [
        (System.CLOUDINARY, AssetState.REJECTED),
        (System.ICONIK, AssetState.MIXED),  # somebody else had approved it
        (System.CORE_DAM, AssetState.REJECTED),
    ],
)
async def test_the_next_synchronisation_does_not_bring_the_old_verdict_back(
    desk: StoryDesk, system: System, ours: AssetState
) -> None:
    """Indexes lag behind writes: an asset that was just rejected would turn green again."""
    asset = (await desk.assets(system, AssetState.APPROVED))[0]
    await desk.settled(await desk.judge(asset, Verdict.REJECT, note=REASON))
    await desk.until_cached(asset.key, ours)

    await desk.synchronise(system)

    assert (await desk.cached(asset.key)).state is ours


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """Which call breaks, and what others must see in the end. Each has an asset of its own: vendors remember."""

    system: System
    method: str
    path: str
    fault: str
    theirs: str
    place: int


_CALLS = [
    (System.CLOUDINARY, "PUT", "*/resources/*", "rejected"),
    (System.ICONIK, "POST", "*/segments/", "NOT_APPROVED"),
    (System.ICONIK, "PUT", "*/approvals/", "NOT_APPROVED"),
    (System.CORE_DAM, "PATCH", "*/assets/*", "REJC"),
]
BROKEN_LINES = [
    BrokenLine(system=system, method=method, path=path, fault=fault, theirs=theirs, place=place)
    for place, ((system, method, path, theirs), fault) in enumerate(
        product(_CALLS, ["cut_before", "cut_after", "500"]), start=1
    )
]


@pytest.mark.parametrize("line", BROKEN_LINES, ids=lambda line: f"{line.system}-{line.method}-{line.fault}")
async def test_a_verdict_survives_a_broken_line_and_is_said_once(
    desk: StoryDesk, second: SecondClients, control: Control, line: BrokenLine
) -> None:
    """A cut line would lose the verdict, or say it twice."""
    asset = (await desk.assets(line.system, AssetState.APPROVED))[line.place]
    await control.trouble(line.system, line.fault, count=1, method=line.method, path=line.path)

    done = await desk.settled(await desk.judge(asset, Verdict.REJECT, note=REASON))

    assert (done.state, done.sentence) == (EntryState.DONE, "")
    assert await seen_by_others(second, asset) == SeenByOthers(status=line.theirs, reason=REASON)


@pytest.mark.parametrize("case", WAITING, ids=lambda case: case.system)
async def test_a_verdict_is_given_to_the_version_that_was_looked_at(desk: StoryDesk, case: Case) -> None:
    """What came while the verdict waited would be approved, and nobody has seen it."""
    listed = (await desk.assets(case.system, AssetState.APPROVED))[-1]
    asset = await desk.desk.use.open_asset(listed.key)
    await desk.desk.store.write(assets.upsert, [replace(asset, version="v0")])

    parked = await desk.settled(await desk.judge(asset, Verdict.REJECT, note=REASON))

    assert parked.state is EntryState.PARKED
    assert f"v0 was judged, and {case.system.label} has {asset.version} now" in parked.sentence
    assert (await desk.desk.use.open_asset(asset.key)).state is asset.state is AssetState.APPROVED


async def test_two_clicks_are_one_verdict(desk: StoryDesk, control: Control) -> None:
    """An impatient hand would write twice."""
    asset = await desk.asset(System.CLOUDINARY, AssetState.IN_REVIEW, name="Storm banner, Arabic")
    wish = AssetVerdict(key=asset.key, verdict=Verdict.APPROVE, request_key=new_request_key(), actor=ACTOR)

    first, again = await asyncio.gather(desk.desk.use.judge_asset(wish), desk.desk.use.judge_asset(wish))
    await desk.settled(first)

    assert first.id == again.id
    assert len(await control.writes("cloudinary", method="PUT")) == 1


async def test_what_is_undone_in_time_never_leaves(desk: StoryDesk, control: Control) -> None:
    """A slip of the hand would be seen by the whole company."""
    desk.desk.outbox.undo_for = timedelta(hours=1)
    asset = await desk.asset(System.CLOUDINARY, AssetState.IN_REVIEW, name="Harbour Vert")
    entry = await desk.judge(asset, Verdict.APPROVE)

    undone = await desk.desk.use.undo_entry(entry.id, ACTOR)

    assert undone.state is EntryState.DROPPED
    assert await control.writes("cloudinary", method="PUT") == []


async def test_a_second_verdict_waits_for_the_first(desk: StoryDesk) -> None:
    """Approve and reject on the same asset would leave in whatever order."""
    desk.desk.outbox.undo_for = timedelta(hours=1)
    asset = await desk.asset(System.ICONIK, AssetState.IN_REVIEW, name="Portrait, Aisha")
    await desk.judge(asset, Verdict.APPROVE)

    with pytest.raises(UserError, match="has not left yet"):
        await desk.judge(asset, Verdict.REJECT, note=REASON)


async def test_a_rejection_without_a_reason_is_refused_before_anything_leaves(
    desk: StoryDesk, control: Control
) -> None:
    """Its maker could not act on it."""
    asset = await desk.asset(System.ICONIK, AssetState.IN_REVIEW, name="Portrait, Aisha")

    with pytest.raises(UserError, match="needs a reason"):
        await desk.judge(asset, Verdict.REJECT, note="  ")

    assert await control.writes("iconik") == []


async def test_an_asset_that_somebody_has_checked_out_waits_for_a_person(desk: StoryDesk) -> None:
    """Whoever works on it would lose the work, or the verdict would vanish without a word."""
    asset = await desk.asset(System.CORE_DAM, AssetState.IN_REVIEW, name="Solar roof, insert")

    parked = await desk.settled(await desk.judge(asset, Verdict.APPROVE))

    assert parked.state is EntryState.PARKED
    assert "checked out by lea.moreau" in parked.sentence


@pytest.mark.parametrize(
    ("system", "name", "begins"),
    [
        (System.CLOUDINARY, "Portal on a phone", b"\x89PNG"),
        (System.CORE_DAM, "Turbines, loop", b"\x1a\x45\xdf\xa3"),
        (System.CORE_DAM, "Wohngebäude: was versichert ist und was nicht", b"%PDF"),
        (System.ICONIK, "Un sinistre en 3 étapes", b"\x00\x00\x00 ftyp"),
    ],
)
async def test_opening_an_asset_shows_the_thing_itself(
    desk: StoryDesk, system: System, name: str, begins: bytes
) -> None:
    """A reviewer would judge a placeholder."""
    asset = next(each for each in await desk.assets(system) if each.name == name)

    opened = await desk.desk.use.open_asset(asset.key)
    original = await desk.desk.pictures.original(opened)
    thumbnail = await desk.desk.pictures.thumbnail(opened, width_px=256)

    assert opened.versions
    assert original.read_bytes().startswith(begins)
    assert thumbnail.stat().st_size > 0


async def test_what_the_cache_has_not_seen_yet_is_found_at_the_library(desk: StoryDesk) -> None:
    """A picture that was uploaded a minute ago would not exist."""
    keys = {asset.key for asset in await desk.assets(System.ICONIK) if "Spring" in asset.name}
    await desk.forget(keys)

    changes = await desk.desk.use.ask_library(System.ICONIK, "spring")

    assert keys <= changes.assets
