"""Links and tokens that carry their own proof, against the vectors of the wire contract's §6."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.cloudinary import Asset, AssetId, DeliveryType, Links, ResourceType, SearchQuery, TokenKey
from connectors.cloudinary.sign_in import KeyPair
from connectors.cloudinary.signature import request_signature

NOW = datetime.fromtimestamp(1_700_000_000, UTC)
LINKS = Links(
    api_url="https://api.cloudinary.com",
    delivery_url="https://res.cloudinary.com",
    cloud="demo",
    keys=KeyPair(api_key="1234", api_secret="s3cr3t"),
)
HERO = Asset(
    asset_id=AssetId("0" * 32),
    public_id="brand/hero",
    resource_type=ResourceType.IMAGE,
    type=DeliveryType.PRIVATE,
    version=17,
    created_at=NOW,
    format="psd",
)
KEY = TokenKey(key="00112233ff99")


@pytest.mark.contract("cloudinary 6.4")
def test_a_token_is_the_contract_s_own_vector() -> None:
    """A private CDN would turn everybody away."""
    token = KEY.token(start=NOW, lasts=timedelta(seconds=600), acl=["/image/authenticated/brand/*"])

    assert token == (
        "__cld_token__=st=1700000000~exp=1700000600~acl=%2fimage%2fauthenticated%2fbrand%2f*"
        "~hmac=5652e017402187eb07e506fb2d7823ec59c7b0c470384051e6abecdc209b31cb"
    )


@pytest.mark.parametrize(
    "said", [{"acl": ["*"]}, {"expires_at": NOW}, {"start": NOW, "acl": ["*"]}, {"lasts": timedelta(1), "url": "/a"}]
)
def test_a_token_opens_something_and_ends(said: dict[str, object]) -> None:
    """A token without an end is a public asset."""
    with pytest.raises(ValueError, match="token"):
        KEY.token(**said)  # type: ignore[arg-type]  # keywords out of the table


@pytest.mark.contract("cloudinary 3.1.20", "cloudinary 6.1", "cloudinary 10.b4", "cloudinary 11.8")
def test_a_download_names_its_type_and_is_signed_over_all_it_says() -> None:
    """Without its type the vendor finds nothing; with an unsigned word it refuses everything."""
    link = LINKS.original(HERO, now=NOW, expires_at=NOW + timedelta(hours=2), file_name="Hero & Co.psd")

    parts = urlsplit(link)
    said = dict(parse_qsl(parts.query))
    assert parts.path == "/v1_1/demo/image/download"
    assert (said["type"], said["expires_at"], said["timestamp"]) == ("private", "1700007200", "1700000000")
    assert said["signature"] == request_signature(said.items(), api_secret="s3cr3t")


@pytest.mark.contract("cloudinary 3.4.b2", "cloudinary 6.5")
def test_a_search_is_signed_over_its_life_and_its_question() -> None:
    """Its readers would be refused, or could ask anything they like."""
    link = LINKS.search(SearchQuery(expression="tags:é", max_results=2, fields=()), next_cursor="c1")

    _, cloud, word, signature, ttl, asked, cursor = urlsplit(link).path.split("/")
    assert (cloud, word, ttl, cursor) == ("demo", "search", "300", "c1")
    assert len(signature) == 64
    assert json.loads(urlsafe_b64decode(asked)) == {"expression": "tags:é", "max_results": 2}


@pytest.mark.contract("cloudinary 3.1.21")
def test_an_old_version_is_named_by_both_its_ids() -> None:
    """The newest version would come in its place."""
    parts = urlsplit(LINKS.version(HERO.asset_id, "v1", now=NOW))

    said = dict(parse_qsl(parts.query))
    assert (parts.path, said["asset_id"], said["version_id"]) == ("/v1_1/demo/download_backup", HERO.asset_id, "v1")


def test_a_private_host_has_no_cloud_in_its_searches() -> None:
    """The link would be a 404."""
    own = Links(
        api_url="https://api.test", delivery_url="https://pics.test/", cloud="demo", keys=LINKS.keys, is_private=True
    )

    assert own.search(SearchQuery()).startswith("https://pics.test/search/")


@pytest.mark.parametrize("thing", [LINKS, KEY], ids=["links", "key"])
def test_no_secret_is_shown(thing: object) -> None:
    """A log line would give the account away."""
    assert "s3cr3t" not in repr(thing)
    assert "00112233ff99" not in repr(thing)
