"""A connection's own proxy, roots and client certificate, over real sockets and real TLS."""

import asyncio
import ssl
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from connectors.calls import Reply
from connectors.errors import LineFault, UnreachableError
from connectors.http import Transport
from connectors.network import CertificateFileError, Identity, Network, ProxyWay, is_over, names_of, read_roots
from tests.connectors.hostile import READ, ask, ask_port, certificate, handshaking, reply, says

FINE = says(reply(b"{}"))
PASSPHRASE = "pässword 🔑"
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


@pytest.fixture
def authority(tmp_path: Path) -> Pair:
    """An organisation's own authority, unknown to the machine."""
    _, made, key = certificate(tmp_path, host="Harbour Root", is_authority=True, valid=(-30, 30))
    return made, key


def pem(*certificates: x509.Certificate) -> bytes:
    """As a file holds them."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def key_pem(key: ec.EllipticCurvePrivateKey, passphrase: str = "") -> bytes:
    """As a file holds it, sealed when there is a passphrase."""
    seal = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, seal)


def client_of(folder: Path, authority: Pair, *, valid: tuple[int, int] = (-1, 30)) -> Pair:
    """A desk's own certificate."""
    _, made, key = certificate(folder, host="desk", authority=authority, valid=valid)
    return made, key


def demanding(folder: Path, authority: Pair) -> ssl.SSLContext:
    """A server that lets nobody in without a certificate of ``authority``'s."""
    server, _, _ = certificate(folder, authority=authority)
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(cadata=pem(authority[0]).decode())
    return server


def test_roots_of_ones_own_are_trusted_by_that_connection_alone(tmp_path: Path, authority: Pair) -> None:
    """An internal system could not be connected, or every connection would trust what one of them needs."""
    server, _, _ = certificate(tmp_path, authority=authority)
    network = Network(roots=read_roots(pem(authority[0])))

    got = ask(FINE, scheme="https", host="localhost", tls=server, wire=network)
    with pytest.raises(UnreachableError) as caught:
        ask(FINE, scheme="https", host="localhost", tls=server, wire=Network())

    assert got.status == 200
    assert caught.value.fault is LineFault.UNTRUSTED


@pytest.mark.parametrize(
    ("valid", "host", "fault"),
    [((-9, -2), "localhost", LineFault.EXPIRED), ((-1, 9), "127.0.0.1", LineFault.NAME_MISMATCH)],
)
def test_roots_of_ones_own_switch_no_other_check_off(
    tmp_path: Path, authority: Pair, valid: tuple[int, int], host: str, fault: LineFault
) -> None:
    """Trusting an authority must not mean trusting anything that it ever signed, for any name."""
    server, _, _ = certificate(tmp_path, authority=authority, valid=valid)

    with pytest.raises(UnreachableError) as caught:
        ask(FINE, scheme="https", host=host, tls=server, wire=Network(roots=read_roots(pem(authority[0]))))

    assert caught.value.fault is fault


@pytest.mark.parametrize("kind", ["pem", "sealed pem", "pkcs12"])
def test_a_client_certificate_of_any_usual_form_lets_in(tmp_path: Path, authority: Pair, kind: str) -> None:
    """Whoever hands out certificates hands out one of these forms, and no other tool to change them."""
    made, key = client_of(tmp_path, authority)
    content = {
        "pem": lambda: key_pem(key) + pem(made, authority[0]),
        "sealed pem": lambda: pem(authority[0], made) + key_pem(key, PASSPHRASE),
        "pkcs12": lambda: pkcs12.serialize_key_and_certificates(
            b"desk", key, made, [authority[0]], BestAvailableEncryption(PASSPHRASE.encode())
        ),
    }[kind]()
    identity = Identity.from_file(content, "" if kind == "pem" else PASSPHRASE)
    network = Network(roots=read_roots(pem(authority[0])), identity=identity)

    got = ask(FINE, scheme="https", host="localhost", tls=demanding(tmp_path, authority), wire=network)

    assert got.status == 200
    assert identity.subject == "CN=desk"
    assert not is_over(identity.ends_at)


