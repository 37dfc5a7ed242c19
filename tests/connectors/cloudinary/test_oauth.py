"""A person's tokens: what is read of them, and what is never shown."""

import asyncio
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.calls import Reply
from connectors.cloudinary import Challenge, OAuthSignIn, TokenPair, authorization_url, open_oauth, read_tokens
from connectors.cloudinary.oauth import read_oauth_failure
from connectors.errors import ConnectorError, InvalidError, ShapeError, SignInError

NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def jwt(claims: object) -> str:
    return ".".join(["x", urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("="), "y"])


def reply(body: object, status: int = 200) -> Reply:
    return Reply(system="Cloudinary", call="token", status=status, headers={}, body=json.dumps(body).encode())


@pytest.mark.contract("cloudinary 1.9", "cloudinary 1.10")
@pytest.mark.parametrize(
    ("claims", "expires_in", "ends_after", "cloud"),
    [
        ({"iat": 5, "exp": 305, "ext": {"cloud_name": "demo"}}, None, 300, "demo"),
        ({"exp": 305}, 60, 60, ""),
        ({}, None, None, ""),
        ({"iat": 0, "exp": 10**18}, None, None, ""),
        ("no claims", 60, 60, ""),
    ],
)
def test_a_token_tells_how_long_it_lives_and_for_which_cloud(
    claims: object, expires_in: int | None, ends_after: int | None, cloud: str
) -> None:
    """A clock that is minutes off would make every token seem spent."""
    told = {"access_token": jwt(claims), "refresh_token": "r", "expires_in": expires_in}

    pair = read_tokens(reply(told), now=NOW)

    assert pair.expires_at == (None if ends_after is None else NOW + timedelta(seconds=ends_after))
    assert pair.cloud_name == cloud


def test_a_refresh_token_that_is_not_sent_anew_stays() -> None:
    """The person would be signed out by a vendor that does not rotate."""
    before = TokenPair(access_token="a", refresh_token="r")

    assert read_tokens(reply({"access_token": "b"}), now=NOW, before=before).refresh_token == "r"


def test_an_answer_without_a_token_is_no_sign_in() -> None:
    """The desk would call with nothing, and be refused as if by the vendor."""
    with pytest.raises(ShapeError):
        read_tokens(reply({"token": "x"}), now=NOW)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({"error": "invalid_grant"}, 400, SignInError),
        ({"error": "invalid_client", "error_description": "who?"}, 401, SignInError),
        ({"error": "invalid_request"}, 400, InvalidError),
    ],
)
def test_a_refusal_is_told_by_its_word(body: object, status: int, expected: type[ConnectorError]) -> None:
    """A spent refresh token would be shown as a fault of a form."""
    assert type(read_oauth_failure(reply(body, status))) is expected


def test_the_browser_carries_the_challenge_and_never_the_verifier() -> None:
    """Whoever sees the address could finish the sign-in."""
    challenge = Challenge.fresh()

    said = parse_qs(urlsplit(authorization_url(challenge, client_id="desk", redirect_uri="http://127.0.0.1:1/")).query)

    assert said["code_challenge_method"] == ["S256"]
    assert challenge.verifier not in str(said)
    assert len(said["code_challenge"][0]) == 43


def test_nothing_shows_a_token() -> None:
    """A report to the help desk would sign it in."""
    pair = TokenPair(access_token="acc3ss", refresh_token="r3fresh")
    shown = repr(pair) + repr(Challenge(verifier="v3rify", state="stat3"))
    shown += repr(OAuthSignIn(pair, client_id="desk", oauth=open_oauth()))

    assert not any(secret in shown for secret in ("acc3ss", "r3fresh", "v3rify", "stat3"))


def test_a_person_s_transport_can_be_closed() -> None:
    """Connections would pile up with every renewal."""
    asyncio.run(open_oauth().close())
