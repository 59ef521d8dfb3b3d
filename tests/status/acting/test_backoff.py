"""Who waits after wrong passwords, and for how long."""

import pytest

from agent.status.acting.decisions.backoff import LONGEST, MANY, MOST_PEERS, Backoff
from agent.status.server.peer import address_of_peer, peer_of


def waits(tries: int) -> float:
    backoff = Backoff()
    for _ in range(tries):
        backoff.wrong("10.0.0.1", 100.0)
    return backoff.seconds_left("10.0.0.1", 100.0)


def test_three_tries_are_free_and_then_the_pause_doubles_up_to_a_minute() -> None:
    assert [waits(tries) for tries in (0, 1, 2, 3, 4, 5, 8, 9, 10, 2000)] == [
        0,
        0,
        0,
        1,
        2,
        4,
        32,
        60,
        60,
        LONGEST,
    ]


def test_a_pause_goes_by() -> None:
    backoff = Backoff()
    for _ in range(4):
        backoff.wrong("10.0.0.1", 100.0)
    assert [backoff.seconds_left("10.0.0.1", at) for at in (100.5, 102.0, 500.0)] == [1.5, 0.0, 0.0]


def test_one_peer_keeps_no_other_out() -> None:
    backoff = Backoff()
    for _ in range(9):
        backoff.wrong("10.0.0.1", 100.0)
    assert backoff.seconds_left("10.0.0.2", 100.0) == 0


@pytest.mark.parametrize("network", ["fe80::", "fd00:1:2:3::", "2001:db8:1:2::"])
def test_one_machine_of_the_hotels_own_network_keeps_its_neighbours_not_out(network: str) -> None:
    backoff = Backoff()
    for at in range(1000):
        backoff.wrong(f"{network}bad", float(at))
    assert backoff.seconds_left(f"{network}bad", 1000.0) > 50
    assert backoff.seconds_left(f"{network}1", 1000.0) == 0


def test_a_machine_that_takes_ever_new_addresses_of_its_network_waits_all_the_same() -> None:
    backoff = Backoff()
    free = 0
    for number in range(1, 5000):
        if not backoff.seconds_left(f"fd00::{number:x}", 100.0):
            free += 1
            backoff.wrong(f"fd00::{number:x}", 100.0)
    assert free <= MANY + 3
    assert backoff.seconds_left("fd00:0:0:1::1", 100.0) == 0  # of another network
    assert backoff.seconds_left("10.0.0.1", 100.0) == 0
    backoff.right("fd00::ffff")
    assert backoff.seconds_left("fd00::fffe", 100.0) == 0


def test_a_network_whose_addresses_are_all_cleared_is_as_new() -> None:
    backoff = Backoff()
    for number in range(MANY):
        backoff.wrong(f"fd00::{number:x}", 100.0)
    for number in range(MANY):
        backoff.right(f"fd00::{number:x}")
    for _ in range(9):
        backoff.wrong("fd00::bad", 100.0)
    assert backoff.seconds_left("fd00::1", 100.0) == 0


def test_the_right_password_clears_what_was_held_against_a_peer() -> None:
    backoff = Backoff()
    for _ in range(9):
        backoff.wrong("10.0.0.1", 100.0)
    backoff.right("10.0.0.1")
    backoff.right("10.0.0.2")
    assert backoff.seconds_left("10.0.0.1", 100.0) == 0


def test_the_table_is_bounded_and_the_oldest_goes_first() -> None:
    backoff = Backoff()
    for number in range(MOST_PEERS + 1):
        for _ in range(4):
            backoff.wrong(f"peer {number}", 100.0)
    assert [backoff.seconds_left(f"peer {number}", 100.0) for number in (0, 1, MOST_PEERS)] == [0, 2, 2]


@pytest.mark.parametrize(
    ("host", "peer"),
    [
        ("10.4.5.6", "10.4.5.6"),
        ("::ffff:10.4.5.6", "10.4.5.6"),
        ("fd00::1:2:3:4", "fd00::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_what_counts_as_one_network(host: str, peer: str) -> None:
    assert peer_of(host) == peer


@pytest.mark.parametrize(
    ("host", "address"),
    [
        *(("10.4.5.6", "10.4.5.6"), ("::ffff:10.4.5.6", "10.4.5.6"), ("FE80:0::1%eth0", "fe80::1")),
        *(("", ""), ("nonsense", "nonsense"), ("fd00::/64", "fd00::/64")),
    ],
)
def test_an_address_is_written_in_one_way(host: str, address: str) -> None:
    assert address_of_peer(host) == address
