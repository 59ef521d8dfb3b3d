"""The journal under a desk without an agent."""

import logging
from pathlib import Path

import pytest

from agent.control.words.told import End
from agent.hotel import own_desk
from agent.journal.state_folder import JOURNAL
from tests.whole_hotel import Hotel


async def test_a_damaged_journal_is_not_set_aside_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision()
    hotel.state.mkdir()
    (hotel.state / JOURNAL).write_bytes(bytes(range(1, 250)) * 40)
    with caplog.at_level(logging.WARNING):
        words = ["lock", "settle", "order-7"]
        result = await own_desk.ask(hotel.config, hotel.state, words, lambda _: True, hotel.wires)
    assert result.end is End.FAILED
    assert f"is kept as {JOURNAL}.damaged-1" in caplog.text
