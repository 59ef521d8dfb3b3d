"""Streams over real sockets: who gets one, how it goes on, and that nothing of it is left afterwards."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
import trio
from starlette.applications import Starlette

from agent.control.hub import Hub
from agent.control.words.events import StepTaken
from agent.status.drawings import Drawings
from agent.status.live.event_stream import StreamPlaces
from agent.status.live.routes import routes
from agent.status.log_ring import LogRing
from agent.status.looking import Looking
from agent.status.server.address import Address, bind
from agent.status.server.connection import Limits
from agent.status.server.serving import serve_listener
from tests.status.samples import snapshot
from tests.status.server.serving import PATIENCE, connected, said

AT = datetime(2026, 11, 27, 3, 4, 5, tzinfo=UTC)


class CountingHub(Hub):
    """A hub that tells how many listen."""

    @property
    def listeners(self) -> int:
        return len(self._listeners)


class Served:
    """A page with streams: its parts, and what its one panel shows."""

    def __init__(self, places: int) -> None:
        self.hub, self.ring, self.places = CountingHub(), LogRing(), StreamPlaces(places)
        self.panel = "good"
        self.dropped = 0
        self.address = Address("", 0)

    def count_dropped(self) -> None:
        self.dropped += 1

    @property
    def looking(self) -> Looking:
        return Looking(
            snapshot,
            str,
            hub=self.hub,
            log=self.ring,
            panels=lambda _now, _language: [{"a": self.panel}],
            build=lambda: "7",
        )


@asynccontextmanager
async def served(places: int = 3, limits: Limits | None = None) -> AsyncIterator[Served]:
    page = Served(places)
    app = Starlette(routes=routes(page.looking, Drawings(page.looking), page.places))
    listener = await bind("127.0.0.1:0")

    async def serve(*, task_status: trio.TaskStatus[Address]) -> None:
        await serve_listener(listener, app, limits=limits, too_slow=page.count_dropped, task_status=task_status)

    async with trio.open_nursery() as nursery:
        page.address = await nursery.start(serve)
        yield page
        nursery.cancel_scope.cancel()


def request(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


async def until(stream: trio.SocketStream, words: bytes) -> bytes:
    """What comes, up to and with these words."""
    heard = b""
    with trio.fail_after(PATIENCE):
        while words not in heard:
            piece = await stream.receive_some()
            assert piece, heard
            heard += piece
    return heard


async def wait_for(is_so: Callable[[], bool]) -> None:
    with trio.fail_after(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - what it asks for cannot call back
            await trio.sleep(0.01)


async def test_what_changes_is_told_and_the_box_is_at_rest_when_the_reader_leaves() -> None:
    async with served() as page:
        async with await connected(page.address) as reader:
            await reader.send_all(request("/events"))
            beginning = await until(reader, b'{"a":"good"}')
            assert b"content-type: text/event-stream" in beginning
            assert b'{"build":"7"}' in beginning
            assert page.hub.listeners == 1
            page.panel = "bad"
            page.hub.publish(StepTaken("a step"))
            await until(reader, b'{"a":"bad"}')
        await wait_for(lambda: page.hub.listeners == 0 and page.places.free == 3)


async def test_a_stream_too_many_is_refused_with_when_to_come_back_and_pages_go_on() -> None:
    async with served(places=1) as page, await connected(page.address) as reader:
        await reader.send_all(request("/events"))
        await until(reader, b"hello")
        refused = await said(page.address, request("/log/events", "Connection: close"))
        assert refused.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 5" in refused.lower()
        assert (await said(page.address, request("/log.txt", "Connection: close"))).startswith(b"HTTP/1.1 200 ")


async def test_a_stream_goes_on_beyond_the_limit_for_silence_and_is_not_the_one_to_make_room() -> None:
    limits = Limits(seconds=0.5, connections=2)
    async with served(limits=limits) as page, await connected(page.address) as reader:
        await reader.send_all(request("/events"))
        await until(reader, b"good")
        for step in range(4):
            silent = [await connected(page.address) for _ in range(5)]
            page.panel = f"step {step}"
            page.hub.publish(StepTaken("a step"))
            await until(reader, f"step {step}".encode())
            for stream in silent:
                await stream.aclose()


async def test_a_head_request_for_a_stream_ends() -> None:
    async with served() as page:
        head = request("/events", "Connection: close").replace(b"GET", b"HEAD")
        assert (await said(page.address, head)).startswith(b"HTTP/1.1 200 ")


async def test_the_log_is_read_as_text_and_followed_from_where_one_was() -> None:
    async with served() as page:
        for number in range(3):
            page.ring.put(AT, "WARNING" if number else "INFO", "mews", f"line {number}")
        text = await said(page.address, request("/log.txt?level=warning&text=LINE", "Connection: close"))
        assert text.endswith(b"Z WARNING [mews] line 1\n2026-11-27T03:04:05Z WARNING [mews] line 2\n")
        async with await connected(page.address) as reader:
            await reader.send_all(request("/log/events", f"Last-Event-ID: {page.ring.id}-2"))
            assert b"line 1" not in await until(reader, b"line 2")
            page.ring.put(AT, "INFO", "", "line 3")
            assert f"id: {page.ring.id}-4\n".encode() in await until(reader, b"line 3")
            for number in range(600):
                page.ring.put(AT, "INFO", "", f"more {number}")
            assert msgspec.json.encode({"lines": 100}) in await until(reader, b"more 599")


async def test_an_id_of_another_process_gets_all_lines() -> None:
    async with served() as page, await connected(page.address) as reader:
        page.ring.put(AT, "INFO", "", "first")
        await reader.send_all(request("/log/events", "Last-Event-ID: 00000000-1"))
        await until(reader, b"first")


async def test_a_wrong_filter_is_one_sentence() -> None:
    async with served() as page:
        for path in ("/log.txt?level=loud", "/log/events?level=loud"):
            answer = await said(page.address, request(path, "Connection: close"))
            assert answer.startswith(b"HTTP/1.1 400 ")
            assert answer.endswith(b"The filter 'level' is one of info, warning, error.\n")


async def test_a_reader_that_takes_nothing_is_dropped_and_counted_and_one_that_leaves_is_not() -> None:
    async with served(limits=Limits(seconds=0.5)) as page, await connected(page.address) as slow:
        await slow.send_all(request("/events"))
        async with await connected(page.address) as leaving:
            await leaving.send_all(request("/events"))
            await until(leaving, b"good")
        await wait_for(lambda: page.places.free == 2)
        with trio.fail_after(PATIENCE):
            while not page.dropped:
                page.panel = f"{len(page.panel)} " + "x" * 1_000_000
                page.panel += "y" * (len(page.panel) % 7)
                page.hub.publish(StepTaken("a step"))
                await trio.sleep(0.1)
                page.panel = "short"
                page.hub.publish(StepTaken("a step"))
                await trio.sleep(0.3)
        await wait_for(lambda: page.places.free == 3)
        assert page.dropped == 1
