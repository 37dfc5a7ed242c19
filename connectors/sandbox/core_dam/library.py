"""Everything one running Core DAM knows, put together once and shared by its routes."""

from dataclasses import dataclass
from datetime import timedelta

from connectors.sandbox.core_dam.conditions import Conditions
from connectors.sandbox.core_dam.errors import not_found
from connectors.sandbox.core_dam.facets import Facets
from connectors.sandbox.core_dam.folders import FolderTree
from connectors.sandbox.core_dam.jobs import Jobs
from connectors.sandbox.core_dam.metadata import MetadataForm
from connectors.sandbox.core_dam.people import People, Sessions
from connectors.sandbox.core_dam.render import Renderer
from connectors.sandbox.core_dam.state import AssetRecord
from connectors.sandbox.core_dam.store import AssetStore
from connectors.sandbox.core_dam.vocabulary import Vocabulary
from connectors.sandbox.otds import TicketAuthority
from connectors.sandbox.world import Dialect, World


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
    jobs: Jobs

    def asset(self, asset_id: str) -> AssetRecord:
        """The version with this id, to be read. Raises: OtmmError when there is none."""
        return _there(asset_id, self.assets.find(asset_id))

    def to_change(self, asset_id: str) -> AssetRecord:
        """The version with this id, to be changed. Raises: OtmmError when there is none."""
        return _there(asset_id, self.assets.to_change(asset_id))


def open_library(world: World, authority: TicketAuthority, *, prefix: str, job_takes: timedelta) -> MediaLibrary:
    """The library of ``world``; its assets are only read when somebody asks for them.

    ``prefix`` is where the API stands below the host; ``job_takes`` is how long a job runs by the world's clock.
    """
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
        facets=Facets(vocabulary, is_older=world.habits.dialect is Dialect.OLDER),
        people=people,
        sessions=Sessions(world, people),
        renderer=Renderer(world, form, folders, people, assets, prefix=prefix),
        jobs=Jobs(world, takes=job_takes),
    )


def _there(asset_id: str, record: AssetRecord | None) -> AssetRecord:
    if record is None:
        raise not_found(f"The asset {asset_id}")
    return record
