"""The world: the same for a seed, large without cost, and full of the trouble that it promises."""

import hashlib
import json
import random
from datetime import UTC, datetime, timedelta
from io import BytesIO
from time import process_time

import pytest
from PIL import Image
from pypdf import PdfReader

from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.library import assets_in, build_assets
from connectors.sandbox.seed import build_world
from connectors.sandbox.world import AssetKind, AssetStanding, Library, World

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)


def world_at_noon(*, seed: int = 1, assets: int = 120, customers: int = 60, events: int = 600) -> World:
    return build_world(seed=seed, clock=SandboxClock(NOON), assets=assets, customers=customers, events=events)


@pytest.fixture(scope="module")
def world() -> World:
    return world_at_noon()


def test_the_same_seed_makes_the_same_world(world: World) -> None:
    """A failed run could not be repeated."""
    again = world_at_noon()

    assert tuple(again.assets) == tuple(world.assets)
    assert again.customers == world.customers
    assert tuple(again.sent) == tuple(world.sent)
    assert again.secrets == world.secrets
    assert all(
        again.record(customer, "renewal-notice") == world.record(customer, "renewal-notice")
        for customer in world.customers
    )


def test_another_seed_makes_other_secrets_and_another_history(world: World) -> None:
    """Two sandboxes could not be told apart."""
    other = world_at_noon(seed=2)

    assert other.secrets["iconik"]["auth_token"] != world.secrets["iconik"]["auth_token"]
    assert tuple(other.sent)[10:] != tuple(world.sent)[10:]


def test_a_million_assets_start_at_once() -> None:
    """The bench for large libraries would need a million files, or minutes."""
    started = process_time()

    large = world_at_noon(assets=1_000_000, events=1_000_000)
    taken_s = process_time() - started

    assert taken_s < 1
    assert len(large.assets) == 1_000_000
    assert large.assets[-1].slug != large.assets[-1 - len(world_at_noon(assets=0).assets)].slug
    assert len(large.sent) == 1_000_000


def test_slugs_are_unique_beyond_the_real_assets() -> None:
    """Two assets of one library would share an id."""
    slugs = [asset.slug for asset in world_at_noon(assets=1_000).assets]

    assert len(set(slugs)) == 1_000


def test_every_library_standing_and_kind_is_there(world: World) -> None:
    """A facet of the grid would have nothing to show."""
    assert len(world.assets) >= 120
    assert {asset.library for asset in world.assets} == set(Library)
    assert {asset.standing for asset in world.assets} == set(AssetStanding)
    assert {asset.kind for asset in world.assets} == set(AssetKind)


def test_every_file_is_what_its_description_says(world: World) -> None:
    """A vendor would report sizes that its own download contradicts."""
    wrong = [
        file.name
        for asset in world.assets
        for version in asset.versions
        for file in (version.file, version.poster)
        if file is not None and len(file.read()) != file.size_bytes
    ]

    assert wrong == []


def test_every_picture_has_the_pixels_it_claims(world: World) -> None:
    """Print checks divide by these numbers."""
    pictures = [
        file
        for asset in world.assets
        for version in asset.versions
        for file in (version.file, version.poster)
        if file is not None and file.media_type in {"image/png", "image/jpeg"}
    ]

    wrong = [file.name for file in pictures if Image.open(BytesIO(file.read())).size != (file.width_px, file.height_px)]

    assert wrong == []


def test_older_versions_are_other_files(world: World) -> None:
    """A comparison of two versions would show nothing."""
    same = [
        asset.slug
        for asset in world.assets
        if len({hashlib.sha256(version.file.read()).digest() for version in asset.versions}) != len(asset.versions)
    ]

    assert same == []


def test_clips_carry_their_length_and_a_poster(world: World) -> None:
    """The grid could not show a clip's picture or duration."""
    clips = [asset.latest for asset in world.assets if asset.kind is AssetKind.VIDEO]

    assert {clip.file.media_type for clip in clips} == {"video/mp4", "video/webm"}
    assert all(clip.poster and (clip.file.duration_s or 0) >= 3 for clip in clips)
    # The first box of an MP4 and the EBML mark of a WebM: real containers, not renamed bytes.
    assert all(clip.file.read()[4:8] == b"ftyp" or clip.file.read()[:4] == b"\x1aE\xdf\xa3" for clip in clips)


def test_documents_are_real_pdfs_with_words(world: World) -> None:
    """A text diff between two disclosures would compare nothing with nothing."""
    disclosure = next(asset for asset in world.assets if asset.slug == "disclosure-home-fr")

    words = [PdfReader(BytesIO(version.file.read())).pages[0].extract_text() for version in disclosure.versions]

    assert "14 jours" in words[0]
    assert "30 jours" in words[-1]


def test_rights_alt_texts_and_sizes_have_their_trouble(world: World) -> None:
    """Checks for rights, alt text and print size would never fire."""
    ends = [asset.rights_end for asset in world.assets if asset.rights_end]
    today = world.began.date()

    assert any(end < today for end in ends)
    assert any(today <= end < today + timedelta(days=10) for end in ends)
    assert any(not asset.alt_text for asset in world.assets)
    assert any((asset.latest.file.width_px or 0) >= 2480 for asset in world.assets)
    assert any((asset.latest.file.width_px or 9999) < 400 for asset in world.assets)


