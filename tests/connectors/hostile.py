"""The other end of the wire as nobody would wish it: bytes as they are, over a real socket, with or without TLS."""

import asyncio
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.calls import Call, JSONBody, Reply
from connectors.http import Transport, Wire

READ = Call(name="read", method="GET", path="/thing", repeatable=True)
WRITE = Call(name="write", method="POST", path="/thing", body=JSONBody(value={"a": 1}))

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""One connection, from the first byte on."""


def says(*pieces: bytes, then: Awaitable[None] | None = None) -> Answer:
    """Reads one request's head, writes ``pieces`` and closes."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return answer


def reply(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole answer; ``length`` is what is claimed, the body's own when None."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def ask_port(
    port: int, call: Call = READ, *, scheme: str = "http", host: str = "127.0.0.1", wire: Wire | None = None
) -> Reply:
    """Send ``call`` through a doorway to whatever answers there."""

    async def run() -> Reply:
        transport = Transport(system="vendor", base_url=f"{scheme}://{host}:{port}", attempts=1, wire=wire)
        try:
            return await transport.send(call)
        finally:
            await transport.close()

    return asyncio.run(run())


def ask(
    answer: Answer,
    call: Call = READ,
    *,
    tls: ssl.SSLContext | None = None,
    scheme: str = "http",
    host: str = "127.0.0.1",
    **options: Any,
) -> Reply:
    """Send ``call`` through a doorway to a server that answers each connection with ``answer``."""

    async def run() -> Reply:
        async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await answer(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
                return
            finally:
                writer.close()

        server = await asyncio.start_server(served, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        transport = Transport(
            system="vendor", base_url=f"{scheme}://{host}:{port}", **{"attempts": 1, "patience_s": 1.0, **options}
        )
        try:
            return await transport.send(call)
        finally:
            await transport.close()
            server.close()

    return asyncio.run(run())


@contextmanager
def handshaking(context: ssl.SSLContext) -> Iterator[int]:
    """The port of a server that tries one handshake and, when that succeeds, one read, as blocking servers do.

    Such a server tells the reason of its refusal, which asyncio's does not. It hears the other end out before it hangs
    up, or the reason would be lost with the line.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(300)

    def serve() -> None:
        with suppress(OSError):
            line, _ = listening.accept()
            with line.dup() as plain:
                plain.settimeout(300)
                with suppress(ssl.SSLError), line, context.wrap_socket(line, server_side=True) as secure:
                    secure.recv(1)
                plain.shutdown(socket.SHUT_WR)
                while plain.recv(4096):
                    pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        thread.join()
        listening.close()


def certificate(
    folder: Path,
    *,
    host: str = "localhost",
    valid: tuple[int, int] = (-1, 30),
    authority: "tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None" = None,
    is_authority: bool = False,
) -> tuple[ssl.SSLContext, x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A server's side of TLS with a fresh certificate for ``host``, valid between two days counted from today."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    today = dt.datetime.now(dt.UTC)
    issuer, issuer_key = (authority[0].subject, authority[1]) if authority else (name, key)
    names: list[x509.GeneralName] = [x509.IPAddress(IPv4Address(host)) if host[0].isdecimal() else x509.DNSName(host)]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today + dt.timedelta(days=valid[0]))
        .not_valid_after(today + dt.timedelta(days=valid[1]))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
    chain, secret = folder / f"{host}.pem", folder / f"{host}.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return context, made, key
