"""Exstream's words as ours: channels of queues, states of templates, jobs as receipts."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import pytest

from app.errors import EndedThereError
from app.inbox.meaning import Told
from app.inbox.understanding import understand
from app.records import (
    Channel,
    CustomerNumber,
    DeliveryState,
    NodeId,
    OutboxEntry,
    ProofOutput,
    Receipt,
    Silence,
    System,
    Template,
    TemplateId,
    TemplateState,
    Verb,
)
from app.systems.exstream import ExstreamComposer, ExstreamSite
from app.systems.resending import ResendOrder
from connectors.errors import ConflictError, NotFoundError, ShapeError
from connectors.exstream import (
    ExstreamClient,
    FlowInstance,
    Job,
    Link,
    Output,
    OutputContext,
    ResourceVersion,
    RunState,
    SetManifest,
)
from tests.app.systems.entries_made import entry

RENEWAL = Template(id=TemplateId("t1"), name="Renewal", version=3, state=TemplateState.APPROVED, data_source="Driver")


class FakeExstream:
    """One communication, one set, and whatever outputs and jobs it is given."""

    def __init__(
        self,
        *,
        outputs: Sequence[tuple[str, str]] = (),
        jobs: Sequence[Job] = (),
        communication: dict[str, Any] | None = None,
        queues: Sequence[str] = ("Print", "eMail", "Fax"),
    ) -> None:
        self._outputs = outputs
        self.jobs_there = list(jobs)
        self._communication = communication or {}
        self._queues = queues
        self.submitted: list[dict[str, object]] = []

    async def generate(self, _domain: str, **_what: object) -> tuple[Output, ...]:
        """The outputs."""
        return tuple(
            Output(mime_type=media_type, content=b"content", context=OutputContext(queue_name=queue))
            for queue, media_type in self._outputs
        )

    async def communications(self, _domain: str) -> AsyncIterator[ResourceVersion]:
        """The one."""
        usual = {"id": "t1", "version": 3, "name": "Renewal", "type": "exstrapplication", "state": "APPROVED"}
        yield msgspec.convert({**usual, **self._communication}, ResourceVersion)

    async def communication_sets(self, _domain: str, _id: str) -> AsyncIterator[Link]:
        """Its set."""
        yield Link(link_subject_id="t1", link_object_id="set1")

    async def set_manifest(self, _domain: str, _id: str) -> SetManifest:
        """What the set binds."""
        return msgspec.convert(
            {"dsnlist": [{"name": "n", "prodDsn": "Driver"}], "queueList": [{"name": each} for each in self._queues]},
            SetManifest,
        )

    async def submit_batch(self, _domain: str, _channel: str, *, data: dict[str, object]) -> tuple[FlowInstance, ...]:
        """A flow instance of the first job."""
        self.submitted.append(data)
        return tuple(FlowInstance(id="i1", status="started", job_id=job.id) for job in self.jobs_there[:1])

    async def job(self, _domain: str, job_id: str) -> Job:
        """The job. Raises: NotFoundError."""
        for job in self.jobs_there:
            if job.id == job_id:
                return job
        raise NotFoundError(system="Exstream", call="job", detail="unknown")

    async def jobs(self, _domain: str, *, channel: str, external_id: str, deleted: bool) -> AsyncIterator[Job]:
        """All, for servers that do not know the filter; deleted ones only to who asks for them."""
        for job in self.jobs_there:
            if (job.state is RunState.DELETED) == deleted:
                yield job


def composer(client: FakeExstream) -> ExstreamComposer:
    """A composer on such a server."""
    return ExstreamComposer(cast("ExstreamClient", client), site=ExstreamSite(domain="Harbour"))


def composed(*outputs: tuple[str, str]) -> Sequence[ProofOutput]:
    """What those queues come to."""
    return asyncio.run(composer(FakeExstream(outputs=outputs)).compose(RENEWAL, {}))


@pytest.mark.parametrize(
    ("queue", "media_type", "channel"),
    [
        ("Print", "application/pdf", Channel.PRINT),
        (" EMAIL ", "text/html; charset=utf-8", Channel.EMAIL),
        ("web", "text/html", Channel.WEB),
        ("Queue7", "application/pdf", Channel.PRINT),
        ("Queue7", "text/html", Channel.EMAIL),
        ("Queue7", "text/plain", Channel.SMS),
    ],
)
def test_a_queue_stands_for_a_channel(queue: str, media_type: str, channel: Channel) -> None:
    """The mail would be checked as a page, and the letter not shown at all."""
    (output,) = composed((queue, media_type))

    assert output.channel is channel
    assert ";" not in output.media_type


def test_only_a_text_message_is_text() -> None:
    """A PDF's bytes would be counted as characters."""
    pdf, sms = composed(("print", "application/pdf"), ("sms", "text/plain"))

    assert (pdf.text, sms.text) == ("", "content")


