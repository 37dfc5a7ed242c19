"""What print runs leave to be sorted and bundled, and printing from it again (exstream 1.4, post-sort; states 3).

Every batch that printed leaves one sorting asset per job (CHOSEN); a post-sort run prints the customers that it names
by their positions, as a job of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.exstream.designs import QUEUES, Designs
from connectors.sandbox.exstream.door import Door, answer, listed, one
from connectors.sandbox.exstream.input_calls import NIGHTLY_LETTERS
from connectors.sandbox.exstream.refusals import InputError, ServiceError
from connectors.sandbox.exstream.runs import Artifact, Run, Runs, Step, epoch_ms
from connectors.sandbox.world import World

STATES: Final = frozenset({"waiting", "processed", "expired", "canceled"})
PRINT_QUEUE: Final = QUEUES["print"]["name"]
CHANNEL: Final = "PostSort"
T = TypeVar("T")


class PostSortFilter(msgspec.Struct, rename="camel"):
    """Which sorting assets."""

    ids: list[str] = []
    job_ids: list[str] = []
    queue_names: list[str] = []
    external_ids: list[str] = []


class PostSortWish(msgspec.Struct, rename="camel"):
    """A post-sort run as it is asked for."""

    flow_model_id: str
    customer_list: str = ""
    post_sort_queue_name: str = ""
    dry_run: bool = False
    external_id: str = ""
    filter: PostSortFilter = msgspec.field(default_factory=PostSortFilter)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortingAsset:
    """What one job left behind."""

    id: str
    run: Run
    step: Step
    state: str
    changed_ms: int | None

    @property
    def printed(self) -> Sequence[Artifact]:
        """Its pieces, in the order of the run."""
        return [each for each in self.step.artifacts if each.queue == PRINT_QUEUE]

    def told(self, flow_model_id: str) -> Mapping[str, object]:
        """As the service tells it."""
        return {
            "id": self.id,
            "jobId": self.run.id,
            "flowStepId": self.step.id,
            "flowModelId": flow_model_id,
            "communicationId": None,
            "state": self.state,
            "creationDate": epoch_ms(self.run.ended),
            "lastModificationDate": self.changed_ms,
            "queueName": PRINT_QUEUE,
            "externalId": self.run.external_id,
            "customersCount": len({each.position for each in self.printed}),
        }


class Sorting:
    """Derives the assets from the runs and keeps only what was changed about them."""

    def __init__(self, world: World, door: Door, designs: Designs, runs: Runs) -> None:
        self._world = world
        self._door = door
        self._designs = designs
        self._runs = runs
        self._states: dict[str, tuple[str, int | None]] = {}
        self._deleted: set[str] = set()

    def routes(self) -> list[Route]:
        """The store, and the run that prints from it; the literal path stands before those with an id."""
        base = "/orchestration/api/v1"
        assets = f"{base}/sortdata/{{domain}}"
        return [
            Route(f"{base}/runtime/{{domain}}/jobs/post-sort", self.post_sort, methods=["POST"]),
            Route(assets, self.list),
            Route(assets, self.change_many, methods=["PUT"]),
            Route(assets, self.delete_many, methods=["DELETE"]),
            Route(f"{assets}/{{id}}", self.get),
            Route(f"{assets}/{{id}}", self.change, methods=["PUT"]),
            Route(f"{assets}/{{id}}", self.delete, methods=["DELETE"]),
        ]

    async def list(self, request: Request) -> Response:
        """Those that pass the filters, newest first."""
        domain = self._door.enter(request)
        wanted = self._door.runtime_filters(request)
        states, ids, jobs = (listed(wanted.get(key)) for key in ("states", "ids", "jobIds"))
        found = [
            asset.told(self._flow_id)
            for asset in self._assets(domain)
            if (not states or "all" in states or asset.state in states)
            and (not ids or asset.id in ids)
            and (not jobs or asset.run.id in jobs)
        ]
        return self._door.page(request, found)

    async def get(self, request: Request) -> Response:
        """One."""
        return one(self._asked(request).told(self._flow_id))

    async def change(self, request: Request) -> Response:
        """Another state for one."""
        asset = self._asked(request)
        wish = _json(await request.body(), dict[str, object])
        inner = wish.get("body")
        changed = self._put(asset, str((inner if isinstance(inner, Mapping) else wish).get("state") or ""))
        return one(changed.told(self._flow_id))

    async def change_many(self, request: Request) -> Response:
        """Another state for all that a mandatory filter names."""
        domain = self._door.enter(request)
        wish = _json(await request.body(), dict[str, object])
        chosen = self._chosen(domain, wish.get("filterRequest") or wish.get("filter"))
        for asset in chosen:
            self._put(asset, str(wish.get("state") or ""))
        return answer({"status": "success", "message": f"{len(chosen)} updated", "details": ""})

    async def delete(self, request: Request) -> Response:
        """Forget one."""
        asset = self._asked(request)
        self._deleted.add(asset.id)
        return answer({"status": "success", "message": "Deleted", "details": asset.id})

    async def delete_many(self, request: Request) -> Response:
        """Forget all that a mandatory filter names."""
        domain = self._door.enter(request)
        wish = _json(await request.body(), dict[str, object])
        chosen = self._chosen(domain, wish)
        self._deleted |= {asset.id for asset in chosen}
        return answer({"status": "success", "message": f"{len(chosen)} deleted", "details": ""})

    async def post_sort(self, request: Request) -> Response:
        """Print from the store as a job of its own; a dry run only says what it would print. 201, 400, 404."""
        domain = self._door.enter(request)
        try:
            wish = _json(await request.body(), PostSortWish)
            positions = read_positions(wish.customer_list)
        except (ServiceError, ValueError) as error:
            raise InputError(400, "Validation failure", details=str(error)) from error
        if wish.flow_model_id != self._flow_id:
            raise InputError(404, "Flow model not found", details=wish.flow_model_id)
        if wish.post_sort_queue_name not in ("", PRINT_QUEUE):
            raise InputError(400, "Unknown post-sort queue", details=wish.post_sort_queue_name)
        chosen = [asset for asset in self._assets(domain) if asset.state == "waiting" and _named(asset, wish.filter)]
        pieces = [each for asset in chosen for each in asset.printed if not positions or each.position in positions]
        if wish.dry_run:
            said = f"{len(pieces)} pieces of {len(chosen)} assets would be printed"
            return answer({"status": "success", "message": said, "details": ""}, status=201)
        run = self._print(request, domain, wish, pieces)
        for asset in chosen:
            self._put(asset, "processed")
        return answer({"status": "success", "message": "Post sort run triggered.", "details": run.id}, status=201)

    def _print(self, request: Request, domain: str, wish: PostSortWish, pieces: Sequence[Artifact]) -> Run:
        run = self._runs.begin(
            domain=domain,
            channel=CHANNEL,
            mode="BATCH",
            user=self._door.user(request),
            submitted=b"",
            media_type="application/json",
            external_id=wish.external_id or None,
        )
        step = self._runs.step(run, "output", "Print from the store")
        for place, each in enumerate(pieces, start=1):
            name = f"jobs/{run.id}/output/Queue_{each.queue}/{place:05d}-{each.customer}.pdf"
            step.artifacts.append(replace(each, name=name, position=place))
        step.message = f"{len(pieces)} pieces printed"
        self._runs.end(run, "complete")
        return run

    @property
    def _flow_id(self) -> str:
        return self._designs.id_of("flowmodel", NIGHTLY_LETTERS)

    def _assets(self, domain: str) -> Sequence[SortingAsset]:
        found = []
        for run in self._runs.all(domain):
            if run.channel != NIGHTLY_LETTERS or run.status != "complete":
                continue
            for step in run.steps:
                if any(each.queue == PRINT_QUEUE for each in step.artifacts):
                    asset_id = self._designs.id_of("sorting", step.id)
                    state, changed = self._states.get(asset_id, ("waiting", epoch_ms(run.ended)))
                    found.append(SortingAsset(id=asset_id, run=run, step=step, state=state, changed_ms=changed))
        return [asset for asset in found if asset.id not in self._deleted]

    def _asked(self, request: Request) -> SortingAsset:
        domain, named = self._door.enter(request), str(request.path_params["id"])
        for asset in self._assets(domain):
            if asset.id == named:
                return asset
        raise ServiceError(404, "Sorting asset not found", details=named)

    def _chosen(self, domain: str, told: object) -> Sequence[SortingAsset]:
        inner = told.get("filter", told) if isinstance(told, Mapping) else None
        if not isinstance(inner, Mapping) or not inner:
            raise ServiceError(400, "A filter is mandatory", details="filter")
        try:
            wanted = msgspec.convert(inner, type=PostSortFilter)
        except msgspec.ValidationError as error:
            raise ServiceError(400, "Invalid filter", details=str(error)) from error
        return [asset for asset in self._assets(domain) if _named(asset, wanted)]

    def _put(self, asset: SortingAsset, state: str) -> SortingAsset:
        if state not in STATES:
            raise ServiceError(400, "Invalid state", details=state)
        changed = replace(asset, state=state, changed_ms=epoch_ms(self._world.clock.now()))
        self._states[asset.id] = (state, changed.changed_ms)
        return changed


def read_positions(said: str) -> frozenset[int]:
    """``2,7,14-50`` as positions; empty when nothing was said. Raises: ValueError."""
    positions: set[int] = set()
    for part in filter(None, (piece.strip() for piece in said.split(","))):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise ValueError(f"customerList: {part}")
        low, high = int(first), int(last) if dash else int(first)
        if not 0 < low <= high <= 1_000_000:  # noqa: PLR2004 - CHOSEN: more customers than any run here has
            raise ValueError(f"customerList: {part}")
        positions.update(range(low, high + 1))
    return frozenset(positions)


def _named(asset: SortingAsset, wanted: PostSortFilter) -> bool:
    return (
        (not wanted.ids or asset.id in wanted.ids)
        and (not wanted.job_ids or asset.run.id in wanted.job_ids)
        and (not wanted.queue_names or wanted.queue_names[0] == PRINT_QUEUE)
        and (not wanted.external_ids or asset.run.external_id in wanted.external_ids)
    )


def _json(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServiceError(400, "The body is not as it should be", details=str(error)) from error
