# mypy: disable-error-code="import-not-found,import-untyped,no-any-return"
# The library is installed in the judge's environment alone.
"""What zeep makes of the engine's service: it reads the WSDL, builds every request by it, and validates the replies."""

from collections.abc import Callable
from typing import Any

from requests import Session
from requests.auth import HTTPBasicAuth
from zeep import Client
from zeep.exceptions import Fault, TransportError
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken

from tests.judges.ledger import Ledger

OPTIONS = [{"name": "RUNMODE", "value": "PRODUCTION"}]


def client(ledger: Ledger, *, auth: HTTPBasicAuth | None = None, token: UsernameToken | None = None) -> Client:
    """A client of the service, strict about what it reads."""
    session = Session()
    session.trust_env = False
    session.auth = auth
    address = f"{ledger.ready['exstream']['base_url']}/EngineService/EngineService?wsdl"
    return Client(address, transport=Transport(session=session, cache=None), wsse=token)


def asked(ledger: Ledger, engine: Client, **changes: Any) -> Any:
    """One composition."""
    request = {
        "driver": {"driver": ledger.given["driver"].encode(), "fileName": "INPUT"},
        "driverEncoding": "UTF-8",
        "engineOptions": OPTIONS,
        "includeHeader": True,
        "includeMessageFile": True,
        "pubFile": "renewal-notice.pub",
        **changes,
    }
    return engine.service.Compose(EWSComposeRequest=request)


def refused(ledger: Ledger, engine: Client, **changes: Any) -> Fault:
    """The fault that a composition ends in."""
    return fault_of(lambda: asked(ledger, engine, **changes))


def fault_of(call: Callable[[], object]) -> Fault:
    """The fault that ``call`` ends in."""
    try:
        call()
    except Fault as fault:
        return fault
    raise AssertionError("it was composed")


def described(ledger: Ledger, engine: Client) -> None:
    """The service's own description."""
    with ledger.call("find the service and its port"):
        (service,) = engine.wsdl.services.values()
        assert (service.name, list(service.ports)) == ("EngineService", ["EngineServicePort"])
    with ledger.call("find one operation, document/literal with an empty action"):
        operation = engine.service._binding.get("Compose")
        assert (operation.style, operation.soapaction) == ("document", "")
    with ledger.call("know the request's fields"):
        fields = {name for name, _ in engine.get_type("{urn:hpexstream-services/Engine}ewsComposeRequest").elements}
        assert {"driver", "driverEncoding", "engineOptions", "fileReturnRegEx", "outputFile", "pubFile"} <= fields
    with ledger.call("know the header's fields"):
        fields = {name for name, _ in engine.get_type("{urn:hpexstream-services/Engine}header").elements}
        assert {"PDL", "fileType", "pageCount", "returnCode"} <= fields
    with ledger.call("build a request that is valid by the schema"):
        node = engine.create_message(
            engine.service,
            "Compose",
            EWSComposeRequest={"includeHeader": True, "pubFile": "a", "includeMessageFile": False},
        )
        (child,) = node.iter("EWSComposeRequest")
        assert [each.tag for each in child] == ["includeHeader", "includeMessageFile", "pubFile"]


