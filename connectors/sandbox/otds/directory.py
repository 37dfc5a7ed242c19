"""People, groups, partitions and resources as OTDS describes them. Key names are CONFIRMED by OpenText's own client."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from connectors.sandbox.otds.authority import CLIENT_PARTITION, TicketAuthority
from connectors.sandbox.world import World

RESOURCES: Final = (
    ("cs", "Content Server", "cs"),
    ("otmm", "Media Management", "rest"),
    ("exstream", "Communications", "rest"),
)
"""Name, display name and connector of each system that people are sent on to (CHOSEN)."""
_SUFFIX: Final = "dc=identity,dc=opentext,dc=net"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One user or group of one partition."""

    name: str
    partition: str
    uuid: str
    object_class: str
    description: str
    attributes: dict[str, list[str]]
    members: tuple[str, ...] = ()
    """Names of a group's members."""

    @property
    def location(self) -> str:
        """The distinguished name."""
        unit = "users" if self.object_class == "oTPerson" else "groups"
        return f"{self.object_class}={self.uuid},orgunit={unit},partition={self.partition},{_SUFFIX}"

    def as_json(self, *, attributes_as_keys: bool) -> dict[str, object]:
        """The wire form; attributes are one mapping or a list of name and values."""
        pairs = [{"name": name, "values": values} for name, values in self.attributes.items()]
        entry: dict[str, object] = {
            "userPartitionID": self.partition,
            "name": self.name,
            "location": self.location,
            "id": f"{self.name}@{self.partition}",
            "attributes": self.attributes if attributes_as_keys else None,
            "values": [] if attributes_as_keys else pairs,
            "customAttributes": None,
            "objectClass": self.object_class,
            "uuid": self.uuid,
            "description": self.description or None,
            "originUUID": None,
            "urlId": f"{self.name}@{self.partition}",
            "urlLocation": self.location,
        }
        if self.object_class == "oTGroup":
            entry["numMembers"] = len(self.members)
        return entry


