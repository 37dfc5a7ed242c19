"""The fields that forms of connections are made of, and what can be wrong with what is typed into one."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit


class FieldKind(StrEnum):
    """How a field is drawn and checked."""

    URL = "url"
    TEXT = "text"
    PATH = "path"
    """A path on the system's host, beginning with a slash."""
    PROXY = "proxy"
    """The address of a proxy, which may be one without encryption: what goes through it has its own."""
    CHOICE = "choice"
    FILE = "file"
    """A file on this computer, of which a copy is taken."""
    SECRET = "secret"  # noqa: S105 - the name of a kind
    SECRET_FILE = "secret_file"  # noqa: S105 - the name of a kind
    """As above; the copy goes to the credentials."""


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
    choices: tuple[tuple[str, str], ...] = ()
    """Key and words of all that may be chosen."""
    only_if: tuple[str, str] | None = None
    """The key of a choice, and what has to be chosen there for this field to count."""
    is_advanced: bool = False
    """Whether most people never need it."""
    is_drawn: bool = True
    """Whether a person types it; the others come from a sign-in in the browser."""

    @property
    def is_secret(self) -> bool:
        """Whether it goes to the credentials and is never stored or shown."""
        return self.kind in {FieldKind.SECRET, FieldKind.SECRET_FILE}

    @property
    def is_file(self) -> bool:
        """Whether what is typed is the name of a file."""
        return self.kind in {FieldKind.FILE, FieldKind.SECRET_FILE}

    @property
    def default_choice(self) -> str:
        """What counts where nothing was chosen; empty for what is typed."""
        return self.default if self.kind is FieldKind.CHOICE else ""


def url(
    key: str,
    label: str,
    *,
    default: str = "",
    is_required: bool = True,
    help_: str = "",
    only_if: tuple[str, str] | None = None,
) -> FormField:
    """A field for a web address."""
    return FormField(
        key=key,
        label=label,
        kind=FieldKind.URL,
        default=default,
        is_required=is_required,
        help=help_,
        only_if=only_if,
    )


def secret(
    key: str, label: str, *, is_required: bool = True, help_: str = "", only_if: tuple[str, str] | None = None
) -> FormField:
    """A field for something that nobody may see."""
    return FormField(key=key, label=label, kind=FieldKind.SECRET, is_required=is_required, help=help_, only_if=only_if)


def complaint(declared: FormField, typed: str) -> str:
    """Why ``typed`` cannot be right; empty when it can."""
    if not typed:
        return f"{declared.label} is needed." if declared.is_required else ""
    match declared.kind:
        case FieldKind.URL:
            return _url_complaint(typed)
        case FieldKind.PROXY:
            return _url_complaint(typed, is_proxy=True)
        case FieldKind.CHOICE if typed not in dict(declared.choices):
            return f"Choose one of: {', '.join(words for _, words in declared.choices)}."
        case FieldKind.PATH if not typed.startswith("/") or any(each in typed for each in "?# "):
            return "A path begins with a slash and has no spaces: /cs/cs."
        case _:
            return "" if typed.isprintable() else "It contains a character that cannot be typed; copy it again."


def _url_complaint(typed: str, *, is_proxy: bool = False) -> str:
    try:
        parts = urlsplit(typed)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is how a wrong port is found
    except ValueError:
        return "This is no web address."
    if parts.scheme not in {"http", "https"} or not host or any(each.isspace() for each in typed):
        begins = "http://" if is_proxy else "https://"
        return f"A web address begins with {begins} and names a host."
    if parts.username is not None or parts.password is not None:
        return "Leave the user and the password out of the address; they have fields of their own."
    if parts.query or parts.fragment:
        return "Leave out everything from the ? or # on."
    if parts.scheme == "http" and not is_proxy and not _is_this_machine(host):
        return "Use https://: over http:// everybody on the way could read the password."
    return ""


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
