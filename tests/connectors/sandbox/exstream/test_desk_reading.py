"""What the desk's own client reads of an installation: what it offers, its flows, packages, definitions."""

import io
import zipfile

import pytest

from connectors.exstream import ExstreamClient, client_sign_in, open_exstream, person_sign_in
from connectors.otds import TokenPath
from connectors.sandbox.world import World
from tests.connectors.sandbox.exstream.conftest import Desk
from tests.connectors.sandbox.exstream.plain import BASE_URL
from tests.connectors.sandbox.exstream.test_designs import renewal_id


def test_three_services_tell_their_versions(desk: Desk) -> None:
    """Support asks for them first."""

    async def read(client: ExstreamClient) -> set[tuple[str, str]]:
        told = [await client.version(), await client.orchestration_version(), await client.empower_version()]
        return {(each.api_identifier, each.version_string) for each in told}

    assert desk(read) == {("design", "24.4.0"), ("orchestration", "24.4.0"), ("empower", "24.4.0")}


def test_what_the_installation_offers_is_told(desk: Desk, domain: str) -> None:
    """A base subscription has no monitor, and the desk must know before it asks."""

    async def read(client: ExstreamClient) -> tuple[bool, set[str], tuple[str, ...]]:
        config = await client.config()
        domains = {each.id async for each in client.domains(search="harbour", with_children=True)}
        flows = await client.published_flows(domain)
        return config.base_subscription, domains, tuple(name for flow in flows for name in flow.input_channels)

    is_base, domains, channels = desk(read)

    assert not is_base
    assert domains == {domain, f"{domain}Test"}
    assert {"Resend", "NightlyLetters", "generate"} <= set(channels)


def test_a_person_is_known_in_a_domain(desk: Desk, domain: str) -> None:
    """Rights differ by domain."""
    assert desk(lambda client: client.current_user(domain=domain)).is_tenant_admin


def test_a_preview_is_a_definition_and_no_document(desk: Desk, domain: str) -> None:
    """Whoever takes it for a rendering shows JSON to a template owner."""

    async def read(client: ExstreamClient) -> object:
        return (await client.run_definition(domain, await renewal_id(client, domain)))["name"]

    assert desk(read) == "Renewal notice"


@pytest.mark.contract("exstream 1.5.7")
def test_outcomes_of_channels_have_names(desk: Desk, domain: str) -> None:
    """Flows decide by them; they are the only trace of a fallback."""
    mappings = desk(lambda client: client.outcome_mappings(domain))

    assert "Failed" in [outcome.display_name for outcome in mappings["Email outcomes"]]


def test_designs_have_manifests(desk: Desk, domain: str) -> None:
    """Beside the thumbnail."""

    async def read(client: ExstreamClient) -> bytes:
        return await client.content_manifest(domain, await renewal_id(client, domain))

    assert b"exstrcommunicationset" in desk(read)


def test_an_export_is_a_package(desk: Desk, domain: str) -> None:
    """A template owner keeps a copy before a change."""

    async def read(client: ExstreamClient) -> bytes:
        return await client.export_package(domain, await renewal_id(client, domain), versions="ALL")

    names = zipfile.ZipFile(io.BytesIO(desk(read))).namelist()

    assert sum(name.startswith("resources/exstrapplication") for name in names) == 3


@pytest.mark.parametrize("path", [TokenPath.TENANT_LOGIN, TokenPath.PLAIN])
def test_the_other_token_forms_work_too(desk: Desk, world: World, path: TokenPath) -> None:
    """Which form a deployment has, its administrator configures."""
    secrets = world.secrets["exstream"]

    async def name(_: ExstreamClient) -> str:
        client_id, client_secret = secrets["client_id"], secrets["client_secret"]
        sign_in = (
            client_sign_in(otds_url=BASE_URL, client_id=client_id, client_secret=client_secret, path=path)
            if path is TokenPath.PLAIN
            else person_sign_in(
                otds_url=BASE_URL,
                client_id=client_id,
                client_secret=client_secret,
                username=secrets["username"],
                password=secrets["password"],
                tenant=secrets["tenant"],
                path=path,
            )
        )
        client = open_exstream(base_url=BASE_URL, sign_in=sign_in, wire=desk.wire)
        try:
            return (await client.current_user()).name
        finally:
            await client.close()

    assert desk(name)
