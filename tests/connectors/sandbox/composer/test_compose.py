"""Whole communications: the record's data, the chosen pictures, every channel."""

import asyncio
import io
from collections.abc import Mapping

import pytest
from pypdf import PdfReader

from connectors.sandbox.composer import (
    Composer,
    MissingDataError,
    Output,
    PictureError,
    UnknownTemplateError,
    catalogue,
)
from connectors.sandbox.world import World, WorldCustomer
from tests.connectors.sandbox.composer.conftest import COLOURS, PaintedPictures


def composed(
    composer: Composer, slug: str, channel: str, record: Mapping[str, object], *, version: int | None = None
) -> Output:
    """One output."""
    return asyncio.run(composer.compose(slug, version, channel, record))


def printed_text(output: Output) -> str:
    """The words of a PDF, line breaks as spaces."""
    pages = PdfReader(io.BytesIO(output.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


def test_a_letter_holds_the_customers_data_as_text(composer: Composer, world: World, ines: WorldCustomer) -> None:
    """Search, archive and screen readers need words, not a picture of words."""
    letter = composed(composer, "renewal-notice", "print", world.record(ines, "renewal-notice"))

    text = printed_text(letter)

    assert letter.pages == 3
    for words in ("Mme Inès Caron", "59800 Lille", "318,40 €", "P-204881-1", "1er juin 2026"):
        assert words in text


def test_a_letter_holds_the_chosen_picture(composer: Composer, world: World, ines: WorldCustomer) -> None:
    """The banner of another language in a signed-off letter is the mistake that proofs are for."""
    letter = composed(composer, "renewal-notice", "print", world.record(ines, "renewal-notice"))

    images = [image.image for page in PdfReader(io.BytesIO(letter.content)).pages for image in page.images]
    colours = [image.convert("RGB").getpixel((10, 10)) for image in images if image is not None]

    assert COLOURS["spring-banner-fr"] in colours
    assert COLOURS["spring-banner-en"] not in colours


def test_the_records_own_asset_wins_over_the_template(
    composer: Composer, world: World, ines: WorldCustomer, pictures: PaintedPictures
) -> None:
    """The desk's rules choose assets by naming them in the data."""
    record = world.record(ines, "renewal-notice")
    record["assets"] = {"banner": {"slug": "storm-notice-header", "url": "http://cdn.test/storm.png", "version": 7}}

    mail = composed(composer, "renewal-notice", "email", record)

    banner = next(asset for asset in mail.assets if asset.slot == "banner")
    assert (banner.slug, banner.version, banner.url) == ("storm-notice-header", 7, "http://cdn.test/storm.png")
    assert b'src="http://cdn.test/storm.png"' in mail.content
    assert "spring-banner-fr" not in pictures.asked


def test_a_mail_names_its_pictures_by_their_delivery_address(
    composer: Composer, world: World, ines: WorldCustomer
) -> None:
    """A mail client fetches them; nothing is embedded."""
    mail = composed(composer, "renewal-notice", "email", world.record(ines, "renewal-notice")).content.decode()

    assert '<html lang="fr" dir="ltr">' in mail
    assert 'src="http://assets.test/spring-banner-fr.png"' in mail
    assert "Bonjour Inès," in mail
    assert "data:" not in mail


def test_a_text_message_is_nothing_but_text(composer: Composer, world: World, ines: WorldCustomer) -> None:
    """Every character of it is paid for."""
    message = composed(composer, "renewal-notice", "sms", world.record(ines, "renewal-notice"))

    assert message.media_type == "text/plain"
    assert message.content.decode().startswith("Inès, votre assurance habitation se renouvelle le 1er juin")
    assert message.assets == ()


def test_names_that_look_like_markup_stay_names(composer: Composer, world: World, ines: WorldCustomer) -> None:
    """A customer's data must not write the page."""
    record = world.record(ines, "renewal-notice")
    record["customer"] = {
        "number": "HM-1",
        "title": "Mr",
        "givenName": "<script>",
        "familyName": "#panic(1) & Sons",
        "locale": "en-GB",
        "segments": [],
    }

    mail = composed(composer, "renewal-notice", "email", record).content.decode()
    letter = composed(composer, "renewal-notice", "print", record)

    assert "Hello &lt;script&gt;," in mail
    assert "#panic(1) & Sons" in printed_text(letter)


def test_arabic_runs_from_right_to_left(composer: Composer, world: World) -> None:
    """Left to right it is unreadable."""
    customer = next(customer for customer in world.customers if customer.locale == "ar")

    page = composed(composer, "monthly-bill", "web", world.record(customer, "monthly-bill")).content.decode()

    assert '<html lang="ar" dir="rtl">' in page


def test_nothing_to_pay_says_so(composer: Composer, world: World) -> None:
    """Asking for €0.00 makes people call."""
    customer = next(customer for customer in world.customers if customer.note == "zero amount")
    record = world.record(customer, "monthly-bill")

    bill = composed(composer, "monthly-bill", "email", record).content.decode()

    words = {"fr": "rien à payer", "en": "nothing to pay", "de": "nichts zu zahlen", "es": "nada que pagar"}
    assert words[customer.locale.partition("-")[0]] in bill


def test_missing_data_is_named_by_its_pointers(composer: Composer, world: World, ines: WorldCustomer) -> None:
    """Whoever prepares the data needs to know what to add."""
    record = world.record(ines, "renewal-notice")
    record["policy"] = {"number": "P-1", "product": "Home cover", "premium": 0, "currency": ""}

    with pytest.raises(MissingDataError) as told:
        composed(composer, "renewal-notice", "sms", record)

    assert told.value.pointers == ("/policy/renewalDate", "/policy/currency")


@pytest.mark.parametrize(
    ("slug", "version", "channel"),
    [("no-such-letter", None, "print"), ("renewal-notice", 99, "print"), ("storm-advice", None, "print")],
)
def test_what_does_not_exist_is_not_composed(composer: Composer, slug: str, version: int | None, channel: str) -> None:
    """A wrong id must not end in some other letter."""
    with pytest.raises(UnknownTemplateError):
        composed(composer, slug, channel, {}, version=version)


def test_a_picture_that_nobody_has_is_named(composer: Composer, world: World, ines: WorldCustomer) -> None:
    """A letter with an empty frame looks finished and is not."""
    record = world.record(ines, "renewal-notice") | {"assets": {"banner": {"slug": "lost-banner"}}}

    with pytest.raises(PictureError, match="lost-banner"):
        composed(composer, "renewal-notice", "email", record)


def test_composing_twice_gives_the_same_bytes(composer: Composer, world: World, ines: WorldCustomer) -> None:
    """A sign-off is bound to the bytes."""
    record = world.record(ines, "renewal-notice")

    one, other = (composed(composer, "renewal-notice", "print", record) for _ in range(2))

    assert one.content == other.content


@pytest.mark.parametrize("slug", sorted(catalogue()))
def test_every_template_composes_for_every_customer_on_every_channel(
    composer: Composer, world: World, slug: str
) -> None:
    """The hard cases of the world exist to break templates; print is tried with the longest name alone, for time."""
    template = catalogue()[slug]
    longest = max(world.customers, key=lambda customer: len(customer.given_name + customer.family_name))

    async def all_of_it() -> list[Output]:
        return [
            await composer.compose(slug, None, channel, world.record(customer, slug))
            for customer in world.customers
            for channel in template.channels
            if channel != "print" or customer is longest
        ]

    outputs = asyncio.run(all_of_it())

    assert all(output.content for output in outputs)
    assert b"None" not in b"".join(output.content for output in outputs if output.media_type != "application/pdf")


def test_one_look_serves_every_channel(
    composer: Composer, world: World, ines: WorldCustomer, pictures: PaintedPictures
) -> None:
    """A banner that changes between the mail and the letter would make two communications of one."""
    looking = composer.with_one_look()
    record = world.record(ines, "renewal-notice")

    for channel in ("print", "email", "web"):
        composed(looking, "renewal-notice", channel, record)

    assert len(pictures.asked) == len(set(pictures.asked)) == 4
