"""What networkd's files and the kernel's say of the network: cable, address, and which interface counts."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from board.base import Network, NetworkState
from board.linux import LinuxBoard
from board.networkd import INET6, MOST_ADDRESSES, TURNS, Networkd, own_addresses, read

# As systemd 257 writes it.
FILE = """\
# This is private data. Do not parse.
ADMIN_STATE=configured
OPER_STATE={state}
CARRIER_STATE=carrier
ADDRESS_STATE=routable
IPV4_ADDRESS_STATE={ipv4}
IPV6_ADDRESS_STATE={ipv6}
ONLINE_STATE=online
REQUIRED_FOR_ONLINE=yes
REQUIRED_OPER_STATE_FOR_ONLINE=degraded:routable
REQUIRED_FAMILY_FOR_ONLINE={family}
ACTIVATION_POLICY=up
NETWORK_FILE={file}
NETWORK_FILE_DROPINS=""
DNS=10.4.5.1
MDNS=no
"""
UNMANAGED = "# This is private data. Do not parse.\nADMIN_STATE=unmanaged\nOPER_STATE=carrier\n"


class Machine:
    """networkd's folder and the kernel's, with interfaces that can be put there."""

    def __init__(self, folder: Path) -> None:
        self.links, self.devices = folder / "links", folder / "net"
        self.network_file = folder / "10.network"
        self.links.mkdir()
        self.devices.mkdir()
        (self.devices / "bonding_masters").write_text("")
        self.plug("lo", 1, UNMANAGED, carrier="1")

    def plug(self, name: str, index: int, content: str | None, *, carrier: str | None = "1") -> None:
        """An interface; `carrier` None cannot be read, as the kernel has it while the interface is down."""
        device = self.devices / name
        device.mkdir(exist_ok=True)
        (device / "ifindex").write_text(f"{index}\n")
        if carrier is not None:
            (device / "carrier").write_text(f"{carrier}\n")
        if content is not None:
            coming = self.links / ".new"
            coming.write_text(content)
            coming.replace(self.links / str(index))

    def file(self, state: str, *, ipv4: str = "routable", ipv6: str = "degraded", family: str = "any") -> str:
        """What networkd writes of an interface that is its own."""
        return FILE.format(state=state, ipv4=ipv4, ipv6=ipv6, family=family, file=self.network_file)

    def read(self) -> Network:
        """What is made of it; every interface has the same address."""
        return read(self.links, self.devices, lambda interface: ("10.4.5.20",))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("state", "carrier", "expected"),
    [
        ("routable", "1", NetworkState.READY),
        ("routable", "0", NetworkState.NO_CABLE),  # the kernel is quicker than networkd
        ("degraded", "1", NetworkState.NO_ADDRESS),
        ("carrier", "1", NetworkState.NO_ADDRESS),
        ("degraded-carrier", "1", NetworkState.NO_ADDRESS),
        ("dormant", "1", NetworkState.NO_ADDRESS),
        ("no-carrier", "0", NetworkState.NO_CABLE),
        ("no-carrier", "1", NetworkState.NO_ADDRESS),
        ("off", None, NetworkState.NO_CABLE),
        ("missing", None, NetworkState.NO_CABLE),
        ("something-new", "1", NetworkState.UNKNOWN),
        ("", "1", NetworkState.UNKNOWN),
    ],
)
def test_what_networkd_and_the_kernel_say_is_cable_address_or_ready(
    machine: Machine, state: str, carrier: str | None, expected: NetworkState
) -> None:
    machine.plug("eth0", 2, machine.file(state), carrier=carrier)
    assert (machine.read().state, machine.read().interface) == (expected, "eth0")


def test_addresses_are_told_unless_the_cable_is_out(machine: Machine) -> None:
    machine.plug("eth0", 2, machine.file("routable"))
    assert machine.read() == Network(NetworkState.READY, "eth0", ("10.4.5.20",))
    machine.plug("eth0", 2, machine.file("no-carrier"), carrier="0")
    assert machine.read() == Network(NetworkState.NO_CABLE, "eth0", ())


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Address=169.254.7.1/16", NetworkState.READY),
        ("Address = fe80::7/64", NetworkState.READY),
        ("Address=10.4.5.20/24", NetworkState.NO_ADDRESS),
        ("DHCP=ipv4", NetworkState.NO_ADDRESS),
    ],
)
def test_an_address_that_reaches_nothing_counts_only_if_somebody_wrote_it_down(
    machine: Machine, address: str, expected: NetworkState
) -> None:
    machine.network_file.write_text(f"[Match]\nType=ether\n\n[Network]\n{address}\n")
    machine.plug("eth0", 2, machine.file("degraded"))
    assert machine.read().state is expected


@pytest.mark.parametrize(
    ("family", "ipv4", "ipv6", "expected"),
    [
        ("ipv4", "off", "routable", NetworkState.NO_ADDRESS),  # DHCP is silent, the router tells an IPv6 prefix
        ("ipv4", "routable", "off", NetworkState.READY),
        ("both", "routable", "degraded", NetworkState.NO_ADDRESS),
        ("ipv6", "off", "routable", NetworkState.READY),
        ("any", "off", "routable", NetworkState.READY),
    ],
)
def test_the_families_that_the_network_file_requires_must_be_there(
    machine: Machine, family: str, ipv4: str, ipv6: str, expected: NetworkState
) -> None:
    machine.plug("eth0", 2, machine.file("routable", ipv4=ipv4, ipv6=ipv6, family=family))
    assert machine.read().state is expected


def test_of_two_interfaces_the_one_that_is_further_counts(machine: Machine) -> None:
    machine.plug("eth0", 2, machine.file("no-carrier"), carrier="0")
    machine.plug("eth1", 3, machine.file("routable"))
    assert machine.read().interface == "eth1"


def test_of_two_that_are_as_far_the_first_one_counts(machine: Machine) -> None:
    machine.plug("eth1", 10, machine.file("no-carrier"), carrier="0")
    machine.plug("eth0", 9, machine.file("no-carrier"), carrier="0")
    assert machine.read().interface == "eth0"


def test_interfaces_that_are_not_networkds_are_unknown(machine: Machine) -> None:
    machine.plug("wlan0", 4, None)
    assert machine.read() == Network()


@pytest.mark.parametrize("content", ["", "nonsense", "\x00\ufffd\n=\n==\n", "NETWORK_FILE\nOPER_STATE"])
def test_a_file_that_is_not_understood_is_unknown(machine: Machine, content: str) -> None:
    machine.plug("eth0", 2, content)
    assert machine.read() == Network()


def test_a_machine_without_networkd_is_unknown(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert read(nowhere, nowhere) == Network()
    assert LinuxBoard({}, links=nowhere, devices=nowhere).network() == Network()


def test_the_board_reads_where_it_is_told_to(machine: Machine) -> None:
    machine.plug("not-of-this-host", 2, machine.file("routable"))
    board = LinuxBoard({}, links=machine.links, devices=machine.devices)
    assert board.network() == board.network() == Network(NetworkState.READY, "not-of-this-host", ())


@pytest.fixture
def counted(machine: Machine) -> tuple[Networkd, Callable[[], int]]:
    asked: list[str] = []

    def addresses(interface: str) -> tuple[str, ...]:
        asked.append(interface)
        return ()

    return Networkd(machine.links, machine.devices, addresses), lambda: len(asked)


def test_nothing_is_read_again_for_some_looks_while_networkd_writes_nothing(
    machine: Machine, counted: tuple[Networkd, Callable[[], int]]
) -> None:
    networkd, readings = counted
    machine.plug("eth0", 2, machine.file("routable"))
    found = {networkd.network().state for _ in range(TURNS)}
    assert (found, readings()) == ({NetworkState.READY}, 1)
    networkd.network()
    assert readings() == 2


def test_what_networkd_writes_is_seen_at_the_next_look(
    machine: Machine, counted: tuple[Networkd, Callable[[], int]]
) -> None:
    networkd, _ = counted
    machine.plug("eth0", 2, machine.file("routable"))
    assert networkd.network().state is NetworkState.READY
    wait_for_another_tick(machine.links)
    machine.plug("eth0", 2, machine.file("no-carrier"), carrier="0")
    assert networkd.network().state is NetworkState.NO_CABLE


def wait_for_another_tick(folder: Path) -> None:
    """Until the file system's clock, which is a coarse one, has gone on."""
    before = folder.stat().st_mtime_ns
    while folder.stat().st_mtime_ns == before:
        (folder / ".tick").touch()
        (folder / ".tick").unlink()


