"""The steps of the tour, role after role: each role's main job, done and seen as a person does and sees it."""

from ui.tour import archive, desk, media, operations, proofs, support
from ui.tour.report import Step

STEPS = (
    Step(role="everybody", title="The desk opens on five systems", do=desk.opens),
    Step(role="media team", title="Three libraries are one grid", do=media.browse),
    Step(role="media team", title="A search narrows as it is typed", do=media.search),
    Step(role="media team", title="A video plays", do=media.play),
    Step(role="media team", title="A verdict can be undone for a moment", do=media.approve),
    Step(role="media team", title="The verdict is written and read back", do=media.read_back),
    Step(role="template owner", title="One record on four channels", do=proofs.compose),
    Step(role="template owner", title="The next record on the same four", do=proofs.next_record),
    Step(role="support", title="A customer and what became of the mail", do=support.find),
    Step(role="support", title="Before it is sent again", do=support.offer),
    Step(role="support", title="Sent again, once", do=support.send),
    Step(role="archive", title="A document in the form", do=archive.fill_in),
    Step(role="archive", title="Filed and read back", do=archive.file),
    Step(role="operations", title="Events as they came in", do=operations.events),
    Step(role="operations", title="What was said to every system", do=operations.activity),
    Step(role="operations", title="What left, and what became of it", do=operations.outbox),
    Step(role="operations", title="A search among the exchanges", do=operations.exchanges),
    Step(role="operations", title="How the desk is", do=operations.health),
    Step(role="operations", title="A card for every system", do=operations.system_cards),
    Step(role="operations", title="A wrong password is explained", do=operations.wrong_password),
    Step(role="everybody", title="What can be chosen", do=desk.settings),
    Step(role="everybody", title="The palette finds everything", do=desk.palette_finds),
    Step(role="everybody", title="The keys of the page", do=desk.shows_keys),
)
