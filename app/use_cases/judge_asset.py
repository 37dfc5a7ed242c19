"""Approve or reject an asset: written here first, to its library ten seconds later, and read back."""

from dataclasses import dataclass

from app.access import Guarded, needs
from app.errors import UserError
from app.outbox import Outbox, Wish, new_request_key
from app.records import Ability, AssetKey, OutboxEntry, RequestKey, Verb
from app.rules.roles import Action
from app.rules.verdicts import Verdict, objections_to
from app.store import Store, assets
from app.systems.judgement import Judgement
from app.systems.ports import Systems


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetVerdict:
    """The wish. ``request_key`` is made with it, so that a second click is the same verdict."""

    key: AssetKey
    verdict: Verdict
    request_key: RequestKey
    actor: str
    note: str = ""


class JudgeAsset(Guarded):
    """Queue a verdict."""

    def __init__(self, *, store: Store, outbox: Outbox, systems: Systems) -> None:
        self._store = store
        self._outbox = outbox
        self._systems = systems

    @needs(Action.JUDGE_ASSETS)
    async def __call__(self, wish: AssetVerdict) -> OutboxEntry:
        """The entry that will carry it.

        Raises: UserError when the library is known not to take verdicts from this account, when the verdict makes no
        sense, or when another is on its way.
        """
        self._systems.require(wish.key.system, Ability.JUDGE_ASSETS)
        asset = await self._store.read(assets.find, wish.key)
        if asset is None:
            raise UserError("This asset is no longer here.", hint="Refresh the list.")
        for objection in objections_to(wish.verdict, asset, note=wish.note):
            raise UserError(objection)
        subject = str(wish.key)
        waiting = [each for each in await self._outbox.open_about([subject]) if each.request_key != wish.request_key]
        if waiting:
            raise UserError(f"“{waiting[0].title}” has not left yet.", hint="Undo it, or wait until it is done.")
        return await self._outbox.queue(
            Wish(
                system=wish.key.system,
                verb=Verb.JUDGE_ASSET,
                subject=subject,
                title=f"{wish.verdict.value.capitalize()} {asset.name} {asset.version}",
                payload=Judgement(
                    key=wish.key, verdict=wish.verdict, note=wish.note.strip(), version=asset.version
                ).payload(),
                actor=wish.actor,
                request_key=wish.request_key,
            )
        )


__all__ = ["AssetVerdict", "JudgeAsset", "Verdict", "new_request_key"]
