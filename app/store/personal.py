"""Personal content at rest: sealed with a key out of the keyring, and found by keyed tokens of what is typed.

Three functions of SQL do it, so that the modules with SQL in them say where something personal goes:
``sealed(bytes)``, ``unsealed(bytes)`` and ``tokens(text)``.

What was sealed with another key reads as nothing: the keyring may be locked today and open again tomorrow.
"""

import hashlib
import secrets
import sqlite3
import unicodedata
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Iterator
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.store.fulltext import MAX_WORDS

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TOKEN_BYTES: Final = 8
"""Two beginnings of words among a million collide once in millions of profiles; a hit is read again anyway."""
_MARK: Final = "\ue000"
"""A letter of nobody's alphabet begins every token, so that no plain word that is typed is the beginning of one."""
_LONGEST: Final = 16
"""Letters of a word that count; more are compared by nobody who types."""


class PersonalKey:
    """The key of one profile, and the two that are derived from it. It never shows itself."""

    def __init__(self, secret: bytes, *, is_lasting: bool = True) -> None:
        """``is_lasting``: whether it is there again after a restart. Raises: ValueError when not 32 bytes long."""
        if len(secret) != _KEY_BYTES:
            raise ValueError("a personal key has 32 bytes")
        self.is_lasting = is_lasting
        self._secret = secret
        self._box = AESGCM(_derived(secret, b"seal"))
        self._token_key = _derived(secret, b"tokens")

    def __repr__(self) -> str:
        return f"PersonalKey(fingerprint={self.fingerprint!r})"

    @classmethod
    def generate(cls) -> Self:
        """A new one, which nobody keeps so far."""
        return cls(secrets.token_bytes(_KEY_BYTES), is_lasting=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The one that :meth:`as_text` wrote. Raises: ValueError when ``text`` is none."""
        try:
            return cls(urlsafe_b64decode(text.encode()))
        except (BadBase64, UnicodeEncodeError) as error:
            raise ValueError("this is no personal key") from error

    def as_text(self) -> str:
        """For the keyring."""
        return urlsafe_b64encode(self._secret).decode()

    @property
    def fingerprint(self) -> str:
        """Tells keys apart, and tells nothing of the key."""
        return _derived(self._secret, b"fingerprint")[:8].hex()

    def seal(self, content: bytes) -> bytes:
        """``content``, unreadable and unchangeable without the key."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, content, None)

    def unseal(self, sealed: bytes) -> bytes | None:
        """What :meth:`seal` was given; None when another key sealed it, or it was changed."""
        try:
            return self._box.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError):
            return None

    def tokens(self, words: str) -> str:
        """A token for every beginning of every word, to be indexed in the words' place."""
        beginnings = {word[:length] for word in _words(words) for length in range(1, len(word[:_LONGEST]) + 1)}
        return " ".join(sorted(map(self._token, beginnings)))

    def sought(self, typed: str) -> str:
        """The FTS5 query for what was typed so far: every word is the beginning of an indexed one.

        Looks among tokens and, for numbers and ids, among the plain words as well. Empty when nothing was typed.
        """
        pieces = typed.replace("\0", " ").replace('"', " ").split()
        terms = [term for piece in pieces if (term := self._term(piece))]
        return " AND ".join(terms[:MAX_WORDS])

    def _term(self, piece: str) -> str:
        tokens = " AND ".join(f'"{self._token(word[:_LONGEST])}"' for word in _words(piece))
        return f'("{piece}"* OR ({tokens}))' if tokens else ""

    def _token(self, beginning: str) -> str:
        digest = hashlib.blake2b(beginning.encode(), key=self._token_key, digest_size=_TOKEN_BYTES).digest()
        return _MARK + b32encode(digest).decode().rstrip("=").lower()

    def register(self, connection: sqlite3.Connection) -> None:
        """Let SQL on ``connection`` seal, unseal and index."""
        connection.create_function("sealed", 1, self._sealed)
        connection.create_function("unsealed", 1, self._unsealed)
        connection.create_function("tokens", 1, self.tokens)
        connection.create_function("sought", 1, self.sought)

    def _sealed(self, content: bytes | str) -> bytes:
        return self.seal(content.encode() if isinstance(content, str) else content)

    def _unsealed(self, sealed: bytes) -> bytes:
        return self.unseal(sealed) or b""


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"proofdesk " + purpose).derive(secret)


def _words(text: str) -> Iterator[str]:
    """The words of ``text`` as the full-text index parts and folds them: letters and digits, no case, no accents."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    word = ""
    for each in plain:
        if each.isalnum():
            word += each
        elif word:
            yield word
            word = ""
    if word:
        yield word
