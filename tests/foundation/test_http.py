"""The one way out, over real sockets: what is sent, what is taken, and how much of it."""

from datetime import UTC, datetime

import pytest
import trio

from agent.foundation.errors import NoAnswer, NotSent
from agent.foundation.http import Answer, Peer
from tests.raw_server import RawServer, Stream, Talk, answer, answering, raw_server

DATE = "Date: Mon, 04 May 2026 12:00:00 GMT"


async def ask(peer: Peer, path: str = "/x", *, deadline: float = 5, cap: int = 1000) -> Answer:
    return await peer.call("GET", path, deadline=deadline, cap=cap)


async def one_answer(nursery: trio.Nursery, talk: Talk, *, cap: int = 1000) -> Answer:
    server = await raw_server(nursery, talk)
    async with Peer(server.base) as peer:
        return await ask(peer, cap=cap)


# -- what is sent -------------------------------------------------------------------------------------------------


async def test_a_request_goes_below_the_base_with_its_headers_and_body(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer()))
    async with Peer(server.base + "/mst/enc/") as peer:
        await peer.call("POST", "/auth?a=1", body=b'{"k":1}', headers={"X-Key": "v"}, deadline=5, cap=99)
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /mst/enc/auth?a=1 HTTP/1.1\r\n")
    assert b"\r\nX-Key: v" in head
    assert body == b'{"k":1}'


async def test_no_compression_is_asked_for_and_the_program_gives_its_name(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer()))
    async with Peer(server.base) as peer:
        await ask(peer)
    head = server.asked[0].lower()
    assert b"\r\naccept-encoding: identity\r\n" in head
    assert b"\r\nuser-agent: nightporter\r\n" in head


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_a_proxy_in_the_environment_is_not_used(
    nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")  # no server is there
    assert (await one_answer(nursery, answering(answer(b"direct")))).body == b"direct"


async def test_calls_one_after_the_other_share_a_connection(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer()))
    async with Peer(server.base) as peer:
        for _ in range(3):
            await ask(peer)
    assert (server.opened, len(server.asked)) == (1, 3)


async def test_a_connection_is_not_kept_for_longer_than_asked(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer()))
    async with Peer(server.base, idle_seconds=0) as peer:
        for _ in range(3):
            await ask(peer)
    assert server.opened == 3


async def test_a_closed_peer_leaves_no_connection_behind(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer()))
    async with Peer(server.base) as peer:
        await ask(peer)
    with trio.fail_after(5):
        while server.is_open:
            await trio.lowlevel.checkpoint()


# -- what is taken ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["200 OK", "204 No Content", "404 Not Found", "500 Oops"])
async def test_an_answer_is_an_answer_whatever_its_status(nursery: trio.Nursery, status: str) -> None:
    body = b"" if status.startswith("204") else b"words"
    got = await one_answer(nursery, answering(answer(body, "Content-Type: text/x", status=status)))
    assert (got.status, got.body, got.content_type) == (int(status[:3]), body, "text/x")


async def test_a_redirect_is_not_followed(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer(b"", "Location: /y", status="302 Found")))
    async with Peer(server.base) as peer:
        got = await ask(peer)
    assert (got.status, got.location) == (302, "/y")
    assert len(server.asked) == 1


async def test_a_body_may_come_in_chunks(nursery: trio.Nursery) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert (await one_answer(nursery, answering(chunked))).body == b"abcde"


async def test_a_body_as_large_as_it_may_be_is_taken(nursery: trio.Nursery) -> None:
    assert len((await one_answer(nursery, answering(answer(b"x" * 1000)), cap=1000)).body) == 1000


async def endless(server: RawServer, stream: Stream) -> None:
    await server.next_request(stream)
    await stream.send_all(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await stream.send_all(b" " * 10_000)


@pytest.mark.parametrize("talk", [answering(answer(b"x" * 1001)), endless])
async def test_a_larger_body_is_refused(nursery: trio.Nursery, talk: Talk) -> None:
    with pytest.raises(NoAnswer, match="the answer is larger than 1000 bytes"):
        await one_answer(nursery, talk, cap=1000)


async def test_a_larger_body_does_not_spoil_the_next_call(nursery: trio.Nursery) -> None:
    answers = answering(answer(b"x" * 100_000), answer(b"small"))
    server = await raw_server(nursery, answers)
    async with Peer(server.base, connections=1) as peer:
        with pytest.raises(NoAnswer):
            await ask(peer)
        assert (await ask(peer)).body == b"small"


@pytest.mark.parametrize("encoding", ["gzip", "br", "GZIP", "identity, gzip"])
async def test_a_compressed_answer_is_refused_unread(nursery: trio.Nursery, encoding: str) -> None:
    with pytest.raises(NoAnswer, match="compressed, which was not asked for"):
        await one_answer(nursery, answering(answer(b"\x1f\x8b", f"Content-Encoding: {encoding}")))


@pytest.mark.parametrize("encoding", ["identity", " Identity ", ""])
async def test_an_answer_that_says_it_is_not_compressed_is_taken(nursery: trio.Nursery, encoding: str) -> None:
    assert (
        await one_answer(nursery, answering(answer(b"as is", f"Content-Encoding: {encoding}")))
    ).body == b"as is"


async def test_the_date_and_the_pause_of_an_answer_are_read(nursery: trio.Nursery) -> None:
    later = "Mon, 04 May 2026 12:01:30 GMT"
    got = await one_answer(nursery, answering(answer(b"", DATE, f"Retry-After: {later}", status="429 Slow down")))
    assert (got.date, got.retry_after) == (datetime(2026, 5, 4, 12, tzinfo=UTC), 90.0)


@pytest.mark.parametrize("year", ["0000", "9999", "99999999999"])
async def test_headers_from_the_end_of_time_spoil_no_answer(nursery: trio.Nursery, year: str) -> None:
    never = f"Fri, 31 Dec {year} 23:59:59 -1200"
    got = await one_answer(nursery, answering(answer(b"x", f"Date: {never}", f"Retry-After: {never}")))
    assert (got.body, got.date, got.retry_after) == (b"x", None, None)


async def test_digits_of_another_script_are_no_pause(nursery: trio.Nursery) -> None:
    got = await one_answer(nursery, answering(answer(b"", "Retry-After: X").replace(b"X", "٣".encode())))
    assert got.retry_after is None


# -- how much at once ---------------------------------------------------------------------------------------------


async def test_no_more_connections_are_opened_than_allowed(nursery: trio.Nursery) -> None:
    server = await raw_server(nursery, answering(answer()))
    async with Peer(server.base, connections=2) as peer, trio.open_nursery() as calls:
        for _ in range(20):
            calls.start_soon(ask, peer)
    assert (len(server.asked), server.most_open <= 2) == (20, True)


async def test_a_call_that_finds_no_place_in_time_was_surely_not_sent(nursery: trio.Nursery) -> None:
    async def silent(server: RawServer, stream: Stream) -> None:
        await server.next_request(stream)
        await trio.sleep_forever()

    server = await raw_server(nursery, silent)
    async with Peer(server.base, connections=1) as peer, trio.open_nursery() as calls:
        calls.start_soon(ask, peer)
        with trio.fail_after(5):
            while not server.asked:
                await trio.lowlevel.checkpoint()
        with pytest.raises(NotSent, match=r"no whole answer within 0\.05 s"):
            await ask(peer, deadline=0.05)
        calls.cancel_scope.cancel()
    assert len(server.asked) == 1