def test_a_networkd_that_goes_away_is_unknown_at_the_next_look(
    machine: Machine, counted: tuple[Networkd, Callable[[], int]]
) -> None:
    networkd, _ = counted
    machine.plug("eth0", 2, machine.file("routable"))
    networkd.network()
    machine.links.rename(machine.links.with_name("gone"))
    assert networkd.network() == Network()


def test_the_loopback_has_the_address_that_everybody_knows() -> None:
    assert own_addresses("lo")[:1] == ("127.0.0.1",)


@pytest.mark.parametrize("interface", ["no-such-device", "far-longer-than-any-device-is", ""])
def test_an_interface_that_is_not_there_has_no_address(interface: str) -> None:
    assert own_addresses(interface) == ()


def test_ipv6_addresses_are_those_that_others_can_reach(tmp_path: Path) -> None:
    table = tmp_path / "if_inet6"
    table.write_text(
        "00000000000000000000000000000001 01 80 10 80       lo\n"
        "fe800000000000000000000000000007 02 40 20 80     eth9\n"
        "fd000000000000000000000000000002 02 40 00 80     eth9\n"
        "fd000000000000000000000000000003 03 40 00 80     eth8\n"
        "half a line\n"
    )
    assert own_addresses("eth9", table) == ("fd00::2",)


def test_no_more_addresses_are_told_than_anybody_reads(tmp_path: Path) -> None:
    table = tmp_path / "if_inet6"
    table.write_text("".join(f"fd00000000000000000000000000{n:04x} 02 40 00 80 eth9\n" for n in range(99)))
    assert len(own_addresses("eth9", table)) == MOST_ADDRESSES


@pytest.mark.needs("IPv6")
def test_the_kernels_table_of_this_machine_is_understood() -> None:
    for line in INET6.read_text().splitlines():
        for address in own_addresses(line.split()[5]):
            assert socket.inet_aton(address) if "." in address else socket.inet_pton(socket.AF_INET6, address)
