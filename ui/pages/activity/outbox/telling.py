"""Entries and systems worded for what shows them: rows, chips, the pane at the right. Pure."""

from collections.abc import Sequence
from datetime import datetime

from app.records import EntryState, OutboxEntry, OutboxStanding, System, Verb
from app.systems.resending import ResendOrder
from app.use_cases.entries import EntryStory
from app.wording import count
from ui.pages.activity.outbox import words
from ui.pages.activity.outbox.detail import EntryShown
from ui.pages.activity.outbox.model import EntryRow
from ui.widgets import StateMark

_MOST_DEPENDENTS = 8


def row_of(entry: OutboxEntry, standing: OutboxStanding, *, now: datetime) -> EntryRow:
    """One entry as a row."""
    pause = standing.pauses.get(entry.system)
    mark, state = words.state_of(entry, now=now, paused=pause is not None)
    rest = standing.rests.get(entry.system, "")
    return EntryRow.of(
        entry,
        mark=mark,
        state=state,
        age=words.age_words(entry, now=now),
        sentence=words.sentence_of(entry, pause=pause, rest=rest),
    )


def chip_of(system: System, standing: OutboxStanding, *, now: datetime) -> tuple[StateMark, str, str]:
    """Shape, words and tooltip of one system: ``iconik 3 · 4 min``."""
    depth, pause, rest = standing.depths.get(system), standing.pauses.get(system), standing.rests.get(system, "")
    mark = words.system_mark(depth, paused=pause is not None, rests=bool(rest))
    said = words.system_words(depth, now=now, paused=pause is not None)
    short = f"{system.label} {words.depth_words(depth, now=now)}" if depth is not None else system.label
    why = words.pause_words(pause) if pause is not None else rest
    return mark, short, f"{system.label}: {said}. {why}".strip()


def entry_shown(entry: OutboxEntry, story: EntryStory | None, standing: OutboxStanding, *, now: datetime) -> EntryShown:
    """One entry for the pane; its history is there a moment later."""
    row = row_of(entry, standing, now=now)
    is_trouble = entry.state in {EntryState.PARKED, EntryState.UNKNOWN} or entry.system in standing.pauses
    sentence = row.sentence
    if entry.is_doubtful and entry.state is EntryState.PARKED:
        sentence = f"{sentence} {words.doubt_words(entry)}".strip()
    return EntryShown(
        title=entry.title,
        mark=row.mark,
        state=row.state,
        sentence=sentence,
        is_trouble=is_trouble and entry.state.is_open,
        facts=_facts(entry, story, now=now),
        receipt=_receipt(entry),
        history=_history(story, now=now),
        dependents=_dependents(story, now=now),
        trail=ResendOrder.from_payload(entry.payload).trail if entry.verb is Verb.RESEND else (),
    )


def drop_sentence(entry: OutboxEntry, story: EntryStory | None) -> str:
    """What dropping ``entry`` means."""
    said = f"{entry.title} will not be sent. What was done here stays as it is."
    if entry.is_doubtful:
        said = f"{entry.title} may have arrived, and is not looked up any more. What was done here stays as it is."
    many = len(story.dependents) if story is not None and story.entry.id == entry.id else 0
    if many:
        others = "another entry needs it and is" if many == 1 else f"{count(many)} other entries need it and are"
        said = f"{said} {others[:1].upper()}{others[1:]} dropped with it."
    return said


def _facts(entry: OutboxEntry, story: EntryStory | None, *, now: datetime) -> Sequence[tuple[str, str]]:
    facts = [
        ("System", entry.system.label),
        ("Kind", words.verb_words(entry.verb)),
        ("Whose", entry.actor or words.UNTOLD),
        ("Asked for", words.moment_words(entry.created_at, now=now)),
        ("Last step", words.moment_words(entry.changed_at, now=now)),
        ("Tries", count(entry.attempts)),
    ]
    if entry.is_doubtful and entry.state.is_open:
        facts.append(("Looked up by", words.looked_up_by(entry)))
    if story is not None and story.parts is not None and entry.state.is_open:
        facts.append(("Uploaded", "{} of {} parts".format(*story.parts)))
    if entry.needs is not None:
        facts.append(("Needs", entry.needs.title))
    if entry.replaces is not None:
        facts.append(("In place of", f"entry {entry.replaces}"))
    facts.append(("Request key", str(entry.request_key)))
    return facts


def _receipt(entry: OutboxEntry) -> Sequence[tuple[str, str]]:
    if entry.receipt is None:
        return ()
    reference = [("Their id", entry.receipt.reference)] if entry.receipt.reference else []
    return [*reference, *entry.receipt.values.items()]


def _history(story: EntryStory | None, *, now: datetime) -> Sequence[tuple[str, str]]:
    if story is None:
        return ()
    return [(words.moment_words(step.at, now=now), words.step_words(step)) for step in reversed(story.steps)]


def _dependents(story: EntryStory | None, *, now: datetime) -> Sequence[tuple[str, str]]:
    if story is None:
        return ()
    shown = [(words.state_of(each, now=now)[1], each.title) for each in story.dependents[:_MOST_DEPENDENTS]]
    more = len(story.dependents) - len(shown)
    return [*shown, ("", f"and {count(more)} more")] if more > 0 else shown
