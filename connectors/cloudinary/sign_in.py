"""How a connection to Cloudinary proves who it is: the key pair as HTTP Basic on every call."""

from base64 import b64encode
from collections.abc import Mapping

from connectors.calls import Reply
from connectors.http import Send


class KeyPair:
    """An API key with its secret. There is nothing to renew, so a refusal is final.

    Source: wire contract "Cloudinary" §1, CONFIRMED.
    """

    is_signed_in = True

    def __init__(self, *, api_key: str, api_secret: str) -> None:
        self.api_key = api_key
        self.api_secret = api_secret

    def __repr__(self) -> str:
        return "KeyPair(api_key=•••, api_secret=•••)"

    async def sign_in(self, send: Send) -> None:
        """Nothing is exchanged: the pair itself is the proof."""

    def headers(self) -> Mapping[str, str]:
        """The pair as Basic authorisation."""
        pair = f"{self.api_key}:{self.api_secret}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}

    def observe(self, reply: Reply) -> None:
        """Nothing rolls."""

    def refused(self, reply: Reply) -> bool:
        """Never *expired*: sending the same pair again would be refused again."""
        del reply
        return False
