"""Lines that cannot be made: each failure has a sentence with which an administrator can do something."""

import asyncio
import socket
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from connectors.calls import Call
from connectors.errors import UnansweredError, UnreachableError
from connectors.http import Transport
from connectors.lines import Lines
from tests.connectors.hostile import WRITE, ask, ask_port, certificate, handshaking, reply, says

FINE = says(reply(b"{}"))


def trusted(monkeypatch: pytest.MonkeyPatch, folder: Path, *certificates: bytes) -> None:
    """Let this process trust ``certificates``, as an administrator would let the machine."""
    store = folder / "store.pem"
    store.write_bytes(b"".join(certificates))
    monkeypatch.setenv("SSL_CERT_FILE", str(store))


def test_a_certificate_of_a_trusted_authority_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusals below would prove nothing."""
    _, authority, key = certificate(tmp_path, host="authority", is_authority=True)
    server, _, _ = certificate(tmp_path, authority=(authority, key))
    trusted(monkeypatch, tmp_path, authority.public_bytes(Encoding.PEM))

    got = ask(FINE, scheme="https", host="localhost", tls=server)

    assert got.status == 200


@pytest.mark.parametrize(
    ("made", "asked", "words"),
    [
        ({"valid": (-9, -2)}, "localhost", "has expired"),
        ({"valid": (2, 9)}, "localhost", "not valid yet"),
        ({"host": "vendor.example"}, "localhost", "is for another host name"),
        ({}, "127.0.0.1", "not for this IP address"),
    ],
)
def test_a_certificate_that_does_not_fit_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: dict[str, Any], asked: str, words: str
) -> None:
    """“Cannot be reached” alone sends the administrator to the network team."""
    _, authority, key = certificate(tmp_path, host="authority", is_authority=True, valid=(-30, 30))
    server, _, _ = certificate(tmp_path, authority=(authority, key), **made)
    trusted(monkeypatch, tmp_path, authority.public_bytes(Encoding.PEM))

    with pytest.raises(UnreachableError) as caught:
        ask(FINE, WRITE, scheme="https", host=asked, tls=server)

    assert words in caught.value.sentence
    assert caught.value.sentence.startswith("vendor cannot be reached: its certificate")


def test_a_certificate_signed_by_itself_is_explained(tmp_path: Path) -> None:
    """An internal server with such a certificate is the commonest first failure."""
    server, _, _ = certificate(tmp_path)

    with pytest.raises(UnreachableError, match="signed by itself; add it to this computer's trust store"):
        ask(FINE, scheme="https", host="localhost", tls=server)


def test_a_certificate_of_an_unknown_authority_is_explained(tmp_path: Path) -> None:
    """A proxy that inspects connections looks exactly so."""
    _, authority, key = certificate(tmp_path, host="authority", is_authority=True)
    server, _, _ = certificate(tmp_path, authority=(authority, key))

    with pytest.raises(UnreachableError, match="authority of its certificate is not known here"):
        ask(FINE, scheme="https", host="localhost", tls=server)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_an_old_protocol_is_explained(tmp_path: Path) -> None:
    """A server from before TLS 1.2 looks dead otherwise."""
    server, _, _ = certificate(tmp_path)
    server.set_ciphers("ALL:@SECLEVEL=0")
    server.minimum_version = ssl.TLSVersion.TLSv1
    server.maximum_version = ssl.TLSVersion.TLSv1_1

    with handshaking(server) as port, pytest.raises(UnreachableError, match=r"too old to be safe; it needs TLS 1\.2"):
        ask_port(port, scheme="https", host="localhost")


def test_a_client_certificate_that_is_asked_for_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutual TLS cannot be guessed from a broken connection."""
    _, authority, key = certificate(tmp_path, host="authority", is_authority=True)
    server, _, _ = certificate(tmp_path, authority=(authority, key))
    store = authority.public_bytes(Encoding.PEM)
    trusted(monkeypatch, tmp_path, store)
    # Up to 1.2 the refusal belongs to the handshake; later it would race with the request.
    server.maximum_version = ssl.TLSVersion.TLSv1_2
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(cadata=store.decode())

    with handshaking(server) as port, pytest.raises(UnreachableError, match="or it asks for a certificate"):
        ask_port(port, scheme="https", host="localhost")


def test_a_plain_port_behind_a_secure_address_is_explained() -> None:
    """A wrong scheme in the settings is mended in a second, once it is known."""

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    with pytest.raises(UnreachableError, match="does not speak TLS there; its address may have to begin with http://"):
        ask(plain, scheme="https", host="localhost")


