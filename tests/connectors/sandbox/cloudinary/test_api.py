"""The desk's client on the sandbox's API host."""

import hashlib
from datetime import timedelta

import pytest

from connectors.calls import FilePart
from connectors.cloudinary import (
    Asset,
    CloudinaryClient,
    ModerationStatus,
    NotificationVerdict,
    ResourceType,
    answer_signature,
    verify_notification,
)
from connectors.errors import NotFoundError, RateLimitError, SignInError
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.cloudinary import CloudinarySandbox, build
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import World
from tests.connectors.sandbox.cloudinary.desk import Desk, picture

STORM = "brand/storm-photo"


async def storm(client: CloudinaryClient) -> Asset:
    return await client.asset_by_public_id(STORM)


def part(content: bytes, name: str = "new.png") -> FilePart:
    return FilePart(name="file", filename=name, content=content)


def test_the_keys_are_accepted_and_the_usage_is_told(desk: Desk) -> None:
    """A connection could not be tested."""

    async def both(client: CloudinaryClient) -> tuple[str, bool]:
        await client.ping()
        usage = await client.usage()
        return usage.plan, usage.storage.usage > 0

    assert desk.run(both) == ("Sandbox", True)


@pytest.mark.contract("cloudinary 1.1", "cloudinary 1.2", "cloudinary 1.6", "cloudinary 8.b1")
@pytest.mark.parametrize(
    ("auth", "path", "message"),
    [
        (("1234", "wrong"), "/v1_1/demo/ping", "api_secret mismatch"),
        (("9", "s3cr3t"), "/v1_1/demo/ping", "unknown api_key"),
        (("1234", "s3cr3t"), "/v1_1/other/ping", "cloud_name mismatch"),
        (None, "/v1_1/demo/ping", "Must supply api_key"),
    ],
)
def test_wrong_credentials_get_the_vendor_s_own_words(
    desk: Desk, auth: tuple[str, str] | None, path: str, message: str
) -> None:
    """A desk that is tried on the sandbox would not know a refusal at the vendor."""
    answer = desk.ask("GET", path, auth=auth)

    assert (answer.status_code, answer.json()) == (401, {"error": {"message": message}})
    assert answer.headers["x-cld-error"] == message


def test_a_refused_secret_is_a_sign_in_error(sandbox: CloudinarySandbox, world: World) -> None:
    """The outbox would park what only waits for a new key."""
    stranger = Desk(sandbox, {**world.secrets["cloudinary"], "api_secret": "wrong"})

    with pytest.raises(SignInError):
        stranger.run(lambda client: client.ping())


@pytest.mark.contract("cloudinary 2.b2", "cloudinary 3.1.11")
def test_an_asset_is_the_same_by_either_address(desk: Desk) -> None:
    """The same picture would be listed twice."""

    async def both(client: CloudinaryClient) -> tuple[Asset, Asset]:
        found = await storm(client)
        return found, await client.asset(found.asset_id)

    by_public_id, by_asset_id = desk.run(both)

    assert by_public_id == by_asset_id
    assert by_public_id.context_pairs == {}


def test_an_unknown_asset_is_not_found(desk: Desk) -> None:
    """A deleted asset would look like a fault."""
    with pytest.raises(NotFoundError, match="nope"):
        desk.run(lambda client: client.asset_by_public_id("nope"))


def test_the_review_queue_holds_what_is_pending(desk: Desk) -> None:
    """A reviewer would not see what waits."""

    async def queue(client: CloudinaryClient) -> list[str]:
        return [asset.public_id async for asset in client.review_queue(ResourceType.IMAGE)]

    assert desk.run(queue) == [STORM]


def test_lists_are_followed_to_their_end(desk: Desk) -> None:
    """What stands on the last page would never be synchronised."""

    async def ids(client: CloudinaryClient) -> list[str]:
        return [asset.public_id async for asset in client.assets(ResourceType.IMAGE, page_size=1)]

    assert len(desk.run(ids)) == 4


