"""Places of its own for a process: a tiny disk that can run full, a resolver that never answers, a net that drops.

Linux name spaces, as root or where everybody may have them. Must never touch the machine's own mounts or routes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools import root_flags

TINY = "96k"  # holds a journal of a few commands and its log, and is full at once


needs_mounts = pytest.mark.needs("unshare", "mount", "mount name space")
needs_net = pytest.mark.needs("unshare", "ip", "network name space")
needs_strace = pytest.mark.needs("strace")


def inside(script: str, *flags: str) -> list[str]:
    """Words in front of a command line: it runs in new name spaces, after the shell script."""
    return ["unshare", *root_flags(), *flags, "sh", "-ec", f'{script}; exec "$@"', "sh"]


def tiny_disk(folder: Path, options: str = "") -> list[str]:
    """Words that give a process a disk of its own at `folder`; `options` as for mount."""
    return inside(f"mount -t tmpfs -o size={TINY}{options} tmpfs {folder}", "--mount")


def seen_by(pid: int, path: Path) -> Path:
    """A path as the process sees it."""
    return Path(f"/proc/{pid}/root{path}")


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Fill the disk of a folder to its last byte, and free it again."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:  # that is what it is for
            pass
    yield
    filler.unlink()


def silent_net() -> list[str]:
    """Words that give a process a network in which every packet to another machine vanishes.

    They come back to a machine that is not meant and does not forward, which the kernel drops without a word.
    """
    return inside("ip link set lo up; ip route add default dev lo", "--net")


def resolver(folder: Path, address: str) -> list[str]:
    """Words that give a process another resolver."""
    file = folder / "resolv.conf"
    file.write_text(f"nameserver {address}\n")
    return inside(f"mount --bind {file} /etc/resolv.conf", "--mount")


def strace(journal: Path, *injections: str) -> Sequence[str]:
    """Words that have calls on the journal's files go wrong; `injections` as strace's `inject=` has them."""
    paths = [word for tail in ("", "-wal", "-journal") for word in ("-P", f"{journal}{tail}")]
    tampering = [word for injection in injections for word in ("-e", f"inject={injection}")]
    return ["strace", "-D", "-f", "-qq", "-o", "/dev/null", *paths, *tampering]
