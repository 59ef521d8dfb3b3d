"""Which connections are let in: by peer, and all together. The clock is a number."""

from agent.status.server.pace import FEW, Pace


def let_in(pace: Pace, host: str, now: float, tries: int) -> int:
    return sum(pace.lets_in(host, now) for _ in range(tries))


def test_a_peer_opens_a_burst_and_is_then_held_to_a_third_of_it_a_second() -> None:
    pace = Pace(60, 1000)
    assert let_in(pace, "10.0.0.1", 0.0, 1000) == 60
    later = sum(let_in(pace, "10.0.0.1", tick / 10, 100) for tick in range(1, 101))
    assert 190 <= later <= 200


def test_one_peer_takes_nothing_from_another() -> None:
    pace = Pace(60, 1000)
    let_in(pace, "10.0.0.1", 0.0, 1000)
    assert let_in(pace, "10.0.0.2", 0.0, 10) == 10


def test_one_machine_takes_nothing_from_its_neighbours_in_a_network_of_ipv6() -> None:
    pace = Pace(60, 1000)
    assert let_in(pace, "fe80::bad%eth0", 0.0, 1000) == 60
    assert let_in(pace, "fe80::1%eth0", 0.0, 10) == 10


def test_a_machine_with_ever_new_addresses_has_what_two_may_have() -> None:
    pace = Pace(60, 1000)
    assert sum(let_in(pace, f"fd00::{number:x}", 0.0, 1) for number in range(1000)) == 120
    assert let_in(pace, "10.0.0.1", 0.0, 10) == 10
    assert let_in(pace, "fd00:0:0:1::1", 0.0, 10) == 10


def test_all_together_are_held_to_half_of_what_there_is_and_the_rest_is_for_newcomers() -> None:
    pace = Pace(60, 200)
    crowd = sum(let_in(pace, f"10.0.0.{number}", 0.0, 60) for number in range(5))
    assert 100 <= crowd <= 100 + 5 * FEW
    assert let_in(pace, "10.0.1.1", 0.0, 6) == 6


def test_newcomers_without_end_are_held_as_well() -> None:
    pace = Pace(60, 200)
    assert sum(let_in(pace, f"10.0.{number // 250}.{number % 250}", 0.0, 1) for number in range(1000)) == 200


def test_who_is_turned_away_does_not_make_it_worse_by_trying() -> None:
    pace = Pace(10, 1000)
    let_in(pace, "10.0.0.1", 0.0, 100_000)
    assert pace.lets_in("10.0.0.1", 1.0)


def test_peers_that_left_long_ago_are_forgotten() -> None:
    pace = Pace(60, 100_000)
    for number in range(5000):
        pace.lets_in(f"10.{number // 62_500}.{number // 250 % 250}.{number % 250}", number * 1.0)
    assert len(pace._counts) <= 1024
