"""Core DAM's calls as they are sent; no I/O. How its answers are read is in :mod:`connectors.core_dam.reading`.

They are written for the newest release; :mod:`connectors.core_dam.release` puts them where an older one has them.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from connectors.calls import Call, FormBody, JSONBody, segment
from connectors.core_dam.criteria import SearchQuery
from connectors.core_dam.edits import BulkEdit, Edit, RowsEdit, bulk_edit, edited_asset
from connectors.core_dam.models import AssetId, ContentId, RenditionType, StateAction
from connectors.core_dam.selections import NamedAssets, Selection, selection_context

PREFIX: Final = "/otmmapi/v6"
MAX_IDS_PER_GET: Final = 100
"""200 ids returned a web page, 100 were fine (CONFIRMED)."""
DOWNLOAD_DEADLINE_S: Final = 300.0

_DETAILS: Final = (
    "load_metadata",
    "load_inherited_metadata",
    "load_multilingual_field_values",
    "load_asset_content_info",
    "load_thumbnail_info",
    "load_preview_info",
    "load_pdf_preview_info",
    "load_destination_links",
    "load_security_policies",
    "load_path",
    "load_subscribed_to",
)


# Sign-in


def open_session(*, username: str, password: str) -> Call:
    """A session for a name and a password (3.1)."""
    return Call(
        name="sign in",
        method="POST",
        path=f"{PREFIX}/sessions",
        body=FormBody(fields=(("username", username), ("password", password))),
        signed_in=False,
    )


def session_from_ticket(ticket: str) -> Call:
    """A session for an OTDS ticket (3.3)."""
    return Call(
        name="sign in by ticket",
        method="GET",
        path=f"{PREFIX}/sessions",
        headers={"OTDSToken": ticket},
        signed_in=False,
    )


def api_token(*, username: str, password: str, client_id: str, client_secret: str) -> Call:
    """A bearer token from the API itself (3.5)."""
    fields = (
        ("grant_type", "password"),
        ("username", username),
        ("password", password),
        ("client_id", client_id),
        ("client_secret", client_secret),
    )
    return Call(
        name="sign in by token",
        method="POST",
        path=f"{PREFIX}/sessions/oauth2/token",
        body=FormBody(fields=fields),
        signed_in=False,
    )


def session() -> Call:
    """Who am I, and is the session alive (3.2)."""
    return _get("session", f"{PREFIX}/sessions")


def close_session() -> Call:
    """Sign out (3.4)."""
    return Call(name="sign out", method="DELETE", path=f"{PREFIX}/sessions")


# Assets


def search(query: SearchQuery, *, after: int) -> Call:
    """One page of a search (4.1)."""
    return Call(
        name="search",
        method="POST",
        path=f"{PREFIX}/search/text",
        body=FormBody(fields=query.form_fields(after=after)),
        repeatable=True,
    )


def asset(asset_id: AssetId) -> Call:
    """One asset with everything the desk shows (5.1)."""
    request = {"data_load_request": dict.fromkeys(_DETAILS, True)}
    query = (
        ("load_type", "custom"),
        ("level_of_detail", "full"),
        ("data_load_request", msgspec.json.encode(request).decode()),
    )
    return _get("asset", f"{PREFIX}/assets/{segment(asset_id)}", query)


def assets(asset_ids: Sequence[AssetId], *, load_type: str = "metadata") -> Call:
    """Up to :data:`MAX_IDS_PER_GET` assets (5.2), deleted ones too: the desk must learn that they are."""
    context = selected(NamedAssets(asset_ids=asset_ids, with_deleted=True))
    return _get("assets", f"{PREFIX}/assets", (context, ("load_type", load_type)))


def recent(*, limit: int) -> Call:
    """The newest imports (5.3)."""
    return _get("recent assets", f"{PREFIX}/assets/recent", (("load_type", "metadata"), ("limit", str(limit))))


def parents(asset_id: AssetId) -> Call:
    """The folders that an asset lies in (5.9)."""
    return _get("parents of an asset", f"{PREFIX}/assets/{segment(asset_id)}/parents")


def edit_metadata(asset_id: AssetId, edits: Sequence[Edit]) -> Call:
    """New values of fields and columns (5.4); the caller must hold the lock.

    A verdict is one of these: without an answer it is looked up, and not sent once more unseen (docs/decisions/0008).
    """
    return Call(
        name="edit metadata",
        method="PATCH",
        path=f"{PREFIX}/assets/{segment(asset_id)}",
        body=JSONBody(value=edited_asset(edits)),
    )


def edit_metadata_of_many(selection: Selection, edits: Sequence[BulkEdit]) -> Call:
    """The same values on many assets (5.5). Field values may be sent again; added rows would be added twice."""
    return Call(
        name="edit metadata of many",
        method="PATCH",
        path=f"{PREFIX}/assets",
        body=JSONBody(value=bulk_edit(selection, edits)),
        repeatable=not any(isinstance(edit, RowsEdit) for edit in edits),
    )


def change_state(asset_id: AssetId, action: StateAction, *, all_versions: bool = False) -> Call:
    """Lock, unlock, check out, delete (5.6). Locking again what one holds changes nothing."""
    options = {"asset_state_options_param": {"asset_state_options": {"apply_to_all_versions": all_versions}}}
    fields = (("action", action.value), ("asset_state_options", msgspec.json.encode(options).decode()))
    return Call(
        name=f"{action.value.replace('_', ' ')} asset",
        method="PUT",
        path=f"{PREFIX}/assets/{segment(asset_id)}/state",
        body=FormBody(fields=fields),
        repeatable=action is StateAction.LOCK,
    )


def change_state_of_many(selection: Selection, action: StateAction) -> Call:
    """The same on a selection; it answers 200 even when some of it failed (5.6, 5.7)."""
    return Call(
        name=f"{action.value.replace('_', ' ')} assets",
        method="PUT",
        path=f"{PREFIX}/assets/state",
        body=FormBody(fields=(("action", action.value), selected(selection))),
        repeatable=action is StateAction.LOCK,
    )


def subscribe(selection: Selection) -> Call:
    """Be told of changes to these assets (5.8)."""
    return Call(
        name="subscribe to assets",
        method="POST",
        path=f"{PREFIX}/assets/subscriptions",
        body=FormBody(fields=(("action", "subscribe"), selected(selection))),
        repeatable=True,
    )


# Bytes


def contents(asset_id: AssetId, rendition: RenditionType | None = None) -> Call:
    """The original, or one of its pictures (7.1, 7.2)."""
    query = (("rendition_type", rendition.value),) if rendition else ()
    return _download("contents", f"{PREFIX}/assets/{segment(asset_id)}/contents", query)


def rendition(content_id: ContentId) -> Call:
    """Any content by its own id (7.3)."""
    return _download("rendition", f"{PREFIX}/renditions/{segment(content_id)}")


def delivery(url: str, *, head: bool = False) -> Call:
    """What the public sees at ``delivery_service_url`` (7.6); nobody is signed in there."""
    return Call(
        name="delivery",
        method="HEAD" if head else "GET",
        path=url,
        repeatable=True,
        signed_in=False,
        deadline_s=DOWNLOAD_DEADLINE_S,
    )


# Reference


def lookup_domains() -> Call:
    """Every vocabulary (5.10)."""
    return _get("lookup domains", f"{PREFIX}/lookupdomains")


def lookup_domain(domain_id: str) -> Call:
    """One vocabulary."""
    return _get("lookup domain", f"{PREFIX}/lookupdomains/{segment(domain_id)}")


def metadata_models() -> Call:
    """Every metadata model (5.11, path CHOSEN)."""
    return _get("metadata models", f"{PREFIX}/metadatamodels")


def metadata_model(model_id: str) -> Call:
    """One metadata model with its fields (5.11, path CHOSEN)."""
    return _get("metadata model", f"{PREFIX}/metadatamodels/{segment(model_id)}")


def security_policies() -> Call:
    """Who may see what (5.12)."""
    return _get("security policies", f"{PREFIX}/securitypolicies")


def me() -> Call:
    """The current user (5.13)."""
    return _get("current user", f"{PREFIX}/users/me")


def selected(selection: Selection) -> tuple[str, str]:
    """The parameter that says which assets a call means."""
    return "selection_context", msgspec.json.encode(selection_context(selection)).decode()


def _get(name: str, path: str, query: tuple[tuple[str, str], ...] = ()) -> Call:
    return Call(name=name, method="GET", path=path, query=query, repeatable=True)


def _download(name: str, path: str, query: tuple[tuple[str, str], ...] = ()) -> Call:
    return Call(name=name, method="GET", path=path, query=query, repeatable=True, deadline_s=DOWNLOAD_DEADLINE_S)
