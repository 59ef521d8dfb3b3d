"""Attempts at the password, each in its turn: who may wait for one, so that a storm keeps no other out."""

from collections import Counter

import pytest
import trio

from agent.status.acting.password import MOST_OF_NETWORK, MOST_WAITING, Busy, Password
from provisioning.secret import Secret

PASSWORD = "canary wicker boat 33"


async def looked_at(*peers: str) -> Counter[str]:
    """What came of attempts by these, all at once: "busy" found no place."""
    password, ends = Password(Secret(PASSWORD)), Counter[str]()

    async def attempt(peer: str) -> None:
        try:
            ends["right" if await password.is_right(PASSWORD, peer) else "wrong"] += 1
        except Busy:
            ends["busy"] += 1

    async with trio.open_nursery() as nursery:
        for peer in peers:
            nursery.start_soon(attempt, peer)
    return ends


@pytest.mark.parametrize(
    ("password", "is_right"),
    [(PASSWORD, True), (PASSWORD + " ", False), ("", False), (PASSWORD.upper(), False), ("ü\udcff", False)],
)
async def test_the_password_and_no_other_is_right(password: str, is_right: bool) -> None:
    assert await Password(Secret(PASSWORD)).is_right(password, "10.0.0.1") is is_right


async def test_a_peer_has_one_attempt_at_a_time() -> None:
    assert await looked_at(*["10.0.0.1"] * 5, "10.0.0.2") == {"right": 2, "busy": 4}


async def test_a_machine_with_ever_new_addresses_leaves_places_for_others() -> None:
    storm = [f"fd00::{number:x}" for number in range(100)]
    assert await looked_at(*storm) == {"right": MOST_OF_NETWORK, "busy": 100 - MOST_OF_NETWORK}
    others = ["10.0.0.1", "fd00:0:0:1::1", "::ffff:10.0.0.2"]
    assert (await looked_at(*storm, *others))["right"] == MOST_OF_NETWORK + len(others)


async def test_no_more_wait_than_may() -> None:
    assert (await looked_at(*(f"10.0.0.{number}" for number in range(40))))["right"] == MOST_WAITING
