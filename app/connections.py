"""Connections: what has to be known of a system to reach it. Secrets are no part of them.

Each system's form is declared once; the wizard draws it, :func:`check` explains what is wrong with what was typed, and
:func:`read_form` parts what may be stored from what goes to :mod:`app.credentials`. The keys are those of the
sandbox's ready file.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from app.errors import UserError
from app.form_fields import FieldKind, FormField, complaint, secret, url
from app.name_fields import ARCHIVE_NAMES, COMPOSER_NAMES
from app.network_fields import NETWORK_FIELDS
from app.records import System


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionForm:
    """What one system's connection asks for, in the order in which it is asked."""

    own_fields: tuple[FormField, ...]
    account_key: str
    """The field that says who we are there."""

    @property
    def fields(self) -> tuple[FormField, ...]:
        """What is asked of this system, and of every one: how it is reached."""
        return (*self.own_fields, *NETWORK_FIELDS)

    def asked(self, values: Mapping[str, str]) -> tuple[FormField, ...]:
        """The fields that count, given what was chosen in others."""
        defaults = {each.key: each.default for each in self.fields}
        chosen = {**defaults, **{key: value for key, value in values.items() if value}}
        return tuple(each for each in self.fields if each.only_if is None or chosen[each.only_if[0]] == each.only_if[1])

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
    def where(self) -> str:
        """Which installation or tenant it leads to; who we are there, and by which way, makes no difference."""
        parts = (self.settings.get(key, "") for key in ("cloud_name", "tenant", "domain", "cs_path"))
        return " ".join((self.base_url, *parts)).rstrip()

    @property
    def owner(self) -> str:
        """Whose secrets its are, for :class:`app.credentials.Credentials`."""
        return owner_of(self.system, self.place)

    @property
    def other_place(self) -> str:
        """The place that its secrets are not in."""
        return next(place for place in PLACES if place != self.place)


SIGN_IN: Final = "sign_in"
BROWSER: Final = "browser"
REFRESH_TOKEN: Final = "refresh_token"  # noqa: S105 - the name of a field
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
    token_owner: str = ""
    """Whose the tokens of a browser's sign-in are while they are not kept yet; empty: the connection's."""

    @property
    def signs_in_with_browser(self) -> bool:
        """Whether a person signed in, and tokens renew each other since."""
        return self.connection.settings.get(SIGN_IN) == BROWSER

    @property
    def missing_secrets(self) -> Collection[str]:
        """The keys of what must be known before anybody may sign in; where nothing is required, one of them is."""
        asked = FORMS[self.connection.system].asked(self.connection.settings)
        fields = [each for each in asked if each.is_secret]
        proofs = [each for each in fields if not each.is_advanced]
        is_any_known = any(self.secrets.get(each.key) for each in proofs)
        return [
            each.key
            for each in fields
            if not self.secrets.get(each.key) and (each.is_required or (each in proofs and not is_any_known))
        ]


_SIGN_IN: Final = FormField(
    key=SIGN_IN,
    label="Sign in",
    kind=FieldKind.CHOICE,
    is_required=False,
    default="secret",
    choices=(("secret", "With a password or a secret"), (BROWSER, "In the browser")),
)
_REFRESH_TOKEN: Final = FormField(
    key=REFRESH_TOKEN, label="Browser sign-in", kind=FieldKind.SECRET, only_if=(SIGN_IN, BROWSER), is_drawn=False
)
_SECRET: Final = (SIGN_IN, "secret")
_IN_BROWSER: Final = (SIGN_IN, BROWSER)

