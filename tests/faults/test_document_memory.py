"""Many big documents at once: the box holds what fits into its budget, Mews keeps the rest, each is read once."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
import trio

from agent.mews.reading.print_data import print_request
from agent.pipeline.orders import DOCUMENT_BYTES
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE
from tests.manner import WITHOUT_PUSH, Manner
from tests.print_hotel import PrintHotel, pdf

SIZE = 2 * 1024 * 1024  # bytes of a document
FITTING = DOCUMENT_BYTES // SIZE - 1  # each is a little bigger than that
DOCUMENTS = FITTING + 4

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)


@pytest.fixture
def hotel(tmp_path: Path, manner: Manner) -> PrintHotel:
    hotel = PrintHotel(tmp_path, dialect=manner.dialect)
    hotel.provision()
    return hotel


@contextmanager
def decodings() -> Iterator[Counter[str]]:
    """Counts how often the Data of a print order is read within the block."""
    counts = Counter[str]()

    def look(frame: FrameType, event: str, _what: object) -> None:
        if event == "call" and frame.f_code is print_request.__code__:
            counts["decoded"] += 1

    sys.setprofile(look)
    try:
        yield counts
    finally:
        sys.setprofile(None)


async def test_documents_beyond_the_budget_stay_in_mews_and_none_is_read_again_at_each_poll(
    hotel: PrintHotel, autojump_clock: object
) -> None:
    hotel.printer.switch(page_seconds=None)
    async with hotel.agent() as app:
        with decodings() as counts:
            ids = [hotel.order_document(pdf(number, padding=SIZE)) for number in range(DOCUMENTS)]
            with trio.fail_after(60):
                await hotel.mews.wait_calls(GET_ALL_ACTIVE, hotel.mews.calls[GET_ALL_ACTIVE] + 5)
        pending = [id for id in ids if hotel.mews.command(id).state is State.PENDING]
        assert (pending, counts["decoded"]) == (ids[FITTING:], DOCUMENTS)
        assert FITTING * SIZE < app.orders.documents <= DOCUMENT_BYTES
        assert (await hotel.printed(hotel.mews.add_key("1", ["101"]), 10)).state is State.PROCESSED


async def test_what_waited_in_mews_is_read_once_more_when_there_is_room_and_printed(
    hotel: PrintHotel, autojump_clock: object
) -> None:
    hotel.printer.switch(page_seconds=3)
    most = 0
    async with hotel.agent() as app:
        with decodings() as counts:
            ids = [hotel.order_document(pdf(number, padding=SIZE)) for number in range(DOCUMENTS)]
            for id in ids:
                assert (await hotel.printed(id)).state is State.PROCESSED
                most = max(most, app.orders.documents)
        assert (most <= DOCUMENT_BYTES, app.orders.documents) == (True, 0)
        assert counts["decoded"] <= DOCUMENTS + (DOCUMENTS - FITTING)
    assert hotel.counts == dict.fromkeys(ids, 1)