def test_a_secure_port_behind_a_plain_address_is_explained(tmp_path: Path) -> None:
    """A TLS server answers plain HTTP with an alert, which is no HTTP."""
    alert = says(b"\x15\x03\x01\x00\x02\x02\x46" + b"\x00" * 30)

    with pytest.raises(UnansweredError, match="does not speak HTTP; its address may have to begin with https://"):
        ask(alert)


def test_a_name_that_nobody_knows_is_explained() -> None:
    """A misspelt host is the commonest error of all."""
    with pytest.raises(UnreachableError, match="not known to the name service"):
        ask(FINE, host="no-such-host.invalid")


def test_a_port_where_nothing_listens_is_explained() -> None:
    """Down, or the wrong port: both are the administrator's to find out."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(UnreachableError, match="nothing listens at its address and port"):
        ask_port(port, WRITE)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "407: it asks for a name"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "403: it does not let this computer go there"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "502"),
    ],
)
def test_a_proxy_that_refuses_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, words: str
) -> None:
    """The vendor would be blamed for the proxy, and the proxy's password shown."""

    async def run() -> None:
        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(proxy, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("https_proxy", f"http://desk:hunter2@127.0.0.1:{port}")
        transport = Transport(system="vendor", base_url="https://vendor.example")
        try:
            await transport.send(WRITE)
        finally:
            await transport.close()
            server.close()

    with pytest.raises(UnreachableError) as caught:
        asyncio.run(run())

    assert "the proxy 127.0.0.1:" in caught.value.sentence
    assert words in caught.value.sentence
    assert "hunter2" not in repr(caught.value) + caught.value.sentence


def test_a_proxy_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """“Nothing listens” would be looked for at the vendor."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    async def run() -> None:
        transport = Transport(system="vendor", base_url="http://vendor.example")
        try:
            await transport.send(WRITE)
        finally:
            await transport.close()

    with pytest.raises(UnreachableError, match=r"asked through the proxy 127\.0\.0\.1:9"):
        asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://vendor.example/", "http://proxy.example:3128"),
        ("https://vendor.example/", "http://secure.example:3128"),
        ("http://127.0.0.1:8080/", ""),
        ("https://intranet.corp.example/", ""),
        ("http://corp.example.elsewhere.example/", "http://proxy.example:3128"),
    ],
)
def test_the_machine_says_which_proxy_is_used(url: str, proxy: str) -> None:
    """A vendor inside the network is not reached through the way out."""
    lines = Lines(
        proxies={
            "http": "proxy.example:3128",
            "https": "http://secure.example:3128",
            "no": "127.0.0.1,.corp.example",
        }
    )

    assert lines.proxy_for(httpx.URL(url)) == proxy


@pytest.mark.parametrize("path", ["ftp://vendor.example/x", "http://", "http://[::1", "thing", "//elsewhere.example/x"])
def test_an_address_that_is_none_is_told(path: str) -> None:
    """A link out of a reply would end the program as a bug."""
    call = Call(name="read", method="GET", path=path, signed_in=False)

    with pytest.raises(UnreachableError):
        ask(FINE, call, host="no-such-host.invalid")


def test_a_connection_that_nobody_takes_ends_in_time() -> None:
    """A firewall that swallows packets would hold the page for minutes."""

    async def run() -> None:
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            address = full.getsockname()
            waiting = [socket.socket() for _ in range(4)]
            for each in waiting:
                each.setblocking(False)
                each.connect_ex(address)
            transport = Transport(system="vendor", base_url=f"http://127.0.0.1:{address[1]}")
            try:
                await transport.send(Call(name="write", method="POST", path="/thing", deadline_s=0.3, signed_in=False))
            finally:
                await transport.close()
                for each in waiting:
                    each.close()

    with pytest.raises((UnreachableError, UnansweredError), match="no answer in time"):
        asyncio.run(run())


@pytest.mark.parametrize(("slept_s", "is_the_same"), [(119, True), (121, False), (-90_000, False)])
def test_lines_do_not_outlive_a_sleep(slept_s: float, is_the_same: bool) -> None:
    """The first click of the morning would wait thirty seconds for an answer out of yesterday."""
    now = [1_000_000.0]
    url = httpx.URL("http://vendor.example/")

    async def run() -> bool:
        lines = Lines(proxies={}, wall=lambda: now[0])
        before = lines.towards(url)
        now[0] += slept_s
        lines.leave_stale()
        after = lines.towards(url)
        await lines.close()
        return before is after

    assert asyncio.run(run()) is is_the_same
