"""The design service (DAS) below ``/design/api/v1``: domains, resources, history, links, manifests."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.designs import DATA_SOURCE, QUEUES, Designs, Resource
from connectors.sandbox.exstream.door import Door, answer, listed, one, told_time
from connectors.sandbox.exstream.refusals import ServiceError
from connectors.sandbox.world import World

VERSION: Final = {"major": "24", "minor": "4", "patch": "0", "versionString": "24.4.0"}
USER_GROUPS: Final = ("tenantadmin", "empower_integrator")
"""The roles that the vendor's samples name."""

OUTCOMES: Final = (("Delivered", ("0", "200")), ("Failed", ("500", "550")))
"""CHOSEN: only the shape of a mapping is known."""


class DesignCalls:
    """Answers from :class:`Designs`."""

    def __init__(self, world: World, door: Door, designs: Designs, *, domains: Sequence[str]) -> None:
        self._world = world
        self._door = door
        self._designs = designs
        self._domains = domains

    def routes(self) -> list[Route]:
        """Every path of the service that the sandbox answers."""
        base = "/design/api/v1"
        resource = f"{base}/resources/{{domain}}/{{id}}"
        return [
            Route(f"{base}/version", self.version),
            Route(f"{base}/authentication/current-user", self.current_user),
            Route(f"{base}/authentication/{{domain}}/current-user", self.current_user),
            Route(f"{base}/{{domain}}/current-user", self.current_user),
            Route(f"{base}/domains", self.domains),
            Route(f"{base}/resources/{{domain}}", self.resources),
            Route(f"{base}/resources/{{domain}}/history/{{id}}", self.history),
            Route(resource, self.resource),
            Route(f"{resource}/content", self.content),
            Route(f"{resource}/content/thumbnail", self.thumbnail),
            Route(f"{resource}/content/manifest", self.content_manifest),
            Route(f"{resource}/content/old", self.old_content),
            Route(f"{base}/links/{{domain}}", self.links),
            Route(f"{base}/links/{{domain}}/resources", self.linked_resources),
            Route(f"{base}/manifests/{{domain}}/communication-set/{{id}}", self.set_manifest),
            Route(f"{base}/flow-models/{{domain}}/mappings", self.mappings),
            Route(f"{base}/run-definitions/{{domain}}/preview/{{id}}", self.run_definition),
        ]

    async def version(self, request: Request) -> Response:
        """The service's version."""
        self._door.user(request)
        return answer({"apiIdentifier": "design", **VERSION})

    async def current_user(self, request: Request) -> Response:
        """Who the token stands for, in the tenant or in one domain; the keys are INFERRED, the reply is not typed."""
        user = self._door.user(request)
        if "domain" in request.path_params:
            self._door.enter(request)
        told = {
            "name": user,
            "tenantName": self._world.secrets["exstream"]["tenant"],
            "groups": list(USER_GROUPS),
            "roles": [{"id": self._designs.id_of("role", role), "name": role} for role in USER_GROUPS],
            "isTenantAdmin": True,
            "isSystemAdmin": False,
        }
        return one(told)

    async def domains(self, request: Request) -> Response:
        """The tenant's domains."""
        self._door.user(request)
        search = self._door.filters(request).get("searchString", "").lower()
        found: list[Mapping[str, object]] = [
            {
                "id": domain,
                "production": number == 0,
                "workflow": "NORMAL",
                "restrictApproval": False,
                "jobTracing": True,
                "parent": None,
                "description": None,
                "children": [] if request.query_params.get("fetchChildren") == "true" else None,
                "editable": True,
            }
            for number, domain in enumerate(self._domains)
            if search in domain.lower()
        ]
        return self._door.page(request, found)

    async def resources(self, request: Request) -> Response:
        """Resources that pass the filters, sorted by name unless the query says otherwise."""
        self._door.enter(request)
        wanted = self._door.filters(request)
        found = [each for each in self._designs.resources if _passes(each, wanted)]
        if wanted.get("hasApprovedVersion") in ("true", "false"):
            approved = {each.id for each in self._designs.resources if each.state == "APPROVED"}
            found = [each for each in found if (each.id in approved) is (wanted["hasApprovedVersion"] == "true")]
        order, _, key = request.query_params.get("sort", "asc_name").partition("_")
        if key == "lastModifiedDate":
            found.sort(key=lambda each: each.modified_at, reverse=order == "desc")
        else:
            found.sort(key=lambda each: each.version, reverse=True)
            found.sort(key=lambda each: each.name.lower(), reverse=order == "desc")
        return self._door.page(request, [each.told() for each in found])

    async def resource(self, request: Request) -> Response:
        """One version."""
        return one(self._asked(request).told())

    async def history(self, request: Request) -> Response:
        """Oldest first: each version is made, then changed; revisions count within a version."""
        self._door.enter(request)
        entries: list[dict[str, object]] = []
        revisions: Counter[int] = Counter()
        for each in self._designs.history(str(request.path_params["id"])):
            revisions[each.version] += 1
            told = {
                "id": each.resource,
                "version": each.version,
                "revision": revisions[each.version],
                "operation": each.operation,
                "historyType": each.kind,
                "state": each.state,
                "modifiedBy": each.by,
                "modifiedDate": each.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "auditedComment": each.comment or None,
            }
            entries.append(told)
        if not entries:
            raise ServiceError(404, "Resource not found", details=str(request.path_params["id"]))
        return answer({"status": "success", "data": entries})

    async def content(self, request: Request) -> Response:
        """The bytes of one version."""
        resource = self._asked(request)
        return Response(self._designs.content(resource), media_type=resource.mime_type)

    async def content_manifest(self, request: Request) -> Response:
        """What the content consists of, XML; its form is CHOSEN."""
        resource = self._asked(request)
        root = Element("manifest", {"id": resource.id, "version": str(resource.version), "type": resource.type})
        for object_id, type_ in self._designs.linked(resource.id, frozenset()):
            SubElement(root, "link", {"id": object_id, "type": type_})
        return Response(tostring(root, encoding="utf-8", xml_declaration=True), media_type="application/xml")

    async def old_content(self, request: Request) -> Response:
        """The bytes from before a draft's content was last replaced."""
        resource = self._asked(request)
        if resource.old_content is None:
            raise ServiceError(404, "Content not found", details="OLD")
        return Response(resource.old_content, media_type=resource.mime_type)

    async def thumbnail(self, request: Request) -> Response:
        """A small picture with the design's name."""
        resource = self._asked(request)
        image = Image.new("RGB", (210, 297), "#ffffff")
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 0, 210, 30), fill="#143a63")
        pen.text((12, 44), resource.name, fill="#1b2330")
        for line in range(6):
            pen.rectangle((12, 84 + 18 * line, 196 - 30 * (line % 2), 90 + 18 * line), fill="#d5dbe3")
        drawn = io.BytesIO()
        image.save(drawn, "PNG")
        return Response(drawn.getvalue(), media_type="image/png")

    async def links(self, request: Request) -> Response:
        """What a communication is tied to."""
        self._door.enter(request)
        subject = request.query_params.get("linkSubjectId", "")
        if not subject:
            raise ServiceError(400, "Missing parameter", details="linkSubjectId")
        resource = self._designs.find(subject)
        links = [
            {
                "linkSubjectId": subject,
                "subjectVersion": resource.version if resource else None,
                "linkObjectId": object_id,
                "typeId": type_,
            }
            for object_id, type_ in self._designs.linked(subject, listed(self._door.filters(request).get("types")))
        ]
        return self._door.page(request, links)

    async def linked_resources(self, request: Request) -> Response:
        """The communications that use a resource."""
        self._door.enter(request)
        object_id = request.query_params.get("linkObjectId", "")
        if not object_id:
            raise ServiceError(400, "Missing parameter", details="linkObjectId")
        wanted = {"latestVersion": "", **self._door.filters(request, prefix="rfilter")}
        found = [each.told() for each in self._designs.users_of(object_id) if _passes(each, wanted)]
        return self._door.page(request, found)

    async def set_manifest(self, request: Request) -> Response:
        """A bare object, without the envelope (exstream 1.2, CONFIRMED)."""
        self._door.enter(request)
        template = self._designs.template_of_set(str(request.path_params["id"]))
        if template is None:
            raise ServiceError(404, "Communication set not found", details=str(request.path_params["id"]))
        queues = [
            {"id": self._designs.id_of("exstroutputqueue", channel), **QUEUES[channel]} for channel in template.channels
        ]
        return answer({"dsnlist": [self._source()], "queueList": queues})

    async def mappings(self, request: Request) -> Response:
        """What the channels' outcomes mean to deciders: mapping → outcomes (INFERRED)."""
        self._door.enter(request)
        told = {
            f"{queue['name']} outcomes": [
                {"id": self._designs.id_of("outcome", channel, word), "displayName": word, "codes": list(codes)}
                for word, codes in OUTCOMES
            ]
            for channel, queue in QUEUES.items()
        }
        return one(told)

    async def run_definition(self, request: Request) -> Response:
        """How an engine would run a communication, bare; a definition, never a document (exstream 1.3, CONFIRMED)."""
        resource = self._asked(request)
        template = self._designs.templates.get(resource.id)
        if template is None:
            raise ServiceError(404, "Not a communication", details=resource.id)
        told = {
            "name": resource.name,
            "description": "Preview",
            "inputs": {DATA_SOURCE: self._source()},
            "outputs": {QUEUES[channel]["name"]: QUEUES[channel] for channel in template.channels},
            "reports": {},
            "control": ["-RUNMODE=TEST"],
        }
        return answer(told)

    def _source(self) -> Mapping[str, object]:
        return {
            "id": self._designs.id_of("datasource", DATA_SOURCE),
            "name": "Customer driver",
            "prodDsn": DATA_SOURCE,
            "resourceId": self._designs.id_of("datasource", DATA_SOURCE),
            "type": "driver",
        }

    def _asked(self, request: Request) -> Resource:
        self._door.enter(request)
        said = request.query_params.get("version", "")
        if said and not said.isdecimal():
            raise ServiceError(400, "Invalid version", details=said)
        resource = self._designs.find(
            str(request.path_params["id"]),
            version=int(said) if said else None,
            state=request.query_params.get("state", ""),
        )
        if resource is None:
            raise ServiceError(404, "Resource not found", details=str(request.path_params["id"]))
        return resource