def test_a_missing_client_certificate_is_named_and_nothing_counts_as_sent(tmp_path: Path, authority: Pair) -> None:
    """The outbox would look for what a letter became that no server ever read."""
    network = Network(roots=read_roots(pem(authority[0])))

    with handshaking(demanding(tmp_path, authority)) as port, pytest.raises(UnreachableError) as caught:
        ask_port(port, scheme="https", host="localhost", wire=network)

    assert caught.value.fault is LineFault.CERTIFICATE_WANTED
    assert "asks for a client certificate" in caught.value.sentence


@pytest.mark.parametrize("is_strange", [True, False])
def test_a_refused_client_certificate_is_named(tmp_path: Path, authority: Pair, is_strange: bool) -> None:
    """Its own administrator cannot see from “no connection” that ours ended last night."""
    (tmp_path / "other").mkdir()
    _, stranger, stranger_key = certificate(tmp_path / "other", host="Other Root", is_authority=True)
    signer = (stranger, stranger_key) if is_strange else authority
    made, key = client_of(tmp_path, signer, valid=(-1, 30) if is_strange else (-9, -2))
    identity = Identity.from_file(key_pem(key) + pem(made))
    network = Network(roots=read_roots(pem(authority[0])), identity=identity)

    with handshaking(demanding(tmp_path, authority)) as port, pytest.raises(UnreachableError) as caught:
        ask_port(port, scheme="https", host="localhost", wire=network)

    assert caught.value.fault is LineFault.CERTIFICATE_REFUSED
    assert "client certificate" in caught.value.sentence


def test_a_private_key_lies_on_no_disk_in_the_clear(
    tmp_path: Path, authority: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary folders are backed up, indexed and shared more often than anybody thinks."""
    made, key = client_of(tmp_path, authority)
    identity = Identity.from_file(key_pem(key) + pem(made))
    seen: list[bytes] = []
    load = ssl.SSLContext.load_cert_chain

    def watched(self: ssl.SSLContext, certfile: Path, keyfile: Path | None = None, password: str | None = None) -> None:
        if Path(certfile).name == "identity.pem":
            seen.append(Path(certfile).read_bytes())
        load(self, certfile, keyfile, password)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    network = Network(roots=read_roots(pem(authority[0])), identity=identity)
    ask(FINE, scheme="https", host="localhost", tls=demanding(tmp_path, authority), wire=network)

    assert seen
    assert all(b"ENCRYPTED PRIVATE KEY" in content for content in seen)
    assert key_pem(key)[40:80] not in b"".join(seen) + repr(network).encode()


@pytest.mark.parametrize(
    ("content", "passphrase", "words"),
    [
        (b"nonsense", "", "no PEM or PKCS#12"),
        (b"nonsense", "x", "the passphrase is wrong"),
        (b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", "", "without its private key"),
        (b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n", "", "cannot be read"),
    ],
)
def test_a_file_that_is_no_identity_is_explained(content: bytes, passphrase: str, words: str) -> None:
    """“Handshake failure” an hour later is nobody's idea of help."""
    with pytest.raises(CertificateFileError, match=words):
        Identity.from_file(content, passphrase)


def test_a_sealed_key_without_its_passphrase_is_explained(tmp_path: Path, authority: Pair) -> None:
    """As above."""
    made, key = client_of(tmp_path, authority)

    with pytest.raises(CertificateFileError, match="its passphrase is needed"):
        Identity.from_file(pem(made) + key_pem(key, PASSPHRASE))


def test_a_key_that_tls_refuses_is_explained_at_once() -> None:
    """Every call would end with words of OpenSSL's, long after the file was chosen."""
    key = rsa.generate_private_key(65537, 1024)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "desk")])
    begins = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key(), serial_number=1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    with pytest.raises(CertificateFileError, match="its key is too short"):
        Identity.from_file(pem(made) + sealed)


