"""The ways in beside a pasted token: consent in a browser, a refreshed token, a service's own secret."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.errors import InvalidError, NotFoundError, SignInError
from connectors.iconik import (
    AuthorizationCode,
    ClientSecret,
    IconikClient,
    OAuthLogin,
    RefreshToken,
    open_iconik_with_oauth,
)
from connectors.iconik.models import App, Token, User
from connectors.iconik.wire import accounts, oauth
from connectors.iconik.wire.oauth import Consent
from connectors.sandbox.iconik.tokens import LOGIN_LASTS
from tests.connectors.sandbox.iconik.desk import BASE_URL, Desk

REDIRECT = "http://127.0.0.1:8900/back"
VERIFIER = "v" * 60


async def who(iconik: IconikClient) -> User:
    """The cheapest signed-in call."""
    return await iconik.current_user()


def app(desk: Desk, kind: str, *, default_user: str = "") -> App:
    """An application of the tenant's."""
    body: dict[str, object] = {
        "name": "Desk",
        "type": "OAUTH",
        "oauth_client_type": kind,
        "redirect_uris": [REDIRECT],
        "allowed_scopes": ["assets:read"],
    }
    if default_user:
        body["default_user_id"] = default_user
    return desk.run(lambda iconik: iconik.do(oauth.add_app(body)))


def consented(desk: Desk, client_id: str, *, scope: str = "assets:read", confirm: bool = True) -> dict[str, list[str]]:
    """What the browser brings back from the consent page."""
    challenge = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    consent = Consent(client_id=client_id, redirect_uri=REDIRECT, scope=scope, state="s", challenge=challenge)
    address = urlsplit(oauth.consent_address(BASE_URL, consent))
    answer = desk.ask(
        "POST",
        f"{address.path}?{address.query}",
        form={"confirm": "true"} if confirm else {},
    )
    assert answer.status_code == 200, answer.text
    return parse_qs(urlsplit(answer.json()["redirect_uri"]).query)


def client(desk: Desk, login: OAuthLogin) -> IconikClient:
    """The desk, signed in by OAuth."""
    return open_iconik_with_oauth(login=login, base_url=BASE_URL, wire=desk.wire)


def by_code(desk: Desk, client_id: str, kept: list[str]) -> OAuthLogin:
    """A login by a fresh consent."""
    (code,) = consented(desk, client_id)["code"]
    grant = AuthorizationCode(code=code, verifier=VERIFIER, redirect_uri=REDIRECT)
    return OAuthLogin(client_id=client_id, grant=grant, on_refresh_token=kept.append)


@pytest.mark.contract("iconik 2.4", "iconik 2.6")
def test_a_consent_lets_the_desk_in_as_the_person(desk: Desk) -> None:
    """No password and no token passes through the desk's hands."""
    login = by_code(desk, app(desk, "public").id, [])

    assert desk.run_with(client(desk, login), who).email == desk.secrets["email"]


def test_a_login_that_has_expired_is_refreshed_without_a_person(desk: Desk) -> None:
    """A working day is longer than a token, and the code is used up."""

    async def before_and_after(iconik: IconikClient) -> bool:
        before = await iconik.current_user()
        desk.world.clock.advance(LOGIN_LASTS + timedelta(minutes=1))
        return await iconik.current_user() == before

    assert desk.run_with(client(desk, by_code(desk, app(desk, "public").id, [])), before_and_after)


def test_a_refresh_token_lets_the_desk_in_the_next_day(desk: Desk) -> None:
    """It is what is kept between two starts."""
    kept: list[str] = []
    client_id = app(desk, "public").id
    desk.run_with(client(desk, by_code(desk, client_id, kept)), who)

    again = OAuthLogin(client_id=client_id, grant=RefreshToken(value=kept[-1]))

    assert desk.run_with(client(desk, again), who).email == desk.secrets["email"]


