"""Composing (contract 1.3) and scheduled runs. None of these is repeated: a second one may reach a customer."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from connectors.calls import Call, JSONBody, segment
from connectors.exstream.schedules import CronJob
from connectors.exstream.site import Site
from connectors.exstream.wire.spelling import change, driver, get, post, word


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
    return post(
        "generate",
        f"{site.orchestration}/inputs/ondemand/{segment(domain)}/{segment(site.generate_channel)}",
        body=driver(data),
        headers=headers,
    )


def fulfil(
    site: Site,
    domain: str,
    document_ids: Sequence[str],
    *,
    communication_id: str,
    data_source: str,
    preserve: bool,
    accept: str = "",
) -> Call:
    """Compose what a person has finished. Unless ``preserve``, the documents are used up by it."""
    headers = {
        "communicationId": communication_id,
        "driverDataSource": data_source,
        "preserveDocuments": word(claim=preserve),
    }
    if accept:
        headers["Accept"] = accept
    return post(
        "fulfil",
        f"{site.orchestration}/inputs/fulfillment/ondemand/{segment(domain)}/{segment(site.fulfil_channel)}",
        body=JSONBody(value={"documents": list(document_ids)}),
        headers=headers,
    )


def editor_address(site: Site, base_url: str, document_id: str, *, tenant: str = "", subscription: str = "") -> str:
    """Where a browser opens an interactive document: by ``subscription`` in the cloud, by ``tenant`` elsewhere."""
    who = {"subscription": subscription} if subscription else {"tenant": tenant} if tenant else {}
    query = urlencode({**who, "hosted": "true"})
    return f"{base_url.rstrip('/')}{site.empower}/docedit/{segment(document_id)}/open?{query}"


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
    return post("on-demand input", path, body=driver(data), headers=headers)


def submit_batch(site: Site, domain: str, channel: str, *, data: Mapping[str, object] | bytes) -> Call:
    """Hand a batch to an input channel; it runs as a job."""
    path = f"{site.orchestration}/inputs/batch/{segment(domain)}/{segment(channel)}"
    return post("batch input", path, body=driver(data))


def cron_jobs(site: Site, domain: str) -> Call:
    """What runs by the clock."""
    return get("cron jobs", _cron(site, domain))


def add_cron_job(site: Site, domain: str, wish: CronJob) -> Call:
    """A new scheduled run; it begins by itself from then on."""
    return change("add cron job", "POST", _cron(site, domain), body=JSONBody(value=wish.to_json()))


def change_cron_job(site: Site, domain: str, wish: CronJob) -> Call:
    """Another schedule or channel for a scheduled run."""
    path = f"{_cron(site, domain)}/{segment(wish.id)}"
    return change("change cron job", "PUT", path, body=JSONBody(value=wish.to_json()))


def delete_cron_job(site: Site, domain: str, cron_job_id: str) -> Call:
    """An end to a scheduled run."""
    return change("delete cron job", "DELETE", f"{_cron(site, domain)}/{segment(cron_job_id)}")


def trigger_cron_job(site: Site, domain: str, cron_job_id: str) -> Call:
    """A scheduled run now; it may reach customers."""
    return post("trigger cron job", f"{_cron(site, domain)}/{segment(cron_job_id)}/trigger")


def _cron(site: Site, domain: str) -> str:
    return f"{site.orchestration}/cron-jobs/{segment(domain)}"
