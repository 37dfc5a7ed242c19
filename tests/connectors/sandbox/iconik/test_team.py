"""Custom actions, jobs, notifications, webhooks, transcriptions and counts: how the media team is reached."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from connectors.errors import InvalidError, NotFoundError
from connectors.iconik import IconikClient
from connectors.iconik.models import AssetId, JobAction, JobStatus, SegmentType, UserId
from connectors.iconik.wire import accounts, media, segments, stats, transcripts, webhooks, work
from connectors.iconik.wire.stats import Period
from connectors.iconik.wire.work import ActionContext
from tests.connectors.sandbox.iconik.desk import Desk

FILM = "claim-in-3-steps-fr"
SUBTITLES = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nGood morning\n\n00:00:02.000 --> 00:00:04.500\nyou all\n"


@pytest.fixture
def asset_id(desk: Desk) -> AssetId:
    """A film."""
    return AssetId(desk.hit(FILM).id)


def test_a_custom_action_is_called_and_leads_on(desk: Desk, asset_id: AssetId) -> None:
    """The team's own tool opens on the asset that was chosen."""

    async def press(iconik: IconikClient) -> tuple[list[str], str, str, int]:
        made = await iconik.do(
            work.add_action(ActionContext.ASSET, title="Order print", url="https://print.example/", kind="OPEN")
        )
        listed = await iconik.do(work.list_actions(ActionContext.ASSET))
        reply = await iconik.do(work.call_action(ActionContext.ASSET, made.id, asset_ids=[asset_id]))
        renamed = await iconik.do(work.edit_action(ActionContext.ASSET, made.id, {"title": "Print"}))
        read = await iconik.do(work.get_action(ActionContext.ASSET, made.id))
        await iconik.do(work.delete_action(ActionContext.ASSET, made.id))
        assert read == renamed
        return (
            [one.title for one in listed],
            reply.redirect_url,
            renamed.title,
            len(await iconik.do(work.list_actions())),
        )

    assert desk.run(press) == (["Order print"], "https://print.example/", "Print", 0)


def test_a_disabled_custom_action_is_refused(desk: Desk, asset_id: AssetId) -> None:
    """An order that reaches nobody must not look sent."""

    async def press(iconik: IconikClient) -> None:
        made = await iconik.do(work.add_action(ActionContext.ASSET, title="Print", url="https://print.example/"))
        await iconik.do(work.edit_action(ActionContext.ASSET, made.id, {"disabled": True}))
        await iconik.do(work.call_action(ActionContext.ASSET, made.id, asset_ids=[asset_id]))

    with pytest.raises(InvalidError):
        desk.run(press)


def test_a_custom_action_of_another_context_is_not_there(desk: Desk) -> None:
    """Buttons for collections do nothing on assets."""

    async def press(iconik: IconikClient) -> None:
        made = await iconik.do(work.add_action(ActionContext.COLLECTION, title="Print", url="https://print.example/"))
        await iconik.do(work.get_action(ActionContext.ASSET, made.id))

    with pytest.raises(NotFoundError):
        desk.run(press)


def test_a_job_is_moved_on_and_restarted(desk: Desk, asset_id: AssetId) -> None:
    """The team works with jobs of the desk's making."""

    async def move(iconik: IconikClient) -> list[JobStatus]:
        job = await iconik.add_custom_job(
            title="Cut", custom_type="cut", object_id=asset_id, message="", metadata={"key": "k"}
        )
        done = await iconik.do(
            work.edit_job(job, {"status": "FINISHED", "metadata": {"by": "us"}}, merge_metadata=True)
        )
        assert done.metadata == {"key": "k", "by": "us"}
        await iconik.do(work.control_jobs(JobAction.RESTART, [job.id]))
        return [done.status, (await iconik.job(job.id)).status]

    assert desk.run(move) == [JobStatus.FINISHED, JobStatus.READY]


def test_somebody_is_told_and_reads_it(desk: Desk, asset_id: AssetId) -> None:
    """What the outbox could not say elsewhere is said here."""
    me = desk.run(lambda iconik: iconik.current_user()).id

    async def tell(iconik: IconikClient) -> None:
        lea = (await iconik.every(accounts.find_people("lea")))[0]
        for words in ("Look", "Look again"):
            await iconik.do(
                work.notify(
                    {
                        "event_type": "CUSTOM",
                        "message_short": words,
                        "message_long": words,
                        "object_id": asset_id,
                        "object_type": "assets",
                        "recipient_id": lea.id,
                        "sender_id": me,
                    }
                )
            )

    async def read(iconik: IconikClient) -> list[str]:
        (newest, *_) = await iconik.every(work.my_notifications())
        await iconik.do(work.mark_read(newest.id))
        one = [notice.status for notice in await iconik.every(work.my_notifications())]
        await iconik.do(work.mark_all_read())
        return [*one, *(notice.status for notice in await iconik.every(work.my_notifications()))]

    desk.run(tell)

    assert desk.run_as("Lea Moreau", read) == ["READ", "SENT", "READ", "READ"]


