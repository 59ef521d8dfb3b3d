"""`python -OO -m agent.console`: the view on a serial line, on standard input and output; systemd opens the line.

One thread that sleeps until somebody types or a look is due, for as long as the box runs. On a terminal it takes
every key as it is pressed. Nothing that is typed may end it; a line that is gone does, cleanly.
"""

import os
import select
import signal
import socket
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from agent.console.box_view import BoxView
from agent.console.live_line import LiveLine
from agent.console.terminal.verbs import answer
from agent.foundation.errors import reason_of
from board.linux import LinuxBoard

READ_BYTES = 4096
_LOCAL, _CHARACTERS = 3, 6  # in what termios.tcgetattr gives
# What keys of a terminal would do to the process; and its end, which shows in a read as well.
_IGNORED = (signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGHUP)


def main(box: BoxView | None = None) -> None:
    """Serve standard input and output until they are gone."""
    box = box or BoxView(LinuxBoard().network)
    interrupts = _interrupts()
    line = LiveLine(box, lambda asked: answer(asked, box), echoes=os.isatty(0), get_columns=box.get_columns)
    try:
        with _keys_at_once():
            _print(line.banner(box.name, box.version))
            _serve(line, interrupts)
    except OSError as error:
        sys.stderr.write(f"the line is gone: {reason_of(error)}\n")


def _serve(line: LiveLine, interrupts: socket.socket) -> None:
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.register(interrupts, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll(line.due(time.monotonic()) * 1000):
            if descriptor != 0:
                interrupts.recv(READ_BYTES)
                _print(line.interrupted())
                continue
            typed = os.read(0, READ_BYTES)
            if not typed:
                return
            _print(line.typed(typed))
        _print(line.tick(time.monotonic()))


@contextmanager
def _keys_at_once() -> Iterator[None]:
    """No echo and no line editing by the kernel; Ctrl-C stays a signal, and a line break stays two characters."""
    if not os.isatty(0):
        yield
        return
    before, keys = termios.tcgetattr(0), termios.tcgetattr(0)
    keys[_LOCAL] &= ~(termios.ICANON | termios.ECHO)
    keys[_CHARACTERS][termios.VMIN], keys[_CHARACTERS][termios.VTIME] = 1, 0  # a read waits for one key
    termios.tcsetattr(0, termios.TCSANOW, keys)
    try:
        yield
    finally:
        with suppress(termios.error):  # the line is gone
            termios.tcsetattr(0, termios.TCSANOW, before)


def _interrupts() -> socket.socket:
    """A socket from which a byte can be read once somebody pressed Ctrl-C."""
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, lambda number, frame: None)
    return reader


def _print(text: str) -> None:
    data = text.encode("ascii")
    while data:
        data = data[os.write(1, data) :]


if __name__ == "__main__":
    main()