def test_a_code_is_good_once_and_for_its_verifier(desk: Desk) -> None:
    """Whoever catches the redirect must have nothing."""
    client_id = app(desk, "public").id
    (code,) = consented(desk, client_id)["code"]
    grant = AuthorizationCode(code=code, verifier="another", redirect_uri=REDIRECT)

    with pytest.raises(SignInError):
        desk.run_with(client(desk, OAuthLogin(client_id=client_id, grant=grant)), who)


def test_a_used_up_consent_asks_for_a_person(desk: Desk) -> None:
    """Without a refresh token there is nothing left to show."""
    client_id = app(desk, "public").id
    login = by_code(desk, client_id, [])
    desk.run_with(client(desk, login), who)
    login._grant = None

    async def later(iconik: IconikClient) -> None:
        desk.world.clock.advance(LOGIN_LASTS + timedelta(minutes=1))
        await iconik.current_user()

    with pytest.raises(SignInError, match="browser"):
        desk.run_with(client(desk, login), later)


@pytest.mark.contract("iconik 2.7")
def test_a_refused_consent_comes_back_as_such(desk: Desk) -> None:
    """The person said no; the page must not wait for ever."""
    answer = consented(desk, app(desk, "public").id, confirm=False)

    assert answer == {"error": ["access_denied"], "state": ["s"]}


@pytest.mark.contract("iconik 2.2", "iconik 2.3")
def test_a_service_comes_in_by_its_own_secret(desk: Desk) -> None:
    """It acts as the user that the administrator gave it."""
    lea = desk.run_as("Lea Moreau", who)
    made = app(desk, "confidential", default_user=lea.id)

    login = OAuthLogin(client_id=made.id, grant=ClientSecret(value=made.client_secret))

    assert desk.run_with(client(desk, login), who) == lea
    assert made.client_secret not in repr((made, login))


@pytest.mark.contract("iconik 3.2")
def test_a_wrong_secret_is_a_refused_sign_in(desk: Desk) -> None:
    """The sign-in card is where the person looks."""
    made = app(desk, "confidential")

    with pytest.raises(SignInError):
        desk.run_with(client(desk, OAuthLogin(client_id=made.id, grant=ClientSecret(value="no"))), who)


def test_a_minted_token_is_good_for_its_time(desk: Desk) -> None:
    """An administrator can lend one for an hour."""

    async def mint(iconik: IconikClient) -> tuple[Token, tuple[str, ...], list[str]]:
        token = await iconik.do(oauth.mint_token(desk.secrets["app_id"], expires_in_s=3600))
        scopes = await iconik.do(oauth.list_scopes())
        return token, scopes.scopes, [one.name for one in await iconik.every(oauth.list_apps())]

    token, scopes, apps = desk.run(mint)
    lent = desk.open(app_id=token.app_id, auth_token=token.token)

    assert desk.run_with(lent, who).email == desk.secrets["email"]
    assert scopes
    assert apps == ["Proofdesk"]
    desk.world.clock.advance(timedelta(hours=1))
    with pytest.raises(SignInError):
        desk.run_with(desk.open(app_id=token.app_id, auth_token=token.token), who)


def test_an_ended_application_ends_its_tokens(desk: Desk) -> None:
    """Taking the application away is how an administrator locks out."""
    made = app(desk, "confidential")
    login = OAuthLogin(client_id=made.id, grant=ClientSecret(value=made.client_secret))
    desk.run_with(client(desk, login), who)
    desk.run(lambda iconik: iconik.do(oauth.delete_app(made.id)))

    with pytest.raises(SignInError):
        desk.run_with(client(desk, login), who)


