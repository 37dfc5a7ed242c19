"""The server-based line by our own clients: the engine, the editor's service, the gateway."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest
from starlette.applications import Starlette

from connectors.calls import FilePart
from connectors.errors import ForbiddenError, InvalidError, NotFoundError, SignInError, VendorFaultError
from connectors.exstream.server_based import (
    BasicProof,
    Composition,
    CompositionRequest,
    EmpowerClient,
    EmpowerDocument,
    EngineOption,
    SubmittedJob,
    SubmitType,
    TicketProof,
    UsernameToken,
    open_communications_server,
    open_empower,
    open_engine,
    open_gateway,
)
from connectors.sandbox import otds
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.plain import BASE_URL, PlainClient

T = TypeVar("T")


@pytest.fixture
def driver(world: World) -> bytes:
    """Inès Caron's data as a driver file."""
    return httpx.Request("POST", BASE_URL, json=world.record(world.customers[0], "renewal-notice")).content


def composed(
    app: Starlette, request: CompositionRequest, proof: BasicProof | UsernameToken | None = None
) -> Composition:
    """What the engine makes of ``request``."""

    async def run() -> Composition:
        engine = open_engine(base_url=BASE_URL, proof=proof, wire=httpx.ASGITransport(app=app))
        try:
            return await engine.compose(request)
        finally:
            await engine.close()

    return asyncio.run(run())


def asked(driver: bytes, **changes: object) -> CompositionRequest:
    """The renewal notice as print."""
    said: dict[str, object] = {
        "pub_files": ["renewal-notice.pub"],
        "input_name": "INPUT",
        "returns": r".*\.pdf",
        "options": [EngineOption(name="RUNMODE", value="PRODUCTION")],
        "driver_encoding": "UTF-8",
        **changes,
    }
    return CompositionRequest(driver=driver, **said)  # type: ignore[arg-type]  # the keywords are those of the class


@pytest.mark.contract("exstream 2.9")
def test_the_engine_makes_a_letter(app: Starlette, driver: bytes) -> None:
    """The same wording as the cloud's, from a package."""
    made = composed(app, asked(driver))

    (file,) = made.files
    assert file.media_type == "application/pdf"
    assert file.header is not None
    assert (file.header.pdl, file.header.default_extension, file.header.return_code) == (4, "pdf", 0)
    assert made.messages


@pytest.mark.contract("exstream 1.7.2")
@pytest.mark.parametrize("way", ["basic", "token"])
def test_credentials_are_shown_and_checked(app: Starlette, world: World, driver: bytes, way: str) -> None:
    """A wrong password is a sign-in to mend, not a fault of the engine's."""
    secrets = world.secrets["exstream"]
    kind = BasicProof if way == "basic" else UsernameToken

    made = composed(app, asked(driver), kind(username=secrets["username"], password=secrets["password"]))

    assert made.files
    with pytest.raises((SignInError, InvalidError)):
        composed(app, asked(driver), kind(username=secrets["username"], password="wrong"))


@pytest.mark.contract("exstream 1.7.3", "exstream 1.7.4")
def test_an_error_in_a_success_is_an_error(app: Starlette, driver: bytes) -> None:
    """The engine answers 200 and says *Error*."""
    with pytest.raises(InvalidError, match="ELSEWHERE"):
        composed(app, asked(driver, input_name="ELSEWHERE"))


def test_a_missing_package_is_the_engines_fault(app: Starlette, driver: bytes) -> None:
    """With the name of the package, so that somebody can mend it."""
    with pytest.raises(VendorFaultError, match=r"none\.pub"):
        composed(app, asked(driver, pub_files=["none.pub", "other.pub"]))


def with_empower(
    app: Starlette, world: World, work: Callable[[EmpowerClient], Awaitable[T]], *, password: str = ""
) -> T:
    """What ``work`` makes of the editor's service, two documents a page."""
    secrets = world.secrets["exstream"]
    proof = BasicProof(username=secrets["username"], password=password or secrets["password"])

    async def run() -> T:
        client = open_empower(base_url=BASE_URL, sign_in=proof, wire=httpx.ASGITransport(app=app))
        client._page_size = 2
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


async def brought(client: EmpowerClient, tag: str = "may") -> EmpowerDocument:
    """A document that was just imported."""
    part = FilePart(name="f", filename="claim.mpw", content=b"a document")
    return await client.add_document(file=part, business_id="claim-1", tags=(tag, "all"), owners=("mira.kovac",))


