"""A serial line without hardware, on a clock of its own: what a sender writes reaches a receiver, and back.

What goes wrong on it is a function from bytes to bytes for each direction.
"""

from collections.abc import Callable

from provisioning.transfer.receiver import Receiver
from provisioning.transfer.sender import Sender

Trouble = Callable[[bytes], bytes]
TICK_SECONDS = 0.1
LONGEST_SECONDS = 600.0  # of the line's own time: whatever happens is over by then


def clean(data: bytes) -> bytes:
    return data


class Line:
    """Runs both ends until they are over. `there` and `back` count what was written by sender and receiver."""

    def __init__(self, sender: Sender, receiver: Receiver, there: Trouble = clean, back: Trouble = clean) -> None:
        self.sender, self.receiver = sender, receiver
        self.now = 1000.0
        self.written_there = self.written_back = 0
        self._there, self._back = there, back

    def run(self) -> None:
        """Until both are over; fails if one never is."""
        while not (self.sender.is_over and self.receiver.is_over):
            self.step()
            assert self.now < 1000 + LONGEST_SECONDS

    def step(self) -> None:
        going = self.sender.frames_due(self.now)
        self.written_there += len(going)
        coming = self.receiver.heard(self._there(going), self.now)
        self.written_back += len(coming)
        self.sender.heard(self._back(coming))
        self.now += TICK_SECONDS


def losing(begin: int, count: int) -> Trouble:
    """A line that swallows `count` bytes from its byte `begin` on."""
    return changing(begin, lambda piece: piece[count:])


def changing(begin: int, change: Callable[[bytes], bytes]) -> Trouble:
    """A line that changes what it carries from its byte `begin` on, once, as far as it is written together."""
    at = 0
    is_done = False

    def trouble(data: bytes) -> bytes:
        nonlocal at, is_done
        cut, at = begin - at, at + len(data)
        if is_done or cut >= len(data):
            return data
        is_done = True
        return data[: max(0, cut)] + change(data[max(0, cut) :])

    return trouble


def cut_after(begin: int) -> Trouble:
    """A line that carries nothing any more from its byte `begin` on."""
    at = 0

    def trouble(data: bytes) -> bytes:
        nonlocal at
        left, at = begin - at, at + len(data)
        return data[: max(0, left)]

    return trouble
