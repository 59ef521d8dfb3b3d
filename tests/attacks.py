"""What a rude or broken neighbour does to the page, from a process of its own: for tests and for the bench.

`python -m tests.attacks HOST PORT`: does all of it until it is ended; says "under way" once it is. A socket stays
open until the other side closes it, and is opened again a moment later. The crowd comes from `NEIGHBOURS`
addresses, as broken devices of a house do; on the loopback that needs no more than to name them. It is nice to
everything else on this machine, so that its own work is not taken for what it does to the agent.
"""

import os
import random
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import trio

GET = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n"
PAUSE = 5.0  # s until a closed connection is tried again, more or less
DRIP = 0.2  # s between two bytes
FLOOD = 0.05  # s until one of the flood is back
NEIGHBOURS = 8
NICEST = 19
BIG = 50_000_000  # bytes
SETTLED = 6.0  # s until all have been there once
UNDER_WAY = "under way"
_GONE = (OSError, trio.BrokenResourceError, trio.ClosedResourceError)

Attack = Callable[[trio.SocketStream], Awaitable[None]]


async def idle(stream: trio.SocketStream) -> None:
    """Says nothing."""
    await _hear(stream)


async def drip_head(stream: trio.SocketStream) -> None:
    """A head that never ends."""
    await stream.send_all(GET % b"" + b"X: ")
    await _drip(stream)


async def drip_body(stream: trio.SocketStream) -> None:
    """A body that takes hours."""
    await stream.send_all(GET.replace(b"GET", b"POST") % b"" + b"Content-Length: 1000\r\n\r\n")
    await _drip(stream)


async def post_much(stream: trio.SocketStream) -> None:
    """50 MB, whatever the answer."""
    await stream.send_all(GET.replace(b"GET", b"POST") % b"" + b"Content-Length: %d\r\n\r\n" % BIG)
    for _ in range(BIG // 65_536):
        await stream.send_all(bytes(65_536))


async def want_stream(stream: trio.SocketStream) -> None:
    """Reads a stream, if it gets one."""
    await stream.send_all(GET % b"events" + b"\r\n")
    await _hear(stream)


async def never_read(stream: trio.SocketStream) -> None:
    """Asks for stream and pages, and reads none of it."""
    await stream.send_all(GET % b"events" + b"\r\n" + (GET % b"status.json" + b"\r\n") * 5)
    await trio.sleep_forever()


async def by_wrong_name(stream: trio.SocketStream) -> None:
    """As a page does whose name was pointed here."""
    await stream.send_all((GET % b"").replace(b"localhost", b"evil.example") + b"Connection: close\r\n\r\n")
    await _hear(stream)


async def from_foreign_page(stream: trio.SocketStream) -> None:
    """As a page does that is open in a browser of the house."""
    await stream.send_all(GET % b"events" + b"Origin: http://evil.example\r\n\r\n")
    await _hear(stream)


async def ask_and_go(stream: trio.SocketStream) -> None:
    """Asks for the page, and is gone as soon as the first of it is there."""
    await stream.send_all(GET % b"" + b"\r\n")
    await stream.receive_some()


CROWD: tuple[tuple[Attack, int], ...] = (
    (idle, 200),
    (drip_head, 20),
    (drip_body, 20),
    (post_much, 1),
    (want_stream, 500),
    (never_read, 20),
    (by_wrong_name, 5),
    (from_foreign_page, 5),
    (ask_and_go, 50),
)


async def attack(host: str, port: int, crowd: tuple[tuple[Attack, int], ...] = CROWD) -> None:
    """Go on until cancelled."""
    async with trio.open_nursery() as nursery:
        for kind, count in crowd:
            for number in range(count):
                nursery.start_soon(_again_and_again, kind, host, port, number % NEIGHBOURS)


async def _again_and_again(kind: Attack, host: str, port: int, neighbour: int) -> None:
    pause = FLOOD if kind is ask_and_go else PAUSE
    origin = f"127.0.0.{neighbour + 2}" if host == "127.0.0.1" else None
    while True:
        with suppress(*_GONE):
            async with await trio.open_tcp_stream(host, port, local_address=origin) as stream:
                await kind(stream)
        await trio.sleep(pause * random.uniform(0.5, 1.5))


async def _hear(stream: trio.SocketStream) -> None:
    while await stream.receive_some():
        pass


async def _drip(stream: trio.SocketStream) -> None:
    while True:
        await stream.send_all(b"x")
        await trio.sleep(DRIP)


async def _main(host: str, port: int) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(attack, host, port)
        await trio.sleep(SETTLED)
        print(UNDER_WAY, flush=True)


if __name__ == "__main__":
    os.setpriority(os.PRIO_PROCESS, 0, NICEST)
    trio.run(_main, sys.argv[1], int(sys.argv[2]))