def test_a_key_of_another_certificate_is_explained(tmp_path: Path, authority: Pair) -> None:
    """As above."""
    made, _ = client_of(tmp_path, authority)

    with pytest.raises(CertificateFileError, match="belongs to none of the certificates"):
        Identity.from_file(pem(made) + key_pem(ec.generate_private_key(ec.SECP256R1())))


def test_a_file_of_roots_is_told_by_name_and_refused_when_it_holds_a_key(authority: Pair) -> None:
    """A private key would be copied into the profile, where nothing secret belongs."""
    made, key = authority

    ((name, ends_at),) = names_of(read_roots(b"# our own\n" + pem(made)))

    assert name == "Harbour Root"
    assert ends_at > datetime.now(UTC) + timedelta(days=20)
    with pytest.raises(CertificateFileError, match="private key"):
        read_roots(pem(made) + key_pem(key))
    with pytest.raises(CertificateFileError, match="no certificate"):
        read_roots(b"hello")


class ConnectProxy:
    """A proxy that makes tunnels for whoever signs in, and notes where to."""

    def __init__(self, password: str) -> None:
        self.asked: list[str] = []
        self._proof = b64encode(f"desk:{password}".encode()).decode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        target = head.split()[1]
        self.asked.append(target)
        if f"Basic {self._proof}" not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        host, _, port = target.partition(":")
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))


async def _pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    try:
        while some := await source.read(65_536):
            into.write(some)
            await into.drain()
    except ConnectionError:
        return
    finally:
        into.close()


def _through(proxy: ConnectProxy, server: ssl.SSLContext, network: Network) -> Reply:
    """Ask a TLS server on this machine by way of ``proxy``."""

    async def run() -> Reply:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await FINE(reader, writer)
            writer.close()

        far = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server)
        near = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
        ports = [each.sockets[0].getsockname()[1] for each in (far, near)]
        chosen = replace(network, proxy=f"http://127.0.0.1:{ports[1]}")
        transport = Transport(system="vendor", base_url=f"https://localhost:{ports[0]}", attempts=1, wire=chosen)
        try:
            return await transport.send(READ)
        finally:
            await transport.close()
            far.close()
            near.close()

    return asyncio.run(run())


def test_a_named_proxy_with_a_password_is_the_only_way(tmp_path: Path, authority: Pair) -> None:
    """In many houses nothing leaves but through it."""
    server, _, _ = certificate(tmp_path, authority=authority)
    proxy = ConnectProxy(PASSPHRASE)
    network = Network(
        way=ProxyWay.NAMED, proxy_user="desk", proxy_password=PASSPHRASE, roots=read_roots(pem(authority[0]))
    )

    got = _through(proxy, server, network)

    assert got.status == 200
    assert len(proxy.asked) == 1
    assert PASSPHRASE not in repr(network)


def test_a_proxy_that_does_not_know_us_is_at_fault_and_not_the_system(tmp_path: Path, authority: Pair) -> None:
    """The vendor's administrator would be rung up for the network team's password."""
    server, _, _ = certificate(tmp_path, authority=authority)
    network = Network(way=ProxyWay.NAMED, proxy_user="desk", proxy_password="wrong")

    with pytest.raises(UnreachableError) as caught:
        _through(ConnectProxy(PASSPHRASE), server, network)

    assert caught.value.fault is LineFault.PROXY_SIGN_IN
    assert "wrong" not in caught.value.sentence


def test_no_proxy_means_none_whatever_the_machine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system inside the house would be looked for outside."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    got = ask(FINE, wire=Network(way=ProxyWay.NONE))

    assert got.status == 200


def test_a_proxy_that_is_down_is_at_fault() -> None:
    """“Nothing listens” would be looked for at the vendor."""
    with pytest.raises(UnreachableError) as caught:
        ask(FINE, host="vendor.example", wire=Network(way=ProxyWay.NAMED, proxy="http://127.0.0.1:9"))

    assert caught.value.fault is LineFault.PROXY_DOWN
