"""What the page is told about the hops. Whole agent, virtual time."""

from pathlib import Path

import trio

from agent.hotel.app import App
from tests.whole_hotel import Hotel


def mews_text(app: App) -> str:
    """What the page says of Mews."""
    return next(hop.text for hop in app.snapshot().hops if hop.id == "mews")


async def test_mews_is_not_said_to_answer_before_it_did(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    hotel.mews.switch(latency_seconds=2.0)
    async with hotel.agent() as app:
        await trio.sleep(1)
        assert mews_text(app) == "Mews has not answered yet; asked every 1 s."
        await trio.sleep(5)
        assert mews_text(app) == "Mews answers; asked every 1 s."


async def test_a_key_under_way_is_shown_at_its_encoder(tmp_path: Path, autojump_clock: object) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    hotel.bridge.switch(card_seconds=10.0)
    async with hotel.agent() as app:
        hotel.mews.add_key("2", ["202"])
        await hotel.bridge.wait_calls("guest_key", 1)
        texts = {hop.id: hop.text for hop in app.snapshot().hops}
    assert texts["encoder:2"] == "Desk 2: present a card, key 1 of 1 for 202."
    assert texts["encoder:1"] == "Desk 1: ready."
