"""Connections: what has to be known of a system to reach it. Secrets are no part of them.

Each system's form is declared once; the wizard draws it, :func:`check` explains what is wrong with what was typed, and
:func:`read_form` parts what may be stored from what goes to :mod:`app.credentials`. The keys are those of the
sandbox's ready file.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from app.errors import UserError
from app.records import System


class FieldKind(StrEnum):
    """How a field is drawn and checked."""

    URL = "url"
    TEXT = "text"
    PATH = "path"
    """A path on the system's host, beginning with a slash."""
    SECRET = "secret"  # noqa: S105 - the name of a kind


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of a connection's form."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = True
    default: str = ""
    help: str = ""
    """Where the person finds it, or when it is needed."""

    @property
    def is_secret(self) -> bool:
        """Whether it goes to the credentials and is never stored or shown."""
        return self.kind is FieldKind.SECRET


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionForm:
    """What one system's connection asks for, in the order in which it is asked."""

    fields: tuple[FormField, ...]
    account_key: str
    """The field that says who we are there."""

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The fields that go to the credentials."""
        return tuple(each.key for each in self.fields if each.is_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One system, reachable. ``settings`` are the form's fields apart from its address and its secrets."""

    system: System
    base_url: str
    """Without a slash at its end."""
    settings: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    """Who we are there, as the person typed it."""
    is_leaving: bool = False
    """Whether it is being removed: not used any more, and there until everything of it is gone."""
    place: str = ""
    """Which of the two places of :data:`PLACES` holds its secrets."""
    is_changing: bool = False
    """Whether secrets are being put into the other place: what lies there belongs to nothing yet."""
    before: "Connection | None" = None
    """The one that worked, kept with its secrets in the other place until this one has signed in once."""

    @property
    def owner(self) -> str:
        """Whose secrets its are, for :class:`app.credentials.Credentials`."""
        return owner_of(self.system, self.place)

    @property
    def other_place(self) -> str:
        """The place that its secrets are not in."""
        return next(place for place in PLACES if place != self.place)


PLACES: Final = ("", "2")
"""Secrets that are changed are put beside those in use, so that a change happens at once or not at all."""


def owner_of(system: System, place: str) -> str:
    """Whose the secrets of ``system`` in ``place`` are."""
    return f"{system}.{place}" if place else system.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadConnection:
    """A connection and its secrets, parted."""

    connection: Connection
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def missing_secrets(self) -> Collection[str]:
        """The keys of what must be known before anybody may sign in; where nothing is required, one of them is."""
        fields = [each for each in FORMS[self.connection.system].fields if each.is_secret]
        is_any_known = any(self.secrets.get(each.key) for each in fields)
        return [
            each.key for each in fields if not self.secrets.get(each.key) and (each.is_required or not is_any_known)
        ]


def _url(key: str, label: str, *, default: str = "", is_required: bool = True, help_: str = "") -> FormField:
    return FormField(key=key, label=label, kind=FieldKind.URL, default=default, is_required=is_required, help=help_)


def _secret(key: str, label: str, *, is_required: bool = True, help_: str = "") -> FormField:
    return FormField(key=key, label=label, kind=FieldKind.SECRET, is_required=is_required, help=help_)


FORMS: Final[Mapping[System, ConnectionForm]] = MappingProxyType(
    {
        System.EXSTREAM: ConnectionForm(
            account_key="username",
            fields=(
                _url("base_url", "Address of Exstream"),
                _url("otds_url", "Address of OTDS", help_="OpenText Directory Services, which signs us in."),
                FormField(key="tenant", label="Tenant"),
                FormField(
                    key="subscription", label="Subscription", is_required=False, help="In the cloud edition only."
                ),
                FormField(key="domain", label="Domain", help="The Exstream domain that your templates live in."),
                FormField(key="client_id", label="OAuth client", help="Made by whoever administers OTDS."),
                _secret("client_secret", "OAuth client's secret", is_required=False),
                FormField(
                    key="username", label="User", is_required=False, help="When a person signs in, not a service."
                ),
                _secret("password", "Password", is_required=False),
            ),
        ),
        System.EXTENDED_ECM: ConnectionForm(
            account_key="username",
            fields=(
                _url("base_url", "Address of Content Server"),
                FormField(
                    key="cs_path",
                    label="Path of Content Server",
                    kind=FieldKind.PATH,
                    default="/cs/cs",
                    help="What follows the host in the browser: /cs/cs, /otcs/cs.exe …",
                ),
                _url("otds_url", "Address of OTDS", is_required=False, help_="Empty: Content Server signs us in."),
                FormField(key="username", label="User"),
                _secret("password", "Password"),
            ),
        ),
        System.CORE_DAM: ConnectionForm(
            account_key="username",
            fields=(
                _url("base_url", "Address of the library"),
                _url("delivery_url", "Address of its renditions", is_required=False, help_="Empty: the library's own."),
                FormField(key="username", label="User"),
                _secret("password", "Password"),
                FormField(key="client_id", label="OAuth client", is_required=False, help="Where tokens are used."),
                _secret("client_secret", "OAuth client's secret", is_required=False),
            ),
        ),
        System.ICONIK: ConnectionForm(
            account_key="email",
            fields=(
                _url("base_url", "Address of iconik", default="https://app.iconik.io"),
                FormField(key="app_id", label="App-ID", help="iconik, Admin, Settings, Application tokens."),
                _secret("auth_token", "Auth-Token"),
                FormField(key="email", label="E-mail", is_required=False, help="When a person signs in, not a token."),
                _secret("password", "Password", is_required=False),
            ),
        ),
        System.CLOUDINARY: ConnectionForm(
            account_key="api_key",
            fields=(
                _url("base_url", "Address of the API", default="https://api.cloudinary.com"),
                _url("delivery_url", "Address of delivery", default="https://res.cloudinary.com"),
                FormField(key="cloud_name", label="Cloud name", help="Cloudinary, Settings, API keys."),
                FormField(key="api_key", label="API key"),
                _secret("api_secret", "API secret"),
            ),
        ),
    }
)