@pytest.mark.parametrize("outputs", [(), (("Queue7", "application/x-afp"),)])
def test_an_output_that_nobody_can_place_is_said_to_be_odd(outputs: tuple[tuple[str, str], ...]) -> None:
    """A proof with a channel missing would look whole."""
    with pytest.raises(ShapeError):
        composed(*outputs)


@pytest.mark.parametrize(
    ("state", "ours"),
    [
        ("DRAFT", TemplateState.DRAFT),
        ("REVIEW", TemplateState.IN_REVIEW),
        ("APPROVED", TemplateState.APPROVED),
        ("REJECTED", TemplateState.REJECTED),
        ("A_NEW_WORD", TemplateState.UNKNOWN),
    ],
)
def test_a_designs_state_is_told_in_our_words(state: str, ours: TemplateState) -> None:
    """A draft would be sent."""
    (template,) = asyncio.run(composer(FakeExstream(communication={"state": state})).templates())

    assert template.state is ours


def test_a_template_has_the_channels_of_its_queues() -> None:
    """The page would offer panes that stay empty."""
    (template,) = asyncio.run(composer(FakeExstream()).templates())

    assert (template.channels, template.data_source) == ((Channel.PRINT, Channel.EMAIL), "Driver")


def resending(*, ended: Sequence[str] = ()) -> OutboxEntry:
    """A re-sending on its way."""
    order = ResendOrder(
        customer=CustomerNumber("HM-1"),
        communication="c1",
        template="renewal-notice",
        channel=Channel.EMAIL,
        node=NodeId(7),
        sha256="0" * 64,
        reason="asked",
        ended=tuple(ended),
    )
    return entry(System.EXSTREAM, Verb.RESEND, order.payload())


def job(status: str, *, external_id: str = "key-1", msg: str = "", id_: str = "job-0123456789") -> Job:
    """A job of the re-sending channel."""
    return Job(id=id_, status=status, external_id=external_id, msg=msg or None)


@pytest.mark.parametrize(
    ("status", "words"),
    [("complete", "has handed it over"), ("started", "has taken it"), ("a new word", "has taken it")],
)
def test_a_job_is_the_receipt(status: str, words: str) -> None:
    """The desk would claim more than Exstream did."""
    client = FakeExstream(jobs=[job(status)])

    receipt = asyncio.run(composer(client).deliver(resending()))

    assert receipt.sentence == f"Exstream {words}, job job-0123."
    assert client.submitted[0]["requestKey"] == "key-1"


FAILED = ["error", "canceled", "expired", "filtered"]


@pytest.mark.parametrize("status", FAILED)
def test_a_job_that_ended_otherwise_is_no_success(status: str) -> None:
    """A cancelled sending would be shown as handed over."""
    with pytest.raises(EndedThereError, match="nothing is known to have been handed over"):
        asyncio.run(composer(FakeExstream(jobs=[job(status)])).deliver(resending()))


@pytest.mark.parametrize("status", FAILED)
def test_a_failed_job_is_found_once_and_looked_past_when_it_was_sent_anew(status: str) -> None:
    """Each look-up would end in the same failure, and no retry would ever be found to have arrived."""
    client = FakeExstream(jobs=[job(status, msg="no driver for ines@lamer.example")])
    with pytest.raises(EndedThereError) as caught:
        asyncio.run(composer(client).look_up(resending()))
    again = resending(ended=caught.value.references)

    before = asyncio.run(composer(client).look_up(again))
    client.jobs_there.insert(0, job("started", id_="job-9876543210"))
    after = asyncio.run(composer(client).look_up(again))

    assert "lamer" not in caught.value.sentence
    assert before is None
    assert after is not None
    assert after.reference == "job-9876543210"


