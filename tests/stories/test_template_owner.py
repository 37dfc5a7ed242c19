"""The template owner: composes one record on every channel, sees what is in it, and is told what is missing."""

import hashlib
from io import BytesIO

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

from app.errors import hint_of
from app.records import (
    AssetState,
    Channel,
    DriverRecord,
    FindingLevel,
    Proof,
    ProofOutput,
    System,
    Template,
    TemplateState,
)
from app.use_cases.compose_proof import Composition
from connectors.errors import InvalidError, UnansweredError, VendorFaultError
from tests.stories.desks import StoryDesk
from tests.stories.sandbox import Control

LOOKS_ALIKE = 6.0
"""Mean difference per channel, of 255, that two encodings of one picture may have."""


async def template(desk: StoryDesk, name: str) -> Template:
    """The template called ``name``."""
    return next(each for each in await desk.desk.use.list_templates() if each.name == name)


async def record(desk: StoryDesk, of: Template, name: str) -> DriverRecord:
    """The test record called ``name``."""
    return next(each for each in await desk.desk.use.list_records(of.id) if each.name == name)


async def composed(desk: StoryDesk, template_name: str, record_name: str) -> Proof:
    """A proof of that template with that record."""
    of = await template(desk, template_name)
    chosen = await record(desk, of, record_name)
    return await desk.desk.use.compose_proof(Composition(template=of.id, record=chosen))


def output(proof: Proof, channel: Channel) -> ProofOutput:
    """What one channel came to."""
    return next(each for each in proof.outputs if each.channel is channel)