def test_documents_are_brought_listed_and_taken(app: Starlette, world: World) -> None:
    """Exported as they came, and not marked for deletion unless somebody says so."""

    async def run(client: EmpowerClient) -> tuple[list[str], bytes, list[bool]]:
        made = [await brought(client) for _ in range(5)]
        listed = [each.doc_id async for each in client.documents(tag="all")]
        assert listed == [each.doc_id for each in made]
        kept = await client.export_document(made[0].doc_id)
        before = (await client.document(made[0].doc_id)).deleted
        await client.export_document(made[0].doc_id, preserve=False)
        await client.delete_document(made[1].doc_id)
        after = [(await client.document(each.doc_id)).deleted for each in made[:3]]
        return listed, kept, [before, *after]

    listed, kept, marks = with_empower(app, world, run)

    assert (len(listed), kept, marks) == (5, b"a document", [False, True, True, False])


def test_what_is_not_there_is_told_by_its_code(app: Starlette, world: World) -> None:
    """Codes are what the vendor's support asks for."""
    with pytest.raises(NotFoundError, match="BUSI110E"):
        with_empower(app, world, lambda client: client.document("none"))


def test_the_services_codes_can_be_read(app: Starlette, world: World) -> None:
    """They come as a page."""
    assert "BUSI175E" in with_empower(app, world, lambda client: client.error_codes())


def test_a_wrong_password_is_a_refused_sign_in(app: Starlette, world: World) -> None:
    """Not an empty list."""
    with pytest.raises((SignInError, ForbiddenError)):
        with_empower(app, world, brought, password="wrong")


class BothHosts(httpx.AsyncBaseTransport):
    """The directory at one host, everything else at the other."""

    def __init__(self, world: World, authority: TicketAuthority, app: Starlette) -> None:
        self._directory = httpx.ASGITransport(app=otds.build(world, authority).app)
        self._rest = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """By the host's name."""
        wire = self._directory if request.url.host == "otds.test" else self._rest
        return await wire.handle_async_request(request)


def test_the_gateway_takes_a_submission_with_a_ticket(app: Starlette, world: World, authority: TicketAuthority) -> None:
    """The ticket is fetched on the way, and the job begins."""
    secrets = world.secrets["exstream"]
    content = b'{"template": "monthly-bill", "customers": ["HM-204881"]}'

    async def run(password: str) -> object:
        proof = TicketProof(otds_url="http://otds.test", username=secrets["username"], password=password)
        wire = BothHosts(world, authority, app)
        client = open_communications_server(base_url=BASE_URL, proof=proof, wire=wire)
        try:
            told = await client.submit("/rest/communications", content, media_type="application/json")
            await app.state.flows.idle()
            return told["status"]
        finally:
            await client.close()

    assert asyncio.run(run(secrets["password"])) == "success"
    with pytest.raises(SignInError):
        asyncio.run(run("wrong"))


def handed_over(app: Starlette, service: str, content: bytes, how: SubmitType) -> SubmittedJob:
    """What the gateway makes of a job."""

    async def run() -> SubmittedJob:
        client = open_gateway(base_url=BASE_URL, wire=httpx.ASGITransport(app=app))
        try:
            return await client.submit(service, content, how=how, external_id="ours-1")
        finally:
            await app.state.flows.idle()
            await client.close()

    return asyncio.run(run())


@pytest.mark.parametrize("how", SubmitType)
def test_the_older_gateway_starts_a_job(app: Starlette, plain: PlainClient, domain: str, how: SubmitType) -> None:
    """Found again by the id that we gave it."""
    job = handed_over(app, "NightlyLetters", b'{"template": "monthly-bill", "customers": ["HM-204881"]}', how)

    path = f"/orchestration/api/v1/runtime/{domain}/jobs?filter=externalId:ours-1"
    (found,) = plain.ask("GET", path).json()["data"]
    assert (found["id"], found["status"]) == (job.id, "complete")


@pytest.mark.parametrize(("service", "content"), [("Nowhere", b"{}"), ("NightlyLetters", b"{}"), ("Resend", b"<a")])
def test_a_job_that_is_not_taken_is_told_by_its_code(app: Starlette, service: str, content: bytes) -> None:
    """In a success."""
    with pytest.raises(InvalidError, match=r"\d: "):
        handed_over(app, service, content, SubmitType.FIRE_AND_FORGET)
