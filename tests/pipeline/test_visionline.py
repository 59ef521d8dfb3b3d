"""Keys of a VisiOnline beside those of a Coder Bridge, through the whole pass, in virtual time."""

from pathlib import Path

import pytest
import trio

from agent.simulators.mews.commands import State
from agent.simulators.mews.switches import Dialect
from tests.faults.desk import cards, ended, note
from tests.whole_hotel import VISIONLINE_HOP, Hotel, visionline_text


@pytest.fixture
def hotel(tmp_path: Path, dialect: Dialect) -> Hotel:
    hotel = Hotel(tmp_path, dialect=dialect)
    hotel.provision(more=visionline_text(hotel.visionline))
    return hotel


async def test_an_order_from_mews_becomes_a_card_of_each_system(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        ids = [hotel.mews.add_key("1", ["101"]), hotel.order_at_visionline("102")]
        assert [(await ended(hotel, id)).state for id in ids] == [State.PROCESSED] * 2
        assert {hop.id: hop.text for hop in app.snapshot().hops}[VISIONLINE_HOP] == "The lock server answers."
    (card,) = hotel.visionline.cards
    assert (card.order.encoder, card.order.doors) == ("BAR1", ("102",))
    assert cards(hotel) == 1


async def test_three_copies_are_three_cards_that_all_open_the_door(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        command = await ended(hotel, hotel.order_at_visionline("102", 3), 60)
    assert command.state is State.PROCESSED
    assert hotel.visionline.good_for("102") == (1, 2, 3)


async def test_an_interrupted_card_is_perhaps_cut_and_never_asked_for_again(
    hotel: Hotel, autojump_clock: object
) -> None:
    hotel.visionline.fail("interrupted", "cards", calls=1)
    async with hotel.agent():
        command = await ended(hotel, hotel.order_at_visionline("102"))
        await trio.sleep(60)
    assert note(command).startswith("Key perhaps cut: the card was taken from the encoder Bar 1 too soon")
    assert hotel.visionline.calls["cards"] == 1
