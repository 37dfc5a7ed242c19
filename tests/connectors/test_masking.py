"""What a vendor quotes back at us, however it writes it, is not shown; and neither is what stands in an address."""

import asyncio
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.calls import Call, FormBody
from connectors.errors import ConnectorError
from connectors.http import Transport
from connectors.masking import knowing, masked_address, scrub, secrets_of
from connectors.otds import BearerSignIn
from connectors.otds.wire import token_by_password

SECRET = 'Grüße/7&<ä> "q"=+\\Zq9'
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "in a path": quote,
    "in a query": lambda secret: quote(secret, safe=""),
    "in a query, in small letters": lambda secret: "".join(
        part.lower() if len(part) == 3 and part[0] == "%" else part for part in percents(secret)
    ),
    "in a form": quote_plus,
    "in JSON": lambda secret: json.dumps(secret)[1:-1],
    "in JSON beyond ASCII": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "on a web page": html.escape,
    "in the text of a web page": lambda secret: html.escape(secret, quote=False),
}
LETTERS = st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=["Zs", "Cc"])


def percents(secret: str) -> list[str]:
    """The pieces of a secret as it stands in a query: each escape, each letter."""
    written, pieces = quote(secret, safe=""), list[str]()
    while written:
        length = 3 if written[0] == "%" else 1
        pieces.append(written[:length])
        written = written[length:]
    return pieces


def call(secret: str) -> Call:
    """One that sends a password."""
    return Call(name="sign in", method="POST", path="/token", body=FormBody(fields=(("password", secret),)))


def shown(words: str, secret: str) -> str:
    """What is left of a vendor's words."""
    with knowing(lambda: secrets_of(call(secret), {})):
        return scrub(words)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_masked_however_it_is_written(spelling: str) -> None:
    """The password of everybody's connection would stand in a parked entry, for whoever looks at the outbox."""
    written = SPELLINGS[spelling](SECRET)

    assert shown(f"no such user, or not {written} any more", SECRET) == "no such user, or not ••• any more"


@given(secret=st.text(LETTERS, min_size=12, max_size=60), before=st.integers(0, 330))
@example(secret="x" * 40, before=290)
@example(secret="correct horse battery staple", before=280)
@example(secret="hunter2!a@b.test", before=0)
@example(secret="token=abc,hunter2", before=0)
def test_a_secret_is_not_shown_in_part_where_words_are_cut(secret: str, before: int) -> None:
    """Most of a password is as good as all of it."""
    words = "…" * before + " " + secret + " is wrong" * 40

    left = shown(words, secret)

    assert secret[:6] not in left
    assert len(left) <= 300


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_sign_in_quotes_no_password(status: int) -> None:
    """The token endpoint is asked beside the doorway's own judgement; what it quotes went into notices and reports."""
    said = {"error": "invalid_grant", "error_description": f"ada may not come in with {SECRET}"}
    sign_in = BearerSignIn(token_by_password(client_id="c", username="ada", password=SECRET, base_url="http://o.test"))

    async def refused() -> ConnectorError:
        wire = httpx.MockTransport(lambda _request: httpx.Response(status, json=said))
        desk = Transport(system="Exstream", base_url="http://x.test", sign_in=sign_in, wire=wire, attempts=1)
        try:
            with pytest.raises(ConnectorError) as caught:
                await desk.send(Call(name="anything", method="GET", path="/anything"))
        finally:
            await desk.close()
        return caught.value

    error = asyncio.run(refused())

    assert "ada may not come in with •••" in error.sentence
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ada:hush@dam.test/a?limit=5&q=hush", "dam.test/a?limit=5&q=•••"),
        ("https://ada%40home:hu%40sh@dam.test/a", "dam.test/a"),
        ("https://dam.test/a#token=hush", "dam.test/a"),
        ("https://dam.test/a;jsessionid=hush/b;v=hush", "dam.test/a;•••/b;•••"),
        ("https://dam.test/a?hush", "dam.test/a?•••"),
        ("https://dam.test/s--hush--/v1/a.png", "dam.test/s--•••--/v1/a.png"),
    ],
)
def test_an_address_is_shown_without_what_it_proves(url: str, expected: str) -> None:
    """The list of calls is what people show on a screen to others."""
    assert masked_address(url) == expected
