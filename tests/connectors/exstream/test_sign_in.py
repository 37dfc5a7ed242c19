"""Who signs in, and for what: scopes by edition, and the CSRF pair around every sign-in."""

import pytest

from connectors.calls import Call, FormBody, Reply
from connectors.exstream import CLOUD_SCOPE, PRIVATE_SCOPE, Site, client_sign_in
from connectors.exstream.csrf import CsrfPair
from connectors.http import NoSignIn


def refusal(status: int = 403, **cookies: str) -> Reply:
    """A refused call that hands out cookies."""
    return Reply(system="Exstream", call="x", status=status, headers={}, body=b"", cookies=cookies)


@pytest.mark.contract("exstream 4.5", "exstream 4.4")
@pytest.mark.parametrize(
    ("scope", "asked"), [(CLOUD_SCOPE, "search otds:groups subscription:harbour"), (PRIVATE_SCOPE, "otds:groups")]
)
def test_the_scope_belongs_to_the_edition(scope: str, asked: str) -> None:
    """A token for the wrong scope opens nothing, and says so only later."""
    sign_in = client_sign_in(
        otds_url="https://otds.test", client_id="c", client_secret="s", subscription="harbour", scope=scope
    )

    body = sign_in._token_call.body

    assert isinstance(body, FormBody)
    assert dict(body.fields)["scope"] == asked


@pytest.mark.contract("exstream 1.1.8")
def test_nothing_is_sent_until_a_pair_was_handed_out() -> None:
    """The vendor's own samples send none."""
    pair = CsrfPair(NoSignIn(), site=Site())

    before = dict(pair.headers())
    pair.observe(refusal(200, **{"XSRF-TOKEN": "t1"}))

    assert before == {}
    assert pair.headers() == {"Cookie": "XSRF-TOKEN=t1", "X-XSRF-TOKEN": "t1"}


@pytest.mark.contract("exstream 1.1.8")
@pytest.mark.parametrize(
    ("reply", "is_refused"),
    [
        (refusal(403, **{"XSRF-TOKEN": "t2"}), True),
        (refusal(403, **{"XSRF-TOKEN": "t1"}), False),
        (refusal(403), False),
        (refusal(409, **{"XSRF-TOKEN": "t2"}), False),
    ],
)
def test_only_a_new_pair_is_worth_another_attempt(reply: Reply, *, is_refused: bool) -> None:
    """A missing right is refused with the pair that we brought, and must not be asked for twice."""
    pair = CsrfPair(NoSignIn(), site=Site())
    pair.observe(refusal(200, **{"XSRF-TOKEN": "t1"}))

    assert pair.refused(reply) is is_refused


@pytest.mark.contract("exstream 7.b")
def test_the_pair_is_masked() -> None:
    """A repr ends in a log."""
    pair = CsrfPair(NoSignIn(), site=Site())
    pair.observe(refusal(200, **{"XSRF-TOKEN": "t1-secret"}))

    assert "t1-secret" not in repr(pair)
    assert "t1-secret" not in repr(Call(name="x", method="GET", path="/", headers=pair.headers()))
