"""What every test of a fault asks at the front desk: how did the order end, how many cards were cut, does the next
key work? All waiting is bounded in virtual time, because a hotel that waits for ever never looks idle.
"""

import trio

from agent.health.catalogue import CATALOGUE
from agent.simulators.mews.commands import Command, State
from tests.whole_hotel import Hotel

PATIENCE = 400.0  # virtual s; beyond every deadline, pause and age limit that one order can meet


async def ended(hotel: Hotel, id: str, within: float = PATIENCE) -> Command:
    """The command, as soon as Mews has its end."""
    with trio.fail_after(within):
        return await hotel.mews.wait_final(id)


async def wait_cuts(hotel: Hotel, count: int) -> None:
    """Wait until so many cards are written."""
    with trio.fail_after(PATIENCE):
        await hotel.bridge.wait_cuts(count)


async def order(hotel: Hotel, room: str = "101", key_cutter: str = "1") -> Command:
    """Order one key and wait for its end."""
    return await ended(hotel, hotel.mews.add_key(key_cutter, [room]))


async def assert_next_key_works(hotel: Hotel, key_cutter: str = "1") -> None:
    """Whatever was before: a key that is ordered now is cut, once."""
    command = await order(hotel, "909", key_cutter)
    assert (command.state, command.notes, cards(hotel, "909")) == (State.PROCESSED, None, 1)


def cards(hotel: Hotel, room: str = "101") -> int:
    """How many cards were written for a room."""
    return sum(cut.room == room for cut in hotel.bridge.cuts)


def holds(hotel: Hotel, code: str, hop: str = "mews") -> bool:
    """Whether a fault holds now."""
    assert hotel.app is not None
    return hotel.app.health.holds(CATALOGUE[code], hop)


def note(command: Command) -> str:
    """The words that staff see."""
    return command.notes or ""
