"""What a file's Mews section becomes: a connector that works, in which no token lies open."""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
import trio

from agent.commands.model import Ack
from agent.foundation.http import Peer
from agent.foundation.timing import MewsClock
from agent.health.health import Health
from agent.mews.account.budget import TODAY, Budget
from agent.mews.connect import MewsMeans, connect
from agent.mews.connector import Connector
from provisioning.model import Dialect, Mews
from provisioning.secret import Secret

LONG_LIVED, SESSION = "C66E-long-lived", "210F-session"


def answer(request: httpx.Request) -> httpx.Response:
    """A Mews that lets in whoever has the right tokens."""
    sent, operation = json.loads(request.content), request.url.path.rpartition("/")[2]
    right = {"ConnectorToken": LONG_LIVED} if operation == "signIn" else {"AccessToken": SESSION}
    if not right.items() <= sent.items():
        return httpx.Response(401, json={"Message": f"{right} is wrong"})
    found = {"signIn": {"AccessToken": SESSION}, "getAllActive": {"Commands": []}}
    return httpx.Response(200, json=found.get(operation, {}))


class Network(httpx.AsyncBaseTransport):
    """Keeps nothing."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = b"".join([piece async for piece in request.stream])  # type: ignore[union-attr]
        whole = answer(httpx.Request(request.method, request.url, content=body))
        return httpx.Response(whole.status_code, stream=Whole(whole.content))


class Whole(httpx.AsyncByteStream):
    """A body in one piece."""

    def __init__(self, body: bytes) -> None:
        self._left = [body]

    def __aiter__(self) -> "Whole":
        return self

    async def __anext__(self) -> bytes:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()


def connector(*, connector_token: Secret | None = None, access_token: Secret | None = None) -> Connector:
    mews = Mews(Dialect.V2016, "http://mews.test", connector_token, access_token, poll_seconds=2.0)
    peer = Peer(mews.platform, transport=Network())
    return connect(mews, means(peer, Health(trio.current_time))).connector


def means(peer: Peer, health: Health) -> MewsMeans:
    zone, budget = ZoneInfo("Europe/Vienna"), Budget(*TODAY)
    return MewsMeans(peer, health, MewsClock(), trio.current_time, zone, budget, 180.0)


def texts(thing: object, seen: set[int]) -> Iterator[str]:
    """Every text that can be reached from `thing` without revealing a secret."""
    if id(thing) in seen or isinstance(thing, Secret | type):
        return
    seen.add(id(thing))
    if isinstance(thing, str | bytes):
        yield str(thing)
        return
    parts = list(thing.items()) if isinstance(thing, dict) else []
    if isinstance(thing, list | tuple | set | frozenset) or type(thing).__name__ == "deque":
        parts = list(thing)  # type: ignore[call-overload]
    if isinstance(thing, msgspec.Struct):
        parts = list(msgspec.structs.astuple(thing))
    for part in (*parts, *vars(thing).values()) if hasattr(thing, "__dict__") else parts:
        yield from texts(part, seen)
    yield from texts(getattr(thing, "__self__", None), seen)  # what a method belongs to


@pytest.mark.parametrize("tokens", [{"connector_token": Secret(LONG_LIVED)}, {"access_token": Secret(SESSION)}])
async def test_a_connector_lists_and_claims_with_either_token_and_keeps_none_open(
    autojump_clock: object, tokens: dict[str, Secret]
) -> None:
    mews = connector(**tokens)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(mews.poll_forever, lambda: frozenset(), _nothing)
        with trio.fail_after(5):
            await mews.wait_reached()
        reply = await mews.claim("c1", is_received=True)
        nursery.cancel_scope.cancel()
    kept = list(texts(mews, set()))
    assert reply.ack is Ack.YES
    assert "http://mews.test" in kept  # the look goes all the way to the line
    assert not any(token in text for text in kept for token in (LONG_LIVED, SESSION))


async def test_a_refused_token_is_blotted_out_of_mews_words(autojump_clock: object) -> None:
    health = Health(trio.current_time)
    mews = Mews(Dialect.V2016, "http://mews.test", connector_token=Secret("wrong-token"))
    here = connect(mews, means(Peer(mews.platform, transport=Echo()), health)).connector
    with trio.move_on_after(1):
        await here.poll_forever(lambda: frozenset(), _nothing)
    [fault] = health.active()
    assert fault.text == "Mews refuses the connector token at sign-in: “(hidden)?”."


class Echo(Network):
    """Refuses every token, and names it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = json.loads(b"".join([piece async for piece in request.stream]))  # type: ignore[union-attr]
        words = {"Message": f"{sent['ConnectorToken']}?"}
        return httpx.Response(401, stream=Whole(json.dumps(words).encode()))


async def _nothing(_listing: object, _asked_at: float) -> None:
    await trio.lowlevel.checkpoint()
