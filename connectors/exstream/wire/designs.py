"""Reading designs (contract 1.1, 1.2): who we are, domains, resources, links, manifests, flows, packages out."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from connectors.calls import Call, segment
from connectors.exstream.site import Site
from connectors.exstream.wire.spelling import filtered, get, paged, resource_path, version_of, word

COMMUNICATION: Final = "exstrapplication"
COMMUNICATION_SET: Final = "exstrcommunicationset"
SAMPLE_FILE: Final = "samplefile"


def current_user(site: Site, *, domain: str = "") -> Call:
    """Who the token stands for, in the tenant or in one domain."""
    where = f"/{segment(domain)}" if domain else ""
    return get("current user", f"{site.design}/authentication{where}/current-user")


def config(site: Site) -> Call:
    """The feature probe of the orchestration service."""
    return get("config", f"{site.orchestration}/config")


def version(site: Site) -> Call:
    """The design service's version."""
    return get("version", f"{site.design}/version")


def orchestration_version(site: Site) -> Call:
    """The orchestration service's version."""
    return get("orchestration version", f"{site.orchestration}/version")


def empower_version(site: Site) -> Call:
    """The version of the interactive editor's service; wrapped in ``header`` and ``body``."""
    return get("empower version", f"{site.empower}/version")


def domains(site: Site, *, search: str = "", with_children: bool = False, offset: int = 0) -> Call:
    """A page of the tenant's domains."""
    query = filtered(site, {"searchString": search})
    query += (("fetchChildren", word(claim=True)),) if with_children else ()
    return get("domains", f"{site.design}/domains", query + paged(site, offset))


def resources(
    site: Site,
    domain: str,
    *,
    types: Sequence[str] = (COMMUNICATION,),
    ids: Sequence[str] = (),
    states: Sequence[str] = (),
    name: str = "",
    latest_only: bool = True,
    with_approved: bool = False,
    search: str = "",
    changed_since: date | None = None,
    changed_until: date | None = None,
    with_approval: bool = False,
    offset: int = 0,
) -> Call:
    """A page of design resources. ``search`` takes ``*`` as a wildcard; ``changed_until`` is the last day."""
    filters = {
        "types": ",".join(types),
        "ids": ",".join(ids),
        "states": ",".join(states),
        "name": name,
        "latestVersion": word(claim=latest_only),
        "hasApprovedVersion": word(claim=True) if with_approved else "",
        "searchString": search,
        "lastModifiedDateStart": changed_since.isoformat() if changed_since else "",
        "lastModifiedDateEnd": changed_until.isoformat() if changed_until else "",
    }
    query = filtered(site, filters) + paged(site, offset) + (("sort", "asc_name"),)
    query += (("fetchApproval", word(claim=True)),) if with_approval else ()
    return get("list resources", f"{site.design}/resources/{segment(domain)}", query)


def resource(site: Site, domain: str, resource_id: str, *, number: int | None = None, state: str = "") -> Call:
    """One version of a resource; without ``number`` the latest, with ``state`` the latest in it."""
    query = version_of(number) + ((("state", state),) if state else ())
    return get("resource", resource_path(site, domain, resource_id), query)


def history(site: Site, domain: str, resource_id: str) -> Call:
    """Everything that was done to a resource."""
    return get("history", f"{site.design}/resources/{segment(domain)}/history/{segment(resource_id)}")


def content(site: Site, domain: str, resource_id: str, *, number: int | None = None) -> Call:
    """A resource's own bytes."""
    return get("resource content", f"{resource_path(site, domain, resource_id)}/content", version_of(number))


def thumbnail(site: Site, domain: str, resource_id: str, *, number: int | None = None) -> Call:
    """A small picture of a design."""
    path = f"{resource_path(site, domain, resource_id)}/content/thumbnail"
    return get("thumbnail", path, version_of(number))


def content_manifest(site: Site, domain: str, resource_id: str, *, number: int | None = None) -> Call:
    """The manifest of a resource's content, XML."""
    path = f"{resource_path(site, domain, resource_id)}/content/manifest"
    return get("content manifest", path, version_of(number))


def old_content(site: Site, domain: str, resource_id: str, *, number: int | None = None) -> Call:
    """The bytes that a resource had before its content was last replaced."""
    return get("old content", f"{resource_path(site, domain, resource_id)}/content/old", version_of(number))


def links(site: Site, domain: str, subject_id: str, *, type_: str, depth: int = 2, offset: int = 0) -> Call:
    """What ``subject_id`` is tied to, of one type."""
    query = (("linkSubjectId", subject_id), ("linkDepth", str(depth)), *filtered(site, {"types": type_}))
    return get("links", f"{site.design}/links/{segment(domain)}", query + paged(site, offset))


def linked_resources(site: Site, domain: str, object_id: str, *, offset: int = 0) -> Call:
    """The approved communications that use ``object_id``, such as a sample file."""
    query = (
        ("linkObjectId", object_id),
        ("linkDepth", "10"),
        *filtered(site, {"types": COMMUNICATION, "states": "APPROVED"}, prefix="rfilter"),
    )
    return get("linked resources", f"{site.design}/links/{segment(domain)}/resources", query + paged(site, offset))


def set_manifest(site: Site, domain: str, set_id: str) -> Call:
    """The data sources and queues of a communication set."""
    path = f"{site.design}/manifests/{segment(domain)}/communication-set/{segment(set_id)}"
    return get("communication set manifest", path)


def published_flows(site: Site, domain: str) -> Call:
    """The flows that input channels can start."""
    return get("published flows", f"{site.orchestration}/flow-models/{segment(domain)}/published")


def outcome_mappings(site: Site, domain: str) -> Call:
    """What the outcomes of a channel mean to the flows that decide by them (1.5, INFERRED)."""
    return get("outcome mappings", f"{site.design}/flow-models/{segment(domain)}/mappings")


def run_definition(site: Site, domain: str, resource_id: str) -> Call:
    """How an engine would run a design for a preview; no document comes back (1.3)."""
    return get("run definition", f"{site.design}/run-definitions/{segment(domain)}/preview/{segment(resource_id)}")


def export_package(site: Site, domain: str, root_id: str, *, versions: str = "LATEST_APPROVED") -> Call:
    """A resource and all that it is tied to, as a ZIP."""
    path = f"{site.design}/export/{segment(domain)}/{segment(root_id)}"
    return get("export package", path, (("versions", versions),))
