"""Whether somebody looks at the page, and whether they have just come."""

from pathlib import Path

import httpx
import pytest
import trio
from starlette.types import ASGIApp
from trio.testing import MockClock

from agent.foundation.http import Peer
from agent.hotel.attention import BREAK_SECONDS, LASTS, NEW_SECONDS, Attention
from agent.status.looking import Looking
from agent.status.snapshot.snapshot import Snapshot
from agent.status.web import looking_app
from tests.print_hotel import PrintHotel, printers_text
from tests.status.samples import snapshot
from tests.status.telling.receiver import Receiver

WRITE = '[telemetry]\nremote_write = "https://metrics.example.com/api/v1/write"\n'


async def look(attention: Attention, seconds: float, every: float = 5.0) -> None:
    """Somebody does, that often."""
    with trio.move_on_after(seconds):
        while True:
            attention.pay()
            await trio.sleep(every)


async def seconds_new(attention: Attention, seconds: float, every: float) -> float:
    """How many of them they count as new, who look that often."""
    found = 0
    async with trio.open_nursery() as nursery:
        nursery.start_soon(look, attention, seconds, every)
        for _ in range(int(seconds)):
            await trio.sleep(1)
            found += attention.is_new
    return found


async def test_no_eyes_are_none_that_are_new(autojump_clock: MockClock) -> None:
    attention = Attention(trio.current_time)
    assert (attention.is_paid, attention.is_new) == (False, False)


async def test_eyes_are_new_for_ten_minutes_however_long_they_stay(autojump_clock: MockClock) -> None:
    attention = Attention(trio.current_time)
    assert await seconds_new(attention, 24 * 3600, 5.0) == NEW_SECONDS - 1
    assert attention.is_paid


async def test_who_leaves_is_new_no_longer_than_an_open_page_may_be_silent(autojump_clock: MockClock) -> None:
    attention = Attention(trio.current_time)
    attention.pay()
    await trio.sleep(LASTS - 0.1)
    assert attention.is_new
    await trio.sleep(0.1)
    assert not attention.is_new


async def test_a_script_that_asks_every_minute_is_new_once(autojump_clock: MockClock) -> None:
    attention = Attention(trio.current_time)
    assert await seconds_new(attention, 24 * 3600, 60.0) <= NEW_SECONDS / 60 * LASTS


@pytest.mark.parametrize(("away", "is_new"), [(BREAK_SECONDS - 1, False), (BREAK_SECONDS, True)])
async def test_who_was_away_for_a_while_comes_anew(autojump_clock: MockClock, away: float, is_new: bool) -> None:
    attention = Attention(trio.current_time)
    await look(attention, 2 * NEW_SECONDS + 1)
    await trio.sleep(away - 1)  # the last look is a second ago
    attention.pay()
    assert attention.is_new is is_new


async def test_all_who_wait_hear_at_once_that_somebody_has_come_each_time(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    attention, heard = Attention(trio.current_time), list[float]()

    async def wait() -> None:
        await attention.wait_new()
        heard.append(trio.current_time())

    for _ in range(3):
        for _ in range(3):
            nursery.start_soon(wait)
        await trio.sleep(NEW_SECONDS)
        came = trio.current_time()
        attention.pay()
        await trio.testing.wait_all_tasks_blocked()
        assert heard == [came] * 3
        heard.clear()
        await look(attention, NEW_SECONDS + 1)
        await trio.sleep(BREAK_SECONDS)


async def test_who_waits_is_not_woken_by_a_page_that_is_left_open(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    attention, heard = Attention(trio.current_time), list[float]()
    await look(attention, NEW_SECONDS + 1)

    async def wait() -> None:
        await attention.wait_new()
        heard.append(trio.current_time())

    nursery.start_soon(wait)
    await look(attention, 24 * 3600)
    assert heard == []


@pytest.mark.parametrize(
    ("path", "looks"), [("/", 1), ("/status.json", 1), ("/log", 1), ("/metrics", 0), ("/healthz", 0)]
)
async def test_people_look_and_programs_that_ask_all_day_have_no_eyes(path: str, looks: int) -> None:
    looked: list[str] = []

    def seen() -> Snapshot:
        looked.append(path)
        return snapshot()

    app: ASGIApp = looking_app(Looking(seen, lambda: "aurora-desk", for_programs=snapshot))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.4.5.6") as web:
        assert (await web.get(path)).status_code == 200
    assert len(looked) == looks


async def test_a_box_that_tells_others_every_minute_asks_its_printer_no_more_often_for_it(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    hotel = PrintHotel(tmp_path)
    told = Receiver()
    hotel.open_told = lambda base: Peer(base, connections=1, transport=told)
    hotel.provision(poll_seconds=10.0, more=printers_text() + WRITE)
    async with hotel.agent():
        await trio.sleep(900.5)
    assert hotel.printer.calls["get-printer-attributes"] <= 16
