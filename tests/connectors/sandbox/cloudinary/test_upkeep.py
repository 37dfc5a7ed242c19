"""Calls that the desk does not make yet and the vendor's own clients do: backups, relations, folders, names."""

from connectors.cloudinary import Asset, CloudinaryClient
from tests.connectors.sandbox.cloudinary.desk import Desk, picture

LOGO = "brand/old-logo"


async def logo(client: CloudinaryClient) -> Asset:
    return await client.asset_by_public_id(LOGO, versions=True)


def test_a_deleted_asset_comes_back_with_its_id(desk: Desk) -> None:
    """A slip would cost an asset for ever."""
    before = desk.run(logo)
    gone = desk.ask("POST", "/v1_1/demo/image/destroy", data={"public_id": LOGO}).json()

    body = {"public_ids": [LOGO, "nope"]}
    answer = desk.ask("POST", "/v1_1/demo/resources/image/upload/restore", json=body).json()

    assert gone == {"result": "ok"}
    assert answer["nope"] == {"error": "no_backup"}
    assert desk.run(logo).asset_id == before.asset_id


def test_an_old_version_becomes_the_newest(desk: Desk) -> None:
    """A wrong overwrite could not be taken back."""
    before = desk.run(logo)
    desk.ask("POST", "/v1_1/demo/image/upload", data={"public_id": LOGO}, files={"file": picture("blue")})

    body = {"asset_ids": [before.asset_id], "versions": [before.version_id]}
    desk.ask("POST", "/v1_1/demo/resources/restore", json=body)
    after = desk.run(logo)

    assert after.etag == before.etag
    assert after.version > before.version
    assert len(after.versions) == 3


def test_versions_must_match_their_assets(desk: Desk) -> None:
    """A version would be restored on another asset than was meant."""
    body = {"public_ids": [LOGO], "versions": ["a", "b"]}

    assert desk.ask("POST", "/v1_1/demo/resources/image/upload/restore", json=body).status_code == 400


def test_an_old_version_is_dropped_and_an_unknown_one_is_named(desk: Desk) -> None:
    """Part of a purge could fail unseen."""
    before = desk.run(logo)
    desk.ask("POST", "/v1_1/demo/image/upload", data={"public_id": LOGO}, files={"file": picture("blue")})

    body = {"version_ids": [before.version_id, "nope"]}
    answer = desk.ask("DELETE", f"/v1_1/demo/resources/backup/{before.asset_id}", json=body)

    assert answer.status_code == 207
    assert [one["version_id"] for one in answer.json()["failures"]] == ["nope"]
    assert len(desk.run(logo).versions) == 1


def test_related_assets_know_each_other(desk: Desk) -> None:
    """A picture and its translation would be parted."""
    asset = desk.run(logo)
    others = ["image/upload/brand/mark", "image/upload/nope"]

    answer = desk.ask(
        "POST", f"/v1_1/demo/resources/related_assets/image/upload/{LOGO}", json={"assets_to_relate": others}
    )
    mark = desk.ask("GET", "/v1_1/demo/resources/image/upload/brand/mark?related=true").json()

    assert answer.status_code == 207
    assert [one["asset"] for one in answer.json()["success"]] == ["image/upload/brand/mark"]
    assert [one["asset_id"] for one in mark["related_assets"]] == [asset.asset_id]


def test_folders_are_listed_renamed_and_deleted_when_empty(desk: Desk) -> None:
    """The folder tree beside the grid would not follow."""
    full = desk.ask("DELETE", "/v1_1/demo/folders/brand")
    desk.ask("POST", "/v1_1/demo/folders/new/deep")
    empty = desk.ask("DELETE", "/v1_1/demo/folders/new")

    desk.ask("PUT", "/v1_1/demo/folders/brand/spring", json={"to_folder": "brand/summer"})

    tree = desk.ask("GET", "/v1_1/demo/folders/brand").json()
    assert (full.status_code, empty.json()) == (400, {"deleted": ["new", "new/deep"]})
    assert [folder["path"] for folder in tree["folders"]] == ["brand/summer"]
    assert desk.ask("GET", "/v1_1/demo/folders/nowhere").status_code == 404


def test_a_named_transformation_is_used_by_its_name(desk: Desk) -> None:
    """House styles are names, and templates use them."""
    body = {"name": "thumb", "transformation": "c_fill,h_5,w_5"}
    desk.ask("POST", "/v1_1/demo/transformations", json=body)

    made = desk.get("image/upload/t_thumb/v1/brand/old-logo.png")
    unknown = desk.get("image/upload/t_other/v1/brand/old-logo.png")

    names = desk.ask("GET", "/v1_1/demo/transformations?named=true").json()["transformations"]
    assert (made.status_code, unknown.status_code) == (200, 400)
    assert [(one["name"], one["used"]) for one in names] == [("t_thumb", True)]
