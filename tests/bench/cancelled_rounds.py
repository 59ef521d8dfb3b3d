"""Rounds of requests that are cancelled under way, through the agent's own Peer: a JSON line with what is left.

`python -m tests.bench.cancelled_rounds ROUNDS`. Each round sends twice as many requests as there are connections,
to a server on a real socket that takes 10 ms, and cancels them all after 0 to 12 ms: while they wait for a place,
while they connect, while they wait for the answer. (A full pool then keeps dead connections: httpcore issue 1093.)
"""

import json
import sys

import trio

from agent.foundation.errors import CallFailed
from agent.foundation.http import Peer
from agent.simulators.base.server import serve
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import MewsSwitches

CONNECTIONS = 4
SERVER_SECONDS = 0.01
DEADLINE = 2.0  # s
LONGEST = 0.012  # s; a little more than an answer takes, so that some requests get theirs
STEPS = 25  # different moments of cancelling
AFTER = 20  # plain requests at the end


async def main(rounds: int) -> None:
    """Print stuck connections, and failed requests afterwards."""
    async with trio.open_nursery() as nursery:
        server = MewsSimulator(MewsSwitches(latency_seconds=SERVER_SECONDS))
        port = await nursery.start(serve, server)
        async with Peer(f"http://127.0.0.1:{port}", connections=CONNECTIONS) as peer:
            for number in range(rounds):
                await _round(peer, LONGEST * (number % STEPS) / STEPS)
            await trio.sleep(0.1)
            stuck = await _stuck(peer, server)
            failures = [await _fails(peer) for _ in range(AFTER)].count(True)
        nursery.cancel_scope.cancel()
    sys.stdout.write(json.dumps({"stuck": stuck, "failures": failures}) + "\n")


async def _round(peer: Peer, seconds: float) -> None:
    with trio.move_on_after(seconds):
        async with trio.open_nursery() as nursery:
            for _ in range(2 * CONNECTIONS):
                nursery.start_soon(_fails, peer)


async def _fails(peer: Peer) -> bool:
    try:
        await peer.call(
            "POST", "/api/connector/v1/commands/getAllActive", body=b"{}", deadline=DEADLINE, cap=10_000
        )
    except CallFailed:
        return True
    return False


async def _stuck(peer: Peer, server: MewsSimulator) -> int:
    """Connections that serve no one any more: as many requests as places, each longer than half its deadline.

    A request that has to wait for another's place comes too late.
    """
    server.switch(latency_seconds=DEADLINE * 0.6)
    failed: list[bool] = []

    async def ask() -> None:
        failed.append(await _fails(peer))

    async with trio.open_nursery() as nursery:
        for _ in range(CONNECTIONS):
            nursery.start_soon(ask)
    server.switch(latency_seconds=SERVER_SECONDS)
    return sum(failed)


if __name__ == "__main__":
    trio.run(main, int(sys.argv[1]))