@pytest.mark.parametrize(("external_id", "is_found"), [("key-1", True), ("key-2", False), ("", False)])
def test_only_the_job_with_our_key_is_ours(external_id: str, is_found: bool) -> None:
    """A colleague's sending would be taken for ours, and ours never made."""
    client = FakeExstream(jobs=[job("complete", external_id="another"), job("complete", external_id=external_id)])

    receipt: Receipt | None = asyncio.run(composer(client).look_up(resending()))

    assert (receipt is not None) == is_found


class ForgetfulExstream(FakeExstream):
    """Takes a submission, and its list of jobs shows it later."""

    async def job(self, _domain: str, job_id: str) -> Job:
        raise NotFoundError(system="Exstream", call="job", detail=f"no job {job_id}")


def test_a_job_that_shows_itself_late_was_taken_all_the_same() -> None:
    """The letter was submitted; said to be refused, it would be sent again by whoever presses Retry."""
    receipt = asyncio.run(composer(ForgetfulExstream(jobs=[job("started")])).deliver(resending()))

    assert (receipt.sentence, receipt.reference) == ("Exstream has taken it, job job-0123.", "job-0123456789")


def test_a_letter_whose_job_was_deleted_is_not_taken_for_missing() -> None:
    """Somebody tidied the list of jobs, and the letter went out a second time."""
    client = FakeExstream(jobs=[job("deleted")])

    with pytest.raises(ConflictError, match="nothing tells whether"):
        asyncio.run(composer(client).look_up(resending()))


@pytest.mark.parametrize("others", [("error", "complete"), ("complete", "error"), ("deleted", "started", "canceled")])
def test_of_several_jobs_with_our_key_the_one_that_went_furthest_counts(others: tuple[str, ...]) -> None:
    """“Nothing was handed over”, it says, and the letter lies in the customer's hand."""
    client = FakeExstream(jobs=[job(status) for status in others])

    assert asyncio.run(composer(client).look_up(resending())) is not None


TOLD = Told(event="e1", source="Exstream", received_at=datetime(2026, 5, 13, tzinfo=UTC))


def silent(communication: str, state: DeliveryState) -> Silence:
    """A communication of the run that nothing is told of."""
    at = datetime(2026, 5, 12, tzinfo=UTC)
    return Silence(
        communication=communication,
        channel=Channel.EMAIL,
        customer="HM-1",
        title="Renewal",
        state=state,
        since=at,
        run="4711aaaa-1",
        noticed_at=at,
    )


@pytest.mark.parametrize(
    ("status", "sentence", "failed"),
    [
        ("holding", "Exstream says that its run 4711aaaa is still “holding”.", []),
        ("complete", "Exstream says that its run 4711aaaa is complete, and has told nothing newer of it.", []),
        ("error", "Exstream says that its run 4711aaaa ended as “error”.", ["composed"]),
        ("deleted", "Exstream has deleted its run 4711aaaa, and tells nothing more of it.", []),
        ("", "Exstream does not know its run 4711aaaa any more.", []),
    ],
)
def test_a_silent_run_is_looked_up(status: str, sentence: str, failed: list[str]) -> None:
    """What went out before its run broke off would be called failed; what never did, on its way."""
    jobs = [Job(id="4711aaaa-1", status=status)] if status else []
    some = [silent("composed", DeliveryState.COMPOSED), silent("gone", DeliveryState.HANDED_OVER)]

    said, events = asyncio.run(composer(FakeExstream(jobs=jobs)).run_word(some))

    claims = [claim for event in events for claim in understand(event.raw, TOLD).claims]
    assert said == sentence
    assert [(claim.communication, claim.state) for claim in claims] == [(each, DeliveryState.FAILED) for each in failed]
