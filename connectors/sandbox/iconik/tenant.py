"""One iconik tenant: Harbour Mutual's users, assets and collections, seeded from the world and changed by calls."""

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime

from connectors.sandbox.iconik.faults import not_found
from connectors.sandbox.iconik.identity import Identities
from connectors.sandbox.iconik.records import AssetRecord, CollectionRecord, UserRecord, VersionRecord
from connectors.sandbox.iconik.shelf import Contents, Shelf
from connectors.sandbox.iconik.storages import Storages
from connectors.sandbox.library import assets_in
from connectors.sandbox.world import AssetStanding, Dialect, Library, Person, World, WorldAsset


class Tenant:
    """State behind every route. Lists keep the order of making; nothing is ever really removed but by a purge."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids = Identities(world.seed)
        self.system_domain_id = self.ids.of("system domain")
        self.storages = Storages(self.ids)
        self.storage_id = self.storages.default("FILES").id
        self.revision = 0
        """Counts the writes: what was worked out under one number holds as long as it stays."""
        self.watchers: list[Callable[[str], None]] = []
        """Told of what is about to change by itself, by id."""
        self.users: dict[str, UserRecord] = {}
        self.collections: dict[str, CollectionRecord] = {}
        self._user_by_name: dict[str, UserRecord] = {}
        for person in world.people:
            self._add_person(person)
        self.default_user = self._signed_in()
        seeded = assets_in(Library.ICONIK, world.assets)
        self.assets = Shelf(self.ids, seeded, self._seeded)
        for place, asset in enumerate(seeded.originals):
            if asset.folder:
                self._folder(asset.folder, asset.versions[0].created_at).assets.places.append(place)

    def now(self) -> datetime:
        """The sandbox's time."""
        return self.world.clock.now()

    def by_release(self, *, current: int, older: int) -> int:
        """The success code of a call where releases differ (CONFIRMED, §16.13)."""
        return older if self.world.habits.dialect is Dialect.OLDER else current

    def asset(self, asset_id: str) -> AssetRecord:
        """An asset that is not in the recycle bin. Raises: Fault."""
        record = self.assets.get(asset_id)
        if record is None or record.status == "DELETED":
            raise not_found("Asset", asset_id)
        return record

    def version(self, asset_id: str, version_id: str | None) -> VersionRecord:
        """A version of an asset, the newest when none is named. Raises: Fault."""
        asset = self.asset(asset_id)
        if version_id is None:
            return asset.newest
        found = asset.version(version_id)
        if found is None:
            raise not_found("Version", version_id)
        return found

    def collection(self, collection_id: str) -> CollectionRecord:
        """A collection that is not deleted. Raises: Fault."""
        record = self.collections.get(collection_id)
        if record is None or record.status == "DELETED":
            raise not_found("Collection", collection_id)
        return record

    def user(self, user_id: str) -> UserRecord:
        """A user. Raises: Fault."""
        record = self.users.get(user_id)
        if record is None:
            raise not_found("User", user_id)
        return record

    def user_by_email(self, email: str) -> UserRecord | None:
        """Whose mail address this is; case does not matter."""
        return next((user for user in self.users.values() if user.email.lower() == email.lower()), None)

    def user_with_password(self, email: str, password: str) -> UserRecord | None:
        """Who signs in so; None for a wrong name or password."""
        right = hmac.compare_digest(password.encode(), self.world.secrets["iconik"]["password"].encode())
        return self.user_by_email(email) if right else None

    def user_by_name(self, full_name: str) -> UserRecord:
        """The account of a person of the world; the default user for somebody who has none."""
        return self._user_by_name.get(full_name, self.default_user)

    def live_collections(self) -> list[CollectionRecord]:
        """Every collection that is not deleted."""
        return [collection for collection in self.collections.values() if collection.status != "DELETED"]

    def ancestors(self, collection: CollectionRecord) -> list[CollectionRecord]:
        """From the root down to the parent of ``collection``."""
        chain: list[CollectionRecord] = []
        parent_id = collection.parent_id
        while parent_id is not None:
            parent = self.collections[parent_id]
            chain.append(parent)
            parent_id = parent.parent_id
        return chain[::-1]

    def ancestor_ids(self, asset: AssetRecord) -> list[str]:
        """Every collection that an asset lies in, directly or not."""
        found: dict[str, None] = {}
        for collection_id in asset.collections:
            if self.collections[collection_id].status == "DELETED":
                continue
            found[collection_id] = None
            found.update((above.id, None) for above in self.ancestors(self.collections[collection_id]))
        return list(found)

    def subcollections(self, collection: CollectionRecord) -> list[CollectionRecord]:
        """Directly inside."""
        return [inner for inner in self.live_collections() if inner.parent_id == collection.id]

    def below(self, collection: CollectionRecord) -> Iterator[CollectionRecord]:
        """``collection`` and everything under it."""
        yield collection
        for inner in self.subcollections(collection):
            yield from self.below(inner)

    def make_asset(self, title: str, user: UserRecord) -> AssetRecord:
        """A new asset, with one version that has no bytes yet."""
        now = self.now()
        asset = AssetRecord(
            id=self.ids.fresh("asset"),
            title=title,
            type="ASSET",
            created_at=now,
            modified_at=now,
            created_by=user.id,
            updated_by=user.id,
            versions=[self.make_version(1, user)],
        )
        self.assets.made[asset.id] = asset
        return asset

    def make_version(self, number: int, user: UserRecord) -> VersionRecord:
        """A version without bytes, which belongs to no asset yet."""
        return VersionRecord(id=self.ids.fresh("version"), number=number, created_at=self.now(), created_by=user.id)

    def touch(self, asset: AssetRecord, user: UserRecord) -> None:
        """``asset`` was changed just now by ``user``."""
        asset.modified_at = self.now()
        asset.updated_by = user.id

    def _add_person(self, person: Person) -> UserRecord:
        first_name, _, last_name = person.full_name.partition(" ")
        record = UserRecord(
            id=self.ids.of("user", person.login),
            email=person.email,
            first_name=first_name,
            last_name=last_name,
            is_admin=not self.users,
        )
        self.users[record.id] = record
        self._user_by_name[person.full_name] = record
        return record

    def _signed_in(self) -> UserRecord:
        """Whose token the ready file carries; somebody outside the world's people gets an account of their own."""
        email = self.world.secrets["iconik"]["email"]
        return self.user_by_email(email) or self._add_person(
            Person(login=email.partition("@")[0], full_name="Proof Desk", email=email, role="desk")
        )

    def _seeded(self, asset: WorldAsset, asset_id: str, version_id: Callable[[int], str]) -> AssetRecord:
        versions = [
            VersionRecord(
                id=version_id(version.number),
                number=version.number,
                created_at=version.created_at,
                created_by=self.user_by_name(version.created_by).id,
                source=version.file,
                poster=version.poster,
                archive_status="ARCHIVED" if asset.standing is AssetStanding.RETIRED else "NOT_ARCHIVED",
            )
            for version in asset.versions
        ]
        versions[-1].standing, versions[-1].owner = asset.standing, self.user_by_name(asset.owner).id
        return AssetRecord(
            id=asset_id,
            title=asset.title,
            type="ASSET",
            created_at=versions[0].created_at,
            modified_at=versions[-1].created_at,
            created_by=self.user_by_name(asset.owner).id,
            updated_by=versions[-1].created_by,
            versions=versions,
            seeded=asset,
            archive_status=versions[-1].archive_status,
            description=asset.description or None,
            external_id=asset.slug,
            collections=self._folders_of(asset),
        )

    def _folders_of(self, asset: WorldAsset) -> list[str]:
        """The collection that an asset of the world lies in, unless that was deleted since."""
        if not asset.folder:
            return []
        folder = self.collections.get(self._folder_id(asset.folder))
        return [] if folder and folder.status == "DELETED" else [self._folder_id(asset.folder)]

    def _folder_id(self, path: str) -> str:
        return self.ids.of("collection", f"/{path}")

    def _folder(self, path: str, created_at: datetime) -> CollectionRecord:
        record: CollectionRecord | None = None
        walked = ""
        for name in path.split("/"):
            walked = f"{walked}/{name}"
            collection_id = self.ids.of("collection", walked)
            record = self.collections.setdefault(
                collection_id,
                CollectionRecord(
                    id=collection_id,
                    title=name,
                    parent_id=record.id if record else None,
                    created_at=created_at,
                    modified_at=created_at,
                    created_by=self.default_user.id,
                    assets=Contents.empty(self.assets),
                ),
            )
        assert record is not None  # noqa: S101 - split never gives nothing
        return record
