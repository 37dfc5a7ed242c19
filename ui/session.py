"""What stands behind the window while it is open: the engine, the desk in it, and the pages on it."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from secrets import token_bytes
from typing import TYPE_CHECKING, Final, Self, cast

import msgspec
from PySide6.QtWidgets import QWidget

from app.connections import connections_from_ready_file
from app.demo import DemoSandbox
from app.desk import Desk
from app.engine import Engine
from app.notices import Level
from app.profile import Profile
from app.records import Changes, ConnectionState, System
from app.settings import THEME
from app.store import memory as kept_memory
from ui.bridge import Bridge, Preparing
from ui.finders import finders
from ui.leaving import outbox_words
from ui.pages.context import NO_WORD, PageContext
from ui.shell.memory import Json
from ui.synchronising import synchronising
from ui.tasks import Renewal
from ui.theme import ThemeChoice

if TYPE_CHECKING:
    from ui.window import DeskOptions, DeskProgram

DEMO_SOURCE = "email-gateway"
_THEMES: Final = {"desktop": ThemeChoice.SYSTEM, "light": ThemeChoice.LIGHT, "dark": ThemeChoice.DARK}
"""By the choices of :data:`app.settings.THEME`."""


class DeskSession:
    """One open profile in one window. Lives in the GUI thread; whatever takes time happens in the engine."""

    def __init__(self, program: "DeskProgram", *, engine: Engine, desk: Desk, is_demo: bool) -> None:
        self.desk = desk
        self.sandbox: DemoSandbox | None = None
        self._program = program
        self._engine = engine
        self._is_demo = is_demo
        self._signed_out: frozenset[System] | None = None
        self._stuck = self._silent = 0
        self._counting = Renewal(program.tasks, self._count_needs, name="count what needs a person")
        desk.measures.window = program.lateness
        desk.notary.person = program.person
        program.faults.queues = desk.measures.queues
        self.bridge = Bridge(engine)
        self.bridge.changed.connect(self._on_changed)
        self.context = PageContext(
            run=self.bridge.run,
            use=desk.use,
            changed=self.bridge.changed,
            notices=program.notices,
            pictures=desk.pictures,
            activity=desk.activity,
            measures=desk.measures,
            statuses=desk.statuses.all,
            memory=program.memory,
            actor=program.person,
            go_to=self.go_to,
            synchronise=self.synchronise,
            is_demo=is_demo,
            choose_theme=self._choose_theme,
            leave=program.end,
        )
        program.window.top_bar.needs_wanted.connect(self._show_needs)
        program.window.top_bar.outbox_wanted.connect(lambda: self.go_to("activity", "outbox"))
        for finder in finders(self.context):
            program.window.add_provider(finder)

    @classmethod
    async def open(cls, program: "DeskProgram", options: "DeskOptions", *, restores_ledger: bool = False) -> Self:
        """Open the profile. Raises: UserError when it cannot be used."""
        profile = await asyncio.to_thread(Profile.open, options.profile, options.root)
        if (ending := await asyncio.to_thread(program.faults.keep_in, profile.logs)) is not None:
            program.faults.tell_ending(ending)
        engine = Engine(on_fault=program.faults.hear)
        engine.start()

        preparing = Preparing()
        preparing.heard.connect(program.show_preparing)

        async def open_desk() -> Desk:
            return await Desk.open(
                profile,
                publish=engine.publish,
                session_only=options.is_demo,
                # Heard in a thread of the store; Qt brings it into ours.
                on_preparing=preparing.heard.emit,
                restores_ledger=restores_ledger,
            )

        try:
            desk = await engine.run(open_desk)
        except BaseException:
            await engine.stop()
            profile.close()
            raise
        kept = await engine.run(desk.store.read, kept_memory.everything)
        session = cls(program, engine=engine, desk=desk, is_demo=options.is_demo)
        program.memory.attach(cast("Mapping[str, Json]", kept), session._keep)
        # What the command line says counts for this time.
        if options.theme is ThemeChoice.SYSTEM:
            session._choose_theme(desk.settings.value(THEME))
        for trouble in desk.troubles:
            program.notices.tell(trouble.sentence, level=Level.WARNING, hint=trouble.hint)
        return session

    def _choose_theme(self, chosen: str) -> None:
        self._program.theme.choose(_THEMES[chosen])

    async def read_ahead(self, *keys: str) -> None:
        """Import the code of pages in a thread, so that showing one for the first time costs only its widgets."""
        for key in keys:
            await asyncio.to_thread(import_module, f"ui.pages.{key}")

    async def connect(self) -> None:
        """Connect every system of the profile, and begin to synchronise. Raises: UserError."""
        await self.bridge.run(self._start)
        if self._is_demo:
            await self._connect_sandbox()
        else:
            await self.bridge.run(self.desk.use.save_connection.open_kept)
            if not await self.bridge.run(self.desk.use.list_connections):
                self.go_to("connections", None)

    async def close(self) -> None:
        """End everything in its order: work, connections, files, the engine, the sandbox."""
        self.bridge.close()
        try:
            await self._engine.run(self.desk.close)
        finally:
            try:
                if self.sandbox is not None:
                    await self._engine.run(self.sandbox.stop)
            finally:
                await self._engine.stop()

    def build_page(self, key: str) -> QWidget:
        """The page ``key``, built now."""
        page = import_module(f"ui.pages.{key}")
        return cast("QWidget", page.build(self.context))

    def go_to(self, key: str, subject: object) -> None:
        """Show the page ``key`` and, where it can, ``subject`` on it."""
        self._program.window.show_page(key)
        show = getattr(self._program.window.page(key), "show_subject", None)
        if subject is not None and show is not None:
            show(subject)

    def synchronise(self, system: System | None) -> None:
        """Begin the next round of one system, or of all, now."""

        async def wake() -> None:
            self.desk.synchroniser.wake(system)

        self._engine.submit(wake())

    async def _start(self) -> None:
        self.desk.start()

    async def _connect_sandbox(self) -> None:
        self.sandbox = await self.bridge.run(DemoSandbox.start, "--quiet")
        for read in connections_from_ready_file(msgspec.json.encode(self.sandbox.ready)):
            await self.bridge.run(self.desk.use.save_connection.use, read)
        secret = b64encode(token_bytes(32)).decode()

        async def listen() -> str:
            return self.desk.receive({DEMO_SOURCE: secret})

        address = await self.bridge.run(listen)
        await self.bridge.run(self.sandbox.push, address + DEMO_SOURCE, secret, _demo_events())

    def _keep(self, key: str, value: Json) -> None:
        async def keep() -> None:
            await self.desk.store.write(kept_memory.remember, key, value)

        self._engine.submit(keep())

    def _on_changed(self, changes: Changes) -> None:
        if changes.systems:
            self._show_synchronisation()
        signed_out = self._find_signed_out()
        # A round tells of itself page by page; only who has to sign in is somebody's business.
        if changes.outbox or changes.silences or signed_out != self._signed_out:
            self._signed_out = signed_out
            self._counting.want()

    def _show_synchronisation(self) -> None:
        bar = self._program.window.top_bar
        shown = synchronising(self.desk.statuses.all(), now=datetime.now(UTC))
        if shown.is_busy:
            bar.set_synchronising(shown.words, shown.share)
        else:
            bar.set_synchronised(shown.words)

    async def _count_needs(self) -> None:
        standing = await self.bridge.run(self.desk.use.watch_outbox)
        self._stuck = standing.needing_a_person
        words, tip = outbox_words(standing, now=datetime.now(UTC))
        self._program.window.top_bar.set_outbox(words, tip=tip)
        self._silent = await self.bridge.run(self.desk.use.list_silences.count)
        self._program.window.top_bar.set_needs(self._stuck + self._silent + len(self._find_signed_out()))

    def _find_signed_out(self) -> frozenset[System]:
        known = self.desk.statuses.all()
        return frozenset(system for system, each in known.items() if each.state is ConnectionState.SIGNED_OUT)

    def _show_needs(self) -> None:
        """What is stuck stands in the outbox, what nothing is told of in the inbox, a sign-in under Connections."""
        if self._stuck:
            self.go_to("activity", "outbox")
        elif self._silent:
            self.go_to("inbox", NO_WORD)
        else:
            self.go_to("connections", None)


def _demo_events() -> list[dict[str, object]]:
    """What the gateway of the sandbox's company reports while the desk is being opened."""
    now = datetime.now(UTC)

    def event(kind: str, minutes_ago: int, **data: object) -> dict[str, object]:
        at = (now - timedelta(minutes=minutes_ago)).isoformat()
        return {"id": f"demo-{kind}-{minutes_ago}", "type": f"message.{kind}", "timestamp": at, "data": data}

    renewal = {"communication": "S-caron-1", "customer": "HM-204881", "channel": "email", "title": "Renewal notice"}
    return [
        event("handed_over", 9, **renewal),
        event("bounced", 8, code="5.1.1", detail="mailbox unknown", **renewal),
    ]
