"""What an operator does with runs (contract 1.4): stop, release, run again, print again.

Deleting jobs is not built: it takes the files along, and the desk never does it (1.4, CHOSEN).
"""

from enum import StrEnum

from connectors.calls import Call, JSONBody, segment
from connectors.exstream.schedules import PostSort
from connectors.exstream.site import Site
from connectors.exstream.wire.spelling import post, runtime_path, word


class RunPart(StrEnum):
    """What a command is given to; the values are the vendor's path words."""

    JOB = "jobs"
    INSTANCE = "flow-instances"
    STEP = "flow-steps"


def stop(site: Site, domain: str, part: RunPart, part_id: str) -> Call:
    """Cancel a job, one of its flows or one of its steps."""
    return post(f"stop {part.name.lower()}", f"{runtime_path(site, domain)}/{part}/{segment(part_id)}/stop")


def stop_job(site: Site, domain: str, job_id: str) -> Call:
    """Cancel a job."""
    return stop(site, domain, RunPart.JOB, job_id)


def release(site: Site, domain: str, part: RunPart, part_id: str) -> Call:
    """Let a flow instance or a step go on that is ``holding``. Raises: ValueError for a job, which cannot be held."""
    if part is RunPart.JOB:
        raise ValueError("a job is released by its flow instances")
    return post(f"release {part.name.lower()}", f"{runtime_path(site, domain)}/{part}/{segment(part_id)}/release")


def reprocess(
    site: Site, domain: str, job_id: str, *, use_current_model: bool = False, use_current_context: bool = False
) -> Call:
    """Run the whole job again, for all of its recipients."""
    return post(
        "reprocess job",
        f"{runtime_path(site, domain)}/jobs/{segment(job_id)}/reprocessing",
        query=(
            ("useCurrentFlowModel", word(claim=use_current_model)),
            ("useCurrentFlowContext", word(claim=use_current_context)),
        ),
    )


def post_sort(site: Site, domain: str, wish: PostSort) -> Call:
    """Print from what was sorted and kept; only where a house sorts and bundles. One customer's reprint is INFERRED."""
    return post("post-sort run", f"{runtime_path(site, domain)}/jobs/post-sort", body=JSONBody(value=wish.to_json()))
