"""Section 1.7 of the contract with 2.9: the engine over SOAP by hand, the editor's service, the gateway."""

import base64
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from tests.judges.exstream.shapes import UUID, complaints
from tests.judges.exstream.stranger import Stranger

ENGINE = "/EngineService/EngineService"
RESOURCE = "/empower/resource"
OK = {"header": {"status": {"code": {"SERV100I"}}}}
SECURITY = (
    '<s:Header><w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">'
    "<w:UsernameToken><w:Username>{username}</w:Username><w:Password>{password}</w:Password></w:UsernameToken>"
    "</w:Security></s:Header>"
)


def composed(
    someone: Stranger,
    *,
    driver: bytes,
    header: str = "",
    auth: tuple[str, str] | None = None,
    said: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, Element]:
    """Status and envelope of one composition, asked as section 2.9 shows it."""
    fields = {"fileName": "INPUT", "fileReturnRegEx": r".*\.pdf", "pubFile": "renewal-notice.pub", **said}
    body = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:e="urn:hpexstream-services/Engine">
{header}<s:Body><e:Compose><EWSComposeRequest>
<driver><driver>{base64.b64encode(driver).decode()}</driver><fileName>{fields["fileName"]}</fileName></driver>
<engineOptions><name>RUNMODE</name><value>PRODUCTION</value></engineOptions>
<fileReturnRegEx>{fields["fileReturnRegEx"]}</fileReturnRegEx><includeHeader>true</includeHeader>
<includeMessageFile>true</includeMessageFile><pubFile>{fields["pubFile"]}</pubFile>
</EWSComposeRequest></e:Compose></s:Body></s:Envelope>"""
    headers = {"Authorization": "", "SOAPAction": '""', "Content-Type": "text/xml; charset=utf-8"}
    reply = someone.ask("POST", ENGINE, content=body.encode(), headers=headers, **({"auth": auth} if auth else {}))
    return reply.status_code, fromstring(reply.content)


@pytest.fixture(scope="module")
def driver(someone: Stranger) -> bytes:
    """A sample file's bytes."""
    communication = someone.communication("Renewal notice")["id"]
    query = f"linkSubjectId={communication}&linkDepth=2&filter.types=samplefile"
    sample = someone.get(f"/design/api/v1/links/{{domain}}?{query}")["data"][0]["linkObjectId"]
    return someone.ask("GET", f"/design/api/v1/resources/{{domain}}/{sample}/content").content


@pytest.mark.contract("exstream 1.7.1", "exstream 2.9", "exstream 4.7")
def test_the_engine_composes_what_the_package_makes(someone: Stranger, driver: bytes) -> None:
    """Files that match, their headers, the engine's messages, and a status."""
    status, envelope = composed(someone, driver=driver)

    answer = envelope.find(".//return")
    assert status == 200
    assert answer is not None
    (name,) = [each.findtext("fileName") or "" for each in answer.iterfind("files")]
    assert name.endswith(".pdf")
    assert base64.b64decode(answer.findtext("files/fileOutput") or "").startswith(b"%PDF-")
    assert answer.findtext("files/fileHeader/PDL") == "4"
    assert int(answer.findtext("files/fileHeader/pageCount") or "0") >= 1
    assert base64.b64decode(answer.findtext("engineMessage") or "")
    assert "Error" not in (answer.findtext("statusMessage") or "Error")


@pytest.mark.contract("exstream 1.7.2")
@pytest.mark.parametrize("way", ["nobody", "basic", "token"])
def test_the_engine_is_asked_in_all_three_ways(someone: Stranger, driver: bytes, way: str) -> None:
    """Which of them an installation wants, nobody can choose."""
    who = (someone.facts["username"], someone.facts["password"])
    proofs: Mapping[str, dict[str, Any]] = {
        "nobody": {},
        "basic": {"auth": who},
        "token": {"header": SECURITY.format(username=who[0], password=who[1])},
    }

    status, _ = composed(someone, driver=driver, **proofs[way])

    assert status == 200


@pytest.mark.contract("exstream 1.7.2")
@pytest.mark.parametrize("way", ["basic", "token"])
def test_wrong_credentials_are_a_fault(someone: Stranger, driver: bytes, way: str) -> None:
    """Told in the service's own exception."""
    wrong: Mapping[str, dict[str, Any]] = {
        "basic": {"auth": ("nobody", "wrong")},
        "token": {"header": SECURITY.format(username="nobody", password="wrong")},
    }

    status, envelope = composed(someone, driver=driver, **wrong[way])

    assert status == 500
    assert envelope.find(".//{urn:hpexstream-services/Engine}EngineServiceException/message") is not None


