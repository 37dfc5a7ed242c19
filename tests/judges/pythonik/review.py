"""Comments, approvals and shares."""

from functools import partial

from pythonik.assets.models.approval_by_schema import ApprovalBySchema
from pythonik.assets.models.approval_schema import ApprovalSchema
from pythonik.assets.models.bulk_remove_approval_schema import BulkRemoveApprovalSchema
from pythonik.assets.models.bulk_set_approval_schema import BulkSetApprovalSchema
from pythonik.assets.models.bulk_share_create_schema import BulkShareCreateSchema
from pythonik.assets.models.edit_asset_segment_schema import EditAssetSegmentSchema
from pythonik.assets.models.segment_schema import SegmentSchema
from pythonik.assets.models.share_create_schema import ShareCreateSchema
from pythonik.assets.models.share_schema import ShareSchema
from pythonik.assets.models.share_url_create_schema import ShareURLCreateSchema
from pythonik.files.models.attachment_create_schema import AttachmentCreateSchema
from pythonik.files.models.attachment_update_schema import AttachmentUpdateSchema

from tests.judges.pythonik.desk import Desk
from tests.judges.pythonik.people import NOBODY

TERMS = {
    "allow_comments": True,
    "allow_approving_comments": False,
    "allow_download": False,
    "allow_setting_approve_status": True,
}


def flow(desk: Desk, asset_id: str, version_id: str) -> None:
    """A comment with a drawing, exports, a decision, a request."""
    ik = desk.ik
    comments(desk, asset_id)
    desk.ask(
        "approve",
        lambda: ik.put_object_approvals("assets", asset_id, body=ApprovalBySchema.from_dict({"status": "APPROVED"})),
    )
    desk.ask("decisions", lambda: ik.get_object_approvals("assets", asset_id), check=lambda page: bool(page.objects))
    desk.ask("approval", lambda: ik.get_object_approvals_request("assets", asset_id))
    desk.ask("decisions on a version", lambda: ik.get_object_version_approvals("assets", asset_id, version_id))
    desk.ask("approval of a version", lambda: ik.get_object_version_approvals_request("assets", asset_id, version_id))
    me = str(ik.get_users_current().parsed.id)
    asked = ApprovalSchema.from_dict({"users": [me], "min_number": 1})
    desk.ask("request approval", lambda: ik.post_object_approvals_request("assets", asset_id, body=asked), status=201)
    two = ApprovalSchema.from_dict({"min_number": 2})
    desk.ask(
        "change approval request",
        lambda: ik.patch_object_approvals_request("assets", asset_id, body=two),
        check=lambda approval: approval.min_number == 2,
    )
    collection = str(ik.get_collections().parsed.objects[0].id)
    desk.ask(
        "request approval of a collection",
        lambda: ik.post_object_approvals_request("collections", collection, body=asked),
        status=202,
        check=lambda answer: answer.job_id is not None,
    )
    desk.ask("withdraw decision", lambda: ik.delete_object_approvals("assets", asset_id), status=204)
    desk.ask("withdraw it again", lambda: ik.delete_object_approvals("assets", asset_id), status=404)
    desk.ask("cancel approval request", lambda: ik.delete_object_approvals_request("assets", asset_id), status=204)
    many = {"object_ids": [asset_id], "object_type": "assets"}
    desk.ask(
        "reject many",
        lambda: ik.post_approvals_bulk(body=BulkSetApprovalSchema.from_dict({**many, "status": "NOT_APPROVED"})),
    )
    desk.ask("clear many", lambda: ik.post_approvals_bulk_remove(body=BulkRemoveApprovalSchema.from_dict(many)))


