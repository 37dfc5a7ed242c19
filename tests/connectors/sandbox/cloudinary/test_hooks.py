"""Web hooks: posted, signed, and only to whom they concern."""

import asyncio

import httpx
import pytest

from connectors.cloudinary import NotificationVerdict, verify_notification
from connectors.sandbox.cloudinary import CloudinarySandbox
from connectors.sandbox.world import World
from tests.connectors.sandbox.cloudinary.desk import API

KEYS = ("1234", "s3cr3t")


class Receiver:
    """A listener on loopback that keeps what it is sent."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head)}
        body = await reader.readexactly(int(headers["content-length"]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        await self.arrived.put((headers, body))


@pytest.mark.contract("cloudinary 11.2")
def test_a_hook_is_posted_and_verifies(sandbox: CloudinarySandbox, world: World) -> None:
    """A receiver could not be tried before it stands at the vendor."""

    async def story() -> tuple[dict[str, str], bytes]:
        receiver = Receiver()
        async with await asyncio.start_server(receiver, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            wire = httpx.ASGITransport(app=sandbox.api)
            async with httpx.AsyncClient(transport=wire, auth=KEYS, base_url=f"{API}/v1_1/demo") as http:
                hook = {"uri": f"http://127.0.0.1:{port}/", "event_type": "moderation"}
                await http.post("/triggers", json=hook)
                await http.post("/resources/image/upload/brand/mark", json={"tags": "other"})
                await http.post("/resources/image/upload/brand/mark", json={"moderation_status": "rejected"})
                sent = await asyncio.wait_for(receiver.arrived.get(), 300)
            await sandbox.notices.close()
        assert receiver.arrived.empty()
        return sent

    headers, body = asyncio.run(story())

    assert b'"notification_type":"moderation"' in body
    verdict = verify_notification(
        body=body,
        timestamp=headers["x-cld-timestamp"],
        signature=headers["x-cld-signature"],
        api_secret="s3cr3t",
        now=world.clock.now(),
    )
    assert verdict is NotificationVerdict.GENUINE


def test_control_can_push_any_notification(sandbox: CloudinarySandbox) -> None:
    """Events that no call causes could never be rehearsed."""

    async def story() -> list[str]:
        wire = httpx.ASGITransport(app=sandbox.api)
        async with httpx.AsyncClient(transport=wire, auth=KEYS, base_url=API) as http:
            await http.post("/v1_1/demo/triggers", json={"uri": "poll://desk", "event_type": "all"})
            sandbox.notices.emit("report", {"status": "done"})
            drained = await http.get("/v2/notifications/demo/messages?channel=desk&wait_seconds=0")
        return [message["payload"]["notification_type"] for message in drained.json()["messages"]]

    assert asyncio.run(story()) == ["report"]
