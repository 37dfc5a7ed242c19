"""Puts one proof into the view: an output or a reason in every pane, the bill, the findings."""

from collections.abc import Mapping

from PySide6.QtGui import QPixmap

from app.records import BillItem, Channel, Finding, Proof, ProofOutput
from ui.pages.proofs import words
from ui.pages.proofs.side import BillRow, FindingRow
from ui.pages.proofs.view import ProofsView
from ui.widgets import StateMark


def show_proof(view: ProofsView, proof: Proof, *, record: str, pictures: Mapping[str, QPixmap]) -> None:
    """Show ``proof`` of the record called ``record``; what one pane cannot show never blanks another."""
    for channel in Channel:
        output = words.output_for(proof, channel)
        mark, word = words.pane_state(proof, channel)
        if output is None:
            view.panes.show_words(channel, words.no_output(proof.template_name, channel))
            mark, word = StateMark.DRAFT, "no output"
        else:
            _show_output(view, proof, output)
            if channel is Channel.SMS and mark is not StateMark.REJECTED:
                word = view.panes.text.cost.partition(" · ")[0] or word
        view.panes.set_state(channel, mark, word)
    view.side.set_aside(record)
    show_side(view, proof, pictures=pictures)


def show_side(view: ProofsView, proof: Proof, *, pictures: Mapping[str, QPixmap]) -> None:
    """Show the bill, the language and the findings of ``proof``; the panes stay as they are."""
    view.side.show_proof(
        [_bill_row(item) for item in proof.bill],
        [_finding_row(finding) for finding in proof.findings],
        summary=words.findings_summary(proof.findings),
    )
    view.side.show_language(proof.language)
    view.side.set_pictures(pictures)


def point_at(view: ProofsView, finding: Finding) -> None:
    """Bring what a finding is about into sight."""
    place = words.picture_place(finding)
    match finding.channel:
        case Channel.EMAIL:
            view.panes.mail.scroll_to_picture(place or 0)
        case Channel.WEB:
            view.panes.web.scroll_to_picture(place or 0)
        case Channel.PRINT:
            view.panes.letter.setFocus()
        case Channel.SMS:
            view.panes.text.point_at_driver()
        case None if place is not None:
            view.side.point_at_bill(place)
        case None:
            pass


def _show_output(view: ProofsView, proof: Proof, output: ProofOutput) -> None:
    panes = view.panes
    if output.channel is Channel.SMS:
        panes.text.show_message(words.sms_words(output.text))
    elif output.channel is Channel.PRINT and output.media_type == "application/pdf":
        panes.letter.show_document(output.content)
    elif output.channel in (Channel.EMAIL, Channel.WEB) and output.media_type == "text/html":
        allowed = words.allowed_pictures(output.content, proof.bill)
        panes.show_page(output.channel, output.content, allowed=allowed)
    else:
        panes.show_words(output.channel, f"The composer sent {output.media_type}, which cannot be shown here.")


def _bill_row(item: BillItem) -> BillRow:
    mark, word = words.asset_state(item.state)
    return BillRow(
        key=str(item.key) if item.key else "",
        name=item.name or item.slot,
        version=item.version,
        mark=mark,
        word=word if item.key else "not traced",
        remark=words.bill_remark(item),
        remark_mark=StateMark.REJECTED if item.objections else StateMark.WARNING,
    )


def _finding_row(finding: Finding) -> FindingRow:
    return FindingRow(mark=words.finding_mark(finding.level), sentence=finding.sentence, place=finding.place)
