"""Reading how a system wants to be signed in to. Secrets are named, never written."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from connectors.endpoint.addresses import check_base_url
from connectors.endpoint.description import (
    BasicSignIn,
    BearerSignIn,
    ClientProof,
    ClientSignIn,
    CredentialSlot,
    Encoding,
    Hash,
    KeyPlace,
    KeySignIn,
    NoSignIn,
    SignatureSignIn,
    SignInWay,
)
from connectors.endpoint.headers import complaint_about_header
from connectors.endpoint.tables import Table
from connectors.endpoint.templates import TemplateError, TextTemplate, read_path, read_text, slots_of
from connectors.endpoint.values import Kind

SIGNED_PARTS: Final = dict.fromkeys(("method", "path", "timestamp", "body", "body_sha256"), Kind.TEXT)
"""What an HMAC may be made over."""

Slots = Mapping[str, CredentialSlot]


class SignInKind(StrEnum):
    """The ways that a description can name."""

    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"
    API_KEY = "api_key"
    OAUTH2_CLIENT_CREDENTIALS = "oauth2_client_credentials"
    HMAC = "hmac"


def read_sign_in(table: Table, slots: Slots) -> SignInWay:
    """The way that ``table`` describes; its complaints are the table's."""
    kind = table.choice("kind", SignInKind)
    if kind is None:
        return NoSignIn()
    way = _READERS[kind](table, slots)
    table.end()
    return way


def _none(table: Table, slots: Slots) -> SignInWay:
    del table, slots
    return NoSignIn()


def _basic(table: Table, slots: Slots) -> SignInWay:
    return BasicSignIn(username=_slot(table, "username", slots), password=_slot(table, "password", slots))


def _bearer(table: Table, slots: Slots) -> SignInWay:
    return BearerSignIn(token=_slot(table, "token", slots))


def _api_key(table: Table, slots: Slots) -> SignInWay:
    place = table.choice("in", KeyPlace, default=KeyPlace.HEADER) or KeyPlace.HEADER
    name = table.text("name", why="It is the name of the header or parameter that carries the key.") or ""
    if place is KeyPlace.HEADER and name:
        _check_header(table, "name", name)
    return KeySignIn(key=_slot(table, "key", slots), place=place, name=name, prefix=table.text("prefix") or "")


def _client(table: Table, slots: Slots) -> SignInWay:
    return ClientSignIn(
        token_url=_token_url(table),
        client_id=_slot(table, "client_id", slots),
        client_secret=_slot(table, "client_secret", slots),
        proof=table.choice("proof", ClientProof, default=ClientProof.BASIC) or ClientProof.BASIC,
        scope=table.text("scope") or "",
        audience=table.text("audience") or "",
    )


def _hmac(table: Table, slots: Slots) -> SignInWay:
    header = table.text("header", why="It is the name of the header that carries the signature.") or ""
    timestamp_header = table.text("timestamp_header") or ""
    key_id_header = table.text("key_id_header") or ""
    for key, name in (("header", header), ("timestamp_header", timestamp_header), ("key_id_header", key_id_header)):
        if name:
            _check_header(table, key, name)
    key_id = _slot(table, "key_id", slots) if key_id_header or table.has("key_id") else ""
    if key_id and not key_id_header:
        table.complain("key_id_header", "It is missing. Name the header that carries the key's id.")
    signed = _signed(table)
    if "timestamp" in slots_of(signed) and not timestamp_header:
        table.complain("timestamp_header", "It is missing. The signature covers a timestamp that nobody is told.")
    return SignatureSignIn(
        secret=_slot(table, "secret", slots),
        header=header,
        hash=table.choice("hash", Hash, default=Hash.SHA256) or Hash.SHA256,
        encoding=table.choice("encoding", Encoding, default=Encoding.HEX) or Encoding.HEX,
        prefix=table.text("prefix") or "",
        signed=signed,
        timestamp_header=timestamp_header,
        key_id=key_id,
        key_id_header=key_id_header,
    )


_READERS: Final[Mapping[SignInKind, Callable[[Table, Slots], SignInWay]]] = {
    SignInKind.NONE: _none,
    SignInKind.BASIC: _basic,
    SignInKind.BEARER: _bearer,
    SignInKind.API_KEY: _api_key,
    SignInKind.OAUTH2_CLIENT_CREDENTIALS: _client,
    SignInKind.HMAC: _hmac,
}


def _slot(table: Table, key: str, slots: Slots) -> str:
    name = table.text(key, why="Name the credential slot that holds it; the value itself never stands in this file.")
    if name is not None and name not in slots:
        known = ", ".join(sorted(slots)) or "none"
        table.complain(
            key,
            f"It names no slot under credentials (there are: {known}). Declare one; if this was the secret itself, "
            "take it out of the file and change it.",
        )
    return name or ""


def _token_url(table: Table) -> str:
    url = table.text("token_url", why="It says where tokens are fetched: a path, or a whole https address.") or ""
    if url.startswith("/"):
        table.tried("token_url", lambda: read_path(url, {}), TemplateError)
    elif url:
        table.tried("token_url", lambda: check_base_url(url), ValueError)
    return url


def _signed(table: Table) -> TextTemplate:
    nothing = TextTemplate(pieces=())
    why = "It says what is signed, such as {timestamp}.{body}."
    source = table.text("signed", why=why)
    if source is None:
        return nothing
    template = table.tried("signed", lambda: read_text(source, SIGNED_PARTS), TemplateError)
    if template is not None and not slots_of(template) & {"body", "body_sha256"}:
        table.complain("signed", "The body is not covered, so anybody on the way could change it. Add {body}.")
    return template or nothing


def _check_header(table: Table, key: str, name: str) -> None:
    complaint = complaint_about_header(name, carries_secret=True)
    if complaint:
        table.complain(key, complaint)
