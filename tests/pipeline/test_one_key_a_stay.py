"""A Coder Bridge whose site refuses further cards: a later order of a stay is refused in words, and not sent."""

from pathlib import Path

import pytest

from agent.control.words.told import End
from agent.simulators.mews.commands import State
from tests.faults.desk import ended, note
from tests.hotel.test_desk_hotel import at_desk
from tests.whole_hotel import Hotel

REFUSES = """
base = "coder-bridge-v2"
[duplicates]
how = { value = "refuse", confirmed = true, source = "test" }
"""


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path)
    hotel.provision(profile='profile = "site.toml"')
    (tmp_path / "site.toml").write_text(REFUSES)
    return hotel


def order(hotel: Hotel, stay: str, encoder: str = "1") -> str:
    return hotel.mews.add_key(encoder, ["101"], Reservation={"Id": stay})


async def test_a_later_order_of_a_stay_is_refused_and_one_of_another_stay_is_cut(
    hotel: Hotel, autojump_clock: object
) -> None:
    async with hotel.agent():
        assert (await ended(hotel, order(hotel, "stay-1"))).state is State.PROCESSED
        later = await ended(hotel, order(hotel, "stay-1"))
        assert (later.state, hotel.bridge.calls["guest_key"]) == (State.ERROR, 1)
        assert note(later).startswith("Key not cut: this stay has a key already")
        assert (await ended(hotel, order(hotel, "stay-2"))).state is State.PROCESSED
    assert len(hotel.bridge.cuts) == 2


async def test_of_two_orders_of_a_stay_at_once_one_is_cut(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        ids = [order(hotel, "stay-1", encoder) for encoder in ("1", "2")]
        states = [(await ended(hotel, id)).state for id in ids]
    assert sorted(states) == sorted([State.PROCESSED, State.ERROR])
    assert len(hotel.bridge.cuts) == 1


async def test_once_its_key_is_cancelled_a_stay_gets_another(hotel: Hotel, autojump_clock: object) -> None:
    async with at_desk(hotel) as desk:
        assert (await ended(hotel, order(hotel, "stay-1"))).state is State.PROCESSED
        assert (await desk.ask("lock", "cancel", "--sure", "101")).end is End.DONE
        assert (await ended(hotel, order(hotel, "stay-1"))).state is State.PROCESSED


async def test_keys_for_a_test_are_cut_as_before(hotel: Hotel, autojump_clock: object) -> None:
    async with at_desk(hotel) as desk:
        for _ in range(2):
            assert (await desk.ask("key", "1", "101")).end is End.DONE