FORMS: Final[Mapping[System, ConnectionForm]] = MappingProxyType(
    {
        System.EXSTREAM: ConnectionForm(
            account_key="username",
            own_fields=(
                url("base_url", "Address of Exstream"),
                url("otds_url", "Address of OTDS", help_="OpenText Directory Services, which signs us in."),
                FormField(key="tenant", label="Tenant"),
                FormField(
                    key="subscription", label="Subscription", is_required=False, help="In the cloud edition only."
                ),
                FormField(key="domain", label="Domain", help="The Exstream domain that your templates live in."),
                FormField(key="client_id", label="OAuth client", help="Made by whoever administers OTDS."),
                _SIGN_IN,
                secret("client_secret", "OAuth client's secret", is_required=False, only_if=_SECRET),
                FormField(
                    key="username",
                    label="User",
                    is_required=False,
                    help="When a person signs in, not a service.",
                    only_if=_SECRET,
                ),
                secret("password", "Password", is_required=False, only_if=_SECRET),
                _REFRESH_TOKEN,
                *COMPOSER_NAMES,
            ),
        ),
        System.EXTENDED_ECM: ConnectionForm(
            account_key="username",
            own_fields=(
                url("base_url", "Address of Content Server"),
                FormField(
                    key="cs_path",
                    label="Path of Content Server",
                    kind=FieldKind.PATH,
                    default="/cs/cs",
                    help="What follows the host in the browser: /cs/cs, /otcs/cs.exe …",
                ),
                url("otds_url", "Address of OTDS", is_required=False, help_="Empty: Content Server signs us in."),
                _SIGN_IN,
                FormField(
                    key="client_id", label="OAuth client", help="Made by whoever administers OTDS.", only_if=_IN_BROWSER
                ),
                FormField(key="username", label="User", only_if=_SECRET),
                secret("password", "Password", only_if=_SECRET),
                _REFRESH_TOKEN,
                *ARCHIVE_NAMES,
            ),
        ),
        System.CORE_DAM: ConnectionForm(
            account_key="username",
            own_fields=(
                url("base_url", "Address of the library"),
                url("delivery_url", "Address of its renditions", is_required=False, help_="Empty: the library's own."),
                _SIGN_IN,
                url("authorize_url", "Address of the sign-in page", only_if=_IN_BROWSER),
                url("token_url", "Address for tokens", only_if=_IN_BROWSER),
                FormField(key="username", label="User", only_if=_SECRET),
                secret("password", "Password", only_if=_SECRET),
                FormField(key="client_id", label="OAuth client", is_required=False, help="Where tokens are used."),
                secret("client_secret", "OAuth client's secret", is_required=False, only_if=_SECRET),
                _REFRESH_TOKEN,
            ),
        ),
        System.ICONIK: ConnectionForm(
            account_key="app_id",
            own_fields=(
                url("base_url", "Address of iconik", default="https://app.iconik.io"),
                _SIGN_IN,
                FormField(
                    key="app_id",
                    label="App-ID",
                    help="iconik, Admin, Settings, Application tokens.",
                    only_if=_SECRET,
                ),
                secret("auth_token", "Auth-Token", only_if=_SECRET),
                url(
                    "authorize_url",
                    "Address of the sign-in page",
                    is_required=False,
                    help_="Empty: where iconik itself starts OAuth.",
                    only_if=_IN_BROWSER,
                ),
                FormField(
                    key="client_id",
                    label="OAuth client",
                    help="iconik, Admin, Settings, Applications: a public one.",
                    only_if=_IN_BROWSER,
                ),
                FormField(
                    key="redirect_port",
                    label="Port of the redirect",
                    help="As registered: http://127.0.0.1:port/callback.",
                    only_if=_IN_BROWSER,
                ),
                _REFRESH_TOKEN,
            ),
        ),
        System.CLOUDINARY: ConnectionForm(
            account_key="api_key",
            own_fields=(
                url("base_url", "Address of the API", default="https://api.cloudinary.com"),
                url("delivery_url", "Address of delivery", default="https://res.cloudinary.com"),
                FormField(key="cloud_name", label="Cloud name", help="Cloudinary, Settings, API keys."),
                _SIGN_IN,
                FormField(key="api_key", label="API key", only_if=_SECRET),
                secret("api_secret", "API secret", only_if=_SECRET),
                url("oauth_url", "Address of its sign-in", default="https://oauth.cloudinary.com", only_if=_IN_BROWSER),
                FormField(
                    key="client_id", label="OAuth client", help="Registered with Cloudinary.", only_if=_IN_BROWSER
                ),
                FormField(
                    key="redirect_port",
                    label="Port of the redirect",
                    help="As registered: http://127.0.0.1:port/callback.",
                    only_if=_IN_BROWSER,
                ),
                _REFRESH_TOKEN,
            ),
        ),
    }
)


def check(system: System, values: Mapping[str, str], *, kept: Collection[str] = ()) -> Mapping[str, str]:
    """A sentence for each field of ``system``'s form that cannot be right; empty when all can.

    ``kept`` are the secrets that are known already: left empty, they stay as they are.
    """
    counting = FORMS[system].asked(values)
    typed = {each.key: values.get(each.key, "").strip() or each.default_choice for each in counting}
    asked = [each for each in counting if each.is_drawn and (typed[each.key] or each.key not in kept)]
    complaints = {each.key: complaint(each, typed[each.key]) for each in asked}
    return {key: sentence for key, sentence in complaints.items() if sentence}


def read_form(system: System, values: Mapping[str, str], *, kept: Collection[str] = ()) -> ReadConnection:
    """The connection that was typed. Raises: UserError beside the first field that cannot be right."""
    for key, sentence in check(system, values, kept=kept).items():
        raise UserError(sentence, field=key)
    form = FORMS[system]
    asked = form.asked(values)
    typed = {each.key: values.get(each.key, "").strip() for each in asked}
    for each in asked:
        if each.kind in {FieldKind.URL, FieldKind.PATH, FieldKind.PROXY}:
            typed[each.key] = typed[each.key].rstrip("/")
        elif each.kind is FieldKind.CHOICE and typed[each.key] == each.default:
            typed[each.key] = ""
    no_settings = {"base_url", *(each.key for each in form.fields if each.is_secret or each.is_file)}
    kept = {key: value for key, value in typed.items() if value and key not in no_settings}
    return ReadConnection(
        connection=Connection(
            system=system,
            base_url=typed["base_url"],
            settings=kept,
            account=typed.get(form.account_key, ""),
        ),
        # A space at the end of a password may be a part of it.
        secrets=MappingProxyType(
            {each.key: values[each.key] for each in asked if each.is_secret and values.get(each.key)}
        ),
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
