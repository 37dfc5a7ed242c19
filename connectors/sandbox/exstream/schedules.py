"""Runs by the clock (exstream 1.3): kept, changed, and started when somebody triggers them.

Nothing starts by itself here: a sandbox whose clock is moved by weeks would send hundreds of nights (CHOSEN). What an
``inputPath`` holds is the house's own: the name of a sample file, or a communication's slug for its sample customers.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.composer import catalogue
from connectors.sandbox.exstream.designs import SAMPLE_FILE, Designs
from connectors.sandbox.exstream.door import Door, answer, one
from connectors.sandbox.exstream.input_calls import NIGHTLY_LETTERS, RESEND, InputCalls
from connectors.sandbox.exstream.refusals import ServiceError
from connectors.sandbox.world import World

TYPES: Final = frozenset(
    {
        "startJob",
        "markDeleted",
        "wipe",
        "updateExpirationTime",
        "wipeSortingAssets",
        "expireSortingAssets",
        "sortingAndBundling",
    }
)
_FIELDS: Final = frozenset({5, 6, 7})
"""How many fields a cron expression may have, with seconds and years."""
_CUSTOMERS: Final = 3


class CronWish(msgspec.Struct, rename="camel", kw_only=True):
    """A schedule as it is sent; what is not known here is dropped."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    cron_expression: str
    cron_type: str = "startJob"
    channel_name: str = ""
    input_path: str = ""
    headers: dict[str, str] = {}
    mode: str = "BATCH"
    enabled: bool = True


class Schedules:
    """The schedules of every domain."""

    def __init__(self, world: World, door: Door, designs: Designs, inputs: InputCalls) -> None:
        self._world = world
        self._door = door
        self._designs = designs
        self._inputs = inputs
        self._kept: dict[tuple[str, str], Mapping[str, object]] = {}
        self._made = 0

    def routes(self) -> list[Route]:
        """All of them."""
        base = "/orchestration/api/v1/cron-jobs/{domain}"
        return [
            Route(base, self.list),
            Route(base, self.add, methods=["POST"]),
            Route(f"{base}/{{id}}", self.get),
            Route(f"{base}/{{id}}", self.change, methods=["PUT"]),
            Route(f"{base}/{{id}}", self.delete, methods=["DELETE"]),
            Route(f"{base}/{{id}}/trigger", self.trigger, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """Those of a domain, in the order in which they were made."""
        domain = self._door.enter(request)
        kept = [job for (where, _), job in self._kept.items() if where == domain]
        return answer({"status": "success", "data": kept})

    async def get(self, request: Request) -> Response:
        """One."""
        _, job = self._asked(request)
        return one(job)

    async def add(self, request: Request) -> Response:
        """A new one."""
        domain = self._door.enter(request)
        wish = _read(await request.body())
        self._made += 1
        job_id = self._designs.id_of("cronjob", domain, str(self._made))
        self._kept[domain, job_id] = _told(job_id, domain, wish)
        return one(self._kept[domain, job_id])

    async def change(self, request: Request) -> Response:
        """Another in its place."""
        (domain, job_id), _ = self._asked(request)
        self._kept[domain, job_id] = _told(job_id, domain, _read(await request.body()))
        return one(self._kept[domain, job_id])

    async def delete(self, request: Request) -> Response:
        """An end to it."""
        key, _ = self._asked(request)
        del self._kept[key]
        return answer({"status": "success", "message": "Cron job deleted", "details": key[1]})

    async def trigger(self, request: Request) -> Response:
        """Start its job now; answered with a word."""
        (domain, _), job = self._asked(request)
        if job["cronType"] != "startJob":
            raise ServiceError(400, "Only startJob can be triggered here", details=str(job["cronType"]))
        channel = str(job["channelName"])
        if channel not in (NIGHTLY_LETTERS, RESEND):
            raise ServiceError(404, "Input channel not found", details=channel)
        submitted = self._input(str(job["inputPath"]))
        self._inputs.start_batch(
            domain=domain,
            channel=channel,
            body=submitted,
            media_type="application/json",
            user=self._door.user(request),
        )
        return answer("triggered")

    def _input(self, path: str) -> bytes:
        name = PurePosixPath(path).name
        for resource in self._designs.resources:
            if resource.type == SAMPLE_FILE and resource.name == name:
                return self._designs.content(resource)
        slug = PurePosixPath(path).stem
        if slug not in catalogue():
            raise ServiceError(404, "Input not found", details=path)
        numbers = [customer.number for customer in self._world.customers[:_CUSTOMERS]]
        return msgspec.json.encode({"template": slug, "customers": numbers, "channels": ["print"]})

    def _asked(self, request: Request) -> tuple[tuple[str, str], Mapping[str, object]]:
        key = (self._door.enter(request), str(request.path_params["id"]))
        if key not in self._kept:
            raise ServiceError(404, "Cron job not found", details=key[1])
        return key, self._kept[key]


def _told(job_id: str, domain: str, wish: CronWish) -> Mapping[str, object]:
    return {"id": job_id, "domainId": domain, **msgspec.to_builtins(wish)}


def _read(body: bytes) -> CronWish:
    try:
        wish = msgspec.json.decode(body, type=CronWish)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServiceError(400, "Invalid cron job", details=str(error)) from error
    if len(wish.cron_expression.split()) not in _FIELDS:
        raise ServiceError(400, "Invalid cron expression", details=wish.cron_expression)
    if wish.cron_type not in TYPES:
        raise ServiceError(400, "Invalid cron type", details=wish.cron_type)
    if wish.mode not in ("BATCH", "ONDEMAND"):
        raise ServiceError(400, "Invalid mode", details=wish.mode)
    return wish
