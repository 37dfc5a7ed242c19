"""Jobs, custom actions, webhooks, notifications, transcriptions and counts."""

from datetime import UTC, datetime, timedelta

from pythonik.assets.models.asset_transcription_from_subtitle_schema import AssetTranscriptionFromSubtitleSchema
from pythonik.assets.models.custom_action_callback_schema import CustomActionCallbackSchema
from pythonik.assets.models.custom_action_create_schema import CustomActionCreateSchema
from pythonik.assets.models.custom_action_schema import CustomActionSchema
from pythonik.jobs.models.job_schema import JobSchema
from pythonik.jobs.models.jobs_state_schema import JobsStateSchema
from pythonik.notifications.models.webhook_create_schema import WebhookCreateSchema
from pythonik.stats.models.asset_usage_schema import AssetUsageSchema
from pythonik.transcode.models.bulk_transcribe_schema import BulkTranscribeSchema
from pythonik.transcode.models.transcribe_schema import TranscribeSchema
from pythonik.usersnotifications.models.notification_schema import NotificationSchema

from tests.judges.pythonik.desk import Desk
from tests.judges.pythonik.people import NOBODY


def flow(desk: Desk, asset_id: str) -> None:
    """What a media team's tools do all day."""
    jobs(desk, asset_id)
    actions(desk, asset_id)
    webhooks(desk)
    notices(desk, asset_id)
    transcripts(desk, asset_id)


def jobs(desk: Desk, asset_id: str) -> None:
    """Made, moved on, aborted."""
    ik = desk.ik
    body = {"title": "Resize", "type": "CUSTOM", "status": "READY", "object_id": asset_id, "object_type": "assets"}
    made = desk.ask("new job", lambda: ik.post_jobs(body=JobSchema.from_dict(body)), status=201)
    key = str(made.id)
    desk.ask(
        "jobs of an asset", lambda: ik.get_jobs(object_id=asset_id, type_="CUSTOM"), check=lambda page: page.total == 1
    )
    desk.ask("job", lambda: ik.get_job(key))
    started = JobSchema.from_dict({**body, "status": "STARTED", "progress": 50})
    desk.ask("job moves on", lambda: ik.patch_job(key, body=started), check=lambda job: job.progress == 50)
    desk.ask(
        "abort job", lambda: ik.put_jobs_state(body=JobsStateSchema.from_dict({"action": "ABORT", "job_ids": [key]}))
    )
    desk.ask("job is aborted", lambda: ik.get_job(key), check=lambda job: job.status == "ABORTED")
    desk.ask("a job that is not there", lambda: ik.get_job(NOBODY), status=404)
    desk.ledger.hand("job", key)


def actions(desk: Desk, asset_id: str) -> None:
    """A button, pressed."""
    ik = desk.ik
    body = {"title": "Send to print", "url": "https://print.example/order", "context": "ASSET", "type": "OPEN"}
    made = desk.ask(
        "new custom action",
        lambda: ik.post_custom_actions_by_context("ASSET", body=CustomActionCreateSchema.from_dict(body)),
        status=201,
    )
    key = str(made.id)
    desk.ask("custom actions", ik.get_custom_actions, check=lambda answer: len(answer.objects) == 1)
    desk.ask("custom actions of a context", lambda: ik.get_custom_actions_by_context("ASSET"))
    desk.ask("custom action", lambda: ik.get_custom_actions_by_context_by_action("ASSET", key))
    renamed = CustomActionSchema.from_dict({**body, "title": "Print"})
    desk.ask(
        "edit custom action",
        lambda: ik.patch_custom_actions_by_context_by_action("ASSET", key, body=renamed),
        check=lambda action: action.title == "Print",
    )
    pressed = CustomActionCallbackSchema.from_dict({"asset_ids": [asset_id]})
    desk.ask(
        "call custom action",
        lambda: ik.post_custom_actions_callback_by_context_by_action("ASSET", key, body=pressed),
        check=lambda reply: reply.redirect_url == body["url"],
    )
    desk.ask(
        "call a custom action that is not there",
        lambda: ik.post_custom_actions_callback_by_context_by_action("ASSET", NOBODY, body=pressed),
        status=404,
    )
    desk.ask("delete custom action", lambda: ik.delete_custom_actions_by_context_by_action("ASSET", key), status=204)


