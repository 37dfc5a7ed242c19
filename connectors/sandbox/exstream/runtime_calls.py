"""The runtime service below ``/orchestration/api/v1/runtime``: jobs, flow instances, steps, files (exstream 1.4)."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final
from xml.sax.saxutils import quoteattr

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.composer import ComposeError
from connectors.sandbox.exstream.design_calls import VERSION
from connectors.sandbox.exstream.designs import Designs
from connectors.sandbox.exstream.door import Door, answer, listed, one, told_time
from connectors.sandbox.exstream.flows import CUSTOMER_KEY, engine_error
from connectors.sandbox.exstream.input_calls import FULFILL, GENERATE, NIGHTLY_LETTERS, RESEND, InputCalls
from connectors.sandbox.exstream.refusals import ServiceError
from connectors.sandbox.exstream.runs import FINAL, Artifact, Run, Runs, Step

BASE: Final = "/orchestration/api/v1"
_PDL: Final = {"application/pdf": "PDF", "text/html": "HTML", "text/plain": "TXT"}


class RuntimeCalls:
    """Answers from :class:`Runs`."""

    def __init__(self, door: Door, designs: Designs, runs: Runs, inputs: InputCalls) -> None:
        self._door = door
        self._designs = designs
        self._runs = runs
        self._inputs = inputs

    def routes(self) -> list[Route]:
        """Every path of the service that the sandbox answers."""
        runtime = f"{BASE}/runtime/{{domain}}"
        job, instance, step = (f"{runtime}/{kind}/{{id}}" for kind in ("jobs", "flow-instances", "flow-steps"))
        return [
            Route(f"{BASE}/config", self.config),
            Route(f"{BASE}/version", self.version),
            Route(f"{BASE}/flow-models/{{domain}}/published", self.published),
            Route(f"{runtime}/jobs", self.jobs),
            Route(job, self.job),
            Route(f"{job}/reprocessing", self.reprocess, methods=["POST"]),
            Route(f"{runtime}/flow-instances", self.instances),
            Route(instance, self.instance),
            Route(f"{instance}/input", self.input),
            Route(f"{instance}/collection-resources", self.collection_resources),
            Route(f"{runtime}/flow-steps", self.steps),
            Route(step, self.step),
            Route(f"{step}/message-file", self.message_file),
            Route(f"{step}/delivery-file", self.delivery_file),
            Route(f"{step}/delivery-file/outputs", self.outputs),
            Route(f"{step}/delivery-file/output-files", self.output_files),
            Route(f"{step}/artifact/{{name:path}}", self.artifact),
            Route(f"{step}/customer-artifacts/{{number}}", self.customer_artifacts),
        ]

    async def config(self, request: Request) -> Response:
        """The feature probe."""
        self._door.user(request)
        return answer(
            {
                "assuredDeliveryEnabled": True,
                "flowScriptDebuggingEnabled": False,
                "baseSubscription": self._door.offer.base_subscription,
                "subscriptionEnabled": True,
            }
        )

    async def version(self, request: Request) -> Response:
        """The service's version."""
        self._door.user(request)
        return answer({"apiIdentifier": "orchestration", **VERSION})

    async def published(self, request: Request) -> Response:
        """The flows behind the input channels."""
        self._door.enter(request)
        flows = [
            {
                "id": self._flow_id(channel),
                "name": channel,
                "version": 1,
                "state": "APPROVED",
                "type": "COMMUNICATION",
                "latestVersion": True,
                "nodes": [
                    _node(channel, "input", "https_channel"),
                    _node("Compose", "communication", "generic"),
                    _node("Hand over", "output", "generic_channel"),
                ],
            }
            for channel in (RESEND, NIGHTLY_LETTERS, *(() if self._door.is_private else (GENERATE, FULFILL)))
        ]
        return answer({"status": "success", "data": flows})

    # Jobs

    async def jobs(self, request: Request) -> Response:
        """Jobs that pass the filters, newest first unless the query sorts otherwise."""
        domain = self._door.enter(request)
        wanted = self._door.runtime_filters(request)
        deleted = request.query_params.get("fetchDeleted") == "true"
        # With it every other status is left out of account (exstream 1.4).
        runs = self._runs.deleted(domain) if deleted else self._runs.all(domain)
        found = [run for run in runs if _passes(run, {**wanted, "statuses": ""} if deleted else wanted)]
        if request.query_params.get("sort", "").startswith("asc_"):
            found.reverse()
        return self._door.page(request, [run.told_job() for run in found])

    async def job(self, request: Request) -> Response:
        """One job; a list of two once it was processed again, since a public source saw a list here (2.6)."""
        run = self._job(request)
        again = self._runs.find(run.domain, run.again) if run.again else None
        return one([run.told_job(), again.told_job()] if again else run.told_job())

    async def reprocess(self, request: Request) -> Response:
        """The whole job again; only from an end."""
        run = self._job(request)
        if run.status not in FINAL or not run.submitted:
            raise ServiceError(409, "The job cannot be processed again", details=run.status)
        again = await self._inputs.run_again(run, self._door.user(request))
        return answer(again.id)

    # Instances

    async def instances(self, request: Request) -> Response:
        """The instances of a job, or of all."""
        domain = self._door.enter(request)
        wanted = self._door.runtime_filters(request)
        job_id = wanted.get("jobId", "")
        # An instance has the filters of its job, but is named by its own id.
        rest = {key: value for key, value in wanted.items() if key != "ids"}
        ids = listed(wanted.get("ids"))
        found = [
            run
            for run in self._runs.all(domain)
            if (not job_id or run.id == job_id) and (not ids or run.instance_id in ids) and _passes(run, rest)
        ]
        return self._door.page(request, [run.told_instance(self._flow_id(run.channel)) for run in found])

    async def instance(self, request: Request) -> Response:
        """One instance."""
        run = self._instance(request)
        return one(run.told_instance(self._flow_id(run.channel)))

    async def input(self, request: Request) -> Response:
        """What was submitted."""
        run = self._instance(request)
        if not run.submitted:
            raise ServiceError(404, "The input is not kept", details=run.instance_id)
        return Response(run.submitted, media_type=run.media_type)

    async def collection_resources(self, request: Request) -> Response:
        """The ids of the pictures that were used, as resources of the design service."""
        run = self._instance(request)
        ids = [self._designs.note_image(each.slug, each.version) for each in run.used]
        return answer({"status": "success", "data": list(dict.fromkeys(ids))})

    # Steps and files

    async def steps(self, request: Request) -> Response:
        """The steps of an instance, in their order."""
        self._door.enter(request)
        wanted = self._door.runtime_filters(request)
        run = self._runs.find_instance(str(request.path_params["domain"]), wanted.get("flowInstanceId", ""))
        kinds = listed(wanted.get("stepTypes"))
        statuses, kept = listed(wanted.get("statuses")), wanted.get("deliveryFileRetrievable", "")
        steps = [
            step
            for step in (run.steps if run else ())
            if (not kinds or step.kind in kinds)
            and (not statuses or step.status in statuses)
            and (not kept or bool(step.artifacts) is (kept == "true"))
        ]
        return self._door.page(request, [run.told_step(step) for step in steps] if run else [])

    async def step(self, request: Request) -> Response:
        """One step."""
        run, step = self._step(request)
        return one(run.told_step(step))

    async def message_file(self, request: Request) -> Response:
        """The engine's log."""
        _, step = self._step(request)
        return Response(step.message or "I nothing to report", media_type="text/plain")

    async def delivery_file(self, request: Request) -> Response:
        """The manifest: UTF-16 with a DOCTYPE (exstream 2.7, CONFIRMED)."""
        return Response(manifest(self._with_files(request)).encode("utf-16"), media_type="application/xml")

    async def outputs(self, request: Request) -> Response:
        """The manifest as JSON; its keys follow the XML (untyped in the contract)."""
        step = self._with_files(request)
        files = [
            {
                "queue": each.queue,
                "mimeType": each.media_type,
                "name": each.name,
                "customers": [{"number": each.position, CUSTOMER_KEY: each.customer}],
                "pageCount": each.pages,
                "fileSize": each.size_bytes,
            }
            for each in step.artifacts
        ]
        return answer({"status": "success", "data": files})

    async def output_files(self, request: Request) -> Response:
        """File names."""
        return self._door.page(request, [each.name for each in self._with_files(request).artifacts])

    async def artifact(self, request: Request) -> Response:
        """One file."""
        name = str(request.path_params["name"])
        for each in self._with_files(request).artifacts:
            if each.name == name:
                return Response(await _loaded(each), media_type=each.media_type)
        raise ServiceError(404, "Artifact not found", details=name)

    async def customer_artifacts(self, request: Request) -> Response:
        """One customer's files as a ZIP."""
        said = str(request.path_params["number"])
        found = [each for each in self._with_files(request).artifacts if str(each.position) == said]
        if not found:
            raise ServiceError(404, "Customer not found in this run", details=said)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
            for each in found:
                pack.writestr(PurePosixPath(each.name).name, await _loaded(each))
        return Response(packed.getvalue(), media_type="application/zip")

    # What a path names

    def _flow_id(self, channel: str) -> str:
        return self._designs.id_of("flowmodel", channel)

    def _job(self, request: Request) -> Run:
        domain = self._door.enter(request)
        run = self._runs.find(domain, str(request.path_params["id"]))
        if run is None:
            raise ServiceError(404, "Job not found", details=str(request.path_params["id"]))
        return run

    def _instance(self, request: Request) -> Run:
        domain = self._door.enter(request)
        run = self._runs.find_instance(domain, str(request.path_params["id"]))
        if run is None:
            raise ServiceError(404, "Flow instance not found", details=str(request.path_params["id"]))
        return run

    def _step(self, request: Request) -> tuple[Run, Step]:
        domain = self._door.enter(request)
        found = self._runs.find_step(domain, str(request.path_params["id"]))
        if found is None:
            raise ServiceError(404, "Flow step not found", details=str(request.path_params["id"]))
        return found

    def _with_files(self, request: Request) -> Step:
        _, step = self._step(request)
        if not step.artifacts:
            raise ServiceError(404, "The step has no delivery file", details=step.id)
        return step


