"""The box's sockets, from files as systemd 257 and the kernel write them."""

from pathlib import Path

import pytest

from board.interfaces import read_interfaces
from board.report import Interface, Report

ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0105040A\t0003\t0\t0\t1024\t00000000\t0\t0\t0
eth0\t0005040A\t00000000\t0001\t0\t0\t1024\t00FFFFFF\t0\t0\t0
eth0\t0105040A\t00000000\t0005\t0\t0\t1024\tFFFFFFFF\t0\t0\t0
"""
LINK = (
    "ADMIN_STATE=configured\nOPER_STATE=routable\nNETWORK_FILE=/run/systemd/network/10-box.network\nDNS=10.4.5.1\n"
)
LEASE = "ADDRESS=10.4.5.20\nSERVER_ADDRESS=10.4.5.1\nDNS=10.4.5.1 10.4.5.2\n"


class Files:
    def __init__(self, folder: Path) -> None:
        self.devices, self.netif, self.routes = folder / "net", folder / "netif", folder / "route"
        for name in ("links", "leases"):
            (self.netif / name).mkdir(parents=True)
        self.routes.write_text(ROUTES)

    def add(self, name: str, index: int, carrier: str = "1", link: str = LINK, lease: str = "") -> None:
        device = self.devices / name
        device.mkdir(parents=True)
        for file, content in (("ifindex", str(index)), ("carrier", carrier), ("address", "52:54:00:12:34:56")):
            (device / file).write_text(f"{content}\n")
        (device / "speed").write_text("1000\n" if carrier == "1" else "-1\n")
        (self.netif / "links" / str(index)).write_text(link)
        if lease:
            (self.netif / "leases" / str(index)).write_text(lease)

    def read(self, *addresses: str) -> Report:
        return read_interfaces(self.devices, self.netif, self.routes, lambda name: addresses)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_all_that_is_asked_on_the_phone_is_read(files: Files) -> None:
    files.add("eth0", 2, lease=LEASE)
    own = ("10.4.5.20/24", "fd00::5054:ff:fe12:3456")
    assert files.read("10.4.5.20", own[1]) == Report(
        (Interface("eth0", True, "52:54:00:12:34:56", "1000", own, "10.4.5.1", ("10.4.5.1", "10.4.5.2")),),
        ("10.4.5.1",),
    )


def test_without_a_cable_there_is_no_speed(files: Files) -> None:
    files.add("eth0", 2, carrier="0")
    [interface] = files.read().interfaces
    assert (interface.has_link, interface.speed, interface.addresses) == (False, "", ())


def test_sockets_that_were_not_set_up_are_left_out(files: Files) -> None:
    files.add("lo", 1, link="ADMIN_STATE=unmanaged\n")
    files.add("eth1", 3)
    files.add("eth0", 2)
    assert [interface.name for interface in files.read("10.4.5.20").interfaces] == ["eth0", "eth1"]


def test_a_machine_without_networkd_has_nothing_to_say(tmp_path: Path) -> None:
    nothing = tmp_path / "none"
    assert read_interfaces(nothing, nothing, nothing, lambda name: ()) == Report((), ())


@pytest.mark.parametrize("index", ["", "x", "../3", "²"])
def test_a_strange_index_is_no_interface(files: Files, index: str) -> None:
    files.add("eth0", 2)
    (files.devices / "eth0" / "ifindex").write_text(index)
    assert files.read("10.4.5.20").interfaces == ()


@pytest.mark.parametrize(
    "routes", ["", "\x00\xff", "head\nshort row\n", "head\n" + "x\t" * 11 + "\n", "head\neth0 0 zz 0 0 0 0 zz\n"]
)
def test_a_table_of_routes_that_is_none_gives_no_gateway(files: Files, routes: str) -> None:
    files.add("eth0", 2)
    files.routes.write_text(routes)
    report = files.read("10.4.5.20")
    assert (report.gateways, report.interfaces[0].addresses) == ((), ("10.4.5.20",))


def test_this_machine_can_be_looked_at() -> None:
    assert all(interface.mac for interface in read_interfaces().interfaces)
