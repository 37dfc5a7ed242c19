"""The engine's envelopes: how they are built, and how every answer is read."""

import base64
from xml.etree.ElementTree import fromstring

import pytest

from connectors.calls import Call, RawBody, Reply
from connectors.errors import ConnectorError, InvalidError, ShapeError, SignInError, VendorFaultError
from connectors.exstream.server_based import BasicProof, CompositionRequest, EngineOption, TicketProof, UsernameToken
from connectors.exstream.server_based.compose import ComposedFile, compose, read_composition
from connectors.exstream.server_based.empower import read_codes, read_refusal
from connectors.exstream.server_based.gateway import SubmitType, read_submitted, submit
from connectors.exstream.server_based.soap import read_fault

ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
ANSWER = '<e:ComposeResponse xmlns:e="urn:hpexstream-services/Engine"><return>{}</return></e:ComposeResponse>'
FAULT = "<s:Fault><faultcode>{}</faultcode><faultstring>Not today</faultstring>{}</s:Fault>"
DETAIL = (
    '<detail><e:EngineServiceException xmlns:e="urn:hpexstream-services/Engine"><faultInfo>none.pub</faultInfo>'
    "<message>No package</message></e:EngineServiceException></detail>"
)


def reply(body: str | bytes, *, status: int = 200) -> Reply:
    """An answer of the engine."""
    raw = body if isinstance(body, bytes) else body.encode()
    return Reply(system="Engine", call="compose", status=status, headers={"content-type": "text/xml"}, body=raw)


def answered(inner: str) -> Reply:
    """A composition's answer."""
    return reply(ENVELOPE.format(ANSWER.format(inner)))


def request(call: Call) -> str:
    """What a call sends."""
    assert isinstance(call.body, RawBody)
    return call.body.content.decode()


@pytest.mark.contract("exstream 2.9", "exstream 1.7.3")
def test_the_requests_children_are_unqualified_and_in_order() -> None:
    """A sequence: an engine passes over what stands in the wrong place."""
    wish = CompositionRequest(
        pub_files=["a.pub"],
        driver="<é/>".encode(),
        input_name="FILEINPUT",
        driver_encoding="UTF-8",
        options=[EngineOption(name="RUNMODE", value="TEST")],
        returns=r".*\.pdf",
        with_header=False,
    )

    root = fromstring(request(compose(wish)))

    asked = root.find(".//EWSComposeRequest")
    assert asked is not None
    assert [child.tag for child in asked] == [
        "driver",
        "driverEncoding",
        "engineOptions",
        "fileReturnRegEx",
        "includeHeader",
        "includeMessageFile",
        "pubFile",
    ]
    assert base64.b64decode(asked.findtext("driver/driver") or "") == wish.driver
    assert (asked.findtext("driver/fileName"), asked.findtext("includeHeader")) == ("FILEINPUT", "false")


def test_several_packages_are_a_list() -> None:
    """The service knows one element for one, and another for several."""
    wish = CompositionRequest(pub_files=["a.pub", "b.pub"], driver=b"", input_name="INPUT")

    names = [each.text for each in fromstring(request(compose(wish))).iterfind(".//pubFiles/pubFile")]

    assert names == ["a.pub", "b.pub"]


@pytest.mark.contract("exstream 1.7.2", "exstream 7.b")
def test_the_password_travels_in_the_envelope_and_nowhere_else() -> None:
    """A repr ends in a log."""
    token = UsernameToken(username="ada", password="hunter2")
    wish = CompositionRequest(pub_files=["a.pub"], driver=b"<mia/>", input_name="INPUT")

    call = compose(wish, token=token)

    assert "hunter2" in request(call)
    assert "hunter2" not in f"{token!r}{call!r}{BasicProof(username='ada', password='hunter2')!r}"
    assert "hunter2" not in repr(TicketProof(otds_url="https://otds.test", username="ada", password="hunter2"))
    assert "mia" not in repr(wish)


@pytest.mark.contract("exstream 1.7.4")
def test_an_error_in_the_status_message_is_an_error() -> None:
    """The reply is a 200."""
    with pytest.raises(InvalidError, match="EX003"):
        read_composition(answered("<statusMessage>Error EX003: no input</statusMessage>"))


def test_what_was_composed_is_read() -> None:
    """Names, bytes, header, messages."""
    content = base64.encodebytes(b"%PDF-1.7").decode()
    header = "<fileHeader><PDL>4</PDL><pageCount>2</pageCount><returnCode>x</returnCode></fileHeader>"
    files = f"<files>{header}<fileName>a.pdf</fileName><fileOutput>{content}</fileOutput></files>"

    made = read_composition(answered(f"<engineMessage>b2s=</engineMessage>{files}<statusMessage>Done</statusMessage>"))

    assert (made.status, made.messages) == ("Done", "ok")
    assert made.files[0].content == b"%PDF-1.7"
    assert made.files[0].header is not None
    assert (made.files[0].header.pdl, made.files[0].header.page_count, made.files[0].header.return_code) == (4, 2, None)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"%!PS-Adobe", "application/postscript"),
        (b"\x1b%-12345X@PJL", "application/vnd.hp-pcl"),
        (b"\x5a\x00\x10\xd3", "application/afp"),
        (b"Zoe, bonjour", "text/plain"),
        (b"PK\x03\x04\x00", "application/zip"),
        (b"\n<!doctype HTML>", "text/html"),
        (b"Bonjour", "text/plain"),
        (b"\x00\x01", "application/octet-stream"),
    ],
)
@pytest.mark.contract("exstream 1.3.8", "exstream 7.g")
def test_a_file_is_judged_by_its_first_bytes(content: bytes, media_type: str) -> None:
    """What the header's numbers mean is not public."""
    assert ComposedFile(name="x", content=content).media_type == media_type


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("wsse:FailedAuthentication", SignInError),
        ("S:Client", InvalidError),
        ("S:Server", VendorFaultError),
        ("", VendorFaultError),
    ],
)
def test_a_fault_is_told_with_the_services_own_words(code: str, kind: type[ConnectorError]) -> None:
    """The status is 500 for all of them."""
    failure = read_fault(reply(ENVELOPE.format(FAULT.format(code, DETAIL)), status=500))

    assert type(failure) is kind
    assert failure.detail == "Not today: none.pub: No package"


