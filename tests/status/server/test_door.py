"""Who comes too often, over real sockets: told so, gone at once, and nobody else's trouble."""

import trio

from agent.status.server.connection import Limits
from tests.status.server.serving import PATIENCE, everything, said, served

ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def test_who_comes_too_often_is_told_when_to_come_back_and_another_peer_is_served() -> None:
    async with served(limits=Limits(peer=5.0, everyone=100.0)) as page:
        for _ in range(4):
            assert (await said(page, ASK)).startswith(b"HTTP/1.1 200 ")
        answers = [await said(page, ASK) for _ in range(5)]
        assert answers[-1].startswith(b"HTTP/1.1 503 ")
        head, _, body = answers[-1].partition(b"\r\n\r\n")
        assert b"Retry-After: 3" in head
        assert b"Content-Length: %d" % len(body) in head
        async with await trio.open_tcp_stream(page.host, page.port, local_address="127.0.0.9") as other:
            await other.send_all(ASK)
            assert (await everything(other)).startswith(b"HTTP/1.1 200 ")


async def test_a_flood_is_turned_away_while_another_peer_is_answered_within_a_second() -> None:
    async with served(limits=Limits(peer=5.0, everyone=100.0)) as page, trio.open_nursery() as nursery:

        async def flood() -> None:
            while True:
                await (await trio.open_tcp_stream(page.host, page.port)).aclose()

        for _ in range(20):
            nursery.start_soon(flood)
        with trio.fail_after(PATIENCE):
            for _ in range(3):
                async with await trio.open_tcp_stream(page.host, page.port, local_address="127.0.0.9") as other:
                    await other.send_all(ASK)
                    assert (await everything(other)).startswith(b"HTTP/1.1 200 ")
        nursery.cancel_scope.cancel()
