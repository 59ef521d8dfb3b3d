"""The network in words, by values."""

from agent.console.network_words import network_text, waited_for
from board.base import Network, NetworkState
from board.report import Interface, Report

PAGE = "http://desk.local/"
WIRED = Interface(
    name="eth0",
    has_link=True,
    mac="52:54:00:12:34:56",
    speed="1000",
    addresses=("10.4.5.20/24", "fd00::5"),
    dhcp_server="10.4.5.1",
    dns=("10.4.5.1", "10.4.5.2"),
)


def lines(*interfaces: Interface, gateways: tuple[str, ...] = ("10.4.5.1",)) -> list[str]:
    return network_text(Report(interfaces, gateways), PAGE).splitlines()


def test_a_box_with_dhcp_says_all_that_is_asked_on_the_phone() -> None:
    assert lines(WIRED) == [
        "eth0      cable is in, 1000 Mbit/s",
        "          hardware address 52:54:00:12:34:56",
        "          address 10.4.5.20/24 fd00::5, given by the DHCP server 10.4.5.1",
        "gateway   10.4.5.1",
        "DNS       10.4.5.1 10.4.5.2",
        "page      http://desk.local/",
    ]


def test_a_fixed_address_was_not_given() -> None:
    assert (
        lines(WIRED._replace(addresses=("10.4.5.20/24",), dhcp_server=""))[2] == "          address 10.4.5.20/24"
    )


def test_a_speed_that_is_not_known_is_not_said() -> None:
    assert lines(WIRED._replace(speed=""))[0] == "eth0      cable is in"


def test_a_cable_that_is_out_and_an_address_that_is_not_there_are_said() -> None:
    assert lines(WIRED._replace(has_link=False, speed="", addresses=(), dns=()), gateways=()) == [
        "eth0      no link: is a cable in, and does its lamp light up?",
        "          hardware address 52:54:00:12:34:56",
        "          no address",
        "gateway   none",
        "DNS       none",
        "page      http://desk.local/",
    ]


def test_a_name_server_of_two_sockets_is_said_once() -> None:
    assert lines(WIRED, WIRED._replace(name="eth1"))[-2] == "DNS       10.4.5.1 10.4.5.2"


def test_a_machine_without_sockets_says_so() -> None:
    assert lines()[0] == "No network socket is in use."


def test_what_the_network_waits_for_is_one_thing() -> None:
    said = {state: list(waited_for(Network(state, "eth0"))) for state in NetworkState}
    assert said == {
        NetworkState.UNKNOWN: [],
        NetworkState.READY: [],
        NetworkState.NO_CABLE: [("cable", "waiting for a network cable: eth0 has no link")],
        NetworkState.NO_ADDRESS: [
            ("address", "waiting for an address: the cable is in, but no router gives eth0 one")
        ],
    }


def test_the_page_that_acts_is_said_with_the_fingerprint_to_compare_within_eighty_columns() -> None:
    shown = ":".join(["AB"] * 31 + ["CD"])
    said = network_text(Report((WIRED,), ()), PAGE, "https://desk.local/", shown).splitlines()
    assert said[-4] == "to act    https://desk.local/"
    assert "".join(line.strip() for line in said[-2:]) == shown
    assert max(map(len, said[-4:])) <= 80
