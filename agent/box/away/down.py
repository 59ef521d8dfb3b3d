"""`down`: port 80 while the agent is not there, on the listening socket that both get from systemd.

It starts when a reader asks and the agent is not there, often while all processors are busy starting that: what
only an answer needs is loaded for the first one. Unprivileged; reads facts and the agent's log, writes nothing.
"""

import os
import signal
import socket
import time

from agent.box.away import server

LISTEN_FDS_START = 3  # sd_listen_fds(3)
RUN = "/run/nightporter"
LOG = ("journalctl", "-u", "nightporter.service", "-n", "40", "-o", "short-iso", "--no-pager", "-q")


def main(run: str = RUN, release: str | None = None, log: tuple[str, ...] = LOG) -> None:
    """Answer until SIGTERM, then finish what was begun. `log` is a command that prints the log."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        raise SystemExit("down is started by systemd, which hands it the socket of port 80 (LISTEN_FDS=1).")
    since = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
    pages: list[server.Answer] = []

    def answer(head: bytes) -> bytes:
        if not pages:
            from agent.box.away.facts import AwayPage

            pages.append(AwayPage(run, release, log, since).answer)
        return pages[0](head)

    with _told_to_stop() as stop, socket.socket(fileno=LISTEN_FDS_START) as listener:
        server.serve(listener, answer, stop)


def _told_to_stop() -> socket.socket:
    """A socket from which a byte can be read once SIGTERM came."""
    stop, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    return stop
