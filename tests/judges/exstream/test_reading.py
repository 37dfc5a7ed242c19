"""Sections 1.1 and 1.2, 2.1 and 2.2 of the contract: signing in, and reading designs, line by line."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.judges.exstream.shapes import RESOURCE, SERVICE_ERROR, UUID, Shape, complaints, many, one, paged
from tests.judges.exstream.stranger import Stranger

VERSION = {"apiIdentifier": str, "major": str, "minor": str, "patch": str, "versionString": str}
LINK = {"linkSubjectId": UUID, "subjectVersion": int, "linkObjectId": UUID, "typeId": str}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One read of the contract. ``{communication}``, ``{set}`` and ``{sample}`` are looked up before."""

    rows: tuple[str, ...]
    path: str
    holds: Shape = None
    media_type: str = "application/json"


LINES = (
    Line(
        rows=("1.1.9",),
        path="/design/api/v1/authentication/current-user",
        holds=one({"name": str}),
    ),
    Line(
        rows=("1.1.9",),
        path="/design/api/v1/authentication/{domain}/current-user",
        holds=one({"name": str}),
    ),
    Line(
        rows=("1.1.10",),
        path="/orchestration/api/v1/config",
        holds={
            "assuredDeliveryEnabled": bool,
            "flowScriptDebuggingEnabled": bool,
            "baseSubscription": bool,
            "subscriptionEnabled": bool,
        },
    ),
    Line(rows=("1.1.11", "4.3"), path="/design/api/v1/version", holds=VERSION),
    Line(rows=("1.1.11", "4.3"), path="/orchestration/api/v1/version", holds=VERSION),
    Line(
        rows=("1.1.11", "4.3"),
        path="/empower/api/v1/version",
        holds={"header": {"status": {"code": str}}, "body": VERSION},
    ),
    Line(
        rows=("1.2.1", "2.1"),
        path="/design/api/v1/domains?filter.searchString=Harbour&fetchChildren=true",
        holds=paged(
            {
                "id": str,
                "production": bool,
                "workflow": {"NORMAL", "SIMPLE", "ADVANCED"},
                "restrictApproval": bool,
                "jobTracing": bool,
                "parent": str | None,
            }
        ),
    ),
    Line(
        rows=("1.2.2", "2.1", "2.2"),
        path="/design/api/v1/resources/{domain}?filter.types=exstrapplication&filter.states=APPROVED"
        "&filter.latestVersion=true&count=100&offset=0",
        holds=paged({**RESOURCE, "type": {"exstrapplication"}, "state": {"APPROVED"}, "latestVersion": {True}}),
    ),
    Line(
        rows=("1.2.2",),
        path="/design/api/v1/resources/{domain}?filter.searchString=*notice&filter.hasApprovedVersion=true"
        "&filter.lastModifiedDateStart=2020-01-01&fetchApproval=true&sort=asc_name",
        holds=paged(RESOURCE),
    ),
    Line(
        rows=("1.2.3",),
        path="/design/api/v1/resources/{domain}?filter=types:exstrapplication;states:APPROVED;searchString:*bill",
        holds=paged({**RESOURCE, "state": {"APPROVED"}}),
    ),
    Line(
        rows=("1.2.4",),
        path="/design/api/v1/resources/{domain}?filter.ids={communication}&filter.latestVersion=false",
        holds=paged({**RESOURCE, "name": {"Renewal notice"}}),
    ),
    Line(rows=("1.2.5", "2.2"), path="/design/api/v1/resources/{domain}/{communication}", holds=one(RESOURCE)),
    Line(
        rows=("1.2.5",),
        path="/design/api/v1/resources/{domain}/{communication}?version=13&checkIfLatestVersion=true",
        holds=one({**RESOURCE, "version": {13}, "latestVersion": {False}}),
    ),
    Line(
        rows=("1.2.5",),
        path="/design/api/v1/resources/{domain}/{communication}?state=APPROVED",
        holds=one({**RESOURCE, "state": {"APPROVED"}}),
    ),
    Line(
        rows=("1.2.6",),
        path="/design/api/v1/resources/{domain}/history/{communication}?fetchAcrossDomains=false",
        holds=many(
            {
                "version": int,
                "revision": int,
                "operation": {"INSERT", "UPDATE", "DELETE"},
                "historyType": {"CREATE", "STATE", "METADATA", "CONTENT"},
                "state": {"DRAFT", "REVIEW", "APPROVED", "REJECTED"},
                "modifiedBy": str,
                "modifiedDate": str,
                "auditedComment": str | None,
            }
        ),
    ),
    Line(
        rows=("1.2.7",),
        path="/design/api/v1/resources/{domain}/{communication}/content/thumbnail",
        media_type="image/png",
    ),
    Line(
        rows=("1.2.7",),
        path="/design/api/v1/resources/{domain}/{communication}/content/manifest?version=13",
        media_type="application/xml",
    ),
    Line(
        rows=("1.2.8",),
        path="/design/api/v1/resources/{domain}/{communication}/content?version=13",
        media_type="application/xml",
    ),
    Line(rows=("1.2.8",), path="/design/api/v1/resources/{domain}/{sample}/content", holds=dict),
    Line(
        rows=("1.2.9",),
        path="/design/api/v1/links/{domain}?linkSubjectId={communication}&linkDepth=2"
        "&filter.types=exstrcommunicationset",
        holds=paged({**LINK, "typeId": {"exstrcommunicationset"}}),
    ),
    Line(
        rows=("1.2.10",),
        path="/design/api/v1/manifests/{domain}/communication-set/{set}",
        holds={
            "dsnlist": [{"name": str, "prodDsn": str, "resourceId": UUID, "type": str}],
            "queueList": [{"name": str, "driver": str, "use": str, "prodFile": str}],
        },
    ),
    Line(
        rows=("1.2.11",),
        path="/design/api/v1/links/{domain}/resources?linkObjectId={sample}&linkDepth=10"
        "&rfilter.types=exstrapplication&rfilter.states=APPROVED",
        holds=paged({**RESOURCE, "type": {"exstrapplication"}, "state": {"APPROVED"}}),
    ),
    Line(
        rows=("1.2.12",),
        path="/orchestration/api/v1/flow-models/{domain}/published",
        holds=many({"id": UUID, "name": str, "version": int, "state": str, "type": {"COMMUNICATION"}, "nodes": [dict]}),
    ),
    Line(
        rows=("1.3.12",),
        path="/design/api/v1/run-definitions/{domain}/preview/{communication}",
        holds={"name": str, "inputs": dict, "outputs": dict},
    ),
    Line(
        rows=("1.5.8",),
        path="/design/api/v1/flow-models/{domain}/mappings",
        holds=one(dict),
    ),
)


