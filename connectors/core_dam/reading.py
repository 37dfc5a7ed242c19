"""Core DAM's answers: every payload out of its two wrappers and into a model, and its failures into our tree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from connectors.calls import Reply
from connectors.core_dam.envelope import inside
from connectors.core_dam.models import (
    Asset,
    AssetId,
    BulkResult,
    DomainValue,
    LookupDomain,
    MetadataModel,
    ModelField,
    SearchPage,
    SecurityPolicy,
    Session,
    User,
)
from connectors.core_dam.replies import Id, RawAsset, RawSearch
from connectors.errors import ConnectorError
from connectors.judging import error_for_status
from connectors.otds import BearerToken


class _RawSession(msgspec.Struct, frozen=True):
    id: Id
    message_digest: str
    login_name: str = ""
    user_id: Id = ""
    user_full_name: str = ""
    role_name: str = ""


class _RawUser(msgspec.Struct, frozen=True):
    login_name: str = ""
    user_id: Id = ""


class _RawToken(msgspec.Struct, frozen=True):
    value: str = msgspec.field(name="accessToken")


class _RawDomainValue(msgspec.Struct, frozen=True):
    field_value: Mapping[str, str | int | float | bool | None] = {}
    display_value: str = ""
    expired_value: bool = False


class _RawDomain(msgspec.Struct, frozen=True):
    id: str = msgspec.field(name="domainId")
    values: tuple[_RawDomainValue, ...] = msgspec.field(name="domainValues", default=())

    def domain(self) -> LookupDomain:
        return LookupDomain(
            id=self.id,
            values=tuple(
                DomainValue(code=str(code), label=each.display_value.strip(), is_expired=each.expired_value)
                for each in self.values
                if (code := each.field_value.get("value")) is not None
            ),
        )


class _RawPolicy(msgspec.Struct, frozen=True):
    id: Id
    name: str = ""
    description: str | None = None
    status: str | None = None


class _RawModelElement(msgspec.Struct, frozen=True):
    """A category, field, table or column as a model describes it."""

    id: str = ""
    name: str = ""
    type: str = ""
    data_type: str = ""
    domain_id: str | None = None
    metadata_element_list: tuple["_RawModelElement", ...] | None = None


class _RawModel(msgspec.Struct, frozen=True):
    id: str
    name: str = ""
    metadata_element_list: tuple[_RawModelElement, ...] = ()

    def model(self) -> MetadataModel:
        return MetadataModel(id=self.id, name=self.name, fields=tuple(_fields(self.metadata_element_list, "")))


class _RawBulk(msgspec.Struct, frozen=True):
    successful_object_list: tuple[str | dict[str, object], ...] = ()
    failed_object_list: tuple[str | dict[str, object], ...] = ()


class _RawFailure(msgspec.Struct, frozen=True):
    message: str | None = None
    error_code: Id | None = None
    http_response_code: int | None = None


def read_session(reply: Reply) -> Session:
    """Raises: ShapeError."""
    raw = inside(reply, _RawSession, "session_resource", "session")
    return Session(
        id=str(raw.id),
        login_name=raw.login_name,
        message_digest=raw.message_digest,
        user_id=str(raw.user_id),
        user_full_name=raw.user_full_name,
        role_name=raw.role_name,
    )


def read_api_token(reply: Reply) -> BearerToken:
    """Its life was never seen: it is good until it is refused. Raises: ShapeError."""
    return BearerToken(value=inside(reply, _RawToken, "token_info", "oauth_token").value, expires_in=None)


def read_search(reply: Reply) -> SearchPage:
    """Raises: ShapeError."""
    raw = inside(reply, RawSearch, "search_result_resource")
    try:
        return raw.page()
    except ValueError as error:
        raise reply.odd("a date in asset_list is none") from error


def read_asset(reply: Reply) -> Asset:
    """Raises: ShapeError."""
    return read_asset_list(reply, (inside(reply, RawAsset, "asset_resource", "asset"),))[0]


def read_assets(reply: Reply) -> tuple[Asset, ...]:
    """Raises: ShapeError."""
    return read_asset_list(reply, inside(reply, tuple[RawAsset, ...], "assets_resource", "asset_list"))


def read_bulk_result(reply: Reply) -> BulkResult:
    """Raises: ShapeError."""
    raw = inside(reply, _RawBulk, "bulk_asset_result_representation", "bulk_asset_result")
    return BulkResult(
        succeeded=tuple(AssetId(asset_id) for asset_id, _ in read_bulk_entries(raw.successful_object_list)),
        failed={AssetId(asset_id): words for asset_id, words in read_bulk_entries(raw.failed_object_list)},
    )


def read_lookup_domains(reply: Reply) -> tuple[LookupDomain, ...]:
    """Raises: ShapeError."""
    raw = inside(reply, tuple[_RawDomain, ...], "lookup_domains_resource", "lookup_domains")
    return tuple(each.domain() for each in raw)


def read_lookup_domain(reply: Reply) -> LookupDomain:
    """Raises: ShapeError."""
    return inside(reply, _RawDomain, "lookup_domain_resource", "lookup_domain").domain()


def read_security_policies(reply: Reply) -> tuple[SecurityPolicy, ...]:
    """Raises: ShapeError."""
    raw = inside(reply, tuple[_RawPolicy, ...], "security_policies_resource", "security_policy_list")
    return tuple(
        SecurityPolicy(id=str(p.id), name=p.name, description=p.description or "", status=p.status or "") for p in raw
    )


def read_metadata_models(reply: Reply) -> tuple[MetadataModel, ...]:
    """Raises: ShapeError."""
    raw = inside(reply, tuple[_RawModel, ...], "metadata_models_resource", "metadata_models")
    return tuple(each.model() for each in raw)


def read_metadata_model(reply: Reply) -> MetadataModel:
    """Raises: ShapeError."""
    return inside(reply, _RawModel, "metadata_model_resource", "metadata_model").model()


def read_me(reply: Reply) -> User:
    """Raises: ShapeError."""
    raw = inside(reply, _RawUser, "user_resource", "user")
    return User(user_id=str(raw.user_id), login_name=raw.login_name)


def read_failure(reply: Reply) -> ConnectorError | None:
    """The error that ``exception_body`` stands for; None leaves the judgement to the status.

    ``message`` is for people, ``debug_message`` is never shown (CONFIRMED).
    """
    if b"exception_body" not in reply.body[:4096]:
        return None
    try:
        failure = msgspec.json.decode(reply.body, type=dict[str, _RawFailure]).get("exception_body")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if failure is None:
        return None
    if reply.status < 400 and failure.http_response_code:  # noqa: PLR2004 - the HTTP class boundary
        reply = replace(reply, status=failure.http_response_code)
    return error_for_status(reply, detail=failure.message or "")


def read_asset_list(reply: Reply, raw: Sequence[RawAsset]) -> tuple[Asset, ...]:
    """The assets among ``raw``, without folders. Raises: ShapeError."""
    try:
        return tuple(each.asset() for each in raw if not each.is_folder)
    except ValueError as error:
        raise reply.odd("a date of an asset is none") from error


def _fields(elements: Sequence[_RawModelElement], table_id: str) -> Iterator[ModelField]:
    """Fields and columns at any depth, in the order of the model."""
    for each in elements:
        if each.metadata_element_list is None:
            yield ModelField(
                id=each.id,
                name=each.name,
                data_type=each.data_type,
                domain_id=each.domain_id or "",
                table_id=table_id,
            )
        else:
            is_table = each.type.rpartition(".")[2] == "MetadataTable"
            yield from _fields(each.metadata_element_list, each.id if is_table else table_id)


def read_bulk_entries(entries: Sequence[str | Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    """Id and words of each; what an entry looks like was never seen, so text and objects are both read."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry, ""
            continue
        body = entry.get("exception_body")
        words = body.get("message", "") if isinstance(body, Mapping) else ""
        yield str(entry.get("id") or entry.get("asset_id") or ""), str(words)
