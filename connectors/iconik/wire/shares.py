"""Shares with people outside: the ``assets`` service (wire contract "iconik", §12).

A share's address opens it for whoever has it: it is a credential, and no model of one shows it in its repr.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.iconik.models import Share, ShareUser
from connectors.iconik.wire.addressing import path, query
from connectors.iconik.wire.operations import (
    FEW_PER_PAGE,
    Listing,
    Operation,
    change,
    drop,
    given,
    make,
    pages,
    pages_behind,
)
from connectors.iconik.wire.review import Reviewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What guests may do, and until when. ``password`` is mailed in clear text by the vendor (§16.10)."""

    title: str = ""
    message: str = ""
    may_comment: bool = True
    may_approve: bool = False
    may_approve_comments: bool = False
    may_download: bool = False
    may_download_proxy: bool = False
    may_view_versions: bool = False
    with_watermark: bool = False
    is_approval: bool = False
    expires: datetime | None = None
    password: str = field(default="", repr=False)
    metadata_views: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The terms by the vendor's names."""
        return given(
            title=self.title or None,
            message=self.message or None,
            allow_comments=self.may_comment,
            allow_setting_approve_status=self.may_approve,
            allow_approving_comments=self.may_approve_comments,
            allow_download=self.may_download,
            allow_download_proxy=self.may_download_proxy,
            allow_view_versions=self.may_view_versions,
            show_watermark=self.with_watermark,
            is_approval=self.is_approval,
            expires=self.expires.isoformat() if self.expires else None,
            password=self.password or None,
            metadata_views=list(self.metadata_views) or None,
        )


def by_mail(what: Reviewed, object_id: str, terms: Terms, *, emails: Sequence[str]) -> Operation[Share]:
    """iconik mails the address to ``emails``; the answer, a 202, has none (§16.8)."""
    return make("share by mail", _of(what, object_id), Share, {**terms.to_json(), "emails": list(emails)})


def by_link(what: Reviewed, object_id: str, terms: Terms) -> Operation[Share]:
    """An address to pass on oneself: 200."""
    return make("share by link", _of(what, object_id, "url"), Share, terms.to_json())


def several(asset_ids: Sequence[str], terms: Terms, *, emails: Sequence[str] = ()) -> Operation[Share]:
    """Several assets as one share, which needs a title: 201. Without ``emails`` it is shared by its address."""
    body = {**terms.to_json(), "title": terms.title, "object_ids": list(asset_ids), "share_by_url": not emails}
    if emails:
        body["emails"] = list(emails)
    return make("share several", path("assets", "share", "assets"), Share, body)


def list_all(words: str = "") -> Listing[Share]:
    """Every share that the caller may see (P1)."""
    return pages("list shares", path("assets", "shares"), Share, query=query({"query": words}), most=FEW_PER_PAGE)


def list_of(what: Reviewed, object_id: str) -> Listing[Share]:
    """The shares of one thing (P1; the newer document pages it behind an id)."""
    return pages_behind("shares of asset", _of(what, object_id), Share)


def edit(what: Reviewed, object_id: str, share_id: str, changes: Mapping[str, object]) -> Operation[Share]:
    """Replace a share's terms, by the vendor's names."""
    return change("edit share", "PUT", _of(what, object_id, share_id), Share, changes)


def end(what: Reviewed, object_id: str, share_id: str) -> Operation[None]:
    """Nobody opens it any more."""
    return drop("end share", _of(what, object_id, share_id))


def list_users(what: Reviewed, object_id: str, share_id: str) -> Listing[ShareUser]:
    """Who was invited (P2)."""
    return pages_behind("share users", _of(what, object_id, share_id, "users"), ShareUser)


def _of(what: Reviewed, object_id: str, *steps: str) -> str:
    return path("assets", what.value, object_id, "shares", *steps)
