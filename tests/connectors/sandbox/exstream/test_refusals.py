"""The shapes of failure on the wire, as somebody else's client would see them."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.conftest import BASE_URL


@pytest.fixture
def token(world: World, authority: TicketAuthority) -> str:
    """A token of the service account."""
    client_id = world.secrets["exstream"]["client_id"]
    return authority.issue_token(f"{client_id}@OAuthClients", client_id=client_id).value


def asked(app: Starlette, method: str, path: str, **request: object) -> httpx.Response:
    """One plain request."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL) as http:
            return await http.request(method, path, **request)  # type: ignore[arg-type]  # passed on as it came

    return asyncio.run(ask())


def test_no_token_is_a_401_without_a_body(app: Starlette, domain: str) -> None:
    """A client that parses every body would break on it, and must not."""
    answer = asked(app, "GET", f"/design/api/v1/resources/{domain}")

    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize("path", ["/design/api/v1/resources/{}/none", "/orchestration/api/v1/runtime/{}/jobs/none"])
def test_a_service_tells_number_code_and_path(app: Starlette, domain: str, token: str, path: str) -> None:
    """The first shape."""
    answer = asked(app, "GET", path.format(domain), headers={"Authorization": f"Bearer {token}"})

    told = answer.json()
    assert answer.status_code == told["status"] == 404
    assert set(told) == {"timestamp", "status", "error", "message", "details", "errorCode", "path"}
    assert told["path"] == path.format(domain)


def test_the_engine_tells_a_list_of_causes(app: Starlette, domain: str, token: str, world: World) -> None:
    """The second shape."""
    found = asked(
        app,
        "GET",
        f"/design/api/v1/resources/{domain}?filter.types=exstrapplication&count=1",
        headers={"Authorization": f"Bearer {token}"},
    ).json()
    headers = {
        "Authorization": f"Bearer {token}",
        "communicationId": found["data"][0]["id"],
        "driverDataSource": "CustomerDriver",
    }

    answer = asked(app, "POST", f"/api/v1/inputs/ondemand/{domain}/generate", headers=headers, json={})

    assert answer.status_code == 400
    (cause,) = answer.json()["data"]
    assert set(cause) == {"errorMessage", "statusCode", "engineOutputContext"}


def test_an_input_tells_message_and_details(app: Starlette, domain: str, token: str) -> None:
    """The third shape."""
    answer = asked(
        app,
        "POST",
        f"/orchestration/api/v1/inputs/batch/{domain}/Nowhere",
        headers={"Authorization": f"Bearer {token}"},
        json={},
    )

    assert answer.json() == {"status": "error", "message": "Input channel not found", "details": "Nowhere"}


@pytest.mark.parametrize("query", ["count=0", "count=many", "offset=-1", "filter.lastModifiedDateStart=someday"])
def test_a_query_that_makes_no_sense_is_refused(app: Starlette, domain: str, token: str, query: str) -> None:
    """A default in its place would hide the mistake."""
    answer = asked(
        app, "GET", f"/design/api/v1/resources/{domain}?{query}", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 400