def test_owners_makers_and_template_owners_are_people(world: World) -> None:
    """A page would show an owner whom no directory knows."""
    names = {person.full_name for person in world.people}
    logins = {person.login for person in world.people}

    assert {asset.owner for asset in world.assets} <= names
    assert {version.created_by for asset in world.assets for version in asset.versions} <= names
    assert {template.owner for template in world.templates} <= logins


def test_every_asset_of_a_template_exists(world: World) -> None:
    """A composed page would have a hole."""
    slugs = {asset.slug for asset in world.assets}

    assert {slug for template in world.templates for slug in template.assets} <= slugs


def test_the_hard_customers_are_always_there() -> None:
    """A small world would hide the cases that break templates."""
    few = world_at_noon(customers=0)

    notes = {customer.note for customer in few.customers}

    assert {
        "longest name",
        "right to left",
        "no spaces in the name",
        "zero amount",
        "credit",
        "withdrawn consent",
        "bounced address",
        "no mobile",
        "company only",
        "very long address",
        "apostrophes and ligatures",
    } <= notes


def test_customers_are_as_many_as_asked_and_have_their_own_numbers(world: World) -> None:
    """Two customers would share a workspace."""
    assert len(world.customers) == 60
    assert len({customer.number for customer in world.customers}) == 60


def test_no_address_or_number_can_reach_anybody() -> None:
    """A demo could mail a real person."""
    customers = world_at_noon(customers=300).customers

    assert all(
        customer.email.endswith((".example", "@example.com", "@example.org", "@example.net"))
        for customer in customers
        if customer.email
    )
    assert all(
        customer.mobile.startswith(("+3363998", "+447700900", "+491713920", "+1202555"))
        for customer in customers
        if customer.mobile
    )


def test_a_record_is_json_and_its_bill_adds_up(world: World) -> None:
    """A bill whose lines do not add up is the first thing a customer sees."""
    for customer in world.customers:
        record = json.loads(json.dumps(world.record(customer, "monthly-bill")))
        bill = record["bill"]

        lines = sum(round(line["amount"] * 100) for line in bill["lines"])
        assert lines + round(bill["previousBalance"] * 100) == round(bill["amount"] * 100)
        assert bill["meter"]["current"] - bill["meter"]["previous"] == bill["lines"][0]["quantity"]


@pytest.mark.parametrize(("note", "sign"), [("zero amount", 0), ("credit", -1)])
def test_zero_and_credit_bills_are_zero_and_credit(world: World, note: str, sign: int) -> None:
    """The hard cases would be names only."""
    customer = next(each for each in world.customers if each.note == note)

    bill = world.record(customer, "monthly-bill")["bill"]

    assert isinstance(bill, dict)
    assert (bill["amount"] > 0) - (bill["amount"] < 0) == sign


def test_only_the_notice_and_the_portal_depend_on_the_template(world: World) -> None:
    """One customer would owe two sums."""
    customer = world.customers[0]
    letter, bill = world.record(customer, "renewal-notice"), world.record(customer, "monthly-bill")

    differing = {key for key in letter if letter[key] != bill[key]}

    assert differing == {"notice", "portal"}


def test_the_history_lies_in_the_past_and_has_each_trouble(world: World) -> None:
    """Support would have nothing to support."""
    sent = tuple(world.sent)
    facts = [fact for communication in sent for fact in communication.facts]

    assert len(sent) >= 300
    assert all(fact.at <= world.began for fact in facts)
    assert {"5.1.1", "4.2.2", "5.7.1"} <= {fact.detail.split(" ")[0] for fact in facts if fact.kind == "not_delivered"}
    assert any(fact.detail.startswith("not attempted") for fact in facts)
    assert any(len({fact.id for fact in each.facts}) < len(each.facts) for each in sent), "reported twice"
    assert any(
        [fact.id for fact in sorted(each.facts, key=lambda fact: fact.reported_at)] != [fact.id for fact in each.facts]
        for each in sent
    ), "reported out of order"
    assert any(each.facts[-1].kind == "handed_over" for each in sent), "no last word"


def test_a_withdrawn_consent_is_never_attempted(world: World) -> None:
    """The history would show us breaking the law."""
    refusing = {customer.number for customer in world.customers if not customer.email_allowed}

    attempted = [
        each.id
        for each in world.sent
        if each.customer in refusing and each.channel == "email" and each.facts[-1].kind != "failed"
    ]

    assert attempted == []


def test_the_story_of_the_missing_mailbox_is_told(world: World) -> None:
    """The first thing that support is shown would be missing."""
    story = [each for each in world.sent if each.customer == "HM-204881" and each.id.startswith("S-caron")]

    bounced = next(each for each in story if each.channel == "email" and each.template == "renewal-notice")

    assert bounced.facts[-1].detail == "5.1.1 mailbox unknown"


def test_reading_the_world_leaves_other_dice_alone(world: World) -> None:
    """Order of reading would change what is read."""
    random.seed(5)
    before = random.getstate()

    backwards = tuple(world.sent[index] for index in reversed(range(20)))

    assert tuple(reversed(backwards)) == tuple(world.sent)[:20]
    assert random.getstate() == before


@pytest.mark.parametrize("count", [0, 129, 130, 500, 1291])
@pytest.mark.parametrize("library", Library)
def test_the_assets_of_one_library_are_found_without_reading_all(library: Library, count: int) -> None:
    """A library at a million would start late, or show other assets than a small one."""
    assets = build_assets(NOON, count)

    own = assets_in(library, assets)

    assert [asset.slug for asset in own] == [asset.slug for asset in assets if asset.library is library]