@pytest.mark.contract("exstream 1.7.3", "exstream 1.7.4")
@pytest.mark.parametrize("said", [{"fileName": "ELSEWHERE"}, {"fileName": "FILEINPUT"}, {"fileName": "dd:input"}])
def test_an_unknown_input_name_is_an_error_in_a_success(someone: Stranger, driver: bytes, said: dict[str, str]) -> None:
    """Whoever reads the status alone takes it for a letter."""
    status, envelope = composed(someone, driver=driver, said=said)

    told = envelope.findtext(".//statusMessage") or ""
    assert status == 200
    assert ("Error" in told) is (said["fileName"] == "ELSEWHERE")


@pytest.mark.contract("exstream 1.7.1", "exstream 1.7.4")
@pytest.mark.parametrize(("said", "driver_data"), [({"pubFile": "none.pub"}, b"{}"), ({}, b"{}"), ({}, b"<a")])
def test_what_cannot_be_composed_is_told(someone: Stranger, said: dict[str, str], driver_data: bytes) -> None:
    """A missing package is a fault, missing data an error in a success."""
    status, envelope = composed(someone, driver=driver_data, said=said)

    assert (status == 500) is bool(said)
    assert envelope.find(".//statusMessage" if not said else ".//faultstring") is not None


@pytest.fixture(scope="module")
def session(someone: Stranger) -> dict[str, str]:
    """The headers of a session at the editor's service, its token included."""
    reply = someone.ask("GET", f"{RESOURCE}/GetToken")
    body = reply.json()["body"]
    assert complaints(reply.json(), {**OK, "body": {"csrfHeader": {"X-CSRF-TOKEN"}, "csrfToken": str}}) == []
    return {"Cookie": f"JSESSIONID={reply.cookies['JSESSIONID']}", body["csrfHeader"]: body["csrfToken"]}


def imported(someone: Stranger, session: dict[str, str]) -> str:
    """The id of a document that was brought."""
    data = {"busDocId": "claim-1", "docTag": ["one", "two"]}
    files = {"file": ("claim.mpw", b"a document")}
    reply = someone.ask("POST", f"{RESOURCE}/documents/import", headers=session, data=data, files=files)
    document = {"docId": UUID, "fileName": {"claim.mpw"}, "busDocId": {"claim-1"}, "deleted": {False}}
    assert complaints(reply.json(), {**OK, "body": {"document": document}}) == []
    return str(reply.json()["body"]["document"]["docId"])


@pytest.mark.contract("exstream 1.7.5")
def test_documents_go_in_and_come_out(someone: Stranger, session: dict[str, str]) -> None:
    """An export marks for deletion unless the body says otherwise."""
    document = imported(someone, session)
    path = f"{RESOURCE}/documents/{document}"

    kept = someone.ask("POST", f"{path}/export", headers=session, data={"preserveDoc": "true"})
    before = someone.get(f"{path}/meta", headers=session)["body"]["document"]["deleted"]
    taken = someone.ask("POST", f"{path}/export", headers=session)
    after = someone.get(f"{path}/meta", headers=session)["body"]["document"]["deleted"]

    assert kept.content == taken.content == b"a document"
    assert kept.headers["content-type"] == "application/octet-stream"
    assert (before, after) == (False, True)


@pytest.mark.contract("exstream 1.7.5")
def test_documents_are_listed_in_pages(someone: Stranger, session: dict[str, str]) -> None:
    """``maxTotal=0`` counts no further than what is shown."""
    for _ in range(3):
        imported(someone, session)

    page = someone.get(f"{RESOURCE}/documents?limit=2&offset=0&maxTotal=0&docTag=one", headers=session)["body"]

    assert (len(page["documents"]), page["total"], page["limit"], page["exceedsTotal"]) == (2, 2, 2, True)


@pytest.mark.contract("exstream 1.7.5")
def test_a_deleted_document_is_marked(someone: Stranger, session: dict[str, str]) -> None:
    """The clean-up takes it later."""
    document = imported(someone, session)

    reply = someone.ask("DELETE", f"{RESOURCE}/documents/{document}", headers=session)
    marked = someone.get(f"{RESOURCE}/documents?deleted=true", headers=session)["body"]["documents"]

    assert re.fullmatch(r"SERV\d+I", reply.json()["header"]["status"]["code"])
    assert document in [each["docId"] for each in marked]


