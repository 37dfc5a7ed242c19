"""The five systems together: what one of them shows comes from the others, over real HTTP."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import TypeVar

from pypdf import PdfReader

from connectors.extended_ecm import open_extended_ecm
from connectors.extended_ecm.models import BusinessObject, Node
from connectors.extended_ecm.sign_in import by_directory_password
from connectors.sandbox.extended_ecm import BO_TYPE, CS_PATH, EXT_SYSTEM_ID
from connectors.sandbox.server import SandboxOptions, SandboxServer
from connectors.sandbox.world import SentCommunication

T = TypeVar("T")
CUSTOMER = "HM-204881"


def with_sandbox(use: Callable[[SandboxServer], Awaitable[T]]) -> T:
    """Run ``use`` against the five systems on ports of their own."""

    async def run() -> T:
        server = await SandboxServer.start(SandboxOptions(events=60))
        try:
            return await use(server)
        finally:
            await server.stop()

    return asyncio.run(run())


def test_every_template_composes_on_every_channel_with_pictures_from_the_libraries() -> None:
    """A proof would have a hole where a library was asked in the wrong way."""

    async def compose(server: SandboxServer) -> tuple[set[str], dict[str, str]]:
        world, composer = server.world, server.systems.composer
        customer = next(each for each in world.customers if each.number == CUSTOMER)
        hosts: set[str] = set()
        letters: dict[str, str] = {}
        for template in world.templates:
            record = world.record(customer, template.slug)
            for channel in template.channels:
                output = await composer.compose(template.slug, None, channel, record)
                hosts |= {asset.url.split("/", 3)[2] for asset in output.assets}
                if channel == "print":
                    letters[template.slug] = "".join(
                        page.extract_text() for page in PdfReader(BytesIO(output.content)).pages
                    )
        known = {url.removeprefix("http://"): host for host, url in world.addresses.items()}
        return {known[host] for host in hosts}, letters

    hosts, letters = with_sandbox(compose)

    assert hosts == {"core_dam_delivery", "iconik", "cloudinary_delivery"}
    assert letters
    assert all("Caron" in text for text in letters.values())


def test_what_is_archived_can_be_read_back_and_is_what_was_composed() -> None:
    """The desk would show a letter that nobody sent."""

    async def read_back(server: SandboxServer) -> tuple[bytes, bytes]:
        world, keys = server.world, server.world.secrets["extended_ecm"]
        letter = next(
            sent for sent in world.sent if sent.archived and sent.customer == CUSTOMER and sent.channel == "print"
        )
        client = open_extended_ecm(
            base_url=world.addresses["extended_ecm"],
            cs_path=CS_PATH,
            sign_in=by_directory_password(
                otds_url=world.addresses["otds"], username=keys["username"], password=keys["password"]
            ),
        )
        try:
            workspace = await client.find_workspace(
                BusinessObject(ext_system_id=EXT_SYSTEM_ID, bo_type=BO_TYPE, bo_id=CUSTOMER)
            )
            assert workspace is not None
            documents: list[Node] = []
            async for folder in client.children(workspace.id):
                documents += [node async for node in client.children(folder.id)]
            filed = next(node for node in documents if node.description == letter.title and ".pdf" in node.name)
            content = (await client.content(filed.id)).data
        finally:
            await client.close()
        return content, await composed_again(server, letter)

    archived, composed = with_sandbox(read_back)

    assert archived.startswith(b"%PDF-")
    assert hashlib.sha256(archived).hexdigest() == hashlib.sha256(composed).hexdigest()


async def composed_again(server: SandboxServer, sent: SentCommunication) -> bytes:
    """What the composer makes of ``sent``, dated as it was."""
    customer = next(each for each in server.world.customers if each.number == sent.customer)
    record = server.world.record(customer, sent.template)
    output = await server.systems.composer.compose(sent.template, None, sent.channel, record, at=sent.composed_at)
    return output.content


def test_everything_that_the_history_calls_generated_can_be_composed() -> None:
    """Opening an old document would end in a fault of the server."""

    async def compose(server: SandboxServer) -> int:
        generated = [sent for sent in server.world.sent if sent.facts[0].kind == "generated"]
        for sent in generated:
            assert await composed_again(server, sent)
        return len(generated)

    assert with_sandbox(compose) > 30