def check(system: System, values: Mapping[str, str], *, kept: Collection[str] = ()) -> Mapping[str, str]:
    """A sentence for each field of ``system``'s form that cannot be right; empty when all can.

    ``kept`` are the secrets that are known already: left empty, they stay as they are.
    """
    typed = {each.key: values.get(each.key, "").strip() for each in FORMS[system].fields}
    asked = [each for each in FORMS[system].fields if typed[each.key] or each.key not in kept]
    complaints = {each.key: _complaint(each, typed[each.key]) for each in asked}
    return {key: sentence for key, sentence in complaints.items() if sentence}


def read_form(system: System, values: Mapping[str, str], *, kept: Collection[str] = ()) -> ReadConnection:
    """The connection that was typed. Raises: UserError beside the first field that cannot be right."""
    for key, sentence in check(system, values, kept=kept).items():
        raise UserError(sentence, field=key)
    form = FORMS[system]
    typed = {each.key: values.get(each.key, "").strip() for each in form.fields}
    for each in form.fields:
        if each.kind in {FieldKind.URL, FieldKind.PATH}:
            typed[each.key] = typed[each.key].rstrip("/")
    kept = {key: value for key, value in typed.items() if value and key not in {"base_url", *form.secret_keys}}
    return ReadConnection(
        connection=Connection(
            system=system,
            base_url=typed["base_url"],
            settings=kept,
            account=typed[form.account_key],
        ),
        # A space at the end of a password may be a part of it.
        secrets=MappingProxyType({key: values[key] for key in form.secret_keys if values.get(key)}),
    )


def connections_from_ready_file(raw: bytes) -> tuple[ReadConnection, ...]:
    """The connections of the sandbox's ready file; their secrets are for memory alone.

    Raises: UserError when ``raw`` is no ready file of this version.
    """
    try:
        ready = msgspec.json.decode(raw, type=_ReadyFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(
            "The sandbox did not say where its systems are.", hint="Start it again; it writes its ready file itself."
        ) from error
    return tuple(read_form(system, getattr(ready, system)) for system in System)


class _ReadyFile(msgspec.Struct, frozen=True, kw_only=True):
    version: Literal[1]
    exstream: dict[str, str]
    extended_ecm: dict[str, str]
    core_dam: dict[str, str]
    iconik: dict[str, str]
    cloudinary: dict[str, str]


def _complaint(declared: FormField, typed: str) -> str:
    if not typed:
        return f"{declared.label} is needed." if declared.is_required else ""
    match declared.kind:
        case FieldKind.URL:
            return _url_complaint(typed)
        case FieldKind.PATH if not typed.startswith("/") or any(each in typed for each in "?# "):
            return "A path begins with a slash and has no spaces: /cs/cs."
        case FieldKind.TEXT | FieldKind.PATH | FieldKind.SECRET:
            return "" if typed.isprintable() else "It contains a character that cannot be typed; copy it again."


def _url_complaint(typed: str) -> str:
    try:
        parts = urlsplit(typed)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is how a wrong port is found
    except ValueError:
        return "This is no web address."
    if parts.scheme not in {"http", "https"} or not host or any(each.isspace() for each in typed):
        return "A web address begins with https:// and names a host."
    if parts.username is not None or parts.password is not None:
        return "Leave the user and the password out of the address; they have fields of their own."
    if parts.query or parts.fragment:
        return "Leave out everything from the ? or # on."
    if parts.scheme == "http" and not _is_this_machine(host):
        return "Use https://: over http:// everybody on the way could read the password."
    return ""


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
