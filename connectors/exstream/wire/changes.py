"""Changing designs (contract 1.6): content, workflow steps, locks, reverts, packages in.

The vendor's link to its media management answers with a password, so no call for it is built here.
"""

from collections.abc import Sequence

import msgspec

from connectors.calls import Call, FilePart, JSONBody, MultipartBody, segment
from connectors.exstream.models import ResourceState
from connectors.exstream.packages import ConflictPolicy
from connectors.exstream.site import Site
from connectors.exstream.wire.spelling import COMPOSE_DEADLINE_S, change, resource_path, word


def new_resource(site: Site, domain: str, *, name: str, type_: str, file: FilePart, subtype: str = "") -> Call:
    """A resource from a file, such as ``samplefile`` with subtype ``driver``; it lands in DRAFT."""
    query = (("name", name), ("type", type_), *((("subtype", subtype),) if subtype else ()))
    return change(
        "new resource",
        "POST",
        f"{site.design}/resources/{segment(domain)}/content",
        query=query,
        body=MultipartBody(files=(_named(file, "file"),)),
        deadline_s=COMPOSE_DEADLINE_S,
    )


def replace_content(site: Site, domain: str, resource_id: str, *, file: FilePart) -> Call:
    """Other bytes for a draft; no new version."""
    return change(
        "replace content",
        "PUT",
        f"{resource_path(site, domain, resource_id)}/content",
        body=MultipartBody(files=(_named(file, "file"),)),
        deadline_s=COMPOSE_DEADLINE_S,
    )


def set_state(
    site: Site, domain: str, resource_id: str, state: ResourceState, *, comment: str = "", locked: bool = False
) -> Call:
    """One workflow step; ``comment`` stays in the history."""
    return change(
        "set state",
        "PUT",
        f"{resource_path(site, domain, resource_id)}/state",
        body=JSONBody(value={"state": state, "auditedComment": comment, "locked": locked}),
    )


def set_states(
    site: Site, domain: str, resource_ids: Sequence[str], state: ResourceState, *, comment: str = ""
) -> Call:
    """The same step for several; what failed is listed by cause in a success."""
    wish = {"state": state, "resourceIds": list(resource_ids), "auditedComment": comment, "locked": False}
    return change("set states", "PUT", f"{site.design}/resources/{segment(domain)}/state", body=JSONBody(value=wish))


def lock(site: Site, domain: str, resource_id: str) -> Call:
    """Keep others from changing a resource."""
    return change("lock", "POST", f"{resource_path(site, domain, resource_id)}/lock")


def unlock(site: Site, domain: str, resource_id: str, *, force: bool = False) -> Call:
    """Let others change it again; ``force`` breaks somebody else's lock and is a tenant administrator's right."""
    query = (("force", word(claim=True)),) if force else ()
    return change("unlock", "DELETE", f"{resource_path(site, domain, resource_id)}/lock", query=query)


def revert(site: Site, domain: str, resource_id: str, number: int, *, comment: str = "") -> Call:
    """The content of an older version as a draft, its links included."""
    path = f"{resource_path(site, domain, resource_id)}/revert/{number}"
    return change("revert", "PUT", path, body=JSONBody(value={"auditedComment": comment, "locked": False}))


def import_package(
    site: Site, domain: str, *, package: FilePart, policy: ConflictPolicy = ConflictPolicy.ERROR, commit: bool = False
) -> Call:
    """A package out of an export. Without ``commit`` it is a dry run, as it is at the vendor's."""
    settings = FilePart(
        name="conflictSettings",
        filename="conflictSettings.json",
        content=msgspec.json.encode({"generalPolicy": policy}),
        media_type="application/json",
    )
    return change(
        "import package",
        "POST",
        f"{site.design}/import/das/{segment(domain)}",
        query=(("commit", word(claim=commit)),),
        body=MultipartBody(files=(_named(package, "exportPackage"), settings)),
        deadline_s=COMPOSE_DEADLINE_S,
    )


def _named(file: FilePart, name: str) -> FilePart:
    """``file`` as the part that the vendor looks for."""
    return FilePart(name=name, filename=file.filename, content=file.content, media_type=file.media_type)
