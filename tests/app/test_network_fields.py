"""Advanced fields of a connection: asked only when chosen, read once, refused beside the field, never lost."""

import asyncio
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.connections import FORMS, Connection, ReadConnection, check, read_form
from app.credentials import Credentials
from app.doctor import Mark, _network_lines
from app.errors import UserError
from app.network_fields import ROOTS_PEM, network_of, with_files_read
from app.outgoing import OutgoingFiles
from app.records import System
from app.systems.browser_tokens import BrowserTokens
from app.use_cases.connect_system import try_connection
from connectors.network import LARGEST_FILE_BYTES
from tests.connectors.hostile import certificate, handshaking
from tests.connectors.test_network import demanding, key_pem, pem

ICONIK = {"base_url": "https://iconik.example", "app_id": "id", "auth_token": "t0ken"}
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


@pytest.fixture
def authority(tmp_path: Path) -> Pair:
    """An organisation's own."""
    _, made, key = certificate(tmp_path, host="Harbour Root", is_authority=True)
    return made, key


@pytest.fixture
def files(tmp_path: Path, authority: Pair) -> dict[str, str]:
    """The form of iconik with both files chosen."""
    _, made, key = certificate(tmp_path, host="desk", authority=authority)
    (tmp_path / "roots.pem").write_bytes(pem(authority[0]))
    (tmp_path / "desk.pem").write_bytes(key_pem(key, "sésame") + pem(made))
    return {
        **ICONIK,
        "trust": "file",
        "roots": str(tmp_path / "roots.pem"),
        "identity": "file",
        "identity_file": str(tmp_path / "desk.pem"),
        "identity_passphrase": "sésame",
    }


def test_nobody_is_asked_for_what_was_not_chosen() -> None:
    """Whoever has no proxy would be stopped by its empty address."""
    assert check(System.ICONIK, ICONIK) == {}
    assert check(System.ICONIK, {**ICONIK, "proxy": "named"}) == {"proxy_url": "Address of the proxy is needed."}
    assert check(System.ICONIK, {**ICONIK, "identity": "file"}) == {
        "identity_file": "Certificate with its key is needed."
    }


def test_what_was_typed_for_another_choice_is_not_kept() -> None:
    """A proxy's password would stay in the keyring after the proxy was given up."""
    typed = {**ICONIK, "proxy": "machine", "proxy_url": "http://proxy.example:1", "proxy_password": "hunter2"}

    read = read_form(System.ICONIK, typed)

    assert read.secrets == {"auth_token": "t0ken"}
    assert read.connection.settings == {"app_id": "id"}


def test_a_proxy_may_be_spoken_to_without_encryption_and_holds_no_password_in_its_address() -> None:
    """Nearly all are http://; what goes through has encryption of its own."""
    fine = {**ICONIK, "proxy": "named", "proxy_url": "http://proxy.example:3128"}

    assert check(System.ICONIK, fine) == {}
    assert list(check(System.ICONIK, {**fine, "proxy_url": "http://me:pw@proxy.example"})) == ["proxy_url"]


def test_files_are_read_once_and_the_key_goes_to_the_credentials(files: dict[str, str]) -> None:
    """Tomorrow the file is gone from the downloads, and a private key has no business in a database."""
    read = read_form(System.ICONIK, with_files_read(files))

    network = network_of({**read.connection.settings, ROOTS_PEM: with_files_read(files)[ROOTS_PEM]}, read.secrets)

    assert network.identity is not None
    assert network.identity.subject == "CN=desk"
    assert "CERTIFICATE" in network.roots
    assert "identity_file" not in read.connection.settings


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"roots": "/no/such/file"}, "roots", "“file” cannot be read"),
        ({"roots": "{folder}/desk.pem"}, "roots", "private key"),
        ({"identity_file": "{folder}/roots.pem"}, "identity_file", "without its private key"),
        ({"identity_passphrase": "wrong"}, "identity_passphrase", "passphrase is wrong"),
        ({"identity_passphrase": ""}, "identity_passphrase", "passphrase is needed"),
        ({"roots": "{folder}/huge"}, "roots", "too large"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_beside_its_field(
    files: dict[str, str], tmp_path: Path, changed: dict[str, str], field: str, words: str
) -> None:
    """It would be found out by a broken connection, in the words of a library."""
    (tmp_path / "huge").write_bytes(b"x" * (LARGEST_FILE_BYTES + 1))
    typed = {**files, **{key: value.replace("{folder}", str(tmp_path)) for key, value in changed.items()}}

    with pytest.raises(UserError, match=words) as told:
        network_of(*_kept(typed))

    assert told.value.field == field


def _kept(typed: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    values = with_files_read(typed)
    read = read_form(System.ICONIK, values)
    return {**read.connection.settings, ROOTS_PEM: values[ROOTS_PEM]}, dict(read.secrets)


@pytest.mark.parametrize(
    ("left_out", "who"),
    [("trust", "file of its authority"), ("identity", "for a client certificate")],
)
def test_a_test_says_which_part_is_at_fault_and_who_can_mend_it(
    files: dict[str, str], authority: Pair, tmp_path: Path, left_out: str, who: str
) -> None:
    """“Cannot be reached” sends people to the wrong desk."""
    settings, secrets = _kept(files)
    with handshaking(demanding(tmp_path, authority)) as port:
        connection = Connection(
            system=System.ICONIK,
            base_url=f"https://localhost:{port}",
            settings={key: value for key, value in settings.items() if key != left_out},
        )
        read = ReadConnection(connection=connection, secrets=secrets)
        tested = asyncio.run(
            try_connection(
                read,
                outgoing=OutgoingFiles(tmp_path / "out"),
                tokens=BrowserTokens(Credentials("p", session_only=True)),
                on_exchange=lambda _exchange: None,
            )
        )

    assert who in tested.rows[0].hint


def test_the_doctor_tells_what_was_chosen_and_what_has_ended(files: dict[str, str], tmp_path: Path) -> None:
    """The certificate that ended last night is what nobody thinks of."""
    settings, secrets = _kept(files)
    _, old, _key = certificate(tmp_path, host="old", valid=(-9, -2))
    connection = Connection(
        system=System.ICONIK, base_url="https://x", settings={**settings, ROOTS_PEM: pem(old).decode(), "proxy": "none"}
    )

    lines = _network_lines(ReadConnection(connection=connection, secrets=secrets))

    assert [(line.mark, line.what) for line in lines] == [
        (Mark.FINE, "Proxy"),
        (Mark.WRONG, "Authority"),
        (Mark.FINE, "Certificate"),
    ]


@pytest.mark.parametrize("system", System)
def test_every_connection_can_have_them_and_every_condition_names_a_choice(system: System) -> None:
    """A field whose condition nobody can meet would never be seen."""
    fields = {each.key: each for each in FORMS[system].fields}

    for each in fields.values():
        if each.only_if is not None:
            key, value = each.only_if
            assert value in dict(fields[key].choices)
