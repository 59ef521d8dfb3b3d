"""Asking a box, or something that is none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
import trio

from agent.foundation.errors import NightPorterError, UserMistake
from agent.status.client import CAP_BYTES, News, base_of, fetch, follow
from tests.status.samples import hostile, snapshot
from tests.status.server.serving import served


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """A server that says `answer` to whatever it is asked."""

    async def handle(stream: trio.SocketStream) -> None:
        await stream.receive_some()
        await stream.send_all(answer)

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, handle, 0)
        yield f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}/"
        nursery.cancel_scope.cancel()


def http(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


@pytest.mark.parametrize("made", [snapshot(), hostile()])
async def test_what_the_box_shows_arrives_whole(made: object) -> None:
    async with served(lambda: made) as address:  # type: ignore[arg-type, return-value]
        assert await fetch(address.url) == made


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://10.4.5.20/", "http://10.4.5.20"),
        (" http://aurora-desk.local:8080/status.json ", "http://aurora-desk.local:8080"),
        ("HTTP://[::1]:80", "http://[::1]:80"),
        ("https://desk", "https://desk"),
        ("10.4.5.20", "http://10.4.5.20"),
        ("aurora-desk.local:8080", "http://aurora-desk.local:8080"),
        ("localhost:80/status.json", "http://localhost:80"),
        ("::1", "http://[::1]"),
        ("2001:DB8::20", "http://[2001:DB8::20]"),
        ("[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_pages_address_is_read(url: str, base: str) -> None:
    assert base_of(url) == base


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "10.4.5.20:http",
            "http:/10.4.5.20",
            "a b",
            "box:80:80",
            "ftp://box/",
            "http://",
            "http:///x",
            "http://a b/",
            "http://a..b/",
        ),
        *("http://[::1/", "http://box:99999/", "http://box:0/", "http://box:x/", "http://ä/", "http://xn--/"),
        *("http://" + "a" * 300, "http://\x1b[31m/", "file:///etc/passwd", "http://box\n/"),
    ],
)
async def test_an_address_that_is_none_is_refused_with_what_to_write(url: str) -> None:
    with pytest.raises(UserMistake, match=r"is not a page's address: write it like http://10\.4\.5\.20/\.$"):
        await fetch(url)


async def test_a_log_in_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(
        UserMistake, match=r"^The page needs no log-in: write its address without user and password\.$"
    ):
        await fetch("http://user:secret@10.4.5.20/")


@pytest.mark.parametrize("rest", ["metrics", "?x=1", "#top", "a/b"])
async def test_anything_behind_the_address_is_refused(rest: str) -> None:
    with pytest.raises(UserMistake, match=r"^Write the page's address alone: http://10\.4\.5\.20/\.$"):
        await fetch(f"http://10.4.5.20/{rest}")


async def test_no_answer_is_one_sentence_that_says_why() -> None:
    async with served() as address:
        pass
    with pytest.raises(NightPorterError, match=r"gives no answer: it refused the connection\. Is the box on, and"):
        await fetch(address.url)


async def test_a_box_that_goes_by_another_name_says_to_use_the_address() -> None:
    async with answering(http(421, b"no")) as url:
        with pytest.raises(NightPorterError, match=r"does not go by the name in .*: use its IP address instead"):
            await fetch(url)


async def test_a_box_without_its_agent_tells_so_with_a_503() -> None:
    async with answering(http(503, msgspec.json.encode(snapshot()))) as url:
        assert await fetch(url) == snapshot()


@pytest.mark.parametrize("status", [204, 301, 404, 500])
async def test_another_status_is_said(status: int) -> None:
    async with answering(http(status, b"")) as url:
        with pytest.raises(NightPorterError, match=f"answers with status {status} instead of a snapshot"):
            await fetch(url)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html>",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"box": "\xff"}',
        b"[" * 100_000,
        b'{"box":' * 50_000,
    ],
)
async def test_what_is_no_snapshot_is_refused_in_one_sentence(body: bytes) -> None:
    async with answering(http(200, body)) as url:
        with pytest.raises(NightPorterError, match="is not a Night Porter snapshot"):
            await fetch(url)


# An answer that is cut off leaves generators of httpx behind, of which only a debug run of Python complains.
@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-x\r\n", http(200, b"x" * (CAP_BYTES + 1)), http(200, b"{}")[:-1]]
)
async def test_what_is_no_whole_answer_is_one_sentence(answer: bytes) -> None:
    async with answering(answer) as url:
        with pytest.raises(NightPorterError, match=r"^http://127\.0\.0\.1:\d+ gives no answer: .*\?$"):
            await fetch(url)


CHANGE = b"event: panels\ndata: {}\n\n"


async def test_the_pages_news_are_heard_as_they_come() -> None:
    heard = trio.Event()
    async with served(snapshot) as address, trio.open_nursery() as nursery:
        nursery.start_soon(follow, address.url, heard.set)
        with trio.fail_after(10):
            await heard.wait()
        nursery.cancel_scope.cancel()


def test_each_change_is_told_also_where_its_name_comes_in_two_pieces_and_a_beat_is_not() -> None:
    told: list[None] = []
    news = News(lambda: told.append(None))
    counts = []
    for piece in (CHANGE, b"event: beat\ndata: {}\n\n", CHANGE[:9], CHANGE[9:], CHANGE[:1], CHANGE[1:]):
        news.take(piece)
        counts.append(len(told))
    assert counts == [1, 1, 1, 2, 2, 3]


async def test_an_older_box_tells_no_news_and_that_is_one_sentence() -> None:
    async with answering(http(404, b"Not Found")) as url:
        with pytest.raises(NightPorterError, match="tells no news: it answers with status 404"):
            await follow(url, lambda: None)


async def test_news_that_break_off_are_said_to() -> None:
    cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b" % (len(CHANGE), CHANGE)
    async with answering(cut) as url:
        with pytest.raises(NightPorterError, match="tells no news: its answer broke off"):
            await follow(url, lambda: None)


async def test_an_address_that_is_none_is_the_users_mistake_here_too() -> None:
    with pytest.raises(UserMistake):
        await follow("http://user@box/", lambda: None)