def webhooks(desk: Desk) -> None:
    """Made, replaced, ended."""
    ik = desk.ik
    body = {"event_type": "assets", "url": "https://hooks.example/iconik", "status": "ENABLED"}
    made = desk.ask("new webhook", lambda: ik.post_webhooks(body=WebhookCreateSchema.from_dict(body)), status=201)
    key = str(made.id)
    desk.ask("webhooks", ik.get_webhooks, check=lambda answer: len(answer.objects) == 1)
    desk.ask("webhook", lambda: ik.get_webhook(key))
    named = WebhookCreateSchema.from_dict({**body, "name": "Judge"})
    desk.ask("replace webhook", lambda: ik.put_webhook(key, body=named), check=lambda hook: hook.name == "Judge")
    desk.ask("delete webhook", lambda: ik.delete_webhook(key), status=204)


def notices(desk: Desk, asset_id: str) -> None:
    """Told, and read."""
    ik = desk.ik
    me = str(ik.get_users_current().parsed.id)
    told = NotificationSchema.from_dict(
        {
            "event_type": "CUSTOM",
            "message_short": "Look",
            "message_long": "Look at this",
            "object_id": asset_id,
            "object_type": "assets",
            "recipient_id": me,
            "sender_id": me,
        }
    )
    made = desk.ask("notify", lambda: ik.post_notifications(body=told), status=201)
    desk.ask("my notifications", ik.get_notifications, check=lambda page: page.total >= 1)
    desk.ask("mark read", lambda: ik.put_notification_read(str(made.id)), check=lambda one: one.status == "READ")
    desk.ask("mark all read", ik.put_notifications_all_read)


def transcripts(desk: Desk, asset_id: str) -> None:
    """Written down, and read as segments."""
    ik = desk.ik
    version_id = str(max(ik.get_asset(asset_id).parsed.versions, key=lambda one: one.version_number).id)
    asked = TranscribeSchema.from_dict({"language": "en"})
    desk.ask("transcribe", lambda: ik.post_transcribe_asset_profiles_default(asset_id, body=asked), status=201)
    many = BulkTranscribeSchema.from_dict({"object_ids": [asset_id], "object_type": "assets", "language": "fr"})
    desk.ask("transcribe many", lambda: ik.post_transcribe_bulk(body=many), status=201)
    found = desk.ask(
        "transcriptions",
        lambda: ik.get_asset_version_transcriptions_properties(asset_id, version_id),
        check=lambda answer: {one.language for one in answer.objects} == {"en", "fr"},
    )
    desk.ask(
        "words of a transcription",
        lambda: ik.get_asset_segments(
            asset_id, segment_type="TRANSCRIPTION", transcription_id=str(found.objects[0].id)
        ),
        check=lambda page: bool(page.objects[0].transcription.words),
    )
    subtitles = {
        "content": "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nGood morning\n",
        "format": "WEBVTT",
        "language": "de",
    }
    desk.ask(
        "transcription from subtitles",
        lambda: ik.post_asset_version_transcriptions_subtitles(
            asset_id, version_id, body=AssetTranscriptionFromSubtitleSchema.from_dict(subtitles)
        ),
        check=lambda one: one.language == "de",
    )


def numbers(desk: Desk, asset_id: str) -> None:
    """Reported, and summed."""
    ik = desk.ik
    me = str(ik.get_users_current().parsed.id)
    seen = AssetUsageSchema.from_dict(
        {
            "asset_id": asset_id,
            "user_id": me,
            "system_name": "judge",
            "operation_type": "VIEW",
            "operation_source": "SEARCH",
        }
    )
    desk.ask("report usage", lambda: ik.post_assets_stats(body=seen), status=201)
    today = datetime.now(UTC).date()
    days = {"from_date": (today - timedelta(days=7)).isoformat(), "to_date": (today + timedelta(days=1)).isoformat()}
    desk.ask("asset usage by day", lambda: ik.get_assets_by_by_period("day", **days))
    desk.ask("collection usage by month", lambda: ik.get_collections_by_by_period("month", **days))
    desk.ask("storage usage", lambda: ik.get_storage_usage_by_by_period("day", **days))
    desk.ask("storage access", lambda: ik.get_storage_access_by_by_period("month", **days))
    desk.ask("user audit", lambda: ik.get_user_audit_by_by_period("day", **days))
    desk.ask("plan totals", ik.get_current_usage)