@pytest.mark.contract("exstream 1.7.5")
def test_a_change_without_the_token_is_refused(someone: Stranger, session: dict[str, str]) -> None:
    """The cookie alone is what a foreign page could send."""
    document = imported(someone, session)

    reply = someone.ask("DELETE", f"{RESOURCE}/documents/{document}", headers={"Cookie": session["Cookie"]})

    assert reply.status_code == 403
    assert complaints(reply.json(), {"header": {"status": {"code": {"BUSI175E"}}}}) == []


@pytest.mark.contract("exstream 1.7.5")
@pytest.mark.parametrize(("path", "code", "status"), [("none/meta", "BUSI110E", 404), ("none", "", 405)])
def test_what_is_not_there_has_its_code(
    someone: Stranger, session: dict[str, str], path: str, code: str, status: int
) -> None:
    """Codes end in E for an error."""
    reply = someone.ask("GET", f"{RESOURCE}/documents/{path}", headers=session)

    assert reply.status_code == status
    assert not code or complaints(reply.json(), {"header": {"status": {"code": {code}}}}) == []


@pytest.mark.contract("exstream 1.7.5")
def test_xml_is_answered_when_it_is_asked_for(someone: Stranger, session: dict[str, str]) -> None:
    """JSON is the default."""
    reply = someone.ask("GET", f"{RESOURCE}/GetToken", headers={**session, "Accept": "application/xml"})

    root = fromstring(reply.content)
    assert (root.tag, root.find("header/status").get("code")) == ("ResponseContainer", "SERV100I")  # type: ignore[union-attr]  # it has one
    assert root.find("body/csrf").get("csrfHeader") == "X-CSRF-TOKEN"  # type: ignore[union-attr]  # as above


@pytest.mark.contract("exstream 1.7.5")
def test_the_codes_are_a_page(someone: Stranger, session: dict[str, str]) -> None:
    """HTML, whatever was asked for."""
    reply = someone.ask("GET", f"{RESOURCE}/config/errorCodes", headers=session)

    assert reply.headers["content-type"].startswith("text/html")
    assert "BUSI110E|" in reply.text


@pytest.mark.contract("exstream 1.7.9", "exstream 1.1.6")
def test_the_gateway_takes_base64_with_a_ticket(someone: Stranger) -> None:
    """Path and schema are the site's own."""
    who = {"userName": someone.facts["username"], "password": someone.facts["password"]}
    signed_in = httpx.post(f"{someone.otds}/otdsws/rest/authentication/credentials", json=who, trust_env=False).json()
    data = base64.b64encode(b'{"template": "monthly-bill", "customers": ["HM-204881"]}').decode()
    body = {"content": {"contentType": "application/json", "data": data, "async": True}, "ref": "ours"}
    headers = {"Authorization": "", "OTDSTicket": signed_in["ticket"]}

    told = someone.ask("POST", "/rest/communications", json=body, headers=headers).json()

    assert complaints(told, {"status": {"success"}}) == []


@pytest.mark.contract("exstream 1.7.6")
@pytest.mark.parametrize(("service", "code"), [("NightlyLetters", "0"), ("Nowhere", "1")])
def test_the_gateway_takes_jobs_over_soap(someone: Stranger, service: str, code: str) -> None:
    """The service is named by its address in the body; the code says whether the job was taken."""
    data = base64.b64encode(b'{"template": "monthly-bill", "customers": ["HM-204881"]}').decode()
    name = "http://schemas.streamserve.com/webservice/interfaces/jobsubmitcontent/base64/1.0"
    body = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<SubmitJobsContentRequestType xmlns="{name}"><jobs xmlns=""><job><content><content>{data}</content></content>
<submitType>FireAndWaitNoResult</submitType><externalJobID>stranger-soap</externalJobID></job></jobs>
<serviceURI xmlns="">http://schemas.streamserve.com/uid/service/externalqueuing/1.0/{service}</serviceURI>
</SubmitJobsContentRequestType></s:Body></s:Envelope>"""

    reply = someone.ask("POST", "/", content=body, headers={"Authorization": "", "Content-Type": "text/xml"})

    job = fromstring(reply.content).find(".//job")
    assert job is not None
    assert job.findtext("resultCode") == code
    assert bool(job.findtext("id")) is (code == "0")
    assert bool(job.findtext("description")) is (code != "0")