def look_alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures show the same, whatever their size and encoding."""
    small = [each.convert("RGB").resize((64, 32)) for each in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*small)).mean) < LOOKS_ALIKE


async def test_every_template_is_there_with_its_standing(desk: StoryDesk) -> None:
    """Somebody would send a letter that was never approved."""
    templates = {each.name: each for each in await desk.desk.use.list_templates()}

    assert len(templates) >= 6
    assert templates["Renewal notice"].state is TemplateState.APPROVED
    assert templates["Payment reminder"].state is TemplateState.DRAFT
    assert set(templates["Renewal notice"].channels) == set(Channel)


async def test_one_record_comes_out_on_every_channel(desk: StoryDesk) -> None:
    """The owner would compare channels of different records."""
    proof = await composed(desk, "Renewal notice", "Inès Caron")

    assert [(each.channel, each.media_type) for each in proof.outputs] == [
        (Channel.PRINT, "application/pdf"),
        (Channel.EMAIL, "text/html"),
        (Channel.WEB, "text/html"),
        (Channel.SMS, "text/plain"),
    ]
    assert all(each.sha256 == hashlib.sha256(each.content).hexdigest() for each in proof.outputs)


async def test_the_pdf_says_whose_it_is(desk: StoryDesk) -> None:
    """A letter for nobody, or for somebody else, would be signed off."""
    proof = await composed(desk, "Renewal notice", "Inès Caron")

    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(output(proof, Channel.PRINT).content)).pages)

    assert "Mme Inès Caron" in text
    assert "HM-204881" in text
    assert "P-204881-1" in text
    assert "318,40" in text


@pytest.mark.parametrize(
    "name", ["Smith & Sons <Roofing> Ltd", "Siobhán O’Connor-D’Œuvre", "Suryani", "Aurélien Nulle"]
)
async def test_awkward_names_come_out_as_they_are_written(desk: StoryDesk, name: str) -> None:
    """Markup in a name would break the letter, and an accent would become a box."""
    proof = await composed(desk, "Monthly bill", name)

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(output(proof, Channel.PRINT).content)).pages)

    assert name in text.replace("\n", " ")


async def test_the_mail_the_page_and_the_text_speak_to_the_same_person(desk: StoryDesk) -> None:
    """One channel would be composed from other data."""
    proof = await composed(desk, "Renewal notice", "Inès Caron")

    for channel in (Channel.EMAIL, Channel.WEB):
        html = output(proof, channel).content.decode()
        assert 'lang="fr"' in html
        assert "Inès" in html
        assert "318,40" in html
    assert output(proof, Channel.SMS).text.startswith("Inès, votre assurance habitation")


async def test_the_bill_names_the_library_assets_with_their_versions(desk: StoryDesk) -> None:
    """Nobody could say whether what is shown may be shown."""
    proof = await composed(desk, "Renewal notice", "Inès Caron")

    billed = {(item.key.system if item.key else None, item.name, item.version): item.state for item in proof.bill}

    assert billed[System.ICONIK, "Green tariff tile", "v3"] is AssetState.APPROVED
    assert billed[System.CORE_DAM, "Harbour Mutual logo, RGB", "v3"] is AssetState.APPROVED
    assert None not in {item.key for item in proof.bill}


async def test_an_asset_that_is_not_approved_is_a_finding(desk: StoryDesk) -> None:
    """A picture under review would go to a hundred thousand people."""
    proof = await composed(desk, "Renewal notice", "Inès Caron")

    banner = next(item for item in proof.bill if item.name == "Spring banner, French")
    told = [finding for finding in proof.findings if banner.name in finding.sentence]

    assert banner.state is AssetState.IN_REVIEW
    assert [finding.level for finding in told] == [FindingLevel.WARNING]


async def test_the_chosen_picture_is_in_the_pdf(desk: StoryDesk) -> None:
    """The bill would vouch for a picture that the letter does not show."""
    proof = await composed(desk, "Renewal notice", "Inès Caron")
    banner = next(item for item in proof.bill if item.name == "Spring banner, French")
    async with httpx.AsyncClient(trust_env=False) as anybody:
        chosen = Image.open(BytesIO((await anybody.get(banner.address)).content))

    pages = PdfReader(BytesIO(output(proof, Channel.PRINT).content)).pages
    shown = [Image.open(BytesIO(each.data)) for page in pages for each in page.images]

    assert any(look_alike(chosen, each) for each in shown)


async def test_a_costly_character_in_a_text_message_is_pointed_at(desk: StoryDesk) -> None:
    """A hard space would triple what the texts cost."""
    proof = await composed(desk, "Renewal notice", "Inès Caron")

    told = next(finding for finding in proof.findings if finding.channel is Channel.SMS)

    assert "forces UCS-2" in told.sentence
    assert told.place.startswith("SMS · character ")


async def test_missing_data_is_named_in_the_composers_own_words(desk: StoryDesk) -> None:
    """The owner would search a record of a hundred fields for what is wrong."""
    of = await template(desk, "Renewal notice")
    whole = await record(desk, of, "Inès Caron")
    torn = DriverRecord(id="torn", name="torn", data={key: whole.data[key] for key in whole.data if key != "policy"})

    with pytest.raises(InvalidError) as refused:
        await desk.desk.use.compose_proof(Composition(template=of.id, record=torn))

    assert "/policy/premium" in refused.value.sentence
    assert refused.value.fields["/policy/renewalDate"] == "is missing"


@pytest.mark.parametrize(("fault", "error"), [("500", VendorFaultError), ("cut_before", UnansweredError)])
async def test_a_composition_that_fails_says_so_and_can_be_asked_again(
    desk: StoryDesk, control: Control, fault: str, error: type[VendorFaultError | UnansweredError]
) -> None:
    """The proof page would stay empty without a word."""
    of = await template(desk, "Renewal notice")
    chosen = await record(desk, of, "Inès Caron")
    wish = Composition(template=of.id, record=chosen)
    await control.trouble("exstream", fault, count=1, method="POST", path="*/ondemand/*")

    with pytest.raises(error) as failed:
        await desk.desk.use.compose_proof(wish)
    again = await desk.desk.use.compose_proof(wish)

    assert failed.value.sentence.startswith("Exstream ")
    assert hint_of(failed.value)
    assert len(again.outputs) == 4