def composed(ledger: Ledger, engine: Client) -> None:
    """What comes back."""
    with ledger.call("compose every queue"):
        answer = asked(ledger, engine)
        assert len(answer.files) == 4
        assert "Error" not in answer.statusMessage
        ledger.hand("pdf_bytes", len(next(each.fileOutput for each in answer.files if each.fileName.endswith(".pdf"))))
    with ledger.call("have base64 decoded"):
        assert any(each.fileOutput.startswith(b"%PDF-") for each in asked(ledger, engine).files)
    with ledger.call("have only what a pattern names returned"):
        names = [each.fileName for each in asked(ledger, engine, fileReturnRegEx=r".*\.pdf").files]
        assert [name.rpartition(".")[2] for name in names] == ["pdf"]
    with ledger.call("have nothing returned by a pattern that names nothing"):
        assert asked(ledger, engine, fileReturnRegEx="none").files == []
    with ledger.call("read the header of a file"):
        header = asked(ledger, engine, fileReturnRegEx=r".*\.pdf").files[0].fileHeader
        assert (header.PDL, header.returnCode, header.defaultExtension) == (4, 0, "pdf")
        assert header.pageCount >= 1
    with ledger.call("do without headers"):
        assert {each.fileHeader for each in asked(ledger, engine, includeHeader=False).files} == {None}
    with ledger.call("read the engine's messages"):
        assert asked(ledger, engine).engineMessage
    with ledger.call("do without messages"):
        assert asked(ledger, engine, includeMessageFile=False).engineMessage is None
    with ledger.call("name packages as a list"):
        assert asked(ledger, engine, pubFile=None, pubFiles={"pubFile": ["renewal-notice.pub"]}).files
    with ledger.call("name a package by a path"):
        assert asked(ledger, engine, pubFile="packages/RenewalNotice.pub").files
    with ledger.call("ask for files to be written"):
        assert asked(ledger, engine, outputFile={"directory": "out", "fileName": "renewal"}).files
    for name in ("FILEINPUT", "dd:input"):
        with ledger.call(f"name the input {name}"):
            assert asked(ledger, engine, driver={"driver": ledger.given["driver"].encode(), "fileName": name}).files


def failed(ledger: Ledger, engine: Client) -> None:
    """Everything that does not end in a document."""
    with ledger.call("read an error out of a success: an unknown input"):
        answer = asked(ledger, engine, driver={"driver": b"{}", "fileName": "ELSEWHERE"})
        assert "Error" in answer.statusMessage
        assert not answer.files
    with ledger.call("read an error out of a success: missing data"):
        assert "Error" in asked(ledger, engine, driver={"driver": b"{}", "fileName": "INPUT"}).statusMessage
    with ledger.call("read an error out of a success: no driver"):
        assert "Error" in asked(ledger, engine, driver=None).statusMessage
    with ledger.call("meet a fault: an unknown package"):
        fault = refused(ledger, engine, pubFile="none.pub")
        assert fault.detail.find("{urn:hpexstream-services/Engine}EngineServiceException") is not None
    with ledger.call("meet a fault: a pattern that is none"):
        assert refused(ledger, engine, fileReturnRegEx="(").message
    with ledger.call("meet a fault: nothing asked"):
        assert fault_of(engine.service.Compose).code.endswith("Client")


def signed_in(ledger: Ledger) -> None:
    """The three ways to be known, and two to be refused."""
    facts = ledger.ready["exstream"]
    name, password = facts["username"], facts["password"]
    with ledger.call("ask with HTTP credentials"):
        assert asked(ledger, client(ledger, auth=HTTPBasicAuth(name, password))).files
    with ledger.call("ask with a username token"):
        assert asked(ledger, client(ledger, token=UsernameToken(name, password))).files
    with ledger.call("be refused with wrong HTTP credentials"):
        assert refused(ledger, client(ledger, auth=HTTPBasicAuth(name, "wrong"))).message
    with ledger.call("be refused with a wrong username token"):
        assert refused(ledger, client(ledger, token=UsernameToken(name, "wrong"))).code.endswith("FailedAuthentication")
    with ledger.call("be refused where there is no service"):
        engine = client(ledger)
        address = f"{facts['base_url']}/NoSuchService/EngineService"
        service = engine.create_service("{urn:hpexstream-services/Engine}EngineServicePortBinding", address)
        refusal = None
        try:
            service.Compose(EWSComposeRequest={"includeHeader": False, "includeMessageFile": False})
        except TransportError as error:
            refusal = error.status_code
        assert refusal == 404


def main() -> None:
    """Everything, in order."""
    ledger = Ledger.from_stdin()
    engine = client(ledger)
    described(ledger, engine)
    composed(ledger, engine)
    failed(ledger, engine)
    signed_in(ledger)
    ledger.end()


if __name__ == "__main__":
    main()
