"""What ran (contract 1.4): jobs, flow instances, steps, and the files that they made."""

from collections.abc import Sequence
from datetime import datetime

from connectors.calls import Call, JSONBody, segment
from connectors.exstream.site import Site
from connectors.exstream.wire.spelling import (
    Query,
    change,
    get,
    paged,
    plain_time,
    runtime_filtered,
    runtime_path,
    step_path,
    word,
)


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
    deleted: bool = False,
    offset: int = 0,
) -> Call:
    """A page of jobs, newest first. The spelling of the query is INFERRED from the text example."""
    filters = {
        "channel": channel,
        "externalId": external_id,
        "statuses": ",".join(statuses),
        "mode": mode,
        "startDateStart": plain_time(started_from),
        "startDateEnd": plain_time(started_to),
    }
    query = runtime_filtered(filters) + paged(site, offset) + (("sort", "desc_startDate"),)
    query += (("fetchDeleted", word(claim=True)),) if deleted else ()
    return get("list jobs", f"{runtime_path(site, domain)}/jobs", query)


def job(site: Site, domain: str, job_id: str) -> Call:
    """One job."""
    return get("job", f"{runtime_path(site, domain)}/jobs/{segment(job_id)}")


def flow_instances(site: Site, domain: str, job_id: str, *, offset: int = 0) -> Call:
    """The flows that a job started."""
    query = (("jobId", job_id), *paged(site, offset))
    return get("flow instances", f"{runtime_path(site, domain)}/flow-instances", query)


def flow_instance(site: Site, domain: str, instance_id: str) -> Call:
    """One flow of a job."""
    return get("flow instance", _instance(site, domain, instance_id))


def instance_input(site: Site, domain: str, instance_id: str) -> Call:
    """The input as it was submitted: a customer's data."""
    return get("flow instance input", f"{_instance(site, domain, instance_id)}/input", (("download", "true"),))


def collection_resources(site: Site, domain: str, instance_id: str) -> Call:
    """The resources that an instance used."""
    return get("collection resources", f"{_instance(site, domain, instance_id)}/collection-resources")


def counts(
    site: Site, domain: str, *, since: datetime | None = None, until: datetime | None = None, fill: bool = False
) -> Call:
    """Flow instances by date and status. It changes nothing, so it may be repeated though it is a POST."""
    said = {"startDateStart": plain_time(since), "startDateEnd": plain_time(until)}
    wanted: dict[str, object] = {key: value for key, value in said.items() if value}
    if fill:
        wanted["fillMissingData"] = True
    path = f"{runtime_path(site, domain)}/flow-instances/counts"
    return Call(
        name="flow instance counts", method="POST", path=path, body=JSONBody(value={"filter": wanted}), repeatable=True
    )


def flow_steps(site: Site, domain: str, instance_id: str, *, kinds: Sequence[str] = (), offset: int = 0) -> Call:
    """The steps of a flow instance."""
    query: Query = (("flowInstanceId", instance_id), ("checkArtifacts", "true"))
    query += (("stepTypes", ",".join(kinds)),) if kinds else ()
    return get("flow steps", f"{runtime_path(site, domain)}/flow-steps", query + paged(site, offset))


def flow_step(site: Site, domain: str, step_id: str) -> Call:
    """One step."""
    return get("flow step", step_path(site, domain, step_id), (("checkArtifacts", "true"),))


def delivery_file(site: Site, domain: str, step_id: str) -> Call:
    """The output manifest of a step."""
    return get("delivery file", f"{step_path(site, domain, step_id)}/delivery-file", (("download", "true"),))


def delivery_outputs(site: Site, domain: str, step_id: str) -> Call:
    """The output manifest as JSON, which is not typed."""
    return get("delivery outputs", f"{step_path(site, domain, step_id)}/delivery-file/outputs")


def message_file(site: Site, domain: str, step_id: str) -> Call:
    """The engine's log of a step."""
    return get("message file", f"{step_path(site, domain, step_id)}/message-file", (("download", "true"),))


def output_files(site: Site, domain: str, step_id: str, *, offset: int = 0) -> Call:
    """A page of a step's file names."""
    path = f"{step_path(site, domain, step_id)}/delivery-file/output-files"
    return get("output files", path, paged(site, offset))


def artifact(site: Site, domain: str, step_id: str, name: str) -> Call:
    """One output. That its name is a listed file name is INFERRED."""
    return get("artifact", f"{step_path(site, domain, step_id)}/artifact/{segment(name)}")


def customer_artifacts(site: Site, domain: str, step_id: str, customer_number: int) -> Call:
    """A ZIP of one customer's outputs; the number is the position in the run, from 1."""
    return get("customer artifacts", f"{step_path(site, domain, step_id)}/customer-artifacts/{customer_number}")


def sorting_assets(
    site: Site, domain: str, *, states: Sequence[str] = (), job_ids: Sequence[str] = (), offset: int = 0
) -> Call:
    """A page of what waits to be sorted and bundled."""
    query = runtime_filtered({"states": ",".join(states), "jobIds": ",".join(job_ids)})
    return get("sorting assets", f"{site.orchestration}/sortdata/{segment(domain)}", query + paged(site, offset))


def sorting_asset(site: Site, domain: str, asset_id: str) -> Call:
    """One sorting asset."""
    return get("sorting asset", f"{site.orchestration}/sortdata/{segment(domain)}/{segment(asset_id)}")


def set_sorting_state(site: Site, domain: str, asset_id: str, state: str) -> Call:
    """Another state for one sorting asset: ``waiting`` lets it be printed once more."""
    path = f"{site.orchestration}/sortdata/{segment(domain)}/{segment(asset_id)}"
    return change("set sorting state", "PUT", path, body=JSONBody(value={"state": state}))


def _instance(site: Site, domain: str, instance_id: str) -> str:
    return f"{runtime_path(site, domain)}/flow-instances/{segment(instance_id)}"
