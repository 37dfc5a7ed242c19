"""Metadata through views: read, written, refused."""

import pytest

from connectors.errors import InvalidError
from connectors.iconik import IconikClient, Mode
from connectors.iconik.models import AssetId, FieldType, MetadataValues, MetadataView
from tests.connectors.sandbox.iconik.desk import Desk


def write(desk: Desk, slug: str, values: dict[str, list[str]], *, mode: Mode = Mode.OVERWRITE) -> MetadataValues:
    """Through the view of everything."""
    asset_id, view_id = AssetId(desk.hit(slug).id), desk.view("Marketing")

    async def work(iconik: IconikClient) -> MetadataValues:
        return await iconik.write_metadata(asset_id, view_id, values, mode=mode)

    return desk.run(work)


def test_what_is_written_is_read_by_another_client_and_found(desk: Desk) -> None:
    """Metadata that does not arrive is asked for again by mail."""
    asset_id, view_id = AssetId(desk.hit("leaf-icon").id), desk.view("Marketing")

    async def read(iconik: IconikClient) -> MetadataValues:
        return await iconik.metadata_values(asset_id, view_id)

    write(desk, "leaf-icon", {"AltText": ["A green leaf"]})

    assert desk.run_as("Lea Moreau", read).values("AltText") == ("A green leaf",)
    assert desk.hit("leaf-icon").values("AltText") == ("A green leaf",)


def test_fields_that_are_not_named_stay(desk: Desk) -> None:
    """A write of one field must not empty the others."""
    before = desk.hit("spring-banner-fr").values("Keywords")

    after = write(desk, "spring-banner-fr", {"AltText": ["Neu"]})

    assert after.values("Keywords") == before


@pytest.mark.contract("iconik 8.b1", "iconik 8.b4")
@pytest.mark.parametrize(
    ("mode", "expected"),
    [(Mode.OVERWRITE, {"launch"}), (Mode.APPEND, {"a", "b", "launch"}), (Mode.DELETE, {"a", "b"})],
)
def test_each_mode_does_its_own(desk: Desk, mode: Mode, expected: set[str]) -> None:
    """Append that overwrites loses other people's keywords."""
    write(desk, "leaf-icon", {"Keywords": ["a", "b"]})

    after = write(desk, "leaf-icon", {"Keywords": ["launch"]}, mode=mode)

    assert set(after.values("Keywords")) == expected


def test_what_was_never_written_is_404_and_empty_for_the_desk(desk: Desk) -> None:
    """Every new asset meets this."""
    asset_id = AssetId(desk.ask("POST", "/API/assets/v1/assets/", json={"title": "New"}).json()["id"])
    view_id = desk.view("Marketing")

    async def read(iconik: IconikClient) -> MetadataValues:
        return await iconik.metadata_values(asset_id, view_id)

    assert desk.ask("GET", f"/API/metadata/v1/assets/{asset_id}/views/{view_id}/").status_code == 404
    assert desk.run(read).metadata_values == {}


@pytest.mark.contract("iconik 8.b5")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"Language": ["xx"]}, "Language"),
        ({"Language": []}, "Language"),
        ({"RightsEnd": ["soon"]}, "RightsEnd"),
        ({"Owner": ["a", "b"]}, "Owner"),
        ({"Unheard": ["x"]}, "Unheard"),
        ({"__separator__": ["x"]}, "__separator__"),
    ],
)
def test_a_bad_value_is_refused_by_its_field(desk: Desk, values: dict[str, list[str]], field: str) -> None:
    """And nothing of the write is kept."""
    with pytest.raises(InvalidError) as caught:
        write(desk, "leaf-icon", {"AltText": ["kept?"], **values})

    assert set(caught.value.fields) == {field}
    assert desk.hit("leaf-icon").values("AltText") != ("kept?",)


@pytest.mark.contract("iconik 8.b3", "iconik 5.5")
def test_a_view_tells_types_and_options(desk: Desk) -> None:
    """The form of the asset page is built from this."""
    view_id = desk.view("Marketing")

    async def look(iconik: IconikClient) -> MetadataView:
        return await iconik.metadata_view(view_id)

    fields = {field.name: field for field in desk.run(look).view_fields}

    assert fields["Language"].field_type is FieldType.DROP_DOWN
    assert fields["Language"].required
    assert {"en", "fr", "de"} <= {option.value for option in fields["Language"].options}
    assert fields["Keywords"].multi
    assert fields["__separator__"].is_separator


def test_a_view_shows_only_its_fields(desk: Desk) -> None:
    """A view is also what a role may see."""
    asset_id, view_id = AssetId(desk.hit("lire-votre-facture").id), desk.view("Rights")

    async def read(iconik: IconikClient) -> MetadataValues:
        return await iconik.metadata_values(asset_id, view_id)

    assert set(desk.run(read).metadata_values) <= {"Channels", "Region", "RightsEnd"}
