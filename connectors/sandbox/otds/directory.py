"""People, groups, partitions and resources as OTDS describes them. Key names are CONFIRMED by OpenText's own client."""

from dataclasses import dataclass
from functools import cached_property
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
    """A read-only view of the world's people; its ids are the same for a seed."""

    def __init__(self, world: World, authority: TicketAuthority) -> None:
        self._world = world
        self._authority = authority

    @cached_property
    def users(self) -> tuple[Entry, ...]:
        """Everybody who has an account, by name."""
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

    @cached_property
    def groups(self) -> tuple[Entry, ...]:
        """One group per role, by name."""
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
        """The entry called ``name`` or ``name@partition``, or None."""
        plain, _, partition = name.rpartition("@")
        if not plain or partition != self._authority.partition:
            plain = name
        return next((entry for entry in entries if entry.name.lower() == plain.lower()), None)

    def partition_json(self, name: str) -> dict[str, object] | None:
        """A partition, or None."""
        members = {self._authority.partition: len(self.users), CLIENT_PARTITION: len(self._authority.client_ids)}
        if name not in members:
            return None
        return {
            "id": name,
            "name": name,
            "description": None,
            "location": f"partition={name},{_SUFFIX}",
            "uuid": self._uuid(f"partition:{name}"),
            "synced": False,
            "userCount": members[name],
        }

    @property
    def partition_names(self) -> tuple[str, ...]:
        """Every partition."""
        return (self._authority.partition, CLIENT_PARTITION)

    def resource(self, name: str) -> dict[str, object] | None:
        """A resource by name, or None."""
        return next((resource for resource in self.resources if resource["resourceName"] == name), None)

    def resource_by_id(self, resource_id: str) -> dict[str, object] | None:
        """A resource by its UUID, or None."""
        return next((resource for resource in self.resources if resource["resourceID"] == resource_id), None)

    @cached_property
    def resources(self) -> tuple[dict[str, object], ...]:
        """Every system that accepts tickets."""
        return tuple(self._resource(*described) for described in RESOURCES)

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
    ) -> Entry:
        return Entry(
            name=name,
            partition=self._authority.partition,
            uuid=self._uuid(f"{object_class}:{name}"),
            object_class=object_class,
            description=description,
            attributes=attributes,
            members=members,
        )

    def _uuid(self, name: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"sandbox:{self._world.seed}:otds:{name}"))