class Directory:
    """The world's people to begin with; its ids are the same for a seed."""

    def __init__(self, world: World, authority: TicketAuthority) -> None:
        self._world = world
        self._authority = authority
        self._users = {entry.name: entry for entry in self._first_users()}
        self._groups = {entry.name: entry for entry in self._first_groups()}
        self._partitions = {authority.partition: "", CLIENT_PARTITION: ""}
        self._resources = {name: self._resource(name, shown, kind) for name, shown, kind in RESOURCES}
        self.client_facts: dict[str, dict[str, object]] = {}
        """Client id → what was set of it."""

    @property
    def users(self) -> tuple[Entry, ...]:
        """Everybody who has an account, by name."""
        return tuple(sorted(self._users.values(), key=lambda entry: entry.name))

    @property
    def groups(self) -> tuple[Entry, ...]:
        """Every group, by name; one per role to begin with."""
        return tuple(sorted(self._groups.values(), key=lambda entry: entry.name))

    @property
    def resources(self) -> tuple[dict[str, object], ...]:
        """Every system that accepts tickets."""
        return tuple(self._resources.values())

    # Changing

    def add_user(self, name: str, partition: str, *, description: str, attributes: dict[str, list[str]]) -> Entry:
        """Somebody new."""
        self._users[name] = self._entry(
            name, "oTPerson", partition=partition, description=description, attributes={"cn": [name], **attributes}
        )
        return self._users[name]

    def add_group(self, name: str, partition: str, *, description: str) -> Entry:
        """A group with nobody in it."""
        self._groups[name] = self._entry(
            name, "oTGroup", partition=partition, description=description, attributes={"cn": [name]}
        )
        return self._groups[name]

    def change(self, entry: Entry, *, description: str | None, attributes: dict[str, list[str]]) -> Entry:
        """``entry`` with other facts."""
        changed = replace(
            entry,
            description=entry.description if description is None else description,
            attributes=entry.attributes | attributes,
        )
        return self._kept(changed)

    def put_into(self, group: Entry, name: str) -> Entry:
        """A user or group, by name, becomes a member; twice is once."""
        return self._kept(replace(group, members=tuple(dict.fromkeys((*group.members, name)))))

    def drop(self, entry: Entry) -> None:
        """A user or a group is no more, and in no group."""
        kind = self._users if entry.object_class == "oTPerson" else self._groups
        del kind[entry.name]
        for group in self.groups:
            if entry.name in group.members:
                self._kept(replace(group, members=tuple(each for each in group.members if each != entry.name)))

    def _kept(self, entry: Entry) -> Entry:
        (self._users if entry.object_class == "oTPerson" else self._groups)[entry.name] = entry
        return entry

    def add_partition(self, name: str, description: str) -> None:
        """A place for further people."""
        self._partitions[name] = description

    def add_resource(self, name: str, facts: dict[str, object]) -> dict[str, object]:
        """A further system that accepts tickets."""
        self._resources[name] = self._resource(name, str(facts.get("displayName") or name), "rest") | facts
        return self._resources[name]

    # The first day

    def _first_users(self) -> tuple[Entry, ...]:
        people = {person.login.lower(): person for person in self._world.people}
        entries = []
        for login in self._authority.logins:
            person = people.get(login)
            given, _, family = person.full_name.rpartition(" ") if person else ("", "", login)
            entries.append(
                self._entry(
                    login,
                    "oTPerson",
                    description=person.role if person else "technical account",
                    attributes={
                        "cn": [login],
                        "givenName": [given],
                        "sn": [family],
                        "displayName": [person.full_name if person else login],
                        "mail": [person.email] if person and person.email else [],
                        "accountDisabled": ["false"],
                        "accountLockedOut": ["false"],
                    },
                )
            )
        return tuple(entries)

    def _first_groups(self) -> tuple[Entry, ...]:
        roles = sorted({person.role for person in self._world.people if person.role})
        return tuple(
            self._entry(
                role,
                "oTGroup",
                attributes={"cn": [role]},
                members=tuple(person.login for person in self._world.people if person.role == role),
            )
            for role in roles
        )

    def find(self, entries: tuple[Entry, ...], name: str) -> Entry | None:
        """The entry called ``name`` or ``name@partition``, or at that location; or None."""
        plain, _, partition = name.rpartition("@")
        if not plain or partition not in self._partitions:
            plain = name
        return next((entry for entry in entries if entry.name.lower() == plain.lower() or entry.location == name), None)

    def partition_json(self, name: str) -> dict[str, object] | None:
        """A partition, or None."""
        if name not in self._partitions:
            return None
        clients = len(self._authority.client_ids) if name == CLIENT_PARTITION else 0
        people = sum(entry.partition == name for entry in self._users.values())
        return {
            "id": name,
            "name": name,
            "description": self._partitions[name] or None,
            "location": f"partition={name},{_SUFFIX}",
            "uuid": self._uuid(f"partition:{name}"),
            "synced": False,
            "userCount": clients or people,
        }

    @property
    def partition_names(self) -> tuple[str, ...]:
        """Every partition."""
        return tuple(self._partitions)

    def resource(self, name: str) -> dict[str, object] | None:
        """A resource by name, or None."""
        return next((resource for resource in self.resources if resource["resourceName"] == name), None)

    def resource_by_id(self, resource_id: str) -> dict[str, object] | None:
        """A resource by its UUID, or None."""
        return next((resource for resource in self.resources if resource["resourceID"] == resource_id), None)

    def _resource(self, name: str, display_name: str, connector: str) -> dict[str, object]:
        resource_id = self._uuid(f"resource:{name}")
        return {
            "resourceName": name,
            "id": name,
            "description": display_name,
            "displayName": display_name,
            "resourceID": resource_id,
            "resourceState": 1,
            "userSynchronizationState": True,
            "resourceDN": f"oTResource={resource_id},{_SUFFIX}",
            "resourceType": connector,
            "accessRoleList": [],
            "impersonateList": None,
            "impersonateAnonymousList": None,
            "allowImpersonation": True,
            "connectionHealthy": True,
            "connectorName": display_name,
            "connectorid": connector,
            "userAttributeMapping": [],
            "groupAttributeMapping": [],
            "connectionParamInfo": [],
            "logonStyle": None,
            "logonUXVersion": 0,
        }

    def _entry(
        self,
        name: str,
        object_class: str,
        *,
        attributes: dict[str, list[str]],
        description: str = "",
        members: tuple[str, ...] = (),
        partition: str = "",
    ) -> Entry:
        return Entry(
            name=name,
            partition=partition or self._authority.partition,
            uuid=self._uuid(f"{object_class}:{name}"),
            object_class=object_class,
            description=description,
            attributes=attributes,
            members=members,
        )

    def _uuid(self, name: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"sandbox:{self._world.seed}:otds:{name}"))
