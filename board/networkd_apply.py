"""systemd-networkd as what puts network settings to use. systemd.network(5), networkctl(1).

The settings are one file under /run, so they are gone with the boot. A running networkd is told to read it, and to
take its interfaces up with it; before networkd runs, `write` alone is enough.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from board.network_settings import NetworkSettings
from board.places import DEVICES

FOLDER = Path("/run/systemd/network")
NAME = "10-nightporter.network"
HEAD = "# Written at each boot from the provisioning file: a change here is gone with the next one.\n"
_BEFORE = f"{NAME}.before"  # networkd reads what ends in .network
_ETHERNET = "1"  # ARPHRD_ETHER, include/uapi/linux/if_arp.h

Ask = Callable[[tuple[str, ...]], object]


class NetworkdApplier:
    """`ask` runs a program and may raise what it likes; `devices` is where the kernel keeps its interfaces."""

    def __init__(self, ask: Ask, folder: Path = FOLDER, devices: Path = DEVICES) -> None:
        self._ask, self._folder, self._devices = ask, folder, devices

    def apply(self, settings: NetworkSettings) -> bool:
        """Write the settings, and have networkd use them where they are others. Raises `OSError`."""
        path, before = self._folder / NAME, self._folder / _BEFORE
        if path.is_file() and not before.is_file():
            _put(before, path.read_text())
        if not write(settings, self._folder):
            return False
        self.bring_up()
        return True

    def undo(self) -> bool:
        """Put the file before in its place, and have networkd use it. Raises `OSError`."""
        before = self._folder / _BEFORE
        if not before.is_file():
            return False
        before.replace(self._folder / NAME)
        self.bring_up()
        return True

    def keep(self) -> None:
        """Forget the file before. Raises `OSError`."""
        (self._folder / _BEFORE).unlink(missing_ok=True)

    def bring_up(self) -> None:
        """Have a running networkd read its files, and take up its wired interfaces again."""
        self._ask(("networkctl", "reload"))
        names = tuple(_wired(self._devices))
        if names:
            self._ask(("networkctl", "reconfigure", *names))


def write(settings: NetworkSettings, folder: Path = FOLDER) -> bool:
    """Write the file, whole; whether it differs from the one before. Raises `OSError`."""
    path, new = folder / NAME, text(settings)
    if path.is_file() and path.read_text() == new:
        return False
    _make_open(folder)
    _put(path, new)
    return True


def text(settings: NetworkSettings) -> str:
    """The settings as networkd has them."""
    return HEAD + "\n".join(_lines(settings)) + "\n"


def _lines(settings: NetworkSettings) -> Iterator[str]:
    family = "ipv6" if settings.address and ":" in settings.address else "ipv4"
    # A router's IPv6 prefix must not hide a DHCP server that is silent.
    yield from ("[Match]", "Type=ether", "", "[Link]", f"RequiredFamilyForOnline={family}", "", "[Network]")
    if settings.address:
        yield f"Address={settings.address}"
        if settings.gateway:
            yield f"Gateway={settings.gateway}"
        # No second IPv4 address beside a fixed one: mDNS would tell that one to the hotel's PCs too.
        yield from ("DHCP=no", "IPv6AcceptRA=no", "LinkLocalAddressing=ipv6")
    else:
        yield from ("DHCP=ipv4", "IPv6AcceptRA=yes", "LinkLocalAddressing=yes")
    yield from (f"DNS={server}" for server in settings.dns)
    # The address stays until the kernel ends: a key that runs while the box shuts down is still reported.
    yield "KeepConfiguration=dynamic-on-stop"
    # The same address after each boot and each update; names are avahi's, and only avahi is asked for them.
    yield from ("IPv6PrivacyExtensions=no", "LLMNR=no", "MulticastDNS=no")
    yield from ("", "[DHCPv4]", "ClientIdentifier=mac", "DUIDType=link-layer")
    yield from ("SendHostname=yes", f"Hostname={settings.host_name}", "UseHostname=no", *_own_dns(settings))
    yield from ("", "[DHCPv6]", "DUIDType=link-layer", "UseHostname=no", *_own_dns(settings))
    yield from ("", "[IPv6AcceptRA]", *_own_dns(settings))


def _own_dns(settings: NetworkSettings) -> tuple[str, ...]:
    return ("UseDNS=no",) if settings.dns else ()


def _wired(devices: Path) -> Iterator[str]:
    """The interfaces that networkd's file is for: Ethernet, and a device behind it."""
    with suppress(OSError):
        for device in sorted(devices.iterdir()):
            if (device / "device").exists() and _type(device) == _ETHERNET:
                yield device.name


def _type(device: Path) -> str:
    try:
        return (device / "type").read_text().strip()
    except OSError:  # it was unplugged meanwhile
        return ""


def _put(path: Path, content: str) -> None:
    coming = path.with_name(f".{path.name}.new")
    coming.write_text(content)
    coming.chmod(0o644)
    coming.replace(path)


def _make_open(folder: Path) -> None:
    """The folder, readable by networkd's own user whatever our umask is."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o755)
