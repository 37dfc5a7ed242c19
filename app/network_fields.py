"""What can be chosen of every connection: its proxy, whom it trusts beside the machine, and who it says it is.

Files that are named are read once: authorities go with the connection's settings, a certificate with its key to the
credentials, so that nothing depends on a file that somebody tidies away.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.errors import UserError
from app.form_fields import FieldKind, FormField
from connectors.network import LARGEST_FILE_BYTES, CertificateFileError, Identity, Network, ProxyWay, read_roots

ROOTS_PEM: Final = "roots_pem"
"""The setting that holds the authorities themselves."""
_FILE: Final = "file"

NETWORK_FIELDS: Final = (
    FormField(
        key="proxy",
        label="Proxy",
        kind=FieldKind.CHOICE,
        is_required=False,
        default=ProxyWay.MACHINE,
        choices=(
            (ProxyWay.MACHINE, "As this computer has it"),
            (ProxyWay.NONE, "None"),
            (ProxyWay.NAMED, "This one"),
        ),
        is_advanced=True,
    ),
    FormField(
        key="proxy_url",
        label="Address of the proxy",
        kind=FieldKind.PROXY,
        only_if=("proxy", ProxyWay.NAMED),
        help="http://proxy.example:3128",
        is_advanced=True,
    ),
    FormField(
        key="proxy_user",
        label="User at the proxy",
        is_required=False,
        only_if=("proxy", ProxyWay.NAMED),
        is_advanced=True,
    ),
    FormField(
        key="proxy_password",
        label="Password at the proxy",
        kind=FieldKind.SECRET,
        is_required=False,
        only_if=("proxy", ProxyWay.NAMED),
        is_advanced=True,
    ),
    FormField(
        key="trust",
        label="Trusted authorities",
        kind=FieldKind.CHOICE,
        is_required=False,
        default="machine",
        choices=(("machine", "Those of this computer"), (_FILE, "Also those in a file")),
        is_advanced=True,
    ),
    FormField(
        key="roots",
        label="File of authorities",
        kind=FieldKind.FILE,
        only_if=("trust", _FILE),
        help="PEM, from whoever runs your network.",
        is_advanced=True,
    ),
    FormField(
        key="identity",
        label="Client certificate",
        kind=FieldKind.CHOICE,
        is_required=False,
        default="none",
        choices=(("none", "None"), (_FILE, "From a file")),
        is_advanced=True,
    ),
    FormField(
        key="identity_file",
        label="Certificate with its key",
        kind=FieldKind.SECRET_FILE,
        only_if=("identity", _FILE),
        help="PEM or PKCS#12. A copy goes to the keyring.",
        is_advanced=True,
    ),
    FormField(
        key="identity_passphrase",
        label="Passphrase of the certificate",
        kind=FieldKind.SECRET,
        is_required=False,
        only_if=("identity", _FILE),
        is_advanced=True,
    ),
)


def with_files_read(values: Mapping[str, str]) -> dict[str, str]:
    """``values`` with the contents of the files that they name; blocks. Raises: UserError beside the file's field."""
    read = dict(values)
    if values.get("trust") == _FILE and (name := values.get("roots", "").strip()):
        try:
            read[ROOTS_PEM] = read_roots(_content("roots", name))
        except CertificateFileError as error:
            raise UserError(str(error), field="roots") from error
    if values.get("identity") == _FILE and (name := values.get("identity_file", "").strip()):
        read["identity_file"] = b64encode(_content("identity_file", name)).decode()
    return read


def network_of(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Network:
    """How a connection with these settings and secrets is reached. Raises: UserError beside a field."""
    if settings.get("trust") == _FILE and not settings.get(ROOTS_PEM):
        raise UserError("File of authorities is needed.", field="roots")
    return Network(
        way=ProxyWay(settings.get("proxy", ProxyWay.MACHINE)),
        proxy=settings.get("proxy_url", ""),
        proxy_user=settings.get("proxy_user", ""),
        proxy_password=secrets.get("proxy_password", ""),
        roots=settings.get(ROOTS_PEM, "") if settings.get("trust") == _FILE else "",
        identity=_identity(secrets) if settings.get("identity") == _FILE else None,
    )


def _identity(secrets: Mapping[str, str]) -> Identity:
    try:
        return Identity.from_file(b64decode(secrets.get("identity_file", "")), secrets.get("identity_passphrase", ""))
    except CertificateFileError as error:
        field = "identity_passphrase" if "passphrase" in str(error) else "identity_file"
        raise UserError(str(error), field=field) from error


def _content(field: str, name: str) -> bytes:
    try:
        with Path(name).expanduser().open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UserError(f"“{Path(name).name}” cannot be read.", hint="Choose it again.", field=field) from error
    if len(content) > LARGEST_FILE_BYTES:
        raise UserError(f"“{Path(name).name}” is too large to be a file of certificates.", field=field)
    return content