def test_a_webhook_is_kept(desk: Desk) -> None:
    """A relay that lost its webhook hears nothing."""

    async def keep(iconik: IconikClient) -> tuple[str, int]:
        body = {"event_type": "assets", "url": "https://relay.example/", "status": "ENABLED", "headers": {"X-Key": "k"}}
        made = await iconik.add_webhook(body)
        await iconik.replace_webhook(made.id, {**body, "name": "Relay"})
        read = await iconik.do(webhooks.get_webhook(made.id))
        await iconik.delete_webhook(made.id)
        return read.name, len(await iconik.webhooks())

    assert desk.run(keep) == ("Relay", 0)


@pytest.mark.contract("iconik 15.4", "iconik 12.b1")
def test_speech_is_written_down_word_by_word(desk: Desk, asset_id: AssetId) -> None:
    """A reviewer jumps to the word; its time must be there."""

    async def listen(iconik: IconikClient) -> tuple[list[str], list[str], bool]:
        await iconik.do(transcripts.transcribe(asset_id, language="fr"))
        asset = await iconik.asset(asset_id)
        assert asset.latest_version is not None
        version_id = asset.latest_version.id
        (written,) = await iconik.do(transcripts.list_transcriptions(asset_id, version_id))
        spoken = await iconik.every(
            segments.list_segments(asset_id, SegmentType.TRANSCRIPTION, transcription_id=written.id)
        )
        words = [word for one in spoken if one.transcription for word in one.transcription.words]
        in_order = all(one.end_ms <= other.start_ms for one, other in pairwise(words))
        return [written.language], [word.value for word in words], in_order

    languages, words, in_order = desk.run(listen)

    assert languages == ["fr"]
    assert in_order
    assert words == (desk.hit(FILM).description or desk.hit(FILM).title).split()


def test_subtitles_become_a_transcription(desk: Desk, asset_id: AssetId) -> None:
    """Words that people checked are better than words that a machine heard."""

    async def take(iconik: IconikClient) -> tuple[str, list[str], list[int | None]]:
        asset = await iconik.asset(asset_id)
        assert asset.latest_version is not None
        made = await iconik.do(
            transcripts.transcription_from_subtitles(asset_id, asset.latest_version.id, SUBTITLES, language="en")
        )
        spoken = await iconik.every(
            segments.list_segments(asset_id, SegmentType.TRANSCRIPTION, transcription_id=made.id)
        )
        return made.language, [one.segment_text for one in spoken], [one.time_start_milliseconds for one in spoken]

    assert desk.run(take) == ("en", ["Good morning you all"], [1000])


def test_several_films_are_written_down(desk: Desk, asset_id: AssetId) -> None:
    """A campaign has more than one."""

    async def listen(iconik: IconikClient) -> int:
        await iconik.do(transcripts.transcribe_many([asset_id], language="de"))
        asset = await iconik.asset(asset_id)
        assert asset.latest_version is not None
        return len(await iconik.do(transcripts.list_transcriptions(asset_id, asset.latest_version.id)))

    assert desk.run(listen) == 1


def test_a_picture_has_nothing_to_say(desk: Desk) -> None:
    """Paid by the hour, refused at once."""
    picture = AssetId(desk.hit("spring-banner-fr").id)

    with pytest.raises(InvalidError):
        desk.run(lambda iconik: iconik.do(transcripts.transcribe(picture, language="en")))


def test_subtitles_are_listed_and_read(desk: Desk, asset_id: AssetId) -> None:
    """The player shows them under the picture."""
    body = {"language": "en", "content": SUBTITLES}
    assert desk.ask("POST", f"/API/files/v1/assets/{asset_id}/subtitles/", json=body).status_code == 201

    async def read(iconik: IconikClient) -> tuple[list[str], str]:
        found = await iconik.every(media.list_subtitles(asset_id))
        return [one.language for one in found], await iconik.do(media.subtitle_text(asset_id, "en"))

    assert desk.run(read) == (["en"], SUBTITLES)


def test_reported_use_is_counted(desk: Desk, asset_id: AssetId) -> None:
    """Whether a picture is worth its licence is read from these numbers."""
    today = desk.world.clock.now().date()
    week = {"since": today - timedelta(days=7), "until": today}

    async def count(iconik: IconikClient) -> tuple[int, int, int, bool, int, int]:
        me = (await iconik.current_user()).id
        for _ in range(2):
            await iconik.do(stats.report_usage(asset_id, me, operation="VIEW", source="SEARCH"))
        assets = await iconik.do(stats.asset_usage(Period.DAY, **week))
        people = await iconik.do(stats.person_usage(Period.MONTH, **week))
        stored = await iconik.do(stats.storage_usage(Period.DAY, **week))
        moved = await iconik.do(stats.storage_access(Period.DAY, **week))
        collections = await iconik.do(stats.collection_usage(Period.DAY, **week))
        plan = await iconik.do(stats.current_usage())
        assert plan.users
        return assets[0].count, people[0].count, len(collections), stored[0].bytes_stored > 0, moved[0].operations, 0

    assert desk.run(count) == (2, 2, 0, True, 0, 0)


def test_use_outside_the_days_asked_for_is_not_counted(desk: Desk, asset_id: AssetId) -> None:
    """A report on March must not hold April."""
    long_ago = date(2020, 1, 1)

    async def count(iconik: IconikClient) -> int:
        me = UserId((await iconik.current_user()).id)
        await iconik.do(stats.report_usage(asset_id, me, operation="VIEW", source="SEARCH"))
        return len(await iconik.do(stats.asset_usage(Period.DAY, since=long_ago, until=long_ago)))

    assert desk.run(count) == 0
