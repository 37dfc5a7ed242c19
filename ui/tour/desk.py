"""Steps that belong to no single role: the desk opens, the palette finds, the keys are shown."""

from app.records import ConnectionState, System
from ui.pages.settings.view import SettingsView
from ui.shell.command_palette import CommandPalette
from ui.shell.keys_sheet import KeysSheet
from ui.tour.guide import Guide
from ui.tour.report import UNDO_FOR

FIRST_SYNC_S = 60.0
WORDS = "spring"


async def opens(guide: Guide) -> None:
    """Every system is connected and has been fetched from once."""

    def all_fetched() -> bool:
        known = guide.desk.statuses.all() if guide.program.session else {}
        return set(System) == {
            system for system, each in known.items() if each.last_sync and each.state is ConnectionState.CONNECTED
        }

    await guide.until(all_fetched, "five systems to be connected and fetched from", patience_s=FIRST_SYNC_S)
    guide.desk.outbox.undo_for = UNDO_FOR


async def settings(guide: Guide) -> None:
    """What can be chosen, who one is here, and where secrets are kept."""
    page = await guide.page("settings", "Ctrl+8", SettingsView)
    await guide.until(lambda: "Libraries and customers" in guide.words(inside=page), "what can be chosen")


async def palette_finds(guide: Guide) -> None:
    """Ctrl+K, a few letters, and assets stand above the commands."""
    await guide.press("Ctrl+1", on=guide.window)
    await guide.press("Ctrl+K", on=guide.window)
    palette = await guide.seen(lambda: next(iter(guide.visible(CommandPalette)), None), "the palette")
    field = await guide.seen(lambda: guide.field("Search or type a command", inside=palette), "the palette's field")
    await guide.enter(WORDS, into=field)

    def finds_assets() -> bool:
        return any(WORDS in title.casefold() for title in palette.titles)

    await guide.until(finds_assets, f"hits for “{WORDS}” in the palette")


async def shows_keys(guide: Guide) -> None:
    """Esc leaves the palette where one was; ? shows the keys."""
    await guide.press("Esc")
    await guide.until(lambda: not guide.visible(CommandPalette), "the palette to close")
    await guide.press("?", on=guide.window.page(guide.window.current_key))
    await guide.seen(lambda: next(iter(guide.visible(KeysSheet)), None), "the sheet of keys")
