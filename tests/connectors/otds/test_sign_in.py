"""The bearer sign-in that three systems share."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from connectors.calls import Call
from connectors.errors import SignInError
from connectors.http import Transport
from connectors.otds import BearerSignIn
from connectors.otds.wire import token_by_client

ANY_CALL = Call(name="anything", method="GET", path="/anything")


class Tick:
    """Seconds that pass by command."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


class System:
    """A system and its token endpoint in one; it accepts the newest token alone."""

    def __init__(self, *, life_s: int = 900) -> None:
        self.life_s = life_s
        self.issued = 0
        self.accepts_client = True
        self.seen: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            if not self.accepts_client:
                return httpx.Response(400, json={"error": "invalid_client"})
            self.issued += 1
            return httpx.Response(200, json={"access_token": f"t{self.issued}", "expires_in": self.life_s})
        self.seen.append(request.headers.get("authorization", ""))
        good = self.seen[-1] == f"Bearer t{self.issued}"
        return httpx.Response(200 if good else 401, json={})


def transport(system: System, sign_in: BearerSignIn) -> Transport:
    return Transport(
        system="Exstream", base_url="http://x.test", sign_in=sign_in, wire=httpx.MockTransport(system), attempts=1
    )


def bearer(tick: Tick | None = None) -> BearerSignIn:
    call = token_by_client(client_id="c", client_secret="hush", base_url="http://otds.test")
    return BearerSignIn(call, now_s=tick or Tick())


def test_one_token_serves_many_calls() -> None:
    """A token per call would double the traffic and trip the sign-in service's limits."""
    system = System()

    async def work() -> None:
        desk = transport(system, bearer())
        await asyncio.gather(*(desk.send(ANY_CALL) for _ in range(5)))
        await desk.close()

    asyncio.run(work())
    assert system.issued == 1
    assert system.seen == ["Bearer t1"] * 5


def test_a_token_is_renewed_before_it_ends() -> None:
    """A call begun in a token's last second would be refused on arrival."""
    system, tick = System(life_s=900), Tick()

    async def work() -> None:
        desk = transport(system, bearer(tick))
        await desk.send(ANY_CALL)
        tick.s = 871
        await desk.send(ANY_CALL)
        await desk.close()

    asyncio.run(work())
    assert system.seen == ["Bearer t1", "Bearer t2"]


def test_a_short_life_is_not_all_margin() -> None:
    """Tokens that live ten seconds must still be used more than once."""
    system, tick = System(life_s=10), Tick()

    async def work() -> None:
        desk = transport(system, bearer(tick))
        await desk.send(ANY_CALL)
        tick.s = 4
        await desk.send(ANY_CALL)
        await desk.close()

    asyncio.run(work())
    assert system.issued == 1


def test_a_refused_token_is_replaced_once_and_the_call_repeated() -> None:
    """Somebody may end a session from the administrator's side at any time."""
    system = System()

    async def work() -> int:
        desk = transport(system, bearer())
        await desk.send(ANY_CALL)
        system.issued += 1
        reply = await desk.send(ANY_CALL)
        await desk.close()
        return reply.status

    assert asyncio.run(work()) == 200
    assert system.issued == 3


def test_a_refused_client_is_a_sign_in_error_through_any_transport() -> None:
    """OAuth says 400 for a wrong secret; the person needs the sign-in card, not a field's complaint."""
    system = System()
    system.accepts_client = False

    async def work() -> None:
        desk = transport(system, bearer())
        try:
            await desk.send(ANY_CALL)
        finally:
            await desk.close()

    with pytest.raises(SignInError):
        asyncio.run(work())


def test_the_repr_masks_the_secret_and_the_token() -> None:
    """A sign-in object is part of every error report about its connection."""
    sign_in = bearer()
    system = System()

    async def work() -> None:
        desk = transport(system, sign_in)
        await desk.send(ANY_CALL)
        await desk.close()

    asyncio.run(work())
    assert "t1" not in repr(sign_in)
    assert "hush" not in repr(sign_in)


def test_a_margin_can_be_chosen() -> None:
    """Sites with slow clocks need more room."""
    sign_in = BearerSignIn(token_by_client(client_id="c", client_secret="s"), margin=timedelta(minutes=5))

    assert not sign_in.is_signed_in
