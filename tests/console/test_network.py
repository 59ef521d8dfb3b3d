"""The network in words, from files as systemd 257 and the kernel write them."""

from pathlib import Path

import pytest

from agent.console.network import Report, look, text

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

    def look(self, *addresses: str) -> Report:
        return look(self.devices, self.netif, self.routes, lambda name: addresses)

    def text(self, *addresses: str) -> list[str]:
        return text(self.look(*addresses), "http://desk.local/").splitlines()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_a_box_with_dhcp_says_all_that_is_asked_on_the_phone(files: Files) -> None:
    files.add("eth0", 2, lease=LEASE)
    assert files.text("10.4.5.20", "fd00::5054:ff:fe12:3456") == [
        "eth0      cable is in, 1000 Mbit/s",
        "          hardware address 52:54:00:12:34:56",
        "          address 10.4.5.20/24 fd00::5054:ff:fe12:3456, given by the DHCP server 10.4.5.1",
        "gateway   10.4.5.1",
        "DNS       10.4.5.1 10.4.5.2",
        "page      http://desk.local/",
    ]


def test_a_fixed_address_was_given_by_nobody(files: Files) -> None:
    files.add("eth0", 2)
    assert files.text("10.4.5.20")[2] == "          address 10.4.5.20/24"


def test_a_cable_that_is_out_and_an_address_that_is_not_there_are_said(files: Files) -> None:
    files.add("eth0", 2, carrier="0", link=LINK.replace("DNS=10.4.5.1\n", ""))
    files.routes.write_text("")
    assert files.text() == [
        "eth0      no link: is a cable in, and does its lamp light up?",
        "          hardware address 52:54:00:12:34:56",
        "          no address",
        "gateway   none",
        "DNS       none",
        "page      http://desk.local/",
    ]


def test_sockets_that_nobody_set_up_are_left_out(files: Files) -> None:
    files.add("lo", 1, link="ADMIN_STATE=unmanaged\n")
    files.add("eth1", 3)
    files.add("eth0", 2)
    assert [interface.name for interface in files.look("10.4.5.20").interfaces] == ["eth0", "eth1"]


def test_a_machine_without_networkd_has_nothing_to_say(tmp_path: Path) -> None:
    nothing = tmp_path / "none"
    assert look(nothing, nothing, nothing, lambda name: ()) == Report((), ())
    assert text(Report((), ()), "http://desk.local/").startswith("No network socket is in use.\n")


@pytest.mark.parametrize("index", ["", "x", "../3", "²"])
def test_a_strange_index_is_no_interface(files: Files, index: str) -> None:
    files.add("eth0", 2)
    (files.devices / "eth0" / "ifindex").write_text(index)
    assert files.look("10.4.5.20").interfaces == ()


@pytest.mark.parametrize(
    "routes", ["", "\x00\xff", "head\nshort row\n", "head\n" + "x\t" * 11 + "\n", "head\neth0 0 zz 0 0 0 0 zz\n"]
)
def test_a_table_of_routes_that_is_none_gives_no_gateway(files: Files, routes: str) -> None:
    files.add("eth0", 2)
    files.routes.write_text(routes)
    report = files.look("10.4.5.20")
    assert (report.gateways, report.interfaces[0].addresses) == ((), ("10.4.5.20",))


def test_this_machine_can_be_looked_at() -> None:
    assert text(look(), "http://desk.local/").endswith("page      http://desk.local/")
