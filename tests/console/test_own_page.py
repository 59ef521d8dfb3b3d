"""The box's own page over the loopback: what is understood of it, and that nothing else is believed."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from agent.console.own_page import MOST_BYTES, OwnPage
from agent.status.own_address import PageAddress
from agent.status.server.address import Address
from tests.status.samples import hostile, snapshot
from tests.status.server.serving import served

PATIENCE = 10.0


def page(port: int, seconds: float = PATIENCE) -> OwnPage:
    return OwnPage(lambda: PageAddress("127.0.0.1", port), seconds)


@contextmanager
def answering(answer: bytes, listens: int = 1) -> Iterator[int]:
    """A server that says `answer` to everybody; without one it says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(listens):
                client, _ = listener.accept()
                with client:
                    client.recv(4096)
                    try:
                        client.sendall(answer)
                    except OSError:
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(PATIENCE)
        assert not thread.is_alive()


def http(body: bytes, code: int = 200) -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (code, len(body), body)


async def test_the_real_page_is_understood() -> None:
    async with served() as address:
        assert isinstance(address, Address)
        asked = page(address.port)
        status, whole = await asked.status(), await asked.snapshot()
    assert status
    assert status.text == snapshot().summary.text
    assert whole == snapshot()


async def test_a_hostile_page_is_read_like_any_other() -> None:
    with answering(http(msgspec.json.encode(hostile()))) as port:
        assert await page(port).snapshot()


async def test_the_away_page_says_how_things_are_and_is_not_the_agent() -> None:
    with answering(http(b'{"summary": {"level": "fault", "text": "It starts."}}', 503), listens=2) as port:
        status = await page(port).status()
        assert status
        assert (status.text, status.is_agent) == ("It starts.", False)
        assert await page(port).snapshot() is None


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 abc\r\n\r\n{}", b"x" * (MOST_BYTES + 100_000)])
async def test_what_is_no_answer_of_a_page_is_none(answer: bytes) -> None:
    with answering(answer, listens=2) as port:
        assert await page(port).status() is None
        assert await page(port).snapshot() is None


async def test_a_status_of_another_program_is_none() -> None:
    with answering(http(b"{}")) as port:
        assert await page(port).snapshot() is None


async def test_without_a_page_there_is_none_and_its_address_is_known() -> None:
    assert await page(1).status() is None
    assert page(1).url("desk") == "http://127.0.0.1:1/"


async def test_an_answer_that_never_ends_is_waited_for_a_bounded_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert await page(listener.getsockname()[1], 0.2).status() is None