@pytest.mark.parametrize("body", ["", "<html/>", ENVELOPE.format("<Fault/>"), "<Fault", b"\xff\xfeFault"])
def test_what_is_no_fault_is_left_to_the_status(body: str | bytes) -> None:
    """A web page of a proxy may name one."""
    assert read_fault(reply(body, status=502)) is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<a/>",
        ENVELOPE.format(""),
        ENVELOPE.format(ANSWER.format("<files><fileOutput>%%%</fileOutput></files>")),
        '<!DOCTYPE x [<!ENTITY a "b">]>' + ENVELOPE.format(ANSWER.format("&a;")),
    ],
)
@pytest.mark.contract("exstream 7.c")
def test_another_envelope_is_an_odd_reply(body: str) -> None:
    """Half a document must not be shown as a whole one, and no entity is ever read."""
    with pytest.raises(ShapeError):
        read_composition(reply(body))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"header":{"status":{"code":"BUSI110E","msg":"x"}}}', "NotFoundError"),
        (b'{"header":{"status":{"code":"BUSI175E"}}}', "ForbiddenError"),
        (b'{"header":{"status":{"code":"SERV103E"}}}', "InvalidError"),
        (b'{"header":{"status":{"code":"SERV100I"}}}', "NoneType"),
        (b'{"header":null}', "NoneType"),
        (b"<html>", "NoneType"),
    ],
)
def test_the_editors_codes_are_told_also_in_a_success(body: bytes, kind: str) -> None:
    """The last letter says whether it is one."""
    assert type(read_refusal(reply(body))).__name__ == kind


def test_codes_are_read_off_their_page() -> None:
    """One line each, whatever breaks it."""
    page = "<body>A_B = SERV100I|Fine.<br/>C = BUSI110E|Gone: {0}.<br>no line</body>"

    assert read_codes(page) == {"SERV100I": "Fine.", "BUSI110E": "Gone: {0}."}


GATEWAY = "http://schemas.streamserve.com/webservice/interfaces/jobsubmitcontent/base64/1.0"
SUBMITTED = f'<g:SubmitJobsContentResponseType xmlns:g="{GATEWAY}"><jobs>{{}}</jobs></g:SubmitJobsContentResponseType>'


@pytest.mark.contract("exstream 1.7.6", "exstream 7.a")
def test_a_job_for_the_gateway_names_its_service() -> None:
    """By the address of its queue; a second one may be a second letter."""
    call = submit("Invoices", b"<a/>", media_type="text/xml", how=SubmitType.FIRE_AND_FORGET, external_id="ours-1")

    root = fromstring(request(call))
    job = root.find(f".//{{{GATEWAY}}}SubmitJobsContentRequestType/jobs/job")
    assert job is not None
    assert [child.tag for child in job] == ["content", "submitType", "externalJobID"]
    assert base64.b64decode(job.findtext("content/content") or "") == b"<a/>"
    assert root.findtext(".//serviceURI") == "http://schemas.streamserve.com/uid/service/externalqueuing/1.0/Invoices"
    assert call.headers["SOAPAction"].endswith('/base64/1.0/submitjobscontent"')
    assert not call.repeatable


@pytest.mark.contract("exstream 1.7.6")
def test_the_gateways_answer_names_the_job_and_what_it_returned() -> None:
    """Attachments come when the service returns any."""
    data = "<attachments><attachment><data><content>b2s=</content></data></attachment></attachments>"

    job = read_submitted(
        reply(ENVELOPE.format(SUBMITTED.format(f"<job><id>7</id><resultCode>0</resultCode>{data}</job>")))
    )

    assert (job.id, job.attachments) == ("7", (b"ok",))


@pytest.mark.contract("exstream 1.7.6")
@pytest.mark.parametrize(
    ("job", "kind"),
    [
        ("<job><resultCode>17</resultCode><description>No queue</description></job>", InvalidError),
        ("<job><id>7</id></job>", ShapeError),
        ("", ShapeError),
    ],
)
def test_a_job_that_was_not_taken_is_an_error(job: str, kind: type[ConnectorError]) -> None:
    """The reply is a 200; only the code says so."""
    with pytest.raises(kind):
        read_submitted(reply(ENVELOPE.format(SUBMITTED.format(job))))
