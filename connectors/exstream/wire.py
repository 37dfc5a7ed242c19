"""Exstream's calls as plain descriptions, and how to read what comes back. No I/O here.

Section numbers are those of the wire contract. Every builder takes the :class:`~connectors.exstream.site.Site`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final

from connectors.calls import Body, Call, JSONBody, RawBody, segment
from connectors.exstream.site import FilterSpelling, Site

COMMUNICATION: Final = "exstrapplication"
COMMUNICATION_SET: Final = "exstrcommunicationset"
SAMPLE_FILE: Final = "samplefile"
COMPOSE_DEADLINE_S: Final = 120.0
"""CHOSEN: time-outs are not published, and on-demand engines queue when they are busy (contract 4)."""


# Who and what (1.1, 1.2)


def current_user(site: Site) -> Call:
    """Who the token stands for."""
    return _get("current user", f"{site.design}/authentication/current-user")


def config(site: Site) -> Call:
    """The feature probe of the orchestration service."""
    return _get("config", f"{site.orchestration}/config")


def version(site: Site) -> Call:
    """The design service's version."""
    return _get("version", f"{site.design}/version")


def domains(site: Site, *, offset: int = 0) -> Call:
    """A page of the tenant's domains."""
    return _get("domains", f"{site.design}/domains", _paged(site, offset))


def resources(
    site: Site,
    domain: str,
    *,
    types: Sequence[str] = (COMMUNICATION,),
    ids: Sequence[str] = (),
    states: Sequence[str] = (),
    latest_only: bool = True,
    search: str = "",
    changed_since: date | None = None,
    offset: int = 0,
) -> Call:
    """A page of design resources. ``search`` takes ``*`` as a wildcard."""
    filters = {
        "types": ",".join(types),
        "ids": ",".join(ids),
        "states": ",".join(states),
        "latestVersion": "true" if latest_only else "false",
        "searchString": search,
        "lastModifiedDateStart": changed_since.isoformat() if changed_since else "",
    }
    query = _filtered(site, filters) + _paged(site, offset) + (("sort", "asc_name"),)
    return _get("list resources", f"{site.design}/resources/{segment(domain)}", query)


def resource(site: Site, domain: str, resource_id: str, *, number: int | None = None) -> Call:
    """One version of a resource; without ``number`` the latest."""
    return _get("resource", _resource(site, domain, resource_id), _version(number))


def history(site: Site, domain: str, resource_id: str) -> Call:
    """Everything that was done to a resource."""
    return _get("history", f"{site.design}/resources/{segment(domain)}/history/{segment(resource_id)}")


def content(site: Site, domain: str, resource_id: str, *, number: int | None = None) -> Call:
    """A resource's own bytes."""
    return _get("resource content", f"{_resource(site, domain, resource_id)}/content", _version(number))


def thumbnail(site: Site, domain: str, resource_id: str, *, number: int | None = None) -> Call:
    """A small picture of a design."""
    return _get("thumbnail", f"{_resource(site, domain, resource_id)}/content/thumbnail", _version(number))


def links(site: Site, domain: str, subject_id: str, *, type_: str, depth: int = 2, offset: int = 0) -> Call:
    """What ``subject_id`` is tied to, of one type."""
    query = (("linkSubjectId", subject_id), ("linkDepth", str(depth)), *_filtered(site, {"types": type_}))
    return _get("links", f"{site.design}/links/{segment(domain)}", query + _paged(site, offset))


def linked_resources(site: Site, domain: str, object_id: str, *, offset: int = 0) -> Call:
    """The approved communications that use ``object_id``, such as a sample file."""
    query = (
        ("linkObjectId", object_id),
        ("linkDepth", "10"),
        ("rfilter.types", COMMUNICATION),
        ("rfilter.states", "APPROVED"),
    )
    return _get("linked resources", f"{site.design}/links/{segment(domain)}/resources", query + _paged(site, offset))


def set_manifest(site: Site, domain: str, set_id: str) -> Call:
    """The data sources and queues of a communication set."""
    path = f"{site.design}/manifests/{segment(domain)}/communication-set/{segment(set_id)}"
    return _get("communication set manifest", path)


def published_flows(site: Site, domain: str) -> Call:
    """The flows that input channels can start."""
    return _get("published flows", f"{site.orchestration}/flow-models/{segment(domain)}/published")