def _marked(lines: tuple[Line, ...]) -> list[Any]:
    return [
        pytest.param(line, marks=pytest.mark.contract(*(f"exstream {row}" for row in line.rows)), id=line.path)
        for line in lines
    ]


@pytest.mark.parametrize("line", _marked(LINES))
def test_a_line_is_answered_as_it_stands_in_the_contract(someone: Stranger, line: Line) -> None:
    """A client written from the contract alone would break where the sandbox says something else."""
    communication = someone.communication("Renewal notice")["id"]
    links = someone.get(f"/design/api/v1/links/{{domain}}?linkSubjectId={communication}&linkDepth=2")["data"]
    named = {each["typeId"]: each["linkObjectId"] for each in links}
    path = line.path.replace("{communication}", communication)
    path = path.replace("{set}", named["exstrcommunicationset"]).replace("{sample}", named["samplefile"])

    reply = someone.ask("GET", path)

    assert reply.status_code == 200
    assert reply.headers["content-type"].partition(";")[0] == line.media_type
    assert line.holds is None or complaints(reply.json(), line.holds) == []


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenForm:
    """One way to a token."""

    row: str
    path: str
    form: dict[str, str] = field(default_factory=dict, repr=False)
    as_json: bool = False
    with_basic: bool = False
    by_person: bool = False
    refreshes: bool = False


CLIENT = {"grant_type": "client_credentials"}
PERSON = {"grant_type": "password"}
TOKEN_FORMS = (
    TokenForm(row="1.1.1", path="/tenants/{tenant}/oauth2/token", form=CLIENT, as_json=True),
    TokenForm(
        row="1.1.1",
        path="/tenants/{tenant}/oauth2/token",
        form={**PERSON, "scope": "openid"},
        with_basic=True,
        by_person=True,
    ),
    TokenForm(
        row="1.1.2",
        path="/otdstenant/{tenant}/oauth2/token",
        form={**CLIENT, "scope": "search otds:groups subscription:{subscription}"},
    ),
    TokenForm(
        row="1.1.2",
        path="/otdstenant/{tenant}/oauth2/token",
        form={**PERSON, "client_id": "Exstream", "scope": "search otds:groups subscription:{subscription}"},
        by_person=True,
        refreshes=True,
    ),
    TokenForm(row="1.1.3", path="/otdsws/otdstenant/{tenant}/oauth2/token", form={**CLIENT, "scope": "otds:groups"}),
    TokenForm(row="1.1.4", path="/otds/otdstenant/{tenant}/otdsws/login", form=PERSON, by_person=True),
    TokenForm(row="1.1.5", path="/otdsws/oauth2/token", form=CLIENT),
)


