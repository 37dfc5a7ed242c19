"""Entries of the outbox as translators get them."""

from app.records import AssetKey, EntryId, EntryState, OutboxEntry, RequestKey, System, Verb
from app.rules.verdicts import Verdict
from app.systems.judgement import Judgement
from tests.app.outbox.fakes import NOW


def judging(verdict: Verdict, *, system: System = System.ICONIK, note: str = "") -> OutboxEntry:
    """A verdict on its way."""
    return entry(system, Verb.JUDGE_ASSET, Judgement(key=AssetKey(system, "a1"), verdict=verdict, note=note).payload())


def entry(system: System, verb: Verb, payload: dict[str, object]) -> OutboxEntry:
    """An entry that is being sent."""
    return OutboxEntry(
        id=EntryId(1),
        request_key=RequestKey("key-1"),
        system=system,
        verb=verb,
        subject="subject",
        title="Title",
        payload=payload,
        state=EntryState.SENDING,
        created_at=NOW,
        leaves_at=NOW,
        changed_at=NOW,
    )