def comments(desk: Desk, asset_id: str) -> None:
    """Written, answered, ticked off, exported, with a file attached, and deleted."""
    ik = desk.ik
    drawn = {
        "segment_type": "COMMENT",
        "segment_text": "Logo too small",
        "time_start_milliseconds": 480,
        "time_end_milliseconds": 480,
        "drawing": {
            "primitives": [
                {
                    "type": "RECTANGLE",
                    "color": "#ff0000",
                    "width": 3,
                    "opacity": 1,
                    "points": [{"x": 10, "y": 20}, {"x": 200, "y": 90}],
                }
            ]
        },
    }
    made = desk.ask(
        "add comment with a drawing",
        lambda: ik.post_asset_segments(asset_id, body=SegmentSchema.from_dict(drawn)),
        status=201,
        check=lambda segment: segment.segment_text == "Logo too small",
    )
    key = str(made.id)
    reply = SegmentSchema.from_dict({"segment_type": "COMMENT", "segment_text": "Done", "parent_id": key})
    desk.ask("answer comment", lambda: ik.post_asset_segments(asset_id, body=reply), status=201)
    desk.ask("comment", lambda: ik.get_asset_segment(asset_id, key))
    desk.ask(
        "comments", lambda: ik.get_asset_segments(asset_id, segment_type="COMMENT"), check=lambda page: page.total == 2
    )
    desk.ask(
        "comments from a time on",
        lambda: ik.get_asset_segments(asset_id, time_start_milliseconds_gte=400),
        check=lambda page: page.total == 1,
    )
    ticked = EditAssetSegmentSchema.from_dict({"id": key, "segment_type": "COMMENT", "segment_checked": True})
    desk.ask(
        "resolve comment",
        lambda: ik.patch_asset_segment(asset_id, key, body=ticked),
        check=lambda segment: segment.segment_checked,
    )
    for form in ("csv", "vtt", "srt", "text"):
        desk.ask(f"comments as {form}", partial(getattr(ik, f"get_asset_segments_{form}"), asset_id))
    attached = desk.ask(
        "attach a file",
        lambda: ik.post_asset_segment_attachments(
            asset_id, key, body=AttachmentCreateSchema.from_dict({"filename": "logo.txt", "content_type": "text/plain"})
        ),
        status=201,
        check=lambda one: bool(one.upload_url),
    )
    closed = AttachmentUpdateSchema.from_dict({"status": "CLOSED"})
    desk.ask(
        "close attachment", lambda: ik.patch_asset_segment_attachment(asset_id, key, str(attached.id), body=closed)
    )
    desk.ask("attachments", lambda: ik.get_asset_segment_attachments(asset_id, key), check=lambda page: page.total == 1)
    desk.ask("delete comment", lambda: ik.delete_asset_segment(asset_id, key), status=204)
    desk.ask("a comment that is gone", lambda: ik.get_asset_segment(asset_id, key), status=404)
    note = SegmentSchema.from_dict({"segment_type": "COMMENT", "segment_text": "Read by theirs", "external_id": "j-1"})
    desk.ask("a comment to be read", lambda: ik.post_asset_segments(asset_id, body=note), status=201)
    desk.ledger.hand("commented", {"asset_id": asset_id, "words": "Read by theirs", "external_id": "j-1"})


def shares(desk: Desk, asset_id: str) -> None:
    """By mail, by link, several at once; changed and ended."""
    ik = desk.ik
    mailed = ShareCreateSchema.from_dict({**TERMS, "emails": ["guest@example.com"], "title": "Please look"})
    desk.ask(
        "share by mail",
        lambda: ik.post_object_shares("assets", asset_id, body=mailed),
        status=202,
        check=lambda share: not share.url,
    )
    linked = desk.ask(
        "share by link",
        lambda: ik.post_object_shares_url("assets", asset_id, body=ShareURLCreateSchema.from_dict(TERMS)),
        check=lambda share: bool(share.url),
    )
    several = BulkShareCreateSchema.from_dict({**TERMS, "object_ids": [asset_id], "title": "All", "share_by_url": True})
    desk.ask("share several", lambda: ik.post_share_object("assets", body=several), status=201)
    desk.ask("shares", ik.get_shares, check=lambda page: page.total >= 3)
    desk.ask("shares of an asset", lambda: ik.get_object_shares("assets", asset_id))
    key = str(linked.id)
    desk.ask("share", lambda: ik.get_object_share("assets", asset_id, key))
    desk.ask(
        "edit share",
        lambda: ik.put_object_share("assets", asset_id, key, body=ShareSchema.from_dict({**TERMS, "title": "Changed"})),
        check=lambda share: share.title == "Changed",
    )
    desk.ask("guests of a share", lambda: ik.get_object_share_users("assets", asset_id, key))
    desk.ask("end share", lambda: ik.delete_object_share("assets", asset_id, key), status=204)
    desk.ask("a share that is gone", lambda: ik.get_object_share("assets", asset_id, key), status=404)
    desk.ask("share what is not there", lambda: ik.post_object_shares("assets", NOBODY, body=mailed), status=404)
