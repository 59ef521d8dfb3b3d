"""Where this machine's own page is: systemd holds its socket, and a drop-in names an address that is not usual.

Reads that file and nothing else; a machine without it has the page at the usual place.
"""

from pathlib import Path
from typing import NamedTuple

from provisioning.host_port import host_and_port

DROP_IN = Path("/run/systemd/system/nightporter-page.socket.d/listen.conf")
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - compared, not bound


class PageAddress(NamedTuple):
    """Host as in a URL (IPv6 in brackets, every wildcard there is) and port of the page's socket."""

    host: str
    port: int

    @property
    def from_here(self) -> tuple[str, int]:
        """Address and port to connect to on this machine."""
        host = _LOOPBACK.get(self.host, self.host)
        return host.strip("[]"), self.port

    def url(self, name: str) -> str:
        """The page's address in a browser, for a box of that name; of one that only hears itself, the loopback."""
        host = self.host if self.host.startswith(("127.", "[::1]")) else f"{name}.local"
        return f"http://{host}/" if self.port == 80 else f"http://{host}:{self.port}/"


_USUAL = PageAddress("0.0.0.0", 80)  # noqa: S104 - as in nightporter-page.socket


def page_address(drop_in: Path = DROP_IN) -> PageAddress:
    """Where the page is, as systemd was told at this start."""
    try:
        lines = drop_in.read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    listens = [line.partition("=")[2].strip() for line in lines if line.startswith("ListenStream=")]
    found = host_and_port(listens[-1]) if listens else None
    return PageAddress(*found) if found and found[0] else _USUAL