@pytest.mark.contract("cloudinary 3.2.3", "cloudinary 3.2.b1", "cloudinary 5.b4", "cloudinary 5.b6")
def test_a_verdict_is_written_with_its_reason_and_read_back(desk: Desk) -> None:
    """An approval that nobody else sees is none."""

    async def reject(client: CloudinaryClient) -> tuple[Asset, Asset]:
        found = await storm(client)
        said = await client.moderate(
            found.asset_id, ModerationStatus.REJECTED, metadata={"review_note": 'Too dark = bad | "again"'}
        )
        return said, await storm(client)

    said, read = desk.run(reject)

    assert said == read
    assert read.review is ModerationStatus.REJECTED
    assert read.metadata["review_note"] == 'Too dark = bad | "again"'


@pytest.mark.contract("cloudinary 11.5")
@pytest.mark.parametrize(
    "body",
    [
        {"moderation_status": "pending"},
        {"moderation_status": "approved", "metadata": "nothing=1"},
        {"moderation_status": "approved", "metadata": "license_end=soon"},
        {"moderation_status": "approved", "metadata": 'channels=["fax"]'},
        {"moderation_status": "approved", "access_control": "[1"},
    ],
)
def test_a_refused_update_changes_nothing(desk: Desk, body: dict[str, str]) -> None:
    """Half an update would leave a verdict without its reason."""
    before = desk.run(storm)

    answer = desk.ask("PUT", f"/v1_1/demo/resources/{before.asset_id}", json=body)

    assert answer.status_code == 400
    assert desk.run(storm) == before


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"'])
def test_a_malformed_body_is_refused(desk: Desk, body: bytes) -> None:
    """A broken client would seem to work."""
    answer = desk.ask("POST", "/v1_1/demo/resources/search", content=body, headers={"content-type": "application/json"})

    assert (answer.status_code, set(answer.json())) == (400, {"error"})


@pytest.mark.contract("cloudinary 1.7", "cloudinary 1.8", "cloudinary 6.2", "cloudinary 5.b3")
@pytest.mark.parametrize("signs_forms", [False, True])
def test_a_file_is_stored_and_signed_for(desk: Desk, world: World, signs_forms: bool) -> None:
    """Neither of the two ways to sign an upload may be lost."""
    content = picture("teal")

    async def store(client: CloudinaryClient) -> tuple[Asset, bytes]:
        made = await client.upload(
            part(content),
            public_id="brand/täal",
            tags=("a&b", "c"),
            context={"alt": "x & y"},
            metadata={"channels": ["web"]},
            moderation="manual",
        )
        return made, await client.fetch(made.secure_url)

    made, fetched = desk.run(store, signs_forms=signs_forms)

    assert fetched == content
    assert made.etag == hashlib.md5(content).hexdigest()
    assert (made.tags, made.context_pairs) == (("a&b", "c"), {"alt": "x & y"})
    assert made.review is ModerationStatus.PENDING
    assert made.signature == answer_signature(public_id=made.public_id, version=made.version, api_secret="s3cr3t")


@pytest.mark.contract("cloudinary 2.b1", "cloudinary 2.b3")
def test_an_overwrite_keeps_the_id_and_the_old_version(desk: Desk) -> None:
    """An asset would lose its history with every correction."""

    async def overwrite(client: CloudinaryClient) -> tuple[Asset, Asset]:
        before = await storm(client)
        await client.upload(part(picture("white")), public_id=STORM)
        return before, await client.asset_by_public_id(STORM, versions=True)

    before, after = desk.run(overwrite)

    assert after.asset_id == before.asset_id
    assert after.version > before.version
    assert len(after.versions) == 2


@pytest.mark.contract("cloudinary 6.1", "cloudinary 11.3")
def test_a_forged_form_is_refused_with_what_was_signed(desk: Desk) -> None:
    """The vendor's answer tells what its signature covers, which is how people find their mistake."""
    fields = {"public_id": "x", "timestamp": "1793525400", "api_key": "1234", "signature": "0" * 40}

    answer = desk.ask("POST", "/v1_1/demo/image/upload", data=fields, files={"file": b"1"}, auth=None)

    assert answer.status_code == 401
    assert "String to sign - 'public_id=x&timestamp=1793525400'" in answer.json()["error"]["message"]


