"""A gateway that reports deliveries without pause: signed events (Standard Webhooks) at a rate, over a few connections.

    python -m tests.bench.ends.gateway ADDRESS SECRET RATE

Until its input is closed. Then it says in one line of JSON how many were accepted, and how many were not.
"""

import asyncio
import hmac
import itertools
import json
import sys
import time
from base64 import b64decode, b64encode
from collections import Counter
from urllib.parse import urlsplit

CONNECTIONS = 16
CUSTOMERS = 400
KINDS = ("handed_over", "delivered", "opened")


async def main(address: str, secret: str, rate: float) -> None:
    """Post until the input ends."""
    ended, statuses, numbers = asyncio.Event(), Counter[int](), itertools.count()
    asyncio.get_running_loop().run_in_executor(None, _wait_for_the_end, asyncio.get_running_loop(), ended)
    began = time.perf_counter()
    key = b64decode(secret)
    posting = [
        _post(address, key=key, rate=rate / CONNECTIONS, numbers=numbers, statuses=statuses, ended=ended)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*posting)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "statuses": dict(statuses)}), flush=True)  # noqa: T201 - the answer


def _wait_for_the_end(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    sys.stdin.read()
    loop.call_soon_threadsafe(ended.set)


async def _post(
    address: str,
    *,
    key: bytes,
    rate: float,
    numbers: "itertools.count[int]",
    statuses: Counter[int],
    ended: asyncio.Event,
) -> None:
    target = urlsplit(address)
    reader, writer = await asyncio.open_connection(target.hostname, target.port)
    due = time.perf_counter()
    while not ended.is_set():
        due = max(due + 1 / rate, time.perf_counter() - 1.0)
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        writer.write(_request(target.netloc, target.path, key, next(numbers)))
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            # It had rested too long, or the desk is closing; a gateway comes again.
            statuses[0] += 1
            writer.close()
            reader, writer = await asyncio.open_connection(target.hostname, target.port)
            continue
        status = int(head.split(b" ", 2)[1])
        statuses[status] += 1
        if b"connection: close" in head.lower():
            writer.close()
            reader, writer = await asyncio.open_connection(target.hostname, target.port)
        elif (length := _length(head)) > 0:
            await reader.readexactly(length)
    writer.close()


def _request(host: str, path: str, key: bytes, number: int) -> bytes:
    moment = int(time.time())
    body = json.dumps(
        {
            "id": f"event-{number}",
            "type": f"message.{KINDS[number % len(KINDS)]}",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
            "data": {
                "communication": f"S-{number // len(KINDS)}",
                "customer": f"HM-{number // len(KINDS) % CUSTOMERS:06}",
                "channel": "email",
                "title": "Renewal notice",
            },
        }
    ).encode()
    signed = f"event-{number}.{moment}.".encode() + body
    signature = b64encode(hmac.digest(key, signed, "sha256")).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"webhook-id: event-{number}\r\nwebhook-timestamp: {moment}\r\nwebhook-signature: v1,{signature}\r\n\r\n"
    )
    return head.encode() + body


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
