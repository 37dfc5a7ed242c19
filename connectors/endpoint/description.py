"""What a description says, read and checked: frozen, without a secret, and free of the file's own form.

A description names credential *slots*; what is in them comes with the connection and is never a part of this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from connectors.endpoint.expressions import Expression
from connectors.endpoint.templates import JSONTemplate, PathTemplate, TextTemplate
from connectors.endpoint.values import Kind

REQUEST_KEY: Final = "request_key"
"""The name under which the caller's key for one wish may also stand in a template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSlot:
    """Something that a connection must bring along."""

    name: str
    label: str
    """As the person who fills it in reads it."""
    is_secret: bool


# Signing in


class KeyPlace(StrEnum):
    """Where an API key travels."""

    HEADER = "header"
    QUERY = "query"


class ClientProof(StrEnum):
    """How an OAuth client shows its secret (RFC 6749, section 2.3.1)."""

    BASIC = "basic"
    BODY = "body"


class Hash(StrEnum):
    """What an HMAC hashes with."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


class Encoding(StrEnum):
    """How a signature is written."""

    HEX = "hex"
    BASE64 = "base64"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSignIn:
    """Nobody's name is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicSignIn:
    """RFC 7617; both are slots."""

    username: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerSignIn:
    """A token that lives until somebody ends it."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySignIn:
    """An API key."""

    key: str
    place: KeyPlace
    name: str
    """Of the header or the parameter."""
    prefix: str
    """Written before the key in a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSignIn:
    """OAuth 2 client credentials (RFC 6749, section 4.4)."""

    token_url: str
    """A path below the base address, or a whole https address."""
    client_id: str
    client_secret: str
    proof: ClientProof
    scope: str
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureSignIn:
    """Each request carries an HMAC of itself."""

    secret: str
    header: str
    hash: Hash
    encoding: Encoding
    prefix: str
    signed: TextTemplate
    """Over ``method``, ``path`` (with the query, as sent), ``timestamp``, ``body`` and ``body_sha256`` (hex)."""
    timestamp_header: str
    key_id: str
    """The slot that says which key this is; empty when nothing says so."""
    key_id_header: str


SignInWay: TypeAlias = NoSignIn | BasicSignIn | BearerSignIn | KeySignIn | ClientSignIn | SignatureSignIn


# Paging


class Counted(StrEnum):
    """What a page's number counts."""

    PAGES = "pages"
    ITEMS = "items"


class CursorPlace(StrEnum):
    """Where a cursor goes back."""

    QUERY = "query"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesByNumber:
    """Page by page, until one is empty or the reply says that it was the last."""

    parameter: str
    first: int
    counts: Counted
    size_parameter: str
    size: int
    pages_total: Expression | None
    """How many pages there are, where the reply says so. Believed only when it says that this was the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesByCursor:
    """Each reply carries what asks for the next one; null, false or empty on the last."""

    cursor: Expression
    parameter: str
    place: CursorPlace
    size_parameter: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesByLink:
    """``Link: <…>; rel="next"`` (RFC 8288), followed on the same host and below the same base address only."""

    size_parameter: str
    size: int


Pages: TypeAlias = PagesByNumber | PagesByCursor | PagesByLink


# Calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a call takes."""

    kind: Kind
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedField:
    """Where one field of a record stands in an item of the reply."""

    place: Expression
    kind: Kind
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call's reply is read as."""

    items: Expression | None = None
    """The list of a reply with many items; None when the reply is one."""
    item: Expression | None = None
    """The one item; None when the whole body is it."""
    fields: Mapping[str, MappedField] = field(default_factory=dict)
    key: str = ""
    """The field by which two items are the same one."""
    absent: frozenset[int] = frozenset()
    """Statuses that say that there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedCall:
    """One call."""

    name: str
    title: str
    """As a person and the log read it."""
    method: str
    path: PathTemplate
    inputs: Mapping[str, Input]
    query: tuple[tuple[str, TextTemplate], ...]
    headers: tuple[tuple[str, TextTemplate], ...]
    json: JSONTemplate | None
    form: tuple[tuple[str, TextTemplate], ...]
    answer: Answer
    pages: Pages | None
    expired: frozenset[int]
    """Statuses that say that the paging's cursor has ended."""
    idempotency_header: str
    """Carries the caller's key for one wish; empty when the system knows none."""
    is_repeatable: bool
    deadline_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Where this system says why it refused."""

    detail: Expression | None = None
    fields: Expression | None = None
    """An object of field → complaint, or a list of such pairs."""
    refused_when: Expression | None = None
    """True in a successful reply that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How hard the system may be asked."""

    calls: float = 10
    per_s: float = 1.0
    at_once: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One system."""

    title: str
    base_url: str
    """Without a slash at the end; a connection may say another one."""
    slots: Mapping[str, CredentialSlot]
    sign_in: SignInWay
    failures: Failures
    pacing: Pacing
    calls: Mapping[str, DescribedCall]
    probe: str
    """The call that shows whether a connection works; empty when none was named."""
