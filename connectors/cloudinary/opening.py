"""Opening a connection to one cloud: with a key pair, or as a person who has signed in."""

from collections.abc import Callable
from typing import Final

from connectors.cloudinary import wire
from connectors.cloudinary.client import CloudinaryClient
from connectors.cloudinary.delivery import DeliveryHost
from connectors.cloudinary.links import Links
from connectors.cloudinary.oauth import OAUTH_BASE_URL, OAuthSignIn, TokenPair, read_oauth_failure
from connectors.cloudinary.sign_in import KeyPair
from connectors.cloudinary.signature import Digest
from connectors.http import Exchange, Pace, SignIn, Transport, Wire

SYSTEM: Final = "Cloudinary"
API_BASE_URL: Final = "https://api.cloudinary.com"
DELIVERY_BASE_URL: Final = "https://res.cloudinary.com"
API_PACE: Final = Pace(calls=20, per_s=1.0, at_once=6)
DELIVERY_PACE: Final = Pace(calls=60, per_s=1.0, at_once=12)
"""CHOSEN: Cloudinary states an hourly budget and no rate; a CDN takes more than an API."""


def open_cloudinary(
    *,
    cloud_name: str,
    api_key: str,
    api_secret: str,
    base_url: str = API_BASE_URL,
    delivery_url: str = DELIVERY_BASE_URL,
    is_private_delivery: bool = False,
    signs_forms: bool = False,
    digest: Digest = Digest.SHA1,
    has_long_signatures: bool = False,
    pace: Pace = API_PACE,
    delivery_pace: Pace = DELIVERY_PACE,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire_to_api: Wire | None = None,
    wire_to_delivery: Wire | None = None,
) -> CloudinaryClient:
    """A client of one cloud, ready to be used on the running loop.

    ``base_url`` and ``delivery_url`` carry no path. The wires replace the network in tests.
    """
    keys = KeyPair(api_key=api_key, api_secret=api_secret)
    return CloudinaryClient(
        api=_api(base_url, keys, pace=pace, on_exchange=on_exchange, wire_to_api=wire_to_api),
        delivery=_delivery(
            delivery_url, pace=delivery_pace, on_exchange=on_exchange, wire_to_delivery=wire_to_delivery
        ),
        host=DeliveryHost(
            base_url=delivery_url,
            cloud_name=cloud_name,
            api_secret=api_secret,
            is_private=is_private_delivery,
            digest=digest,
            has_long_signatures=has_long_signatures,
        ),
        keys=keys,
        links=Links(
            api_url=base_url,
            delivery_url=delivery_url,
            cloud=cloud_name,
            keys=keys,
            is_private=is_private_delivery,
            digest=digest,
        ),
        signs_forms=signs_forms,
        digest=digest,
    )


def open_cloudinary_as_person(
    *,
    tokens: TokenPair,
    client_id: str,
    cloud_name: str = "",
    base_url: str = API_BASE_URL,
    oauth_url: str = OAUTH_BASE_URL,
    delivery_url: str = DELIVERY_BASE_URL,
    is_private_delivery: bool = False,
    pace: Pace = API_PACE,
    delivery_pace: Pace = DELIVERY_PACE,
    on_renewed: Callable[[TokenPair], None] = lambda _pair: None,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire_to_api: Wire | None = None,
    wire_to_delivery: Wire | None = None,
    wire_to_oauth: Wire | None = None,
) -> CloudinaryClient:
    """As :func:`open_cloudinary`, with what a person's sign-in yielded; the cloud is the token's unless it is named.

    Without a secret nothing can be signed: no links, no delivery of what is not public.
    """
    cloud = cloud_name or tokens.cloud_name
    oauth = open_oauth(oauth_url, on_exchange=on_exchange, wire_to_oauth=wire_to_oauth)
    person = OAuthSignIn(tokens, client_id=client_id, oauth=oauth, on_renewed=on_renewed)
    return CloudinaryClient(
        api=_api(base_url, person, pace=pace, on_exchange=on_exchange, wire_to_api=wire_to_api),
        delivery=_delivery(
            delivery_url, pace=delivery_pace, on_exchange=on_exchange, wire_to_delivery=wire_to_delivery
        ),
        host=DeliveryHost(base_url=delivery_url, cloud_name=cloud, is_private=is_private_delivery),
        also_close=(oauth,),
    )


def open_cloudinary_signed_in(
    sign_in: SignIn,
    *,
    cloud_name: str,
    base_url: str = API_BASE_URL,
    delivery_url: str = DELIVERY_BASE_URL,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire_to_api: Wire | None = None,
    wire_to_delivery: Wire | None = None,
) -> CloudinaryClient:
    """As :func:`open_cloudinary_as_person`, for whoever keeps the tokens elsewhere and shows them by ``sign_in``."""
    return CloudinaryClient(
        api=_api(base_url, sign_in, pace=API_PACE, on_exchange=on_exchange, wire_to_api=wire_to_api),
        delivery=_delivery(
            delivery_url, pace=DELIVERY_PACE, on_exchange=on_exchange, wire_to_delivery=wire_to_delivery
        ),
        host=DeliveryHost(base_url=delivery_url, cloud_name=cloud_name),
    )


def open_oauth(
    oauth_url: str = OAUTH_BASE_URL,
    *,
    on_exchange: Callable[[Exchange], None] = lambda _exchange: None,
    wire_to_oauth: Wire | None = None,
) -> Transport:
    """The transport of the OAuth host, which is asked without a proof."""
    return Transport(
        system=SYSTEM,
        base_url=oauth_url,
        read_failure=read_oauth_failure,
        pace=API_PACE,
        on_exchange=on_exchange,
        wire=wire_to_oauth,
    )


def _api(
    base_url: str, sign_in: SignIn, *, pace: Pace, on_exchange: Callable[[Exchange], None], wire_to_api: Wire | None
) -> Transport:
    return Transport(
        system=SYSTEM,
        base_url=base_url,
        sign_in=sign_in,
        read_failure=wire.read_failure,
        pace=pace,
        on_exchange=on_exchange,
        wire=wire_to_api,
    )


def _delivery(
    delivery_url: str, *, pace: Pace, on_exchange: Callable[[Exchange], None], wire_to_delivery: Wire | None
) -> Transport:
    return Transport(
        system=SYSTEM,
        base_url=delivery_url,
        read_failure=wire.read_delivery_failure,
        pace=pace,
        on_exchange=on_exchange,
        wire=wire_to_delivery,
    )
