"""Shares with people outside (wire contract "iconik", §12)."""

from connectors.iconik.models.nouns import Moment, Noun, UserId


class Share(Noun, frozen=True, kw_only=True):
    """What some people outside may see. ``url`` opens it for whoever has it, so it has no repr."""

    id: str = ""
    object_id: str = ""
    object_type: str = ""
    title: str = ""
    url: str = ""
    """Empty for a share by mail (§16.8)."""
    owner_id: UserId = UserId("")
    expires: Moment | None = None
    has_password: bool = False
    is_approval: bool = False
    allow_comments: bool = False
    allow_approving_comments: bool = False
    allow_download: bool = False
    allow_download_proxy: bool = False
    allow_setting_approve_status: bool = False
    allow_view_versions: bool = False
    show_watermark: bool = False
    date_created: Moment | None = None

    def __repr__(self) -> str:
        return f"Share(id={self.id!r}, object_id={self.object_id!r}, expires={self.expires!r})"


class ShareUser(Noun, frozen=True, kw_only=True):
    """Somebody invited to a share."""

    id: str = ""
    email: str
    share_id: str = ""
    access_count: int = 0
    download_count: int = 0
    last_access_date: Moment | None = None

    def __repr__(self) -> str:
        return f"ShareUser(id={self.id!r}, share_id={self.share_id!r})"
