"""Signing in in every way that the client knows, and being turned away."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from pythonik.acls.models.create_ac_ls_schema import CreateACLsSchema
from pythonik.auth.models.app_create_schema import AppCreateSchema
from pythonik.auth.models.o_auth_2_authorize_response_schema import OAuth2AuthorizeResponseSchema
from pythonik.auth.models.post_oauth_token_body import PostOauthTokenBody
from pythonik.auth.models.saml_login_schema import SAMLLoginSchema
from pythonik.auth.models.simple_login_schema import SimpleLoginSchema

from tests.judges.pythonik.desk import Desk

NOBODY = "00000000-0000-0000-0000-000000000000"
REDIRECT = "http://127.0.0.1:8900/back"


def flow(desk: Desk) -> None:
    """Tokens, passwords, applications, people, rights."""
    ik, told = desk.ik, desk.told
    desk.ask("check token", ik.get_current_auth_token)
    me = desk.ask("who am I", ik.get_users_current, check=lambda user: user.email == told["email"])
    desk.ask("my roles", ik.get_users_current_roles)
    desk.ask("list users", ik.get_users, check=lambda page: page.total > 3)
    desk.ask("user by id", lambda: ik.get_user(str(me.id)), check=lambda user: user.id == me.id)
    desk.ask("people to choose from", lambda: ik.get_users_basic(query="lea"), check=lambda page: page.total == 1)
    desk.ask("groups to choose from", ik.get_groups_basic, check=lambda page: page.total == 1)
    desk.ask("nobody by id", lambda: ik.get_user(NOBODY), status=404)
    login = desk.ask(
        "log in by password",
        lambda: ik.post_auth_simple_login(
            body=SimpleLoginSchema(email=told["email"], password=told["password"], app_name="WEB")
        ),
        status=201,
    )
    desk.ask(
        "log in by a wrong password",
        lambda: ik.post_auth_simple_login(body=SimpleLoginSchema(email=told["email"], password="no")),
        status=400,
    )
    desk.ask(
        "SAML without a provider",
        lambda: ik.post_auth_saml_login(body=SAMLLoginSchema(email="a@example.com")),
        status=404,
    )
    second = desk.client(str(login.app_id), login.auth_system_domains[0].token)
    desk.ask("who am I, by password", second.get_users_current, check=lambda user: user.id == me.id)
    renewed = desk.ask("renew token", second.put_auth_token, check=lambda token: bool(token.token))
    third = desk.client(str(login.app_id), renewed.token)
    desk.ask("who am I, renewed", third.get_users_current)
    desk.ask("revoke token", second.delete_current_auth_token, status=204)
    desk.ask("after revoking", second.get_users_current, status=401)
    desk.ask("with a token's id", desk.client(told["app_id"], str(renewed.id)).get_users_current, status=401)
    oauth(desk)
    permissions(desk, str(me.id))


def oauth(desk: Desk) -> None:
    """An application, a consent, a token, a refreshed token."""
    ik = desk.ik
    desk.ask("OAuth scopes", ik.get_apps_oauth_scopes, check=lambda answer: bool(answer.scopes))
    app = desk.ask(
        "new public application",
        lambda: ik.post_apps(
            body=AppCreateSchema.from_dict(
                {"name": "Judge", "type": "OAUTH", "oauth_client_type": "public", "redirect_uris": [REDIRECT]}
            )
        ),
        status=201,
    )
    verifier = "v" * 50
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": str(app.id),
        "redirect_uri": REDIRECT,
        "scope": "assets:read",
        "response_type": "code",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    desk.ask(
        "what the consent page shows",
        lambda: ik.get_oauth_authorize(**asked),
        check=lambda answer: answer.redirect_uri == REDIRECT,
    )
    desk.ask(
        "refuse consent",
        lambda: ik.post_oauth_authorize(**asked),
        check=lambda answer: "error=access_denied" in answer.redirect_uri,
    )
    code = ""
    with desk.ledger.call("consent"):
        code = parse_qs(urlsplit(_allow(desk, asked)).query)["code"][0]
    grant = {
        "grant_type": "authorization_code",
        "client_id": str(app.id),
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": REDIRECT,
    }
    token = desk.ask(
        "token for a code",
        lambda: ik.post_oauth_token(body=PostOauthTokenBody.from_dict(grant)),
        check=lambda record: bool(record.token),
    )
    desk.ask("a code is good once", lambda: ik.post_oauth_token(body=PostOauthTokenBody.from_dict(grant)), status=400)
    desk.ask("who am I, by OAuth", desk.client(str(app.id), token.token).get_users_current)
    refresh = {
        "grant_type": "refresh_token",
        "client_id": str(app.id),
        "refresh_token": token.additional_properties["refresh_token"],
    }
    desk.ask(
        "token for a refresh token",
        lambda: ik.post_oauth_token(body=PostOauthTokenBody.from_dict(refresh)),
        check=lambda record: bool(record.token),
    )
    backend = desk.ask(
        "new backend application",
        lambda: ik.post_apps(
            body=AppCreateSchema.from_dict({"name": "Sync", "type": "OAUTH", "oauth_client_type": "confidential"})
        ),
        status=201,
        check=lambda made: bool(made.client_secret),
    )
    credentials = {
        "grant_type": "client_credentials",
        "client_id": str(backend.id),
        "client_secret": backend.client_secret,
    }
    desk.ask(
        "token for client credentials", lambda: ik.post_oauth_token(body=PostOauthTokenBody.from_dict(credentials))
    )
    wrong = {**credentials, "client_secret": "no"}
    desk.ask("wrong client secret", lambda: ik.post_oauth_token(body=PostOauthTokenBody.from_dict(wrong)), status=400)
    desk.ask("mint application token", lambda: ik.post_app_token(str(backend.id)), status=201)
    desk.ask("list applications", ik.get_apps, check=lambda page: page.total == 3)
    desk.ask("application", lambda: ik.get_app(str(backend.id)), check=lambda one: one.name == "Sync")
    desk.ask("delete application", lambda: ik.delete_app(str(backend.id)), status=204)
    desk.ask("settings of the tenant", ik.get_system_current)
    desk.ask("settings, merged", ik.get_merged_current)


def permissions(desk: Desk, user_id: str) -> None:
    """Rights on one asset, read and granted."""
    ik = desk.ik
    asset_id = str(ik.get_assets().parsed.objects[0].id)
    desk.ask("my permissions", lambda: ik.get_acl_object_permissions_by_object_key("assets", asset_id))
    grant = CreateACLsSchema.from_dict(
        {"object_keys": [asset_id], "permissions": ["read"], "user_ids": [user_id], "mode": "APPEND"}
    )
    desk.ask("grant access", lambda: ik.put_acl_object("assets", body=grant))
    desk.ask(
        "access list",
        lambda: ik.get_acl_object_by_object_key("assets", asset_id),
        check=lambda lists: len(lists.users_acl) == 1,
    )


def _allow(desk: Desk, asked: dict[str, str]) -> str:
    """Where the browser goes on. The client cannot send the form's one field, so its HTTP client does."""
    http = desk.ik._client("auth").get_httpx_client()
    answer = http.post("/v1/oauth/authorize/", params=asked, data={"confirm": "true"})
    return str(OAuth2AuthorizeResponseSchema.from_dict(answer.json()).redirect_uri)
