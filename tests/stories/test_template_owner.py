"""The template owner: composes one record on every channel, sees what is in it, and is told what is missing."""

import asyncio
import hashlib
import shutil
from io import BytesIO
from pathlib import Path

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
from tests.stories.sandbox import Control, Json

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


@pytest.fixture(scope="module")
def renewal(ready: Json, synchronised: Path, tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """The renewal notice for Inès Caron, composed once for all who look at it."""
    root = shutil.copytree(synchronised, tmp_path_factory.mktemp("renewal"), dirs_exist_ok=True)

    async def compose() -> Proof:
        desk = await StoryDesk.open(root, ready)
        await desk.connect()
        try:
            return await composed(desk, "Renewal notice", "Inès Caron")
        finally:
            await desk.close()

    return asyncio.run(compose())


async def test_every_template_is_there_with_its_standing(desk: StoryDesk) -> None:
    """Somebody would send a letter that was never approved."""
    templates = {each.name: each for each in await desk.desk.use.list_templates()}

    assert len(templates) >= 6
    assert templates["Renewal notice"].state is TemplateState.APPROVED
    assert templates["Payment reminder"].state is TemplateState.DRAFT
    assert set(templates["Renewal notice"].channels) == set(Channel)


def test_one_record_comes_out_on_every_channel(renewal: Proof) -> None:
    """The owner would compare channels of different records."""
    assert [(each.channel, each.media_type) for each in renewal.outputs] == [
        (Channel.PRINT, "application/pdf"),
        (Channel.EMAIL, "text/html"),
        (Channel.WEB, "text/html"),
        (Channel.SMS, "text/plain"),
    ]
    assert all(each.sha256 == hashlib.sha256(each.content).hexdigest() for each in renewal.outputs)


def test_the_pdf_says_whose_it_is(renewal: Proof) -> None:
    """A letter for nobody, or for somebody else, would be signed off."""
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(output(renewal, Channel.PRINT).content)).pages)

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


def test_the_mail_the_page_and_the_text_speak_to_the_same_person(renewal: Proof) -> None:
    """One channel would be composed from other data."""
    for channel in (Channel.EMAIL, Channel.WEB):
        html = output(renewal, channel).content.decode()
        assert 'lang="fr"' in html
        assert "Inès" in html
        assert "318,40" in html
    assert output(renewal, Channel.SMS).text.startswith("Inès, votre assurance habitation")


def test_the_bill_names_the_library_assets_with_their_versions(renewal: Proof) -> None:
    """Nobody could say whether what is shown may be shown."""
    billed = {(item.key.system if item.key else None, item.name, item.version): item.state for item in renewal.bill}

    assert billed[System.ICONIK, "Green tariff tile", "v3"] is AssetState.APPROVED
    assert billed[System.CORE_DAM, "Harbour Mutual logo, RGB", "v3"] is AssetState.APPROVED
    assert None not in {item.key for item in renewal.bill}


def test_an_asset_that_is_not_approved_is_a_finding(renewal: Proof) -> None:
    """A picture under review would go to a hundred thousand people."""
    banner = next(item for item in renewal.bill if item.name == "Spring banner, French")
    told = [finding for finding in renewal.findings if banner.name in finding.sentence]

    assert banner.state is AssetState.IN_REVIEW
    assert [finding.level for finding in told] == [FindingLevel.WARNING]


def test_the_chosen_picture_is_in_the_pdf(renewal: Proof) -> None:
    """The bill would vouch for a picture that the letter does not show."""
    banner = next(item for item in renewal.bill if item.name == "Spring banner, French")
    chosen = Image.open(BytesIO(httpx.get(banner.address, trust_env=False).content))

    pages = PdfReader(BytesIO(output(renewal, Channel.PRINT).content)).pages
    shown = [Image.open(BytesIO(each.data)) for page in pages for each in page.images]

    assert any(look_alike(chosen, each) for each in shown)


def test_a_costly_character_in_a_text_message_is_pointed_at(renewal: Proof) -> None:
    """A hard space would triple what the texts cost."""
    told = next(finding for finding in renewal.findings if finding.channel is Channel.SMS)

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


async def test_the_language_is_looked_up_from_the_record_and_told(desk: StoryDesk) -> None:
    """Nobody could say why a customer in Mexico got that letter."""
    proof = await composed(desk, "Renewal notice", "Begoña Núñez Peña")

    assert proof.language[0].startswith("Asked: es-MX. The template is in ")
    assert proof.language[-1] == "Taken: es (es-MX → es)."
    assert [finding for finding in proof.findings if finding.place.endswith("language")] == []


async def test_a_language_that_is_not_there_is_told_as_a_default(desk: StoryDesk) -> None:
    """A customer in Japan would be counted among those who read English."""
    proof = await composed(desk, "Renewal notice", "太郎 山田")

    assert "ja-JP is not there: en stands in, and is no match" in [finding.sentence for finding in proof.findings]


def test_every_asset_says_why_it_is_there_and_whether_it_is_large_enough(renewal: Proof) -> None:
    """“Why this banner?” would be asked of the developers."""
    by_name = {item.name: item for item in renewal.bill}
    banner = by_name["Spring banner, French"]

    assert any(line.startswith("Language, among what may be shown: fr-FR → fr") for line in banner.why), banner.why
    assert any(line.startswith("Not Spring banner, ") for line in banner.why), banner.why
    assert any(line.startswith("Email, image ") for line in banner.why), banner.why
    assert any(line.startswith("Print: ") for line in banner.why), banner.why