# Composing (1.3). None of these is repeatable: a second one may reach a customer or cost a transaction.


def generate(
    site: Site,
    domain: str,
    *,
    communication_id: str,
    data_source: str,
    data: Mapping[str, object] | bytes,
    number: int | None = None,
    accept: str = "",
    empower_user: str = "",
) -> Call:
    """Compose on demand. ``data`` as bytes is an XML driver. ``accept`` asks for one raw output, else the envelope."""
    headers = {"communicationId": communication_id, "driverDataSource": data_source}
    if accept:
        headers["Accept"] = accept
    if empower_user:
        headers["empowerUser"] = empower_user
    if number is not None and site.version_header:
        headers[site.version_header] = str(number)
    return _post(
        "generate",
        f"{site.orchestration}/inputs/ondemand/{segment(domain)}/{segment(site.generate_channel)}",
        body=_driver(data),
        headers=headers,
    )


def on_demand(
    site: Site,
    domain: str,
    channel: str,
    *,
    data: Mapping[str, object] | bytes,
    accept: str = "",
    variables: Mapping[str, str] | None = None,
) -> Call:
    """Hand ``data`` to an input channel of the customer's own; its flow decides what comes back."""
    headers = {f"exstream-variable-{name}": value for name, value in (variables or {}).items()}
    if accept:
        headers["Accept"] = accept
    path = f"{site.orchestration}/inputs/ondemand/{segment(domain)}/{segment(channel)}"
    return _post("on-demand input", path, body=_driver(data), headers=headers)


def submit_batch(site: Site, domain: str, channel: str, *, data: Mapping[str, object] | bytes) -> Call:
    """Hand a batch to an input channel; it runs as a job."""
    path = f"{site.orchestration}/inputs/batch/{segment(domain)}/{segment(channel)}"
    return _post("batch input", path, body=_driver(data))


# What ran (1.4)


def jobs(
    site: Site,
    domain: str,
    *,
    channel: str = "",
    external_id: str = "",
    statuses: Sequence[str] = (),
    mode: str = "",
    started_from: datetime | None = None,
    started_to: datetime | None = None,
    offset: int = 0,
) -> Call:
    """A page of jobs, newest first. The spelling of the query is INFERRED from the text example."""
    filters = {
        "channel": channel,
        "externalId": external_id,
        "statuses": ",".join(statuses),
        "mode": mode,
        "startDateStart": _plain_time(started_from),
        "startDateEnd": _plain_time(started_to),
    }
    pairs = ";".join(f"{key}:{value}" for key, value in filters.items() if value)
    query = ((("filter", pairs),) if pairs else ()) + _paged(site, offset) + (("sort", "desc_startDate"),)
    return _get("list jobs", f"{_runtime(site, domain)}/jobs", query)


def job(site: Site, domain: str, job_id: str) -> Call:
    """One job."""
    return _get("job", f"{_runtime(site, domain)}/jobs/{segment(job_id)}")


def flow_instances(site: Site, domain: str, job_id: str, *, offset: int = 0) -> Call:
    """The flows that a job started."""
    return _get(
        "flow instances", f"{_runtime(site, domain)}/flow-instances", (("jobId", job_id), *_paged(site, offset))
    )


def instance_input(site: Site, domain: str, instance_id: str) -> Call:
    """The input as it was submitted: a customer's data."""
    path = f"{_runtime(site, domain)}/flow-instances/{segment(instance_id)}/input"
    return _get("flow instance input", path, (("download", "true"),))


def collection_resources(site: Site, domain: str, instance_id: str) -> Call:
    """The resources that an instance used."""
    path = f"{_runtime(site, domain)}/flow-instances/{segment(instance_id)}/collection-resources"
    return _get("collection resources", path)


def flow_steps(site: Site, domain: str, instance_id: str, *, offset: int = 0) -> Call:
    """The steps of a flow instance."""
    query = (("flowInstanceId", instance_id), ("checkArtifacts", "true"), *_paged(site, offset))
    return _get("flow steps", f"{_runtime(site, domain)}/flow-steps", query)


def delivery_file(site: Site, domain: str, step_id: str) -> Call:
    """The output manifest of a step."""
    return _get("delivery file", f"{_step(site, domain, step_id)}/delivery-file", (("download", "true"),))


def message_file(site: Site, domain: str, step_id: str) -> Call:
    """The engine's log of a step."""
    return _get("message file", f"{_step(site, domain, step_id)}/message-file", (("download", "true"),))


