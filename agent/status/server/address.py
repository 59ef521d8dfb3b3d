"""Where the status page listens: an address as people write it, and the socket. Loads no web server.

A wrong address is the user's mistake: one sentence.
"""

import errno
import socket
from collections.abc import Sequence

import msgspec
import trio

from agent.foundation.errors import UserMistake, reason_of
from agent.foundation.reading.text import plain
from provisioning.addresses import listening
from provisioning.problems import Wrong

BACKLOG = 256  # connections that the kernel keeps waiting for us; further ones try again by themselves
EXAMPLE = '"0.0.0.0:80"'
_NOT_OURS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ENODEV, errno.EINVAL, socket.EAI_NONAME}


class Address(msgspec.Struct, frozen=True):
    """Where the page is served: an IP address and a port, 0 standing for any free one."""

    host: str
    port: int

    @property
    def text(self) -> str:
        """HOST:PORT, IPv6 in brackets."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def url(self) -> str:
        """An address to open on this machine: a wildcard listens on the loopback too."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def parse_listen(listen: str) -> Address:
    """HOST:PORT as an address; the host is an IP address (IPv6 in brackets) or localhost. Raises `UserMistake`."""
    try:
        host, port = listening(listen, lowest_port=0)
    except Wrong as wrong:
        raise UserMistake(f"The page's address {plain(listen, 100)!r} {wrong.wrong}. {wrong.write}.") from None
    host = "127.0.0.1" if host == "localhost" else host  # one listener, not one for each kind of loopback
    return Address(host.strip("[]"), port)


async def bind(listen: str) -> trio.SocketListener:
    """Listen at HOST:PORT. Raises `UserMistake` with what to write when that cannot be."""
    address = parse_listen(listen)
    try:
        listeners: Sequence[trio.SocketListener] = await trio.open_tcp_listeners(
            address.port, host=address.host, backlog=BACKLOG
        )
    except OSError as error:
        raise _refused(address, error) from None
    return listeners[0]


def take_over(held: socket.socket) -> trio.SocketListener:
    """Listen on a socket that listens already and that another process holds, too; closing leaves it to that one.

    Each may be the faster one to accept: trio then waits for the next connection.
    """
    return trio.SocketListener(trio.socket.from_stdlib_socket(held))


def address_of(listener: trio.SocketListener) -> Address:
    """Where a listener really listens, its port included."""
    host, port, *_ = listener.socket.getsockname()
    return Address(host, port)


def _refused(address: Address, error: OSError) -> UserMistake:
    if error.errno == errno.EADDRINUSE:
        other = 8081 if address.port == 8080 else 8080
        return UserMistake(
            f"Port {address.port} is in use by another program: stop that one, or let the page listen elsewhere, "
            f'for example at "0.0.0.0:{other}".'
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return UserMistake(
            f"This user may not listen on port {address.port}: write a port above 1023, "
            'for example "0.0.0.0:8080".'
        )
    if error.errno not in _NOT_OURS:
        return UserMistake(f"The page cannot listen at {address.host}: {reason_of(error)}.")
    return UserMistake(
        f"The page cannot listen at {address.host}, which is no address of this machine: write {EXAMPLE}."
    )
