"""The least HTTP server that cannot be held up: one thread, one answer a connection, for a box without an agent.

It starts at each boot, on slow machines too, so it loads next to nothing. Of HTTP it knows where a head ends.
A client has `SECONDS` for everything; the one that is longest here makes room when a new one finds none. Only the
time that we waited for it counts: one that has something for us when our own work is done (the first answer loads
the page, seconds on a busy machine) is heard, late or not.
The listening socket is shared with the agent, its O_NONBLOCK too: what the other one accepted first is not there.
"""

import select
import socket
import time
from collections.abc import Callable, Container, Iterator

SECONDS = 2.0  # s for a client, from its arrival to its last byte; an answer takes milliseconds
HEAD_BYTES = 8192  # request line and headers; browsers send under 1 KB
MOST_CLIENTS = 32  # some 10 KB each
LINGER_READS = 16  # of `READ_BYTES` each: what a client may still send after it was answered
READ_BYTES = 4096
_BREATH = 0.05  # s; no memory for a socket is no reason to spin

Answer = Callable[
    [bytes], bytes
]  # the head of a request, or as much as came before it grew too long -> all we say


def serve(listener: socket.socket, answer: Answer, stop: socket.socket, seconds: float = SECONDS) -> None:
    """Answer on `listener` until a byte can be read from `stop`, and then those that are still here."""
    listener.setblocking(False)
    visits = Visits(answer, seconds)
    visits.poll.register(listener, select.POLLIN)
    visits.poll.register(stop, select.POLLIN)
    is_open = True
    while is_open or visits.is_anybody_here:
        ready = visits.poll.poll(visits.patience())
        asked = time.monotonic()  # before our own work
        for number, _ in ready:
            if number == listener.fileno():
                visits.welcome(listener)
            elif number == stop.fileno():
                visits.poll.unregister(listener)
                visits.poll.unregister(stop)
                is_open = False
            else:
                visits.go_on(number)
        visits.end_late(asked, {number for number, _ in ready})


class _Visit:
    """A client: its socket, how far we are with it, and when (monotonic) it has to be gone."""

    def __init__(self, client: socket.socket, talk: Iterator[int], until: float) -> None:
        self.client, self.talk, self.until = client, talk, until


class Visits:
    """Who is here, the longest-staying first."""

    def __init__(self, answer: Answer, seconds: float) -> None:
        self._answer, self._seconds = answer, seconds
        self._here: dict[int, _Visit] = {}
        self.poll = select.poll()

    @property
    def is_anybody_here(self) -> bool:
        """Whether a client is still being talked to."""
        return bool(self._here)

    def patience(self) -> float | None:
        """Milliseconds until the next one has to go."""
        if not self._here:
            return None
        return max(0.0, next(iter(self._here.values())).until - time.monotonic()) * 1000 + 1

    def welcome(self, listener: socket.socket) -> None:
        """Let in the next client, if it is still there."""
        try:
            client, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # the agent was faster, or the client thought better of it
        except OSError:
            time.sleep(_BREATH)  # accept(2): a broken line of one client, or a machine short of everything
            return
        if len(self._here) >= MOST_CLIENTS:
            self._part(next(iter(self._here)))
        client.setblocking(False)
        talk = _talk(client, self._answer)
        self._here[client.fileno()] = _Visit(client, talk, time.monotonic() + self._seconds)
        self.poll.register(client, next(talk))

    def go_on(self, number: int) -> None:
        """Go on with the client of that descriptor, which has something for us or takes something."""
        visit = self._here.get(number)
        if visit is None:
            return  # made room for somebody a moment ago
        try:
            self.poll.modify(number, next(visit.talk))
        except (StopIteration, OSError):
            self._part(number)

    def end_late(self, now: float, ready: Container[int]) -> None:
        """Part with those whose time was over at `now` and who had nothing for us: no descriptor in `ready`."""
        for number in [number for number, visit in self._here.items() if visit.until <= now]:
            if number not in ready:
                self._part(number)

    def _part(self, number: int) -> None:
        self.poll.unregister(number)
        self._here.pop(number).client.close()


def _talk(client: socket.socket, answer: Answer) -> Iterator[int]:
    """All that is said with one client; yields what to wait for before it goes on. An `OSError` ends it."""
    head = b""
    while not is_whole(head) and len(head) <= HEAD_BYTES:
        yield select.POLLIN
        read = client.recv(READ_BYTES)
        if not read:
            return
        head += read
    rest = memoryview(answer(head))
    while rest:
        yield select.POLLOUT
        rest = rest[client.send(rest) :]
    # To close while bytes of the client are unread would send a reset, which destroys an answer on its way.
    client.shutdown(socket.SHUT_WR)
    for _ in range(LINGER_READS):
        yield select.POLLIN
        if not client.recv(READ_BYTES):
            return


def is_whole(head: bytes) -> bool:
    """Whether the blank line has come that ends a head."""
    return b"\r\n\r\n" in head or b"\n\n" in head
