"""What live readers of the page cost in memory, while they are there and after they left."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.processes import resident_mb
from tests.bench.rig import agent, hotel
from tests.bench.table import Row, at_most

READERS = 50
SECONDS = 12.0  # s that they stay: two signs of life


def live(_full: bool) -> Iterator[Row]:
    """Each has a stream of its own; the first ones, which load what serves them, are not counted."""
    with hotel() as place, agent(place) as box:
        _read(box.url, 1, SECONDS / 2)
        before = resident_mb(box.pid)
        with ExitStack() as open_ones:
            for _ in range(READERS):
                open_ones.enter_context(_stream(box.url))
            time.sleep(SECONDS)
            growth = resident_mb(box.pid) - before
        time.sleep(1.0)
        left = resident_mb(box.pid) - before
    yield at_most(f"{READERS} live readers of the page", growth, 3, " MB", note=f" ({left:.2f} MB when they left)")


def _read(url: str, readers: int, seconds: float) -> None:
    with ExitStack() as open_ones:
        for _ in range(readers):
            open_ones.enter_context(_stream(url))
        time.sleep(seconds)


def _stream(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").strip("/").split(":")
    stream = socket.create_connection((host, int(port)))
    stream.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    if not stream.recv(4096).startswith(b"HTTP/1.1 200 "):
        raise ValueError("a reader got no stream: the figure would say nothing")
    return stream