@pytest.mark.contract("cloudinary 3.2.10", "cloudinary 4.4")
def test_a_file_comes_in_chunks(desk: Desk) -> None:
    """Films are larger than one request may be."""
    content = picture("olive")
    cut = len(content) // 2

    def send(start: int, end: int) -> dict[str, object]:
        headers = {"X-Unique-Upload-Id": "u1", "Content-Range": f"bytes {start}-{end - 1}/{len(content)}"}
        answer = desk.ask(
            "POST",
            "/v1_1/demo/image/upload",
            data={"public_id": "olive"},
            files={"file": ("o.png", content[start:end])},
            headers=headers,
        )
        return dict(answer.json())

    first, again, last = send(0, cut), send(0, cut), send(cut, len(content))

    assert first == again
    assert (first["done"], first["bytes"]) == (False, cut)
    assert last["etag"] == hashlib.md5(content).hexdigest()


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("image/upload", b"no picture", 400),
        ("image/upload", b"", 400),
        ("film/upload", b"1", 400),
    ],
)
def test_an_impossible_upload_is_refused(desk: Desk, path: str, content: bytes, status: int) -> None:
    """A file that no rendition works on would be taken for a picture."""
    answer = desk.ask("POST", f"/v1_1/demo/{path}", data={"public_id": "x"}, files={"file": content})

    assert answer.status_code == status


@pytest.mark.contract("cloudinary 3.2.4")
def test_an_asset_is_submitted_for_review(desk: Desk) -> None:
    """A draft could never be approved."""

    async def submit(client: CloudinaryClient) -> Asset:
        draft = await client.asset_by_public_id("brand/old-logo")
        assert draft.review is None
        return await client.submit_for_review(draft)

    assert desk.run(submit).review is ModerationStatus.PENDING


def test_bulk_calls_change_tags_context_and_metadata(desk: Desk) -> None:
    """Work on many assets would have to spend the hourly budget."""

    async def change(client: CloudinaryClient) -> Asset:
        found = await storm(client)
        await client.tag(found, ["night"])
        await client.tag(found, ["photo"], command="remove")
        await client.add_context(found, {"alt": "Waves"})
        await client.set_metadata(found, {"region": "North"})
        return await storm(client)

    changed = desk.run(change)

    assert changed.tags == ("storm", "night")
    assert changed.context_pairs == {"alt": "Waves"}
    assert changed.metadata["region"] == "North"


@pytest.mark.contract("cloudinary 4.3")
def test_eager_renditions_are_listed_and_kept(desk: Desk) -> None:
    """A mailing would wait for its pictures at the first reader."""

    async def make(client: CloudinaryClient) -> tuple[Asset, Asset]:
        made = await client.make_renditions(await storm(client), ["c_limit,w_50/jpg", "c_fill,h_10,w_10/f_png"])
        return made, await storm(client)

    made, read = desk.run(make)

    assert [(one.width, one.height, one.format) for one in made.eager] == [(50, 25, "jpg"), (10, 10, "png")]
    assert {one.transformation for one in read.renditions} == {"c_limit,w_50", "c_fill,h_10,w_10/f_png"}


@pytest.mark.contract("cloudinary 4.2", "cloudinary 10.b5")
def test_fields_come_with_their_options(desk: Desk) -> None:
    """A value could only be typed, and would be refused."""

    async def read(client: CloudinaryClient) -> list[str]:
        await client.schema.put_options("channels", {"fax": "Fax"})
        field = await client.schema.field("channels")
        assert field in await client.schema.fields()
        return [option.external_id for option in field.datasource.values] if field.datasource else []

    assert desk.run(read) == ["print", "email", "web", "sms", "fax"]


@pytest.mark.contract("cloudinary 8.b3")
def test_the_budget_is_counted_and_refills_on_the_hour(world: World, clock: SandboxClock) -> None:
    """A desk that has spent its calls must wait and not knock."""
    desk = Desk(build(world, calls_per_hour=2), world.secrets["cloudinary"])
    spent = [desk.ask("GET", "/v1_1/demo/ping") for _ in range(3)]

    clock.advance(timedelta(hours=1))
    refilled = desk.ask("GET", "/v1_1/demo/ping")

    assert [answer.status_code for answer in spent] == [200, 200, 420]
    assert spent[0].headers["x-featureratelimit-remaining"] == "1"
    assert spent[0].headers["x-featureratelimit-reset"] == "Sun, 01 Nov 2026 10:00:00 GMT"
    assert refilled.status_code == 200


