"""The designs of a domain: communications and their versions, the sets that bind them, and their sample files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    effective_from: datetime | None = None
    effective_to: datetime | None = None
    content: bytes | None = field(default=None, repr=False)
    """What was uploaded; None for what comes with the world."""
    old_content: bytes | None = field(default=None, repr=False)
    """What a draft held before its content was last replaced."""

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
            "lastModifiedDate": _stamp(self.modified_at),
            "effectiveStart": _stamp(self.effective_from),
            "effectiveEnd": _stamp(self.effective_to),
            "standardVariantId": None,
            "metadata": self.metadata,
            "contentMimeType": self.mime_type,
            "approvalInfo": {
                "state": self.state,
                "pending": self.state == "REVIEW",
                "approvals": [{"role": "Legal", "level": 1, "approved": self.state == "APPROVED"}],
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was done to a resource (exstream 1.2, history)."""

    resource: str
    version: int
    operation: str
    """``INSERT``, ``UPDATE`` or ``DELETE``."""
    kind: str
    """``CREATE``, ``STATE``, ``METADATA`` or ``CONTENT``."""
    state: str
    by: str
    at: datetime
    comment: str = ""


class Designs:
    """Everything that can be composed, with ids that are the same for a seed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._journal: list[Entry] = []
        self._images: dict[str, Resource] = {}
        self._customers: Sequence[WorldCustomer] = world.customers[:SAMPLES]

    @cached_property
    def resources(self) -> list[Resource]:
        """Every version of every resource; of one resource the newest version first."""
        return list(self._shipped)

    @cached_property
    def _shipped(self) -> Sequence[Resource]:
        """What comes with the world."""
        return (*self._communications(), *self._sets(), *self._sample_files())

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
        self.note(resource, "CREATE", operation="INSERT")

    def put(self, old: Resource, new: Resource) -> None:
        """``new`` in the place of ``old``."""
        self.resources[self.resources.index(old)] = new

    def note(self, resource: Resource, kind: str, *, operation: str = "UPDATE") -> None:
        """Write down what was done to ``resource``, as it stands now."""
        entry = Entry(
            resource=resource.id,
            version=resource.version,
            operation=operation,
            kind=kind,
            state=resource.state,
            by=resource.modified_by,
            at=resource.modified_at,
            comment=resource.comment,
        )
        self._journal.append(entry)

    def history(self, resource_id: str) -> Sequence[Entry]:
        """What was done to a resource, oldest first: how each shipped version came about, then what was done here."""
        noted = [entry for entry in self._journal if entry.resource == resource_id]
        made_here = {entry.version for entry in noted if entry.kind == "CREATE"}
        shipped = sorted(
            (each for each in self._shipped if each.id == resource_id and each.version not in made_here),
            key=lambda each: each.version,
        )
        entries: list[Entry] = []
        for each in shipped:
            made = Entry(
                resource=each.id,
                version=each.version,
                operation="INSERT",
                kind="CREATE",
                state="DRAFT",
                by=each.modified_by,
                at=each.modified_at,
            )
            entries.append(made)
            if each.state != "DRAFT":
                moved = replace(made, operation="UPDATE", kind="STATE", state=each.state, comment=each.comment)
                entries.append(moved)
        return [*entries, *noted]

    def note_image(self, slug: str, version: int | None) -> str:
        """The id of a picture that an engine showed; it is a resource of its own from then on."""
        image_id = self.id_of("image", slug)
        if image_id not in self._images:
            self._images[image_id] = Resource(
                id=image_id,
                version=version or 1,
                name=slug,
                type="image",
                state="APPROVED",
                is_latest=True,
                created_by="media.link",
                modified_by="media.link",
                modified_at=self._world.began,
                comment="",
                metadata={"subtype": "linked"},
                mime_type="application/xml",
            )
            self.resources.append(self._images[image_id])
        return image_id

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


def _stamp(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
