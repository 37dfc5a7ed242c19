"""Change what a parked entry says, so that what was refused can leave without being wished anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.access import Guarded, needs
from app.errors import UserError
from app.outbox import Outbox, Wish, new_request_key
from app.outgoing import OutgoingFiles
from app.records import EntryId, OutboxEntry, Verb
from app.rules.filing import NAME_FIELD, objections_to_name
from app.rules.roles import Action
from app.rules.verdicts import objection_to_note
from app.systems.filing import FilingOrder
from app.systems.judgement import Judgement

NOTE_FIELD = "note"
_TITLE_END = " · "


@dataclass(frozen=True, slots=True, kw_only=True)
class EditField:
    """One thing that can be changed."""

    key: str
    label: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEdit:
    """The wish. ``reason`` is needed where the entry may have arrived as it was."""

    entry: EntryId
    values: Mapping[str, str] = field(repr=False)
    """By the key of a field."""
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edited:
    title: str
    payload: Mapping[str, object]


def fields_of(entry: OutboxEntry) -> tuple[EditField, ...]:
    """What can be changed in ``entry``. A re-sending has nothing: another one is another wish, with its own guard."""
    match entry.verb:
        case Verb.JUDGE_ASSET:
            note = Judgement.from_payload(entry.payload).note
            return (EditField(key=NOTE_FIELD, label="Reason that its maker reads", value=note),)
        case Verb.FILE_DOCUMENT:
            return (EditField(key=NAME_FIELD, label="Name", value=FilingOrder.from_payload(entry.payload).name),)
        case Verb.RESEND:
            return ()


class EditEntry(Guarded):
    """Give a parked entry other words."""

    def __init__(self, *, outbox: Outbox, outgoing: OutgoingFiles) -> None:
        self._outbox = outbox
        self._outgoing = outgoing

    @needs(Action.MEND_ENTRY)
    async def __call__(self, wish: EntryEdit) -> OutboxEntry:
        """The entry that will leave: the same one when surely nothing of it arrived, else one that replaces it.

        Raises: UserError naming the field that stands in the way, or when the entry does not wait for a person.
        """
        entry = await self._outbox.entry(wish.entry)
        edited = _edited(entry, wish.values)
        if not entry.is_doubtful:
            return await self._outbox.edit(entry.id, title=edited.title, payload=edited.payload, actor=wish.actor)
        new = Wish(
            system=entry.system,
            verb=entry.verb,
            subject=entry.subject,
            title=edited.title,
            payload=edited.payload,
            actor=wish.actor,
            request_key=new_request_key(),
        )
        if entry.verb is Verb.FILE_DOCUMENT:
            await self._outgoing.keep_again(entry.request_key, new.request_key)
        return await self._outbox.replace(entry.id, new, reason=wish.reason)


def _edited(entry: OutboxEntry, values: Mapping[str, str]) -> _Edited:
    match entry.verb:
        case Verb.JUDGE_ASSET:
            judgement = Judgement.from_payload(entry.payload)
            note = values.get(NOTE_FIELD, judgement.note).strip()
            if objection := objection_to_note(judgement.verdict, note):
                raise UserError(objection, field=NOTE_FIELD)
            return _Edited(title=entry.title, payload=replace(judgement, note=note).payload())
        case Verb.FILE_DOCUMENT:
            order = FilingOrder.from_payload(entry.payload)
            name = values.get(NAME_FIELD, order.name).strip()
            if objection := objections_to_name(name):
                raise UserError(objection, field=NAME_FIELD)
            whose = entry.title.rpartition(_TITLE_END)[2]
            return _Edited(title=f"{name}{_TITLE_END}{whose}", payload=replace(order, name=name).payload())
        case Verb.RESEND:
            raise UserError("A re-sending cannot be changed.", hint="Drop it, and ask for it again.")