def test_uploads_are_not_counted(world: World) -> None:
    """Bulk work is sent this way because it costs nothing of the budget."""
    desk = Desk(build(world, calls_per_hour=0), world.secrets["cloudinary"])

    answer = desk.ask("POST", "/v1_1/demo/image/tags", data={"public_ids[]": STORM, "tag": "x", "command": "add"})

    assert answer.json() == {"public_ids": [STORM]}


def test_a_spent_budget_is_a_rate_limit_for_the_client(world: World) -> None:
    """The outbox would park what only has to wait, and a page would stand still until the hour is over."""
    desk = Desk(build(world, calls_per_hour=0), world.secrets["cloudinary"])

    with pytest.raises(RateLimitError, match="Limit of 0 api operations") as raised:
        desk.run(lambda client: client.ping())

    assert raised.value.retry_after is not None


@pytest.mark.contract("cloudinary 6.6", "cloudinary 7.3")
def test_a_verdict_is_told_to_a_poll_channel_and_verifies(desk: Desk, world: World, clock: SandboxClock) -> None:
    """A desk behind a firewall has no other way to hear of a change."""
    trigger = {"uri": "poll://desk", "uri_type": "poll", "event_type": "moderation"}
    desk.ask("POST", "/v1_1/demo/triggers", json=trigger)
    asset = desk.run(storm)
    desk.ask("PUT", f"/v1_1/demo/resources/{asset.asset_id}", json={"moderation_status": "approved"})
    drain = "/v2/notifications/demo/messages?channel=desk&wait_seconds=0&visibility_timeout=30"

    (message,) = desk.ask("GET", drain).json()["messages"]
    hidden = desk.ask("GET", drain).json()
    clock.advance(timedelta(seconds=31))
    (again,) = desk.ask("GET", drain).json()["messages"]
    desk.ask("POST", "/v2/notifications/demo/messages/ack", json={"receipt_handles": [again["receipt_handle"]]})
    clock.advance(timedelta(seconds=31))

    assert message["payload"]["moderation_status"] == "approved"
    assert message["payload"]["public_id"] == STORM
    assert verify_message(message, world) is NotificationVerdict.GENUINE
    assert hidden == {}
    assert desk.ask("GET", drain).json() == {}


def verify_message(message: dict[str, str], world: World) -> NotificationVerdict:
    from base64 import urlsafe_b64decode  # noqa: PLC0415 - the one place that needs it

    return verify_notification(
        body=urlsafe_b64decode(message["signed_payload"] + "=="),
        timestamp=str(message["timestamp"]),
        signature=message["signature"],
        api_secret="s3cr3t",
        now=world.clock.now(),
    )


@pytest.mark.contract("cloudinary 8.b7")
def test_an_unknown_path_is_refused_in_the_vendor_s_shape(desk: Desk) -> None:
    """A client would meet a web page where it expects an error."""
    answer = desk.ask("GET", "/v1_1/demo/nothing/here")

    assert (answer.status_code, set(answer.json())) == (404, {"error"})
    assert answer.headers["x-request-id"]


def test_the_same_seed_makes_the_same_ids() -> None:
    """A bookmark of yesterday's sandbox would point at nothing."""
    first, second = (build(build_world(seed=3)).cloud for _ in range(2))

    ids = [kind.resource.asset_id for kind in first.kinds()]
    assert ids == [kind.resource.asset_id for kind in second.kinds()]
    assert len(ids) == len(first.shelf) >= 40


def test_every_asset_of_the_world_can_be_read() -> None:
    """One odd asset would stop the synchronisation of all."""
    whole = build_world()
    desk = Desk(build(whole), whole.secrets["cloudinary"])

    async def read(client: CloudinaryClient) -> int:
        return len([asset async for asset in client.assets(ResourceType.IMAGE)])

    assert desk.run(read) >= 40
