"""A board without a machine, for the demo and for tests: it remembers what it was told, and says what it is told.

Its serial lines are pseudo terminals and its button is a pipe, so that they are waited for as the real ones are.
"""

import os
import socket
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from board.base import Network, Storage
from board.button import DOWN, EV_KEY, EVENT, UP, Button
from board.clock_state import ClockState
from board.conditions import Conditions
from board.identity import Identity
from board.pattern import Pattern
from board.report import Report
from board.serial_line import SerialLine, open_serial
from board.wear import Wear

_KEY = 0x100  # BTN_0


class FakeLights:
    """Lights that remember: `shown` is what is seen now, `history` all that was, `is_given_back` after `close`."""

    def __init__(self, count: int = 1, *, can_count: bool = False) -> None:
        self._count, self._can_count = count, can_count
        self.shown: tuple[Pattern, ...] = ()
        self.history: list[tuple[Pattern, ...]] = []
        self.is_given_back = False

    @property
    def count(self) -> int:
        """What was given."""
        return self._count

    @property
    def can_count(self) -> bool:
        """What was given."""
        return self._can_count

    def show(self, *patterns: Pattern) -> bool:
        """Remember, unless it is shown already."""
        shown = patterns[: self._count]
        if shown != self.shown:
            self.shown = shown
            self.history.append(shown)
        return all(pattern.flashes == 1 or self._can_count for pattern in shown)

    def close(self) -> None:
        """Remember that."""
        self.shown, self.is_given_back = (), True


class FakeBoard:
    """`messages` holds what the supervisor would have heard; the other open names are what it says of itself.

    `plug_in` and `unplug` a serial line, `press` and `let_go` the button (`has_button` says whether there is one);
    `close` at the end, if any of that was used. `clock` stamps what the button does.
    """

    def __init__(
        self,
        host_name: str = "demo-box",
        watchdog_seconds: float | None = None,
        page_socket: socket.socket | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host_name = host_name
        self._watchdog_seconds = watchdog_seconds
        self._page_socket = page_socket
        self._clock = clock
        self.messages: list[str] = []
        self.wire = Network()
        self.sockets = Report((), ())
        self.disk: Storage | None = None
        self.who = Identity()
        self.state_of_parts = Conditions()
        self.worn = Wear()
        self.time = ClockState()
        self.panel = FakeLights()
        self.has_button = True
        self._ports: dict[str, tuple[int, int]] = {}  # by the path of the near end: far end, near end
        self._watches: list[socket.socket] = []
        self._fingers: list[int] = []

    @property
    def host_name(self) -> str:
        """The name that was given."""
        return self._host_name

    @property
    def watchdog_seconds(self) -> float | None:
        """What was given."""
        return self._watchdog_seconds

    def page_socket(self) -> socket.socket | None:
        """What was given, once."""
        held, self._page_socket = self._page_socket, None
        return held

    def network(self) -> Network:
        """What `wire` says."""
        return self.wire

    def interfaces(self) -> Report:
        """What `sockets` says."""
        return self.sockets

    def storage(self, path: Path) -> Storage | None:
        """What `disk` says, wherever the path is."""
        return self.disk

    def notify(self, message: str) -> None:
        """Remember the message."""
        self.messages.append(message)

    def identity(self) -> Identity:
        """What `who` says."""
        return self.who

    def conditions(self, wait: float = 0.0) -> Conditions:
        """What `state_of_parts` says, at once."""
        return self.state_of_parts

    def wear(self, wait: float = 0.0) -> Wear:
        """What `worn` says, at once."""
        return self.worn

    def clock_state(self) -> ClockState:
        """What `time` says."""
        return self.time

    def lights(self) -> FakeLights:
        """`panel`."""
        return self.panel

    def button(self, name: str = "") -> Button | None:
        """A button that `press` and `let_go` move, if there is one; whatever its name."""
        if not self.has_button:
            return None
        near, far = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._fingers.append(far)
        return Button(near, _KEY, self._clock)

    def press(self) -> None:
        """A finger presses every button that was given out."""
        self._move(DOWN)

    def let_go(self) -> None:
        """And lets go."""
        self._move(UP)

    def serial_lines(self) -> tuple[str, ...]:
        """Those that are plugged in."""
        return tuple(self._ports)

    def open_serial(self, device: str, speed: int) -> SerialLine:
        """A pseudo terminal is opened as a line is."""
        return open_serial(device, speed)

    def watch_devices(self) -> socket.socket:
        """A socket that can be read after each `plug_in` and `unplug`."""
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        near.setblocking(False)
        far.setblocking(False)
        self._watches.append(far)
        return near

    def plug_in(self) -> tuple[str, int]:
        """A serial line appears: its path, and the descriptor of the other end of the cable."""
        far, near = os.openpty()
        tty.setraw(near)
        path = os.ttyname(near)
        self._ports[path] = (far, near)
        self._tell("add")
        return path, far

    def unplug(self, path: str) -> None:
        """It vanishes, and with it the other end."""
        for descriptor in self._ports.pop(path):
            os.close(descriptor)
        self._tell("remove")

    def close(self) -> None:
        """Unplug everything."""
        for path in tuple(self._ports):
            self.unplug(path)
        while self._fingers:
            os.close(self._fingers.pop())
        while self._watches:
            self._watches.pop().close()

    def _tell(self, news: str) -> None:
        for watch in tuple(self._watches):
            try:
                watch.send(news.encode())
            except BlockingIOError:
                continue  # it has enough to read
            except ConnectionError:  # it was closed
                self._watches.remove(watch)
                watch.close()

    def _move(self, value: int) -> None:
        for far in self._fingers:
            with suppress(BrokenPipeError):  # that button was closed
                os.write(far, EVENT.pack(0, 0, EV_KEY, _KEY, value))