def _passes(resource: Resource, wanted: Mapping[str, str]) -> bool:
    """Whether every filter that the sandbox knows lets ``resource`` through; unknown ones are ignored."""
    name = resource.name.lower()
    search = wanted.get("searchString", "").lower()
    modified_from, modified_to = (told_time(wanted.get(f"lastModifiedDate{end}")) for end in ("Start", "End"))
    return (
        (not (ids := listed(wanted.get("ids"))) or resource.id in ids)
        and resource.id not in listed(wanted.get("excludedIds"))
        and (not (types := listed(wanted.get("types"))) or resource.type in types)
        and resource.type not in listed(wanted.get("excludedTypes"))
        and (not (by := wanted.get("createdBy", "")) or resource.created_by == by)
        and (not (by := wanted.get("lastModifiedBy", "")) or resource.modified_by == by)
        and (wanted.get("locked") not in ("true", "false") or bool(resource.locked_by) is (wanted["locked"] == "true"))
        and (not (states := listed(wanted.get("states"))) or resource.state in states)
        and (wanted.get("latestVersion") != "true" or resource.is_latest)
        and (not (exact := wanted.get("name", "").lower()) or name == exact)
        and (not search or fnmatchcase(name, search if "*" in search else f"*{search}*"))
        and (modified_from is None or resource.modified_at >= modified_from)
        and (modified_to is None or resource.modified_at < modified_to + timedelta(days=1))
    )
