"""Proof Key for Code Exchange (RFC 7636): who hears the code alone can do nothing with it."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from secrets import token_urlsafe


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The two halves of PKCE (S256), and the state that ties the answer to the question."""

    verifier: str = field(repr=False)
    state: str = field(repr=False)

    @classmethod
    def fresh(cls) -> "Challenge":
        """One that nobody can guess."""
        return cls(verifier=token_urlsafe(64), state=token_urlsafe(24))

    @property
    def code_challenge(self) -> str:
        """What the browser may carry."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")