def output_files(site: Site, domain: str, step_id: str, *, offset: int = 0) -> Call:
    """A page of a step's file names."""
    return _get("output files", f"{_step(site, domain, step_id)}/delivery-file/output-files", _paged(site, offset))


def artifact(site: Site, domain: str, step_id: str, name: str) -> Call:
    """One output. That its name is a listed file name is INFERRED."""
    return _get("artifact", f"{_step(site, domain, step_id)}/artifact/{segment(name)}")


def customer_artifacts(site: Site, domain: str, step_id: str, customer_number: int) -> Call:
    """A ZIP of one customer's outputs; the number is the position in the run, from 1."""
    return _get("customer artifacts", f"{_step(site, domain, step_id)}/customer-artifacts/{customer_number}")


def stop_job(site: Site, domain: str, job_id: str) -> Call:
    """Cancel a job."""
    return _post("stop job", f"{_runtime(site, domain)}/jobs/{segment(job_id)}/stop")


def reprocess(
    site: Site, domain: str, job_id: str, *, use_current_model: bool = False, use_current_context: bool = False
) -> Call:
    """Run the whole job again, for all of its recipients."""
    return _post(
        "reprocess job",
        f"{_runtime(site, domain)}/jobs/{segment(job_id)}/reprocessing",
        query=(
            ("useCurrentFlowModel", _word(use_current_model)),
            ("useCurrentFlowContext", _word(use_current_context)),
        ),
    )


# Events (1.5)


def email_events(
    site: Site, tenant: str, domain: str, *, since: datetime, until: datetime, connector_type: str = "OTN"
) -> Call:
    """Mail events by the time of their last change. ``OTN`` is INFERRED."""
    query = (
        ("connectorType", connector_type),
        ("lastUpdateTimeStart", _plain_time(since)),
        ("lastUpdateTimeEnd", _plain_time(until)),
    )
    path = f"{site.events}/eventmetrics/email-event/{segment(tenant)}/{segment(domain)}/content"
    return _get("email events", path, query)


def channel_events(site: Site, tenant: str, domain: str, *, since: datetime, until: datetime) -> Call:
    """Events of document generation and of every channel, as event JSON. The time keys are INFERRED from mail's."""
    query = (("lastUpdateTimeStart", _plain_time(since)), ("lastUpdateTimeEnd", _plain_time(until)))
    return _get("events", f"{site.events}/eventmetrics/events/{segment(tenant)}/{segment(domain)}/content", query)


# Spelling


def _get(name: str, path: str, query: tuple[tuple[str, str], ...] = ()) -> Call:
    return Call(name=name, method="GET", path=path, query=query, repeatable=True)


def _post(
    name: str,
    path: str,
    *,
    query: tuple[tuple[str, str], ...] = (),
    body: Body | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Call:
    return Call(
        name=name,
        method="POST",
        path=path,
        query=query,
        body=body,
        headers=headers,
        deadline_s=COMPOSE_DEADLINE_S,
    )


def _driver(data: Mapping[str, object] | bytes) -> Body:
    return RawBody(content=data, media_type="application/xml") if isinstance(data, bytes) else JSONBody(value=data)


def _filtered(site: Site, filters: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    said = {key: value for key, value in filters.items() if value}
    if site.spelling is FilterSpelling.PAIRS:
        return (("filter", ";".join(f"{key}:{value}" for key, value in said.items())),) if said else ()
    return tuple((f"filter.{key}", value) for key, value in said.items())


def _paged(site: Site, offset: int) -> tuple[tuple[str, str], ...]:
    return (("offset", str(offset)), ("count", str(site.page_size)))


def _version(number: int | None) -> tuple[tuple[str, str], ...]:
    return (("version", str(number)),) if number is not None else ()


def _resource(site: Site, domain: str, resource_id: str) -> str:
    return f"{site.design}/resources/{segment(domain)}/{segment(resource_id)}"


def _runtime(site: Site, domain: str) -> str:
    return f"{site.orchestration}/runtime/{segment(domain)}"


def _step(site: Site, domain: str, step_id: str) -> str:
    return f"{_runtime(site, domain)}/flow-steps/{segment(step_id)}"


def _word(claim: bool) -> str:
    return "true" if claim else "false"


def _plain_time(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" if at else ""