def test_a_token_is_renewed_and_revoked(desk: Desk) -> None:
    """Signing out ends what was signed in, and no more."""
    minted = desk.run(lambda iconik: iconik.do(oauth.mint_token(desk.secrets["app_id"])))

    async def out(iconik: IconikClient) -> str:
        renewed = await iconik.do(accounts.renew_token())
        await iconik.do(accounts.revoke_token())
        with pytest.raises(SignInError):
            await iconik.check_token()
        return renewed.token

    renewed = desk.run_with(desk.open(auth_token=minted.token), out)

    assert desk.run_with(desk.open(auth_token=renewed), who).email == desk.secrets["email"]


def test_saml_without_a_provider_and_a_tenant_to_choose_are_refused(desk: Desk) -> None:
    """Both need something that this tenant has not."""

    async def saml(iconik: IconikClient) -> None:
        await iconik.do(accounts.saml_address("a@example.com"))

    async def choose(iconik: IconikClient) -> None:
        tenant = (await iconik.check_token()).system_domain_id
        await iconik.do(
            accounts.choose_tenant(email="a@example.com", system_domain_id=tenant, otp="1", otp_type="TOTP")
        )

    with pytest.raises(NotFoundError):
        desk.run(saml)
    with pytest.raises(SignInError):
        desk.run(choose)


@pytest.mark.parametrize(
    ("changed", "status"), [({"response_type": "token"}, 400), ({"redirect_uri": "https://evil.example/"}, 400)]
)
def test_a_consent_page_for_somebody_else_is_not_shown(desk: Desk, changed: dict[str, str], status: int) -> None:
    """A code must not be sent to an address that nobody registered."""
    asked = {
        "client_id": app(desk, "public").id,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "code_challenge": "c",
        "code_challenge_method": "S256",
        **changed,
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items())

    assert desk.ask("GET", f"/API/auth/v1/oauth/authorize/?{query}").status_code == status


BROWSER = {"Accept": "text/html"}


def on_the_page(
    desk: Desk, method: str = "GET", *, headers: Mapping[str, str] = BROWSER, **typed: str
) -> httpx.Response:
    """What a browser gets that is sent to allow the desk in."""
    challenge = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    client_id = app(desk, "public").id
    consent = Consent(client_id=client_id, redirect_uri=REDIRECT, scope="", state="s", challenge=challenge)
    address = urlsplit(oauth.consent_address(BASE_URL, consent))
    return desk.ask_unsigned(method, f"{address.path}?{address.query}", form=typed or None, headers=headers)


def test_a_browser_gets_a_page_and_goes_back_with_a_code(desk: Desk) -> None:
    """Nobody could try the sign-in but with a program."""
    shown = on_the_page(desk)
    allowed = on_the_page(desk, "POST", email=desk.secrets["email"], password=desk.secrets["password"], confirm="true")

    said = parse_qs(urlsplit(allowed.headers["location"]).query)
    assert (shown.status_code, "text/html" in shown.headers["content-type"]) == (200, True)
    assert allowed.status_code == 302
    assert allowed.headers["location"].startswith(REDIRECT)
    assert (said["state"], "code" in said) == (["s"], True)


@pytest.mark.parametrize(
    ("typed", "status"), [({"password": "wrong", "confirm": "true"}, 401), ({"confirm": "false"}, 302)]
)
def test_a_browser_without_a_yes_brings_no_code(desk: Desk, typed: dict[str, str], status: int) -> None:
    """Whoever refuses, or does not know the password, would let the desk in."""
    answer = on_the_page(desk, "POST", headers=BROWSER, email=desk.secrets["email"], **typed)

    assert answer.status_code == status
    assert "code=" not in answer.headers.get("location", "")


def test_a_program_without_a_token_gets_no_page(desk: Desk) -> None:
    """The documented call is for whoever is signed in."""
    assert on_the_page(desk, headers={"Accept": "application/json"}).status_code == 401


def test_a_bad_application_is_refused(desk: Desk) -> None:
    """A user that is not there cannot be acted as."""
    body = {"name": "x", "default_user_id": "not an id"}

    with pytest.raises(InvalidError):
        desk.run(lambda iconik: iconik.do(oauth.add_app(body)))
