"""How one connection gets through the network: by which proxy, whom it trusts, and who it says it is.

Without anything chosen the machine decides: its settings name the proxy, its trust store says who is genuine. Roots of
one's own are trusted beside the machine's, for one connection may lead to several hosts. A client certificate is read
from memory; the private key touches the disk only sealed, and only while the TLS library reads it.
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Final, Self

import truststore
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

LARGEST_FILE_BYTES: Final = 1024 * 1024
"""More than any bundle of authorities has; a wrong file is told before it is read whole."""


class ProxyWay(StrEnum):
    """Who names the proxy."""

    MACHINE = "machine"
    NONE = "none"
    NAMED = "named"


class CertificateFileError(ValueError):
    """A file that cannot be used; its words are one sentence for a person and hold nothing of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A client certificate with its key."""

    chain: bytes
    """PEM, our own certificate first."""
    sealed_key: bytes = field(repr=False)
    """PEM, sealed with ``seal``."""
    seal: bytes = field(repr=False)
    subject: str
    ends_at: datetime

    @classmethod
    def from_file(cls, content: bytes, passphrase: str = "") -> Self:
        """The certificate and the key in a PEM or PKCS#12 file. Raises: CertificateFileError."""
        password = passphrase.encode() or None
        key, certificates = _of_pem(content, password) if b"-----BEGIN" in content else _of_pkcs12(content, password)
        public = key.public_key()
        own = next((each for each in certificates if each.public_key() == public), None)
        if own is None:
            raise CertificateFileError("The key in this file belongs to none of the certificates in it.")
        seal = token_hex(32).encode()
        chain = [own, *(each for each in certificates if each is not own)]
        identity = cls(
            chain=b"".join(each.public_bytes(Encoding.PEM) for each in chain),
            sealed_key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(seal)),
            seal=seal,
            subject=own.subject.rfc4514_string(),
            ends_at=own.not_valid_after_utc,
        )
        try:
            _say_who(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), identity)
        except ssl.SSLError as error:
            raise CertificateFileError(
                "This certificate cannot be used: its key is too short, or it was signed in a way that is not safe."
            ) from error
        return identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What was chosen for one connection."""

    way: ProxyWay = ProxyWay.MACHINE
    proxy: str = ""
    """The address of the proxy when it is named here, without user and password."""
    proxy_user: str = ""
    proxy_password: str = field(default="", repr=False)
    roots: str = ""
    """PEM of authorities that are trusted beside the machine's."""
    identity: Identity | None = None


MACHINES: Final = Network()
"""Nothing was chosen."""


def read_roots(content: bytes) -> str:
    """The authorities in a PEM file, as PEM without anything else that stands in it. Raises: CertificateFileError."""
    if b"PRIVATE KEY" in content:
        raise CertificateFileError("This file holds a private key; a file of authorities holds certificates alone.")
    return b"".join(each.public_bytes(Encoding.PEM) for each in _certificates(content)).decode()


def names_of(roots: str) -> tuple[tuple[str, datetime], ...]:
    """The name and the end of each authority in what :func:`read_roots` answered."""
    those = x509.load_pem_x509_certificates(roots.encode())
    return tuple((_name(each), each.not_valid_after_utc) for each in those)


def trust(network: Network) -> ssl.SSLContext:
    """Whom a TLS connection trusts, and whom it says we are. Reading the trust store takes a tenth of a second."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Not every build of Python refuses what is older by itself: Debian's leaves it to the system's settings.
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if network.roots:
        context.load_verify_locations(cadata=network.roots)
    if network.identity is not None:
        _say_who(context, network.identity)
    return context


def _say_who(context: ssl.SSLContext, identity: Identity) -> None:
    """The TLS library reads files alone, so it gets one, sealed with a word that only this process knows."""
    with TemporaryDirectory(prefix="proofdesk-") as folder:
        file = Path(folder) / "identity.pem"
        file.touch(mode=0o600)
        file.write_bytes(identity.sealed_key + identity.chain)
        context.load_cert_chain(file, password=identity.seal.decode())


def _of_pem(content: bytes, password: bytes | None) -> tuple[PrivateKeyTypes, Sequence[x509.Certificate]]:
    if b"PRIVATE KEY" not in content:
        raise CertificateFileError("This file holds a certificate without its private key; export both together.")
    try:
        key = load_pem_private_key(content, password if b"ENCRYPTED" in content else None)
    except TypeError as error:
        raise CertificateFileError("The key in this file is sealed: its passphrase is needed.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unreadable(password) from error
    return key, _certificates(content)


def _of_pkcs12(content: bytes, password: bytes | None) -> tuple[PrivateKeyTypes, Sequence[x509.Certificate]]:
    try:
        key, own, others = pkcs12.load_key_and_certificates(content, password)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise _unreadable(password) from error
    if key is None or own is None:
        raise CertificateFileError("This file holds no certificate with a private key; export both together.")
    return key, [own, *others]


def _unreadable(password: bytes | None) -> CertificateFileError:
    if password is None:
        return CertificateFileError("This file cannot be read: it is sealed with a passphrase, or no PEM or PKCS#12.")
    return CertificateFileError("This file cannot be read: the passphrase is wrong, or it is no PEM or PKCS#12.")


def _certificates(content: bytes) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise CertificateFileError("There is no certificate in this file; PEM begins with -----BEGIN.") from error


def _name(certificate: x509.Certificate) -> str:
    named = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(named[0].value) if named else certificate.subject.rfc4514_string()


def is_over(moment: datetime, *, now: datetime | None = None) -> bool:
    """Whether a certificate that ends at ``moment`` has ended."""
    return moment <= (now or datetime.now(UTC))
