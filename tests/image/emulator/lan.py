"""The hotel's network: a tap of our own with nothing behind it, a DHCP server, files to download, a port scanner.

Lives in a network name space that the journey's process was started in (`words`), so that it can meet neither the
build machine's network nor another journey, and is gone with the process. The host is 10.4.5.1, the box 10.4.5.20.
"""

import os
import re
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from tests.image.emulator.dhcp import DhcpServer, Offer

HOST, BOX = "10.4.5.1", "10.4.5.20"
TAP = "tap0"
FILES_PORT = 8000


def words() -> list[str]:
    """Words in front of a command line: it and its children live in name spaces of their own, and end with it."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    ended = ["setpriv", "--pdeathsig", "KILL"]  # also when the caller is killed, and can end nothing any more
    return [*ended, "unshare", *user, "--net", "--pid", "--mount-proc", "--fork", "--kill-child"]


class Lan:
    """The network, up."""

    def __init__(self, files: Path) -> None:
        for line in (
            "link set lo up",
            f"tuntap add dev {TAP} mode tap",
            f"address add {HOST}/24 dev {TAP}",
            f"link set {TAP} up",
        ):
            subprocess.run(["ip", *line.split()], check=True)
        self.files = files
        self.dhcp = DhcpServer(TAP, Offer(BOX, HOST))
        self._web = ThreadingHTTPServer((HOST, FILES_PORT), partial(_Files, directory=str(files)))
        threading.Thread(target=self._web.serve_forever, daemon=True).start()

    def url(self, name: str) -> str:
        """Where the box can download a file of `files`."""
        return f"http://{HOST}:{FILES_PORT}/{name}"

    def open_ports(self, *switches: str, target: str = BOX) -> dict[str, str]:
        """What nmap finds: {"80/tcp": "open http"}; what stays silent is not in it."""
        scan = subprocess.run(
            ["nmap", "-n", "-Pn", "--max-retries", "2", "-oG", "-", *switches, target],
            check=True,
            capture_output=True,
            text=True,
        )
        return ports(scan.stdout)

    def close(self) -> None:
        """Take it down."""
        self._web.shutdown()
        self._web.server_close()
        self.dhcp.close()

    def __enter__(self) -> "Lan":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def ports(greppable: str) -> dict[str, str]:
    """The ports that answered, out of nmap's greppable output."""
    found = re.findall(r"(\d+)/(open|closed|unfiltered)/(tcp|udp)//([^/]*)", greppable)
    return {f"{port}/{protocol}": f"{state} {name}".strip() for port, state, protocol, name in found}


class _Files(SimpleHTTPRequestHandler):
    """Files without a word on the terminal."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
