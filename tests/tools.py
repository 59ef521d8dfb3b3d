"""What tests use of a machine beside Python and a shell: programs with their Debian package, and abilities.

A test names its needs with `@pytest.mark.needs("nft", "root")` (`tests/needs.py`). `python3 -m tests.tools` prints
the packages of the programs that are not here. Continuous integration asks that before anything is installed, so
this is plain Python.
"""

import os
import subprocess
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from shutil import which

PACKAGES: Mapping[str, str] = {
    "/usr/lib/cups/filter/gstoraster": "cups-filters",
    "/usr/lib/cups/filter/pdftopdf": "cups-filters-core-drivers",
    "/usr/lib/cups/filter/rastertohp": "cups",
    "/usr/lib/cups/filter/rastertopdf": "cups-filters-core-drivers",
    "/usr/lib/cups/filter/rastertopwg": "cups",
    "/usr/lib/u-boot/qemu_arm64/u-boot.bin": "u-boot-qemu",
    "avahi-browse": "avahi-utils",
    "avahi-daemon": "avahi-daemon",
    "/usr/bin/chromium": "chromium",
    "bash": "bash",
    "bmaptool": "bmap-tools",
    "cupsd": "cups-daemon",
    "curl": "curl",
    "dbus-daemon": "dbus-daemon",
    "debugfs": "e2fsprogs",
    "e2fsck": "e2fsprogs",
    "fsck.vfat": "dosfstools",
    "fusefat": "fusefat",
    "fusermount": "fuse",
    "fw_printenv": "libubootenv-tool",
    "fw_setenv": "libubootenv-tool",
    "genimage": "genimage",
    "grub-editenv": "grub-common",
    "ip": "iproute2",
    "ippevepcl": "cups-ipp-utils",
    "ippeveprinter": "cups-ipp-utils",
    "ipptool": "cups-ipp-utils",
    "losetup": "mount",
    "lpadmin": "cups-client",
    "lpstat": "cups-client",
    "mcopy": "mtools",
    "mdir": "mtools",
    "mformat": "mtools",
    "mkfs.ext4": "e2fsprogs",
    "mkfs.vfat": "dosfstools",
    "mkimage": "u-boot-tools",
    "mksquashfs": "squashfs-tools",
    "mmd": "mtools",
    "mount": "mount",
    "mtype": "mtools",
    "nft": "nftables",
    "node": "nodejs",
    "npm": "npm",
    "openssl": "openssl",
    "partx": "util-linux",
    "pdfimages": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "prometheus": "prometheus",
    "promtool": "prometheus",
    "qemu-system-aarch64": "qemu-system-arm",
    "rauc": "rauc",
    "resize2fs": "e2fsprogs",
    "setpriv": "util-linux",
    "sfdisk": "fdisk",
    "strace": "strace",
    "systemd-analyze": "systemd",
    "umount": "mount",
    "unshare": "util-linux",
    "unsquashfs": "squashfs-tools",
    "xmllint": "libxml2-utils",
}
NPM = Path(__file__).parent / "npm" / "node_modules"  # `npm ci --prefix tests/npm --ignore-scripts` fills it
SBIN = "/usr/sbin:/sbin"  # where Debian keeps half of them, and what the path of a user without root lacks
# Every machine with make has these.
SHELL = frozenset({"cat", "cmp", "cp", "dd", "make", "sh", "sha256sum", "sleep", "sync", "true"})


def missing(needs: Iterable[str]) -> list[str]:
    """A sentence for each need that this machine does not meet. An unknown need is a bug: KeyError.

    Abilities are asked only where all programs are here, for some are found out by one of them.
    """
    named = sorted(needs)
    packages = {need: PACKAGES[need] for need in named if need not in _ABILITIES}
    absent = [f"{each} is not installed (Debian: {packages[each]})" for each in packages if not _is_here(each)]
    abilities = [need for need in named if need in _ABILITIES]
    return absent or [f"{need}: not available here" for need in abilities if not _ABILITIES[need]()]


def lookup_path() -> str:
    """Where programs are looked for: PATH, and what Debian keeps for root."""
    return f"{os.environ.get('PATH', os.defpath)}:{SBIN}"


def _is_here(program: str) -> bool:
    return which(program, mode=os.F_OK, path=lookup_path()) is not None


@cache
def _can_unshare(kind: str) -> bool:
    unshare = which("unshare", path=lookup_path())
    words = (*root_flags(), kind, "true")
    return unshare is not None and subprocess.run((unshare, *words), capture_output=True).returncode == 0


def root_flags() -> tuple[str, ...]:
    """What makes `unshare` give us root's rights inside, where we have none."""
    return () if _is_root() else ("--user", "--map-root-user")


def _is_root() -> bool:
    return os.geteuid() == 0


_ABILITIES: Mapping[str, Callable[[], bool]] = {
    "root": _is_root,
    "loop devices": lambda: os.access("/dev/loop-control", os.W_OK),
    "/dev/fuse": lambda: os.access("/dev/fuse", os.W_OK),
    "mount name space": lambda: _can_unshare("--mount"),
    "network name space": lambda: _can_unshare("--net"),
    "axe-core": (NPM / "axe-core").is_dir,
    "ipp-encoder": (NPM / "ipp-encoder").is_dir,
    "IPv6": Path("/proc/net/if_inet6").exists,
}


if __name__ == "__main__":
    print(*sorted({package for program, package in PACKAGES.items() if missing([program])}))
