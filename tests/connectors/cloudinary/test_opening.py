"""What a connection sends besides its calls: to which host, with which proof, and how often."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from connectors.calls import FilePart
from connectors.cloudinary import (
    AssetId,
    CloudinaryClient,
    ModerationStatus,
    TokenPair,
    open_cloudinary,
    open_cloudinary_as_person,
)
from connectors.errors import NotFoundError

ASSET = {
    "asset_id": "a" * 32,
    "public_id": "brand/hero",
    "resource_type": "image",
    "type": "upload",
    "version": 17,
    "created_at": "2025-10-09T08:53:20Z",
}


class Vendor:
    """Gives one answer after the other, the last one again and again, and keeps what it was asked."""

    def __init__(self, *bodies: object, status: int = 200) -> None:
        self.asked: list[httpx.Request] = []
        self._bodies = bodies
        self._status = status

    def run(self, work: Callable[[CloudinaryClient], Awaitable[Any]], **said: Any) -> Any:
        async def whole() -> Any:
            client = open_cloudinary(
                cloud_name="demo",
                api_key="1234",
                api_secret="s3cr3t",
                wire_to_api=httpx.MockTransport(self._answer),
                wire_to_delivery=httpx.MockTransport(self._answer),
                **said,
            )
            try:
                return await work(client)
            finally:
                await client.close()

        return asyncio.run(whole())

    def run_as_person(self, work: Callable[[CloudinaryClient], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            client = open_cloudinary_as_person(
                tokens=TokenPair(access_token="t0ken", refresh_token="r", cloud_name="demo"),
                client_id="desk",
                wire_to_api=httpx.MockTransport(self._answer),
            )
            try:
                return await work(client)
            finally:
                await client.close()

        return asyncio.run(whole())

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        body = self._bodies[min(len(self.asked), len(self._bodies)) - 1]
        return httpx.Response(self._status, json=body, headers={"x-request-id": "r-1"})


async def upload(client: CloudinaryClient) -> None:
    await client.upload(FilePart(name="file", filename="a.png", content=b"1"))


@pytest.mark.contract("cloudinary 1.2", "cloudinary 1.6")
def test_one_address_stands_for_the_whole_api_and_is_shown_the_key_pair() -> None:
    """A customer with a host of their own, or in another region, would be asked elsewhere."""
    vendor = Vendor({"status": "ok"})

    vendor.run(lambda client: client.ping(), base_url="https://api-eu.cloudinary.com")

    (request,) = vendor.asked
    assert str(request.url) == "https://api-eu.cloudinary.com/v1_1/demo/ping"
    assert request.headers["authorization"] == "Basic MTIzNDpzM2NyM3Q="


@pytest.mark.contract("cloudinary 1.7", "cloudinary 1.8", "cloudinary 1.10")
@pytest.mark.parametrize("signs_forms", [False, True])
def test_an_upload_carries_exactly_one_proof(signs_forms: bool) -> None:
    """Two proofs at once are refused, and none is an unsigned upload."""
    vendor = Vendor(ASSET)

    vendor.run(upload, signs_forms=signs_forms)

    (request,) = vendor.asked
    assert ("authorization" in request.headers) is not signs_forms
    assert (b'name="signature"' in request.content) is signs_forms
    assert b"s3cr3t" not in request.content


@pytest.mark.contract("cloudinary 1.9", "cloudinary 1.10")
def test_a_person_s_token_is_the_proof_of_every_call() -> None:
    """Uploads would be refused although the person is signed in."""
    vendor = Vendor(ASSET)

    vendor.run_as_person(upload)

    (request,) = vendor.asked
    assert request.headers["authorization"] == "Bearer t0ken"
    assert b'name="signature"' not in request.content


@pytest.mark.contract("cloudinary 8.b7", "cloudinary 11.3")
def test_a_refusal_tells_the_vendor_s_words_and_its_request_id() -> None:
    """The vendor's support asks for it first."""
    vendor = Vendor({"error": {"message": "Resource not found - brand/hero"}}, status=404)

    with pytest.raises(NotFoundError) as caught:
        vendor.run(lambda client: client.asset(AssetId("a" * 32)))

    assert (caught.value.detail, caught.value.request_id) == ("Resource not found - brand/hero", "r-1")


@pytest.mark.contract("cloudinary 11.1", "cloudinary 3.1.5")
def test_a_hundred_assets_are_one_request() -> None:
    """The hourly budget would be gone by noon."""
    vendor = Vendor({"resources": [ASSET]})

    vendor.run(lambda client: client.assets_by_id([AssetId(f"{number:032x}") for number in range(100)]))
    vendor.run(lambda client: client.lists.by_public_ids(["a,b", "c"]))

    assert [len(request.url.params.multi_items()) for request in vendor.asked] == [104, 6]


@pytest.mark.contract("cloudinary 2.b1", "cloudinary 3.2.2")
def test_an_asset_is_changed_by_the_id_that_never_changes() -> None:
    """A verdict would be lost, or hit another picture, after a rename."""
    vendor = Vendor(ASSET)

    vendor.run(lambda client: client.moderate(AssetId("a" * 32), ModerationStatus.APPROVED))

    (request,) = vendor.asked
    assert (request.method, request.url.path) == ("PUT", f"/v1_1/demo/resources/{'a' * 32}")
    assert json.loads(request.content) == {"moderation_status": "approved"}


@pytest.mark.parametrize("cursors", [["c1", "c1"], ["c1", "c2", "c2"]])
def test_a_cursor_that_comes_again_ends_the_list(cursors: list[str]) -> None:
    """A vendor that repeats itself would keep the desk busy for ever."""
    vendor = Vendor(*({"resources": [ASSET], "next_cursor": cursor} for cursor in cursors))

    async def listed(client: CloudinaryClient) -> int:
        return len([one async for one in client.lists.by_tag("logo")])

    assert vendor.run(listed) == len(cursors)
