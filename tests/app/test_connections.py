"""Forms of connections: what is asked, what is refused, what is stored and what is not."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlite_utils import Database

from app.connections import FORMS, Connection, check, connections_from_ready_file, read_form
from app.errors import UserError
from app.records import System
from app.store import connections
from app.store.schema import ledger_migrations

ADDRESSES = {
    "base_url": "http://127.0.0.1:3",
    "otds_url": "http://127.0.0.1:2",
    "delivery_url": "http://127.0.0.1:4",
    "cs_path": "/cs/cs",
}
IN_BROWSER = ("sign_in", "browser")
SYSTEMS: dict[str, dict[str, str]] = {
    system: {
        each.key: ADDRESSES.get(each.key, "x")
        for each in form.own_fields
        if each.key != "sign_in" and each.only_if != IN_BROWSER
    }
    for system, form in FORMS.items()
}
READY: dict[str, object] = {
    "version": 1,
    "pid": 1,
    "control_url": "http://127.0.0.1:1",
    "control_token": "t",
    "otds": {"base_url": "http://127.0.0.1:2", "username": "u"},
    **SYSTEMS,
}

ICONIK = {"base_url": "https://app.iconik.io/", "app_id": "id", "auth_token": "t0ken"}


@pytest.fixture
def ledger() -> Iterator[Database]:
    """The ledger's tables in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        ledger_migrations.apply(Database(connection))
        yield Database(connection)


def test_a_form_is_parted_into_connection_and_secrets() -> None:
    """A token in the store is a token in every backup."""
    read = read_form(System.ICONIK, ICONIK)

    assert read.connection == Connection(
        system=System.ICONIK,
        base_url="https://app.iconik.io",
        settings={"app_id": "id"},
        account="id",
    )
    assert read.secrets == {"auth_token": "t0ken"}
    assert "t0ken" not in repr(read)


def test_a_stored_connection_comes_back_without_secrets(ledger: Database) -> None:
    """The person would set everything up again, or find a password in a file."""
    read = read_form(System.ICONIK, ICONIK)

    connections.save(ledger, read.connection)

    assert connections.every(ledger) == (read.connection,)
    assert connections.every(ledger) == (read.connection,)
    assert "t0ken" not in "".join(ledger.conn.iterdump())


def test_a_dropped_connection_is_gone(ledger: Database) -> None:
    """The desk would go on asking a system that was given up."""
    connections.save(ledger, read_form(System.ICONIK, ICONIK).connection)

    connections.drop(ledger, System.ICONIK)

    assert connections.every(ledger) == ()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "is needed"),
        ("app.iconik.io", "begins with https://"),
        ("ftp://app.iconik.io", "begins with https://"),
        ("https://", "begins with https://"),
        ("https://app iconik.io", "begins with https://"),
        ("https://host:port", "no web address"),
        ("https://[::1", "no web address"),
        ("https://mia:pw@app.iconik.io", "fields of their own"),
        ("https://app.iconik.io/?x=1", "Leave out everything"),
        ("http://app.iconik.io", "Use https://"),
        ("http://127.0.0.1.evil.example", "Use https://"),
    ],
)
def test_a_wrong_address_is_explained_beside_its_field(address: str, words: str) -> None:
    """“Connection failed” does not say what to correct."""
    complaints = check(System.ICONIK, {**ICONIK, "base_url": address})

    assert list(complaints) == ["base_url"]
    assert words in complaints["base_url"]


@pytest.mark.parametrize(
    "address",
    ["https://app.iconik.io", "https://dam.example:8443/", "http://127.0.0.1:9", "http://[::1]:9", "http://localhost"],
)
def test_a_right_address_is_taken(address: str) -> None:
    """The desk could not be connected at all."""
    assert check(System.ICONIK, {**ICONIK, "base_url": address}) == {}


def test_what_cannot_be_right_is_not_read() -> None:
    """A form with a hole would fail later, somewhere else."""
    with pytest.raises(UserError) as told:
        read_form(System.ICONIK, {**ICONIK, "auth_token": ""})

    assert told.value.field == "auth_token"


def test_a_secret_that_is_kept_may_be_left_empty() -> None:
    """Whoever edits an address would otherwise have to know the password by heart."""
    edited = {**ICONIK, "auth_token": ""}

    read = read_form(System.ICONIK, edited, kept=["auth_token"])

    assert read.secrets == {}
    assert check(System.ICONIK, edited) == {"auth_token": "Auth-Token is needed."}


def test_a_path_begins_with_a_slash() -> None:
    """Content Server's path is what people get wrong."""
    values = {"base_url": "https://ecm.example", "cs_path": "cs/cs", "username": "u", "password": "p"}

    assert list(check(System.EXTENDED_ECM, values)) == ["cs_path"]


def test_the_ready_file_connects_every_system() -> None:
    """The demonstration would begin with five empty forms."""
    read = connections_from_ready_file(json.dumps(READY).encode())

    assert [each.connection.system for each in read] == list(System)
    for system, each in zip(System, read, strict=True):
        assert {"base_url": each.connection.base_url, **each.connection.settings, **each.secrets} == SYSTEMS[system]
        assert set(each.secrets) == {
            field.key for field in FORMS[system].own_fields if field.is_secret and field.only_if != IN_BROWSER
        }


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"version": 2}', b'{"version": 1, "iconik": 3}', b"\xff"])
def test_another_file_is_no_ready_file(raw: bytes) -> None:
    """A traceback would be the first thing that a newcomer sees."""
    with pytest.raises(UserError, match="did not say"):
        connections_from_ready_file(raw)


@pytest.mark.parametrize("system", System)
def test_every_form_names_its_account_and_no_key_twice(system: System) -> None:
    """A field would be drawn twice, or the card would not say who we are."""
    keys = [each.key for each in FORMS[system].fields]

    assert len(set(keys)) == len(keys)
    assert FORMS[system].account_key in keys
    assert keys[0] == "base_url"
