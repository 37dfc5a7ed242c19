"""A person signs in with a browser, and the desk goes on with the tokens, on every system."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import keyring as library
import pytest

from app.connections import BROWSER, REFRESH_TOKEN, SIGN_IN
from app.desk import Desk
from app.errors import UserError
from app.profile import Profile
from app.records import ConnectionState, System
from app.use_cases.connect_system import ConnectionForm
from app.use_cases.load_connection import find_connection
from connectors.errors import SignInError
from tests.app.keyrings import FakeKeyring
from tests.stories.sandbox import Json

SYSTEMS = tuple(System)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    """The desktop's own, for a story."""
    fake = FakeKeyring()
    monkeypatch.setattr(library, "get_keyring", lambda: fake)
    return fake


class Person:
    """Somebody with a browser, who signs in or cancels when a page opens."""

    def __init__(self, ready: Json, *, signs_in: bool = True) -> None:
        who, media = ready["extended_ecm"], ready["iconik"]
        self._typed = (
            {
                "otds_username": who["username"],
                "otds_password": who["password"],
                "email": media["email"],
                "password": media["password"],
                "confirm": "true",
            }
            if signs_in
            else {"refused": "1", "confirm": "false"}
        )
        self._doing: list[asyncio.Task[None]] = []

    def open(self, address: str) -> None:
        """What the desk asks the desktop for."""
        self._doing.append(asyncio.create_task(self._visit(address)))

    async def _visit(self, address: str) -> None:
        parts = urlsplit(address)
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            shown = await browser.get(address, headers={"Accept": "text/html"})
            assert shown.status_code == 200
            if shown.url.path.endswith("/callback"):
                return  # a page that asks nothing of whoever is signed in there already
            typed = {**dict(parse_qsl(parts.query)), **self._typed}
            await browser.post(address, data=typed, headers={"Accept": "text/html"})


def form(ready: Json, system: System) -> ConnectionForm:
    """The form of ``system`` with a sign-in in the browser, at a client that knows where the desk listens."""
    typed = {key: value for key, value in ready[system].items() if isinstance(value, str)}
    otds, port = ready["otds"]["base_url"], _free_port()
    values = {
        **typed,
        SIGN_IN: BROWSER,
        "otds_url": otds,
        "client_id": _registered_with_iconik(ready, port) if system is System.ICONIK else "Proofdesk",
        "authorize_url": "" if system is System.ICONIK else f"{otds}/otdsws/oauth2/auth",
        "token_url": f"{otds}/otdsws/oauth2/token",
        "oauth_url": ready["cloudinary"]["base_url"],
        "redirect_port": str(port),
    }
    return ConnectionForm(system=system, values=values)


def _registered_with_iconik(ready: Json, port: int) -> str:
    """The id of a public application that an administrator made there."""
    keys = ready["iconik"]
    made = httpx.post(
        f"{keys['base_url']}/API/auth/v1/apps/",
        json={
            "name": "Proofdesk",
            "type": "OAUTH",
            "oauth_client_type": "public",
            "redirect_uris": [f"http://127.0.0.1:{port}/callback"],
        },
        headers={"App-ID": keys["app_id"], "Auth-Token": keys["auth_token"]},
        trust_env=False,
    )
    made.raise_for_status()
    return str(made.json()["id"])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def opened(root: Path) -> Desk:
    """A desk that keeps its secrets."""
    return await Desk.open(Profile.open("browser", root), publish=lambda _changes: None)


@pytest.mark.parametrize("system", SYSTEMS)
async def test_a_sign_in_in_the_browser_lasts_over_tests_rounds_and_restarts(
    runner: asyncio.Runner, ready: Json, keyring: FakeKeyring, tmp_path: Path, system: System
) -> None:
    """Refresh tokens work once: a test beside a synchronisation, or a restart, would sign the person out."""
    desk, wish = await opened(tmp_path), form(ready, system)
    needed = await desk.use.sign_in_with_browser.is_needed(wish)
    await desk.use.sign_in_with_browser(wish, Person(ready).open)
    tried = await desk.use.test_connection(wish)
    await desk.use.save_connection(wish)
    again = await asyncio.gather(desk.use.test_connection(system), desk.use.test_connection(wish))
    await desk.close()

    tomorrow = await opened(tmp_path)
    signed_out = await tomorrow.use.save_connection.open_kept()
    later = await tomorrow.use.test_connection(system)
    still_needed = await tomorrow.use.sign_in_with_browser.is_needed(wish)
    password = ready["extended_ecm"]["password"]
    await tomorrow.close()

    assert needed
    assert [tried.is_fine, *(each.is_fine for each in again), later.is_fine] == [True] * 4
    assert (signed_out, still_needed) == ({}, False)
    assert password not in keyring.held.values()


