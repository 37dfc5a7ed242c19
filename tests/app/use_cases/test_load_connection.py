"""What is kept of a connection that is edited goes where it was typed for, and nowhere else."""

import asyncio
from collections.abc import Mapping

import pytest

from app.connections import REFRESH_TOKEN, ReadConnection, read_form
from app.credentials import Credentials
from app.errors import UserError
from app.records import System
from app.store import Store, connections
from app.systems.browser_tokens import BrowserTokens, browser_way
from app.use_cases.load_connection import read_with_kept_secrets

ECM = System.EXTENDED_ECM
TYPED = {
    "base_url": "https://ecm.example",
    "cs_path": "/cs/cs",
    "username": "ada",
    "proxy": "named",
    "proxy_url": "http://proxy.example:3128",
}
KEPT = {"password": "s3cret", "proxy_password": "pr0xy"}
IN_BROWSER = {
    "base_url": "https://ecm.example",
    "cs_path": "/cs/cs",
    "otds_url": "https://otds.example",
    "sign_in": "browser",
    "client_id": "Proofdesk",
}


async def edited(store: Store, kept: Mapping[str, str], typed: Mapping[str, str], secrets: Mapping[str, str]) -> object:
    """The secrets that count once ``kept`` is edited to ``typed``, with no secret typed again."""
    credentials = Credentials("p", session_only=True)
    connection = read_form(ECM, {**kept, **secrets}).connection
    await store.ledger.write(connections.save, connection)
    await credentials.save(connection.owner, secrets)
    return dict((await read_with_kept_secrets(store, credentials, ECM, typed)).secrets)


@pytest.mark.parametrize("change", [{}, {"cs_path": "/otcs/cs.exe"}, {"base_url": "https://ECM.example/behind"}])
def test_at_the_same_host_an_empty_secret_stays_as_it_is(store: Store, change: dict[str, str]) -> None:
    """Everybody would type the password again for a path that was mistyped."""
    assert asyncio.run(edited(store, TYPED, {**TYPED, **change}, KEPT)) == KEPT


@pytest.mark.parametrize(
    "change", [{"base_url": "https://elsewhere.example"}, {"otds_url": "https://elsewhere.example"}]
)
def test_a_kept_password_is_not_sent_to_another_computer(store: Store, change: dict[str, str]) -> None:
    """Whoever may edit a connection would read its password off a computer of their own."""
    with pytest.raises(UserError, match="Password is needed"):
        asyncio.run(edited(store, TYPED, {**TYPED, **change}, KEPT))


def test_the_proxy_s_password_is_the_proxy_s_alone(store: Store) -> None:
    """It would be told to whatever listens at the new address."""
    there = {**TYPED, "proxy_url": "http://elsewhere.example:3128"}

    assert asyncio.run(edited(store, TYPED, there, KEPT)) == {"password": "s3cret"}


@pytest.mark.parametrize("change", [{"otds_url": "https://elsewhere.example"}, {"client_id": "Another"}])
def test_a_kept_sign_in_is_of_its_server_and_client(store: Store, change: dict[str, str]) -> None:
    """The refresh token would be shown to another server, and be used up there."""
    assert asyncio.run(edited(store, IN_BROWSER, {**IN_BROWSER, **change}, {REFRESH_TOKEN: "r0"})) == {}


@pytest.mark.parametrize(
    ("change", "token"), [({}, "r0"), ({"otds_url": "https://elsewhere.example"}, ""), ({"client_id": "Another"}, "")]
)
def test_a_sign_in_that_was_not_kept_is_of_its_server_and_client(
    store: Store, change: dict[str, str], token: str
) -> None:
    """Somebody signs in, corrects an address, and the token goes to whatever answers there."""

    async def go() -> ReadConnection:
        credentials = Credentials("p", session_only=True)
        BrowserTokens(credentials).begin(read_form(ECM, IN_BROWSER).connection, "r0")
        return await read_with_kept_secrets(store, credentials, ECM, {**IN_BROWSER, **change})

    assert asyncio.run(go()).secrets.get(REFRESH_TOKEN, "") == token


def test_without_a_sign_in_no_older_one_is_used(store: Store) -> None:
    """The token of one server would be taken for another's, and the test of it would say that all is well."""
    credentials = Credentials("p", session_only=True)
    tokens = BrowserTokens(credentials)
    there = read_form(ECM, {**IN_BROWSER, REFRESH_TOKEN: "r0"})
    tokens.chain(there)

    with pytest.raises(UserError, match="Nobody has signed in"):
        tokens.chain(ReadConnection(connection=there.connection, secrets={}))


@pytest.mark.parametrize("port", ["9" * 5000, "0", "-1", "65536", "٣"])
def test_an_absurd_port_is_told_beside_its_field(port: str) -> None:
    """Python refuses to read a number of five thousand digits, and the desk would report a fault of its own."""
    typed = {"cloud_name": "x", "sign_in": "browser", "client_id": "c", "redirect_port": port}
    form = {"base_url": "https://a.example", "delivery_url": "https://a.example", "oauth_url": "https://a.example"}

    with pytest.raises(UserError) as refused:
        browser_way(read_form(System.CLOUDINARY, {**form, **typed}).connection)

    assert refused.value.field == "redirect_port"
