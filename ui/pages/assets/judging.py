"""Verdicts: given, undone within ten seconds, followed until the library shows them, tried again or given up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from app.errors import EXPECTED, hint_of, sentence_of
from app.records import Asset, EntryState, OutboxEntry, Verb
from app.rules.verdicts import Verdict
from app.use_cases.judge_asset import AssetVerdict, new_request_key
from ui.pages.assets.model import AssetsModel
from ui.pages.assets.view import AssetsView
from ui.pages.assets.words import verdict_of, with_version
from ui.pages.context import PageContext
from ui.tasks import Tasks

_OPEN = frozenset(state for state in EntryState if state.is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the reason form is open for."""

    asset: Asset
    entry: OutboxEntry | None = None
    """The entry that is to be given up; None for a rejection."""


class Judging:
    """Gives the verdicts on ``current()`` and calls ``changed`` when one is on its way or has arrived."""

    def __init__(
        self,
        view: AssetsView,
        model: AssetsModel,
        *,
        context: PageContext,
        tasks: Tasks,
        current: Callable[[], Asset | None],
        changed: Callable[[], None],
    ) -> None:
        self._view = view
        self._model = model
        self._context = context
        self._tasks = tasks
        self._current = current
        self._changed = changed
        self._under_way: set[str] = set()
        self._undoable: OutboxEntry | None = None
        self._asked: _Asked | None = None
        view.undo.setEnabled(False)
        view.undo_bar.expired.connect(self._on_expired)

    def show_possible(self) -> None:
        """Let the two verdicts say whether they can be given, and if not, why."""
        details = self._view.inspector.details
        is_sending = details is not None and details.key in self._under_way
        for action, words, objection in (
            (self._view.approve, "Approve", details.approve_objection if details else "No asset is chosen."),
            (self._view.reject, "Reject…", details.reject_objection if details else "No asset is chosen."),
        ):
            action.setEnabled(not objection and not is_sending)
            action.setToolTip(objection or words)

    def approve(self) -> None:
        """Approve the asset that is looked at."""
        asset = self._current()
        if asset is not None:
            self._judge(asset, Verdict.APPROVE, "")

    def ask_why(self) -> None:
        """Ask for the reason of a rejection, in its place."""
        asset = self._current()
        if asset is not None:
            self._asked = _Asked(asset=asset)
            self._view.inspector.reason.ask(f"Why is {asset.name} rejected?", button="Reject")

    def ask_why_dropped(self) -> None:
        """Ask why a stuck verdict is given up."""
        asset = self._current()
        entry = self._model.entry(str(asset.key)) if asset else None
        if asset is not None and entry is not None:
            self._asked = _Asked(asset=asset, entry=entry)
            self._view.inspector.reason.ask(f"Why is “{entry.title}” given up?", button="Give up")

    def take_reason(self, reason: str) -> None:
        """The reason was given: reject, or give up."""
        asked = self._asked
        if asked is None:
            return
        if asked.entry is not None:
            self._tasks.start(self._drop(asked.entry, reason), name="give a verdict up")
        elif not reason.strip():
            self._view.inspector.reason.refuse("A rejection needs a reason that its maker can act on.")
        else:
            self._judge(asked.asset, Verdict.REJECT, reason)

    def undo(self) -> None:
        """Take the last verdict back, as long as it has not left."""
        entry, self._undoable = self._undoable, None
        self._view.undo.setEnabled(False)
        self._view.undo_bar.stop()
        if entry is not None:
            self._tasks.start(self._undo(entry), name="undo a verdict")

    def retry(self) -> None:
        """Send the stuck verdict on the asset once more."""
        asset = self._current()
        entry = self._model.entry(str(asset.key)) if asset else None
        if entry is not None:
            self._tasks.start(self._retry(entry), name="try a verdict again")

    async def refresh(self) -> None:
        """Read which verdicts are on their way."""
        entries = await self._context.run(self._context.use.list_entries, _OPEN)
        open_now = {entry.subject: entry for entry in entries if entry.verb is Verb.JUDGE_ASSET}
        self._model.set_entries(open_now)
        undoable = self._undoable
        if undoable is not None and all(entry.id != undoable.id for entry in open_now.values()):
            self._on_expired()
            self._view.undo_bar.stop()
        self._changed()

    def _judge(self, asset: Asset, verdict: Verdict, note: str) -> None:
        key = str(asset.key)
        if key in self._under_way:
            return
        self._under_way.add(key)
        self.show_possible()
        wish = AssetVerdict(
            key=asset.key, verdict=verdict, request_key=new_request_key(), actor=self._context.actor, note=note
        )
        self._tasks.start(self._send(asset, wish), name="judge an asset")

    async def _send(self, asset: Asset, wish: AssetVerdict) -> None:
        try:
            entry = await self._context.run(self._context.use.judge_asset, wish)
        except EXPECTED as error:
            said = f"{sentence_of(error)} {hint_of(error)}".strip()
            if wish.verdict is Verdict.REJECT and not self._view.inspector.reason.isHidden():
                self._view.inspector.reason.refuse(said)
            else:
                self._view.inspector.show_trouble(said)
            return
        finally:
            self._under_way.discard(str(asset.key))
            self.show_possible()
        if wish.verdict is Verdict.REJECT:
            self._view.inspector.reason.leave()
        self._offer_undo(asset, entry)
        await self.refresh()

    def _offer_undo(self, asset: Asset, entry: OutboxEntry) -> None:
        left = ceil((entry.leaves_at - datetime.now(UTC)).total_seconds())
        if left <= 0:
            return
        self._undoable = entry
        self._view.undo.setEnabled(True)
        what = f"**{with_version(asset)}** {verdict_of(entry).past}."
        where = entry.system.label
        self._view.undo_bar.start(lambda seconds: f"{what} It is written to {where} in **{seconds} s**.", seconds=left)

    def _on_expired(self) -> None:
        self._undoable = None
        self._view.undo.setEnabled(False)

    async def _undo(self, entry: OutboxEntry) -> None:
        await self._context.run(self._context.use.undo_entry, entry.id, self._context.actor)
        await self.refresh()

    async def _retry(self, entry: OutboxEntry) -> None:
        await self._context.run(self._context.use.retry_entry, entry.id, self._context.actor)
        await self.refresh()

    async def _drop(self, entry: OutboxEntry, reason: str) -> None:
        try:
            await self._context.run(self._context.use.drop_entry, entry.id, reason, self._context.actor)
        except EXPECTED as error:
            self._view.inspector.reason.refuse(sentence_of(error))
            return
        self._view.inspector.reason.leave()
        await self.refresh()
