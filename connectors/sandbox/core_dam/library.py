"""Everything one running Core DAM knows, put together once and shared by its routes."""

from dataclasses import dataclass

from connectors.sandbox.core_dam.conditions import Conditions
from connectors.sandbox.core_dam.errors import not_found
from connectors.sandbox.core_dam.facets import Facets
from connectors.sandbox.core_dam.folders import FolderTree
from connectors.sandbox.core_dam.metadata import MetadataForm
from connectors.sandbox.core_dam.people import People, Sessions
from connectors.sandbox.core_dam.render import Renderer
from connectors.sandbox.core_dam.state import AssetRecord, AssetStore
from connectors.sandbox.core_dam.vocabulary import Vocabulary
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLibrary:
    """The state behind the API and the delivery host."""

    world: World
    authority: TicketAuthority
    vocabulary: Vocabulary
    assets: AssetStore
    folders: FolderTree
    form: MetadataForm
    conditions: Conditions
    facets: Facets
    people: People
    sessions: Sessions
    renderer: Renderer

    def asset(self, asset_id: str) -> AssetRecord:
        """Raises: OtmmError when there is none."""
        record = self.assets.by_id.get(asset_id)
        if record is None:
            raise not_found(f"The asset {asset_id}")
        return record


def open_library(world: World, authority: TicketAuthority) -> MediaLibrary:
    """The library of ``world``; its assets are only read when somebody asks for them."""
    vocabulary = Vocabulary(world)
    assets = AssetStore(world, vocabulary)
    folders = FolderTree(world, assets)
    form = MetadataForm(vocabulary)
    people = People(world, authority)
    return MediaLibrary(
        world=world,
        authority=authority,
        vocabulary=vocabulary,
        assets=assets,
        folders=folders,
        form=form,
        conditions=Conditions(vocabulary),
        facets=Facets(vocabulary),
        people=people,
        sessions=Sessions(world, people),
        renderer=Renderer(world, form, folders, people),
    )
