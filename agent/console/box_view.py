"""The box as the serial line sees it: files in memory, and the box's own page over the loopback. Reads only.

Every look is bounded in time and size. The whole status is made in a child process, which gives its memory back.
"""

import os
import select
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from agent.console.live_line import BoxState
from agent.console.network_words import network_text
from agent.console.terminal.page_status import Status, decode
from agent.console.terminal.screen import fitting
from agent.handover import release
from agent.status.own_address import DROP_IN, page_address
from board.base import Network
from board.interfaces import read_interfaces

RUN = Path("/run/nightporter")
PAGE_SECONDS = 3.0  # s for an answer of this machine's own page
PAGE_BYTES = 1_000_000
FILE_BYTES = 16_384  # of a file; the summary of a provisioning file has under 2 KB
RENDER_SECONDS = 30.0  # s; a slow machine loads what makes the text in five
LAST_STEPS = 8


class BoxView:
    """This box. `get_network` is the board's; the rest are places."""

    def __init__(
        self,
        get_network: Callable[[], Network],
        *,
        run: Path = RUN,
        release_file: Path = release.RELEASE,
        drop_in: Path = DROP_IN,
        in_child: "Callable[[Callable[[], str]], str | None] | None" = None,
    ) -> None:
        self._get_network, self._run, self._release, self._drop_in = get_network, run, release_file, drop_in
        self._in_child = in_child or rendered_in_child
        self._steps_read = 0

    @property
    def name(self) -> str:
        """The box's name on the network."""
        return os.uname().nodename.partition(".")[0]

    def get_columns(self) -> int:
        """How long a line of standard output may be."""
        try:
            return fitting(os.get_terminal_size(1).columns)
        except OSError:  # no terminal
            return fitting(0)

    @property
    def version(self) -> str:
        """The image's version, empty where it does not say."""
        version = release.read(self._release).version
        return "" if version == release.UNKNOWN else version

    def state(self) -> BoxState:
        """The box as it is now."""
        return BoxState(self._get_network(), self.status(), self._url())

    def new_steps(self) -> list[str]:
        """The whole lines that were written since the last call."""
        try:
            with (self._run / "steps").open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._steps_read:
                    self._steps_read = 0
                file.seek(self._steps_read)
                lines = file.read(FILE_BYTES).rpartition(b"\n")[0]
        except OSError:
            return []
        self._steps_read += len(lines) + 1 if lines else 0
        return lines.decode(errors="replace").splitlines()

    def last_steps(self) -> str:
        """The last few steps."""
        return "\n".join(_content(self._run / "steps").splitlines()[-LAST_STEPS:])

    def status(self) -> Status | None:
        """What the page says; None if it does not answer."""
        code, body = self._asked()
        return decode(code, body)

    def status_text(self) -> str | None:
        """The page as text; None if it does not answer."""
        _, body = self._asked()
        return self._in_child(lambda: _rendered(body, self.get_columns())) if body else None

    def network_text(self) -> str:
        """Cable, addresses, gateway, DNS."""
        return network_text(read_interfaces(), self._url())

    def provision_text(self) -> str | None:
        """The active file in plain words, as it was taken; None without one."""
        return _content(self._run / "provision.txt") or None

    def _url(self) -> str:
        return page_address(self._drop_in).url(self.name)

    def _asked(self) -> tuple[int, bytes]:
        return ask(page_address(self._drop_in).from_here)


def ask(address: tuple[str, int], seconds: float = PAGE_SECONDS) -> tuple[int, bytes]:
    """Code and body of this machine's `/status.json`; (0, b"") if there is no whole answer in time."""
    until = time.monotonic() + seconds
    answer = b""
    try:
        with socket.create_connection(address, timeout=seconds) as line:
            line.sendall(b"GET /status.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            while len(answer) < PAGE_BYTES:
                line.settimeout(max(0.001, until - time.monotonic()))
                piece = line.recv(65_536)
                if not piece:
                    return _parts(answer)
                answer += piece
    except OSError:  # there is no page, or it is too slow
        pass
    return 0, b""


def _parts(answer: bytes) -> tuple[int, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    code = head[9:12]
    return (int(code), body) if head.startswith(b"HTTP/1.") and code.isdigit() else (0, b"")


def _rendered(body: bytes, columns: int) -> str:
    import msgspec

    from agent.status import as_text
    from agent.status.snapshot.snapshot import Snapshot

    try:
        return as_text.render(msgspec.json.decode(body, type=Snapshot), columns)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "What answers on the page's address is no Night Porter of this version."


def rendered_in_child(render: Callable[[], str], seconds: float = RENDER_SECONDS) -> str | None:
    """What `render` gives, made in a child process; None if it took too long. A bug in it ends the child alone."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _write(writer, render().encode("utf-8", "replace"))
        os._exit(0)
    os.close(writer)
    try:
        return _read(reader, time.monotonic() + seconds)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _read(descriptor: int, until: float) -> str | None:
    as_text = b""
    while select.select([descriptor], [], [], max(0.0, until - time.monotonic()))[0]:
        piece = os.read(descriptor, 65_536)
        if not piece:
            return as_text.decode(errors="replace") or None
        as_text += piece
    return None


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES).decode(errors="replace")
    except OSError:
        return ""
