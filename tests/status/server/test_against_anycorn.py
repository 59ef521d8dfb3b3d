"""Our server against a foreign one, anycorn, on trio as well: the same application, the same odd bytes.

Ours gives the same answers or is stricter: it refuses, or ends, where the other one answers. Never the other way
round but for `ELSEWHERE`, and never another reading of the same bytes, which is what request smuggling is made of.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import trio
from anycorn import Config, serve
from starlette.types import Receive, Scope, Send

from agent.status.server.address import Address, bind
from agent.status.server.connection import Limits
from agent.status.server.serving import serve_listener
from tests.status.server.odd_requests import odd_requests

COUNT = 2_000 if "NIGHTPORTER_EXPLORE" in os.environ else 300
SECONDS = 1.0  # s of silence after which both servers end a connection
AT_A_TIME = 24
PATIENCE = 20.0  # s for one connection, on a busy machine


class Answer(msgspec.Struct, frozen=True):
    """What came back: a status, and a body for statuses below 400, which is what the application was told."""

    status: int
    body: str


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what it was asked."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    told = json.dumps(
        [scope["method"].upper(), scope["query_string"].decode("latin-1"), body.decode("latin-1")]
    ).encode()
    content = b"" if scope["method"] == "HEAD" else told
    length = (b"content-length", b"%d" % len(content))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": content})


async def with_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """The same for a server that tells its application of start and end."""
    if scope["type"] != "lifespan":
        await echo(scope, receive, send)
        return
    for word in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{word}.complete"})


@asynccontextmanager
async def both() -> AsyncIterator[tuple[Address, Address]]:
    """Ours, then theirs."""
    config = Config()
    config.bind = ["127.0.0.1:0"]
    config.keep_alive_timeout = config.read_timeout = int(SECONDS)
    config.graceful_timeout = config.shutdown_timeout = 0.1
    config.accesslog = config.errorlog = None
    listener = await bind("127.0.0.1:0")

    async def serve_ours(*, task_status: trio.TaskStatus[Address]) -> None:
        limits = Limits(seconds=SECONDS, peer=1e6, everyone=1e6)  # all of them come from one address
        await serve_listener(listener, echo, limits=limits, task_status=task_status)

    async def serve_theirs(*, task_status: trio.TaskStatus[Any]) -> None:
        await serve(with_lifespan, config, task_status=task_status)  # type: ignore[arg-type] # its own ASGI types

    async with trio.open_nursery() as nursery:
        ours = await nursery.start(serve_ours)
        (theirs,) = await nursery.start(serve_theirs)
        port = int(theirs.rpartition(":")[2])
        yield ours, Address("127.0.0.1", port)
        nursery.cancel_scope.cancel()


async def answers(address: Address, sent: bytes) -> list[Answer]:
    """Everything that comes until the server hangs up."""
    heard = bytearray()
    async with await trio.open_tcp_stream(address.host, address.port) as stream:
        with trio.move_on_after(PATIENCE) as patience:
            try:
                await stream.send_all(sent)
                while piece := await stream.receive_some():
                    heard += piece
            except trio.BrokenResourceError:
                pass  # a reset: what came before it counts
    assert not patience.cancelled_caught, f"the connection to {address.port} never ended for {sent!r}"
    return list(_read(bytes(heard)))


def _read(heard: bytes) -> list[Answer]:
    found: list[Answer] = []
    while heard.startswith(b"HTTP/1."):
        head, _, heard = heard.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        lengths = [int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")]
        status, length = int(head[9:12]), (lengths or [0])[0]
        body, heard = heard[:length], heard[length:]
        if status >= 200:
            found.append(Answer(status, body.decode("latin-1") if status < 400 else ""))
    return found


class Difference(msgspec.Struct, frozen=True):
    """Where ours answers and the other one does not: the answer of that number is the first of them, from 0."""

    series: list[bytes]
    number: int
    ours: list[Answer]
    theirs: list[Answer]

    @property
    def request(self) -> bytes:
        """The one that is answered so, as far as the two count alike."""
        return self.series[self.number] if self.number < len(self.series) else b""

    @property
    def is_ours_last(self) -> bool:
        """Whether ours answered nothing more after it."""
        return self.number == len(self.ours) - 1


def is_bad_escape(difference: Difference) -> bool:
    """`/%zz` is refused there. For ours it is an address as any other, and one at which nothing is."""
    return difference.request.split(b" ")[1:2] == [b"/%zz"] and difference.theirs[-1].status == 400


def is_followed_old(difference: Difference) -> bool:
    """A request in HTTP/1.0, after which a connection ends (RFC 9112, 9.3), and something sent after it all the
    same. Ours answers the one and reads no further; the other one takes what follows for a fault, and may drop the
    answer.
    """
    head = difference.request.splitlines()[:1]
    is_followed = difference.number < len(difference.series) - 1
    return head != [] and head[0].endswith(b" HTTP/1.0") and is_followed and difference.is_ours_last


def is_other_protocol(difference: Difference) -> bool:
    """An offer of HTTP/2, which is taken there: what comes then is no HTTP/1.1. Ours does not take it (7.8)."""
    is_silent = len(difference.theirs) == difference.number
    return b"Upgrade: h2c" in difference.request.splitlines() and is_silent


ELSEWHERE = (is_bad_escape, is_followed_old, is_other_protocol)


def verdict(series: list[bytes], ours: list[Answer], theirs: list[Answer]) -> str:
    """`same`, `stricter`, the name of a rule of `ELSEWHERE`, or what is wrong."""
    for number, answer in enumerate(ours):
        if answer.status >= 400:
            is_same = number < len(theirs) and theirs[number].status >= 400
            return "same" if is_same else "stricter"
        if number >= len(theirs) or theirs[number].status >= 400:
            difference = Difference(series, number, ours, theirs)
            return next((rule.__name__ for rule in ELSEWHERE if rule(difference)), "laxer")
        if answer != theirs[number]:
            return "another reading"
    return "same" if len(ours) == len(theirs) else "stricter"


async def test_ours_answers_the_same_as_a_foreign_server_or_is_stricter() -> None:
    tally: dict[str, int] = {}
    wrong: list[str] = []
    turns = trio.CapacityLimiter(AT_A_TIME)

    async def compare(number: int) -> None:
        async with turns:
            series = odd_requests(number)
            sent = b"".join(series)
            mine, foreign = await answers(ours, sent), await answers(theirs, sent)
            found = verdict(series, mine, foreign)
            tally[found] = tally.get(found, 0) + 1
            if found in ("laxer", "another reading"):
                wrong.append(f"{number} {found}: {sent!r}\n  ours {mine}\n  theirs {foreign}")

    async with both() as (ours, theirs), trio.open_nursery() as nursery:
        for number in range(COUNT):
            nursery.start_soon(compare, number)
    print(tally)
    assert not wrong, f"{tally}\n" + "\n".join(wrong[:20])
    assert tally["same"] > COUNT / 4  # else the requests are too odd to compare anything