@pytest.mark.parametrize(
    "form",
    [pytest.param(each, marks=pytest.mark.contract(f"exstream {each.row}", "exstream 4.4")) for each in TOKEN_FORMS],
    ids=lambda form: f"{form.path}-{form.form['grant_type']}",
)
def test_every_token_form_ends_in_a_token_that_works(someone: Stranger, form: TokenForm) -> None:
    """Which of them a deployment has, nobody can choose."""
    facts = someone.facts
    fields = {key: value.replace("{subscription}", facts["subscription"]) for key, value in form.form.items()}
    if form.by_person:
        fields |= {"username": facts["username"], "password": facts["password"]}
    if not form.with_basic and "client_id" not in fields:
        fields |= {"client_id": facts["client_id"], "client_secret": facts["client_secret"]}
    sent: dict[str, Any] = {"json": fields} if form.as_json else {"data": fields}
    if form.with_basic:
        sent["auth"] = (facts["client_id"], facts["client_secret"])

    path = form.path.replace("{tenant}", facts["tenant"])
    told = httpx.post(someone.otds + path, **sent, trust_env=False).json()
    user = someone.get(
        "/design/api/v1/authentication/current-user",
        headers={"Authorization": f"Bearer {told['access_token']}"},
    )

    assert told["expires_in"] == 900
    assert told["token_type"].lower() == "bearer"
    assert ("refresh_token" in told) >= form.refreshes
    assert user["data"]["name"].endswith("@OAuthClients") is not form.by_person


@pytest.mark.contract("exstream 1.1.5")
def test_the_ticket_scope_yields_a_legacy_ticket(someone: Stranger) -> None:
    """The server-based parts know nothing of tokens."""
    facts = someone.facts
    form = {**CLIENT, "client_id": facts["client_id"], "client_secret": facts["client_secret"]}

    told = httpx.post(
        f"{someone.otds}/otdsws/oauth2/token", data={**form, "scope": "otdsssoticket"}, trust_env=False
    ).json()

    assert told["access_token"].startswith("*OTDSSSO*")


@pytest.mark.contract("exstream 1.1.6")
def test_name_and_password_yield_a_legacy_ticket(someone: Stranger) -> None:
    """As above, for people."""
    body = {"userName": someone.facts["username"], "password": someone.facts["password"]}

    reply = httpx.post(f"{someone.otds}/otdsws/rest/authentication/credentials", json=body, trust_env=False)

    assert reply.json()["ticket"]


@pytest.mark.contract("exstream 1.1.7", "exstream 2.5")
@pytest.mark.parametrize(
    "path", ["/design/api/v1/domains", "/orchestration/api/v1/config", "/orchestration/api/v1/runtime/{domain}/jobs"]
)
@pytest.mark.parametrize("proof", ["", "Bearer nobody"])
def test_a_refused_token_is_a_401_without_a_body(someone: Stranger, path: str, proof: str) -> None:
    """A client that reads every body as JSON breaks on it."""
    reply = someone.ask("GET", path, headers={"Authorization": proof})

    assert (reply.status_code, reply.content) == (401, b"")


@pytest.mark.contract("exstream 2.5")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/design/api/v1/resources/Elsewhere", 404),
        ("GET", "/design/api/v1/resources/{domain}/6b1d0000-0000-4000-8000-000000000000", 404),
        ("GET", "/design/api/v1/resources/{domain}/history/6b1d0000-0000-4000-8000-000000000000", 404),
        ("GET", "/design/api/v1/resources/{domain}?count=0", 400),
        ("GET", "/orchestration/api/v1/runtime/{domain}/jobs/none", 404),
        ("GET", "/design/api/v1/no-such-thing", 404),
        ("PATCH", "/design/api/v1/domains", 405),
    ],
)
def test_a_services_refusal_has_its_shape(someone: Stranger, method: str, path: str, status: int) -> None:
    """The first of the three shapes."""
    reply = someone.ask(method, path)

    assert reply.status_code == status
    assert complaints(reply.json(), {**SERVICE_ERROR, "status": {status}}) == []


@pytest.mark.contract("exstream 2.1")
def test_a_list_is_paged_to_its_end(someone: Stranger) -> None:
    """``totalPages`` and ``totalElements`` must hold what they promise."""
    path = "/design/api/v1/resources/{domain}?filter.types=samplefile&count=50&offset="
    first = someone.get(f"{path}0")
    seen = [each["id"] for each in first["data"]]

    while page := someone.get(f"{path}{len(seen)}")["data"]:
        seen += [each["id"] for each in page]

    assert len(seen) == len(set(seen)) == first["page"]["totalElements"]
    assert first["page"]["totalPages"] == -(-len(seen) // 50)
