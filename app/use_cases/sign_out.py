"""Sign out: wipe the profile (domain rule 3.15), and leave evidence that names nobody.

Everything of the profile goes: what is in the keyring, both databases with their journals and backups, pictures, files
that waited to be uploaded, the log. What is left lies outside it: the anchors, and the audit's sealed rows without
whom they were about and what somebody typed, so that what was done can still be proven and to whom cannot be told.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from sqlite_utils import Database

from app.access import Guarded, needs
from app.audit import ANCHOR_FIELD, KEYRING_OWNER, AuditKeeper, EvidenceRow
from app.clock import Clock
from app.connections import FORMS, PLACES, owner_of
from app.credentials import LOCKED, Credentials
from app.errors import UserError
from app.outgoing import OutgoingFiles
from app.profile import Profile, make_private_folder, touch_private
from app.records import Depth, System
from app.rules.roles import Action
from app.store import Store, audit, entry_lists, outbox_pauses
from app.whole_file import save_whole

_STOPPED: Final = "this profile is being signed out"
_STAMP: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutWish:
    """The wish; ``drops_waiting`` is the decision about what has not left yet."""

    actor: str
    drops_waiting: bool = False


class SignOut(Guarded):
    """Wipe the secrets now, and the files as soon as the desk has closed them."""

    def __init__(
        self,
        *,
        profile: Profile,
        store: Store,
        outgoing: OutgoingFiles,
        credentials: Credentials,
        keeper: AuditKeeper,
        clock: Clock,
        leave: Callable[[], None],
    ) -> None:
        """``leave`` is told when nothing may be written any more: the desk wipes its files when it closes."""
        self._profile = profile
        self._store = store
        self._outgoing = outgoing
        self._credentials = credentials
        self._keeper = keeper
        self._clock = clock
        self._leave = leave

    async def waiting(self) -> Mapping[System, int]:
        """How many changes have not left for each system yet; systems with none are left out."""
        return _open_in(await self._store.ledger.read(entry_lists.depth))

    @needs(Action.SIGN_OUT)
    async def __call__(self, wish: SignOutWish) -> Path:
        """Where the evidence lies that is left. Close the desk next.

        Raises: UserError while something waits and nobody decided about it, while documents lie aside that no record
        tells of, when the evidence cannot be written, and when the keyring does not give the secrets up: then nothing
        is wiped.
        """
        _refuse_waiting(await self.waiting(), wish)
        if number := await self._outgoing.set_aside():
            what = "A document that was" if number == 1 else f"{number} documents that were"
            raise UserError(
                f"{what} set aside would be wiped, and may be nowhere else. Nothing was wiped.",
                hint=f"Look through {self._outgoing.aside}, file what is needed, delete it there, and sign out again.",
            )
        if await self._credentials.probe() is LOCKED:
            raise UserError(
                "The desktop's keyring is locked or does not answer, so the secrets may still be in it.",
                hint="Unlock the keyring, then sign out again. Nothing was wiped.",
            )
        now = self._clock.now()
        evidence = await asyncio.to_thread(_begin_evidence, self._profile, now)
        # A token that is renewed meanwhile would be put back after it was deleted.
        self._credentials.keeps_new = False
        stopped: frozenset[System] = frozenset()
        try:
            # The secrets go last: a disk that is full must not cost the key of a profile that stays.
            stopped = await self._store.ledger.write(_note, wish, now=now)
            await self._keeper.anchor(now)
            # On the disk itself, before anything goes that nobody can bring back.
            await asyncio.to_thread(save_whole, evidence, await self._store.ledger.read(_sealed_rows))
            for owner, fields in every_secret():
                await self._credentials.delete(owner, fields)
        except BaseException:
            self._credentials.keeps_new = True
            evidence.unlink(missing_ok=True)
            for system in stopped:
                await self._store.ledger.write(outbox_pauses.resume, system, actor=wish.actor, now=self._clock.now())
            raise
        self._profile.begin_to_wipe()
        self._leave()
        return evidence


def every_secret() -> Sequence[tuple[str, Sequence[str]]]:
    """Owner and fields of everything that a profile may have in the keyring."""
    connected = [(owner_of(system, place), FORMS[system].secret_keys) for system in System for place in PLACES]
    return [*connected, (KEYRING_OWNER, (ANCHOR_FIELD,)), Credentials.PERSONAL]


def waiting_words(waiting: Mapping[System, int]) -> str:
    """``2 changes have not left for iconik yet, and 1 for Extended ECM``; empty when there are none."""
    parts = [f"{many} for {system.label}" for system, many in waiting.items()]
    if not parts:
        return ""
    one = sum(waiting.values()) == 1
    return f"{'A change has' if one else 'Changes have'} not left yet: {', '.join(parts)}"


def _note(db: Database, wish: SignOutWish, *, now: datetime) -> frozenset[System]:
    """Note it, and let nothing leave from now on: it would leave unseen. The systems that were paused for that.

    Raises: UserError for what was queued while the person was asked: nobody decided about that.
    """
    waiting = _open_in(entry_lists.depth(db))
    _refuse_waiting(waiting, wish)
    audit.erase_all(db, at=now, actor=wish.actor)
    stopped = waiting.keys() - entry_lists.pauses(db).keys()
    for system in sorted(stopped):
        outbox_pauses.pause(db, system, reason=_STOPPED, actor=wish.actor, now=now)
    in_doubt = entry_lists.count_doubtful(db)
    audit.add(
        db,
        at=now,
        actor=wish.actor,
        action="profile.signed_out",
        reference="profile",
        detail={
            "dropped": str(sum(waiting.values()) - in_doubt),
            # Being sent just now, or never told of: nobody may say later that these were dropped.
            **({"in_doubt": str(in_doubt)} if in_doubt else {}),
        },
    )
    return frozenset(stopped)


def _open_in(depth: Mapping[System, Depth]) -> Mapping[System, int]:
    return {system: each.open for system, each in depth.items() if each.open}


def _refuse_waiting(waiting: Mapping[System, int], wish: SignOutWish) -> None:
    if waiting and not wish.drops_waiting:
        raise UserError(
            f"{waiting_words(waiting)}.",
            hint="Send them first, or say that they are to be dropped with the profile.",
        )


def _sealed_rows(db: Database) -> bytes:
    """A line of JSON for each row: its link and its seal, and nothing of what lies beside the chain."""
    lines = (EvidenceRow(link=kept.link, seal=kept.seal) for kept in audit.every(db))
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _begin_evidence(profile: Profile, now: datetime) -> Path:
    try:
        return touch_private(make_private_folder(evidence_of(profile.anchors)) / f"{profile.name}-{now:{_STAMP}}.jsonl")
    except OSError as error:
        raise UserError(
            f"The audit could not be kept: {error.strerror or 'the system refused'}. Nothing was wiped.",
            hint=f"Free some space, or give yourself the right to write into {evidence_of(profile.anchors)}.",
        ) from error


def evidence_of(anchors: Path) -> Path:
    """The folder of what is left of profiles that signed out, given where the anchors of one lie."""
    return anchors.parent.parent / "signed-out"
