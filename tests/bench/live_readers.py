"""`python -m tests.bench.live_readers URL COUNT`: so many browsers that watch the page, until it is ended.

Says "reading" once each has its stream. One that is cut off ends all: the figure would say nothing.
"""

import os
import selectors
import socket
import sys

READING = "reading"
NICEST = 19
READ_BYTES = 65_536


def main(url: str, count: int) -> None:
    """Read all that comes."""
    os.setpriority(os.PRIO_PROCESS, 0, NICEST)
    with selectors.DefaultSelector() as streams:
        for _ in range(count):
            stream = _stream(url)
            streams.register(stream, selectors.EVENT_READ, stream)
        print(READING, flush=True)
        while True:
            for key, _ in streams.select():
                if not key.data.recv(READ_BYTES):
                    raise ValueError("a reader was cut off")


def _stream(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").strip("/").split(":")
    stream = socket.create_connection((host, int(port)))
    stream.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    if not stream.recv(READ_BYTES).startswith(b"HTTP/1.1 200 "):
        raise ValueError("a reader got no stream")
    return stream


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
