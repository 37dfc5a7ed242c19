"""The designs of a domain: communications and their versions, the sets that bind them, and their sample files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import NAMESPACE_URL, uuid5

import msgspec

from connectors.sandbox.composer import Template, catalogue
from connectors.sandbox.world import World, WorldCustomer

COMMUNICATION: Final = "exstrapplication"
COMMUNICATION_SET: Final = "exstrcommunicationset"
SAMPLE_FILE: Final = "samplefile"
DATA_SOURCE: Final = "CustomerDriver"
"""The ``prodDsn`` of every set."""
SAMPLES: Final = 24
"""How many customers serve as sample files of a communication."""
QUEUES: Final[Mapping[str, Mapping[str, str]]] = {
    "print": {"name": "Print", "driver": "PDF", "use": "print", "prodFile": "print.pdf"},
    "email": {"name": "Email", "driver": "HTMLEmail", "use": "email", "prodFile": "email.html"},
    "web": {"name": "Web", "driver": "HTML", "use": "web", "prodFile": "web.html"},
    "sms": {"name": "SMS", "driver": "Messaging", "use": "sms", "prodFile": "sms.txt"},
}
"""Output queues by channel. Of the drivers only ``PDF`` is CONFIRMED; the others are CHOSEN from the help's output
types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One version of one design resource."""

    id: str
    version: int
    name: str
    type: str
    state: str
    is_latest: bool
    created_by: str
    modified_by: str
    modified_at: datetime
    comment: str
    metadata: Mapping[str, str]
    mime_type: str
    locked_by: str = ""
    content: bytes | None = field(default=None, repr=False)
    """What was uploaded; None for what comes with the world."""

    def told(self) -> Mapping[str, object]:
        """As the service tells it (exstream 2.2)."""
        return {
            "id": self.id,
            "version": self.version,
            "name": self.name,
            "type": self.type,
            "state": self.state,
            "stateComment": self.comment or None,
            "latestVersion": self.is_latest,
            "locked": bool(self.locked_by),
            "lockedBy": self.locked_by or None,
            "createdBy": self.created_by,
            "lastModifiedBy": self.modified_by,
            "lastModifiedDate": self.modified_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "effectiveStart": None,
            "effectiveEnd": None,
            "standardVariantId": None,
            "metadata": self.metadata,
            "contentMimeType": self.mime_type,
            "approvalInfo": {
                "state": self.state,
                "pending": self.state == "REVIEW",
                "approvals": [{"role": "Legal", "level": 1, "approved": self.state == "APPROVED"}],
            },
        }


class Designs:
    """Everything that can be composed, with ids that are the same for a seed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._customers: Sequence[WorldCustomer] = world.customers[:SAMPLES]

    @cached_property
    def resources(self) -> list[Resource]:
        """Every version of every resource; of one resource the newest version first."""
        return [*self._communications(), *self._sets(), *self._sample_files()]

    @cached_property
    def templates(self) -> Mapping[str, Template]:
        """Communication id → template."""
        return {self.id_of(COMMUNICATION, slug): template for slug, template in catalogue().items()}

    def id_of(self, type_: str, *names: str) -> str:
        """The UUID of a resource."""
        return str(uuid5(NAMESPACE_URL, "/".join(("exstream", str(self._world.seed), type_, *names))))

    def communication_id(self, slug: str) -> str:
        """The UUID of a template."""
        return self.id_of(COMMUNICATION, slug)

    def find(self, resource_id: str, *, version: int | None = None, state: str = "") -> Resource | None:
        """One version; without ``version`` the newest, with ``state`` the newest in it."""
        for resource in self.resources:
            if resource.id != resource_id or (version is not None and resource.version != version):
                continue
            if not state or resource.state == state:
                return resource
        return None

    def composed_version(self, template: Template, asked: int | None) -> int | None:
        """Which version of the shipped wording to compose: the asked one, or the newest approved one.

        Versions that were opened here say what the newest shipped one says. None when there is no such version.
        """
        found = self.find(self.communication_id(template.slug), version=asked, state="" if asked else "APPROVED")
        return min(found.version, template.latest.number) if found else None

    def add(self, resource: Resource) -> None:
        """A new resource, or a new version, which then is the newest."""
        self.resources.insert(0, resource)

    def put(self, old: Resource, new: Resource) -> None:
        """``new`` in the place of ``old``."""
        self.resources[self.resources.index(old)] = new

    def linked(self, subject_id: str, types: frozenset[str]) -> Sequence[tuple[str, str]]:
        """``(object id, type)`` of what a communication is tied to."""
        template = self.templates.get(subject_id)
        if template is None:
            return []
        links = [(self.id_of(COMMUNICATION_SET, template.slug), COMMUNICATION_SET)]
        links += [
            (self.id_of(SAMPLE_FILE, template.slug, customer.number), SAMPLE_FILE) for customer in self._customers
        ]
        return [link for link in links if not types or link[1] in types]

    def users_of(self, object_id: str) -> Sequence[Resource]:
        """The communications that are tied to ``object_id``, newest versions."""
        ids = [
            communication_id
            for communication_id in self.templates
            if any(linked == object_id for linked, _ in self.linked(communication_id, frozenset()))
        ]
        return [found for each in ids if (found := self.find(each)) is not None]

    def template_of_set(self, set_id: str) -> Template | None:
        """The template that a communication set binds."""
        return next(
            (each for each in self.templates.values() if self.id_of(COMMUNICATION_SET, each.slug) == set_id), None
        )

    def content(self, resource: Resource) -> bytes:
        """The resource's bytes: what was uploaded, driver data of a sample file, a description of a design."""
        if resource.content is not None:
            return resource.content
        if resource.type == SAMPLE_FILE:
            slug, number = resource.metadata["communication"], resource.metadata["customer"]
            customer = next(each for each in self._customers if each.number == number)
            return msgspec.json.format(msgspec.json.encode(self._world.record(customer, slug)))
        name = resource.name.replace("&", "&amp;").replace('"', "&quot;")
        return f'<design id="{resource.id}" version="{resource.version}" name="{name}"/>'.encode()

    def _communications(self) -> list[Resource]:
        found = []
        for slug, template in sorted(catalogue().items(), key=lambda item: item[1].name):
            found += [
                Resource(
                    id=self.communication_id(slug),
                    version=version.number,
                    name=template.name,
                    type=COMMUNICATION,
                    state=version.state,
                    is_latest=version is template.latest,
                    created_by=template.owner,
                    modified_by=version.by,
                    modified_at=self._world.began - version.age,
                    comment=version.note,
                    metadata={
                        "subtype": "design",
                        "slug": slug,
                        "group": template.group,
                        "owner": template.owner,
                        "locales": ",".join(template.locales),
                        "channels": ",".join(template.channels),
                    },
                    mime_type="application/xml",
                )
                for version in template.versions
            ]
        return found

    def _sets(self) -> list[Resource]:
        return [self._plain(template, COMMUNICATION_SET, f"{template.name} set") for template in catalogue().values()]

    def _sample_files(self) -> list[Resource]:
        return [
            self._plain(
                template,
                SAMPLE_FILE,
                " ".join(part for part in (customer.company, customer.given_name, customer.family_name) if part),
                customer=customer.number,
            )
            for template in catalogue().values()
            for customer in self._customers
        ]

    def _plain(self, template: Template, type_: str, name: str, *, customer: str = "") -> Resource:
        names = (template.slug, customer) if customer else (template.slug,)
        metadata = {"communication": template.slug}
        if customer:
            metadata |= {"subtype": "driver", "customer": customer}
        return Resource(
            id=self.id_of(type_, *names),
            version=1,
            name=name,
            type=type_,
            state="APPROVED",
            is_latest=True,
            created_by=template.owner,
            modified_by=template.owner,
            modified_at=self._world.began - template.versions[-1].age,
            comment="",
            metadata=metadata,
            mime_type="application/json" if customer else "application/xml",
        )
