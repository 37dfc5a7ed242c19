"""The shapes of failure on the wire, as somebody else's client would see them."""

import pytest
from starlette.applications import Starlette

from tests.connectors.sandbox.exstream.plain import PlainClient


@pytest.mark.contract("exstream 1.1.7", "exstream 2.5")
def test_no_token_is_a_401_without_a_body(app: Starlette, domain: str) -> None:
    """A client that parses every body would break on it, and must not."""
    answer = PlainClient(app, token="").ask("GET", f"/design/api/v1/resources/{domain}")

    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.contract("exstream 2.5")
@pytest.mark.parametrize("path", ["/design/api/v1/resources/{}/none", "/orchestration/api/v1/runtime/{}/jobs/none"])
def test_a_service_tells_number_code_and_path(plain: PlainClient, domain: str, path: str) -> None:
    """The first shape."""
    answer = plain.ask("GET", path.format(domain))

    told = answer.json()
    assert answer.status_code == told["status"] == 404
    assert set(told) == {"timestamp", "status", "error", "message", "details", "errorCode", "path"}
    assert told["path"] == path.format(domain)


@pytest.mark.contract("exstream 2.5", "exstream 4.2")
def test_the_engine_tells_a_list_of_causes(plain: PlainClient, domain: str) -> None:
    """The second shape."""
    headers = {
        "communicationId": plain.communication(domain, "Monthly bill")["id"],
        "driverDataSource": "CustomerDriver",
    }

    answer = plain.ask("POST", f"/api/v1/inputs/ondemand/{domain}/generate", headers=headers, json={})

    assert answer.status_code == 400
    (cause,) = answer.json()["data"]
    assert set(cause) == {"errorMessage", "statusCode", "engineOutputContext"}


@pytest.mark.contract("exstream 2.5")
def test_an_input_tells_message_and_details(plain: PlainClient, domain: str) -> None:
    """The third shape."""
    answer = plain.ask("POST", f"/orchestration/api/v1/inputs/batch/{domain}/Nowhere", json={})

    assert answer.json() == {"status": "error", "message": "Input channel not found", "details": "Nowhere"}


@pytest.mark.parametrize("query", ["count=0", "count=many", "offset=-1", "filter.lastModifiedDateStart=someday"])
def test_a_query_that_makes_no_sense_is_refused(plain: PlainClient, domain: str, query: str) -> None:
    """A default in its place would hide the mistake."""
    answer = plain.ask("GET", f"/design/api/v1/resources/{domain}?{query}")

    assert answer.status_code == 400


@pytest.mark.contract("exstream 1.6.8", "exstream 1.5.6")
@pytest.mark.parametrize("path", ["/design/api/v1/otmm", "/orchestration/api/v1/webhooks"])
def test_what_must_not_be_asked_for_is_not_there(plain: PlainClient, path: str) -> None:
    """One call answers a password, the other was never found; a client that needs either shows it here."""
    assert plain.ask("GET", path).status_code == 404