@pytest.mark.parametrize("system", [System.EXSTREAM, System.ICONIK])
async def test_a_person_who_cancels_is_told_and_nothing_is_held(
    runner: asyncio.Runner, ready: Json, keyring: FakeKeyring, tmp_path: Path, system: System
) -> None:
    """The wizard would wait five minutes for somebody who said no."""
    desk, wish = await opened(tmp_path), form(ready, system)

    with pytest.raises(UserError, match="let nobody in: access denied"):
        await desk.use.sign_in_with_browser(wish, Person(ready, signs_in=False).open)
    is_needed = await desk.use.sign_in_with_browser.is_needed(wish)
    await desk.close()

    assert is_needed


async def test_a_refused_refresh_token_signs_the_system_out(
    runner: asyncio.Runner, ready: Json, keyring: FakeKeyring, tmp_path: Path
) -> None:
    """An administrator who ends a session must see it end, and the person what to do."""
    desk, wish = await opened(tmp_path), form(ready, System.EXSTREAM)
    await desk.use.sign_in_with_browser(wish, Person(ready).open)
    await desk.use.save_connection(wish)
    await desk.close()
    kept = next(name for name in keyring.held if name[1].endswith(REFRESH_TOKEN))
    keyring.held[kept] = "used up"

    tomorrow = await opened(tmp_path)
    await tomorrow.use.save_connection.open_kept()
    with pytest.raises(SignInError):
        await tomorrow.synchroniser.once(System.EXSTREAM)
    status = tomorrow.statuses.all()[System.EXSTREAM]
    is_needed = await tomorrow.use.sign_in_with_browser.is_needed(wish)
    await tomorrow.close()

    assert (status.state, is_needed) == (ConnectionState.SIGNED_OUT, True)


async def test_nobody_in_the_browser_is_waited_for_only_so_long(
    runner: asyncio.Runner, ready: Json, keyring: FakeKeyring, tmp_path: Path
) -> None:
    """A closed window would hold the wizard for ever."""
    desk, wish = await opened(tmp_path), form(ready, System.EXSTREAM)
    desk.use.sign_in_with_browser._patience_s = 0.05

    with pytest.raises(UserError, match="Nobody signed in"):
        await desk.use.sign_in_with_browser(wish, lambda _address: None)
    await desk.close()


async def test_a_form_without_a_client_is_told_beside_its_field(
    runner: asyncio.Runner, ready: Json, keyring: FakeKeyring, tmp_path: Path
) -> None:
    """A browser would open on an error page of the vendor's."""
    desk, wish = await opened(tmp_path), form(ready, System.CORE_DAM)
    seen: list[str] = []

    with pytest.raises(UserError) as told:
        await desk.use.sign_in_with_browser(replace(wish, values={**wish.values, "client_id": ""}), seen.append)
    kept = await find_connection(desk.store, System.CORE_DAM)
    await desk.close()

    assert (told.value.field, seen, kept) == ("client_id", [], None)


async def test_a_port_that_is_taken_is_told_beside_its_field(
    runner: asyncio.Runner, ready: Json, keyring: FakeKeyring, tmp_path: Path
) -> None:
    """The browser would come back to another program, with the code."""
    desk, wish = await opened(tmp_path), form(ready, System.CLOUDINARY)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = replace(wish, values={**wish.values, "redirect_port": str(other.getsockname()[1])})

        with pytest.raises(UserError, match="is taken") as told:
            await desk.use.sign_in_with_browser(taken, Person(ready).open)
    await desk.close()

    assert told.value.field == "redirect_port"