def _node(name: str, type_: str, subtype: str) -> Mapping[str, object]:
    return {"displayName": name, "type": type_, "subtype": subtype, "connections": [], "attributes": []}


def manifest(step: Step) -> str:
    """The delivery file of ``step`` as text, its declaration for UTF-16."""
    queues: dict[str, list[Artifact]] = {}
    for each in step.artifacts:
        queues.setdefault(each.queue, []).append(each)
    customers = len({each.position for each in step.artifacts})
    pages = sum(each.pages for each in step.artifacts)
    lines = [
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<!DOCTYPE outputList SYSTEM "outputlist.dtd">',
        f'<outputList transactions="0" customersProcessed="{customers}" pagesProcessed="{pages}">',
    ]
    for queue, files in queues.items():
        media_type = files[0].media_type
        pdl = _PDL.get(media_type, "")
        lines.append(f"<queue name={quoteattr(queue)} mimeType={quoteattr(media_type)} pdl={quoteattr(pdl)}>")
        for each in files:
            key = f"<key name={quoteattr(CUSTOMER_KEY)}>{_escaped(each.customer)}</key>"
            lines.append(
                f'<file name={quoteattr(each.name)}><customer number="{each.position}">{key}</customer>'
                f"<pageCount>{each.pages}</pageCount><fileSize>{each.size_bytes}</fileSize></file>"
            )
        lines.append("</queue>")
    return "\n".join([*lines, "</outputList>"])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


async def _loaded(artifact: Artifact) -> bytes:
    try:
        return await artifact.load()
    except ComposeError as error:
        raise engine_error(error, artifact.queue) from error


def _passes(run: Run, wanted: Mapping[str, str]) -> bool:
    began_from, began_to = told_time(wanted.get("startDateStart")), told_time(wanted.get("startDateEnd"))
    ended_from, ended_to = told_time(wanted.get("endDateStart")), told_time(wanted.get("endDateEnd"))
    return (
        (not (ids := listed(wanted.get("ids"))) or run.id in ids)
        and (not (channel := wanted.get("channel", "")) or run.channel == channel)
        and (not (external := wanted.get("externalId", "")) or run.external_id == external)
        and (not (by := wanted.get("triggeredBy", "")) or run.triggered_by == by)
        and (not (statuses := listed(wanted.get("statuses"))) or run.status in statuses)
        and (not (mode := wanted.get("mode", "")) or run.mode == mode)
        and (began_from is None or run.began >= began_from)
        and (began_to is None or run.began <= began_to)
        and (ended_from is None or (run.ended is not None and run.ended >= ended_from))
        and (ended_to is None or (run.ended is not None and run.ended <= ended_to))
    )
