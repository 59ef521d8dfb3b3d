"""The whole agent within the calls of today's dialect: never more than 200 in 30 s, keys first, progress last."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import httpx
import trio

from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, GET_ALL_BY_IDS, UPDATE
from agent.simulators.mews.switches import Dialect
from tests.in_process import SimulatorTransport
from tests.whole_hotel import Hotel

ORDERS, ENCODERS = 500, 8
FEW = 160  # orders; more than the budget has calls for at once
HOUR = 3600.0  # s
LIMITS = "[limits]\nkey_age_seconds = 1800"


class Recording(SimulatorTransport):
    """Keeps when each call left, and which."""

    def __init__(self, hotel: Hotel) -> None:
        super().__init__(hotel.mews)
        self.left: list[tuple[float, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.left.append((trio.current_time(), request.url.path.removeprefix("/api/connector/v1/")))
        return await super().handle_async_request(request)


def crowded(folder: Path) -> Hotel:
    """A hotel with eight quick encoders, and a Mews that counts its calls."""
    hotel = Hotel(folder, dialect=Dialect.CURRENT, bridge=CoderBridgeSwitches(card_seconds=0.2))
    hotel.mews.switch(latency_seconds=0.05)
    hotel.provision(encoders=ENCODERS, more=LIMITS)
    return hotel


def order_all(hotel: Hotel, orders: int = ORDERS, copies: int = 1) -> list[str]:
    return [hotel.mews.add_key(str(1 + n % ENCODERS), [str(100 + n)], copies) for n in range(orders)]


async def test_500_orders_on_8_encoders_never_exceed_the_budget_and_all_are_cut_once(
    tmp_path: Path, autojump_clock: object
) -> None:
    hotel = crowded(tmp_path)
    hotel.mews.switch(call_limit_enforced=True)
    async with hotel.agent():
        ids = order_all(hotel)
        for retry_after in (None, "7", None, "3"):  # another program uses the same token, and was told so as well
            await trio.sleep(20)
            hotel.mews.fail("429", "*", calls=2, retry_after=retry_after)
        with trio.fail_after(HOUR):
            await hotel.mews.wait_all_final()
    states = Counter(hotel.mews.command(id).state for id in ids)
    assert states == {State.PROCESSED: ORDERS}
    assert Counter(cut.room for cut in hotel.bridge.cuts) == {str(100 + n): 1 for n in range(ORDERS)}
    assert (hotel.mews.window.above, hotel.mews.window.refused) == (0, 0)
    assert hotel.mews.window.most > 150  # it was no idle hotel


async def test_keys_go_first_and_progress_last(tmp_path: Path, autojump_clock: object) -> None:
    hotel = crowded(tmp_path)
    hotel.mews_line = line = Recording(hotel)
    async with hotel.agent():
        ids = order_all(hotel, FEW, copies=3)
        with trio.fail_after(HOUR):
            await hotel.mews.wait_all_final()
    progress = sum(step.progress not in (None, 0.0) for id in ids for step in hotel.mews.command(id).history)
    assert progress < FEW  # of twice as many words that could have been said
    polls = [at for at, operation in line.left if operation == GET_ALL_ACTIVE]
    assert max(later - earlier for earlier, later in pairwise(polls)) < 35  # they yield, and never stop
    calls = Counter(operation for _, operation in line.left)
    assert calls[GET_ALL_BY_IDS] <= FEW
    assert calls[UPDATE] >= 2 * FEW
    assert hotel.mews.window.above == 0
