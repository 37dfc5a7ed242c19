"""Where an asset is used: said in the inspector, with a way to each template."""

import qasync
from PySide6.QtWidgets import QPushButton

from app.records import AssetKey, Changes, System, UsageKind
from tests.ui.pages.assets.driver import AssetsDriver
from tests.ui.pages.assets.fakes import FakeDesk, usage
from ui.pages.assets.uses import heading, use_lines

KEY = AssetKey(System.ICONIK, "spring-banner")


def test_a_place_is_told_once_with_the_version_last_seen() -> None:
    """Two lines of one template look like two templates."""
    lines = use_lines([usage(KEY, "renewal", version="v3"), usage(KEY, "renewal"), usage(KEY, "welcome")])

    assert [(line.title, line.version) for line in lines] == [("Renewal", "v3"), ("Welcome", "v2")]
    assert heading(lines) == "Used in 2 templates"


def test_letters_are_places_and_no_templates() -> None:
    """A heading that says “templates” over documents is wrong."""
    lines = use_lines([usage(KEY, "4711", kind=UsageKind.DOCUMENT)])

    assert heading(lines) == "Used in 1 place"


async def test_the_inspector_leads_to_the_template(
    page: AssetsDriver, desk: FakeDesk, qloop: qasync.QEventLoop
) -> None:
    """Who retires a picture has to see the letters that would lose it."""
    uses = page.view.inspector.uses
    desk.usages = [usage(KEY, "renewal")]
    desk.publish(Changes(assets=frozenset({KEY})))
    await page.until(lambda: bool(uses.lines))

    uses.findChildren(QPushButton)[0].click()

    assert desk.went_to == [("proofs", "renewal")]
