"""Canaries: no token, password, JWT, guest name, e-mail or phone leaves memory, whatever goes wrong."""

import logging
import traceback
from typing import Any

import httpx
import msgspec
import pytest
import trio

from agent.simulators.mews.commands import State
from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN
from tests.faults.canaries import TOKEN, all_pages, everything_goes_wrong, files, found, order, prepare
from tests.faults.desk import ended, wait_cuts
from tests.in_process import SimulatorTransport
from tests.whole_hotel import Hotel


@pytest.fixture
def hotel(hotel: Hotel) -> Hotel:
    """A hotel in which all that must stay secret can be recognised, and whose lock servers repeat secrets."""
    prepare(hotel)
    return hotel


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that any library logs, too."""
    caplog.set_level(logging.DEBUG)
    return caplog


async def test_no_secret_is_on_disk_while_running_or_after(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await everything_goes_wrong(hotel)
        during = files(hotel)
    assert all(room in during for room in ("101", "301", "401"))
    assert found(hotel, during + files(hotel)) == []


async def test_no_secret_is_on_any_page(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await everything_goes_wrong(hotel)
        pages = await all_pages(hotel)
    assert "No card was presented" in pages
    assert "10.9.9.9" in pages
    assert found(hotel, pages) == []


async def test_no_secret_is_in_the_log_of_anybody(
    hotel: Hotel, autojump_clock: object, log: pytest.LogCaptureFixture
) -> None:
    async with hotel.agent():
        await everything_goes_wrong(hotel)
    assert "E-LOCK-KEY-ANSWER" in log.text
    assert "E-ENCODER" in log.text
    assert found(hotel, log.text) == []


async def test_no_secret_is_in_a_note_or_a_record(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        await everything_goes_wrong(hotel)
        shown = repr(hotel.steps) + repr(list(app.orders.recent())) + repr(app.health.active())
        shown += repr([command.notes for command in hotel.mews.commands])
    assert all(words in shown for words in ("(hidden)", "is no telephone", "with (hidden), not (hidden)"))
    assert found(hotel, shown) == []


@pytest.mark.parametrize("status", ["400", "403", "409"])
async def test_a_mews_that_repeats_the_token_does_not_get_it_written_down(
    hotel: Hotel, autojump_clock: object, status: str
) -> None:
    async with hotel.agent():
        await trio.sleep(2)
        words = f"No way with {hotel.mews.sessions._token or DEMO_CLIENT_TOKEN} of {TOKEN}"
        hotel.mews.error_body = msgspec.json.encode({"Message": words})
        hotel.mews.fail(status, "commands/update", match={"State": "Processing"})
        command = await ended(hotel, order(hotel, "101"))
        seen = (command.notes or "") + await all_pages(hotel) + files(hotel)
    assert "No way with (hidden)" in seen
    assert found(hotel, seen) == []


class _BuggyLine(SimulatorTransport):
    """A line on which the box's own program breaks in the middle of a key."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if request.url.path.endswith(("/cikey", "/mkeypush", "/cards")):
            raise LookupError("a bug")
        return response


@pytest.mark.parametrize("key_cutter", ["1", "phones", "bar1"])
async def test_no_secret_is_in_the_traceback_of_a_crash(
    hotel: Hotel, autojump_clock: object, log: pytest.LogCaptureFixture, key_cutter: str
) -> None:
    hotel.bridge_line = _BuggyLine(hotel.bridge)
    hotel.visionline_line = _BuggyLine(hotel.visionline)
    order(hotel, "101", key_cutter)
    with pytest.raises(ExceptionGroup) as crash, trio.fail_after(60):
        await _run(hotel)
    shown = "".join(traceback.format_exception(crash.value))
    assert "LookupError: a bug" in shown
    assert found(hotel, shown + log.text + files(hotel)) == []


async def _run(hotel: Hotel) -> Any:
    async with hotel.agent():
        await trio.sleep_forever()


async def test_after_a_crash_in_mid_key_the_card_is_a_perhaps(hotel: Hotel, autojump_clock: object) -> None:
    good = hotel.bridge_line
    hotel.bridge_line = _BuggyLine(hotel.bridge)
    id = order(hotel, "101")
    with pytest.raises(ExceptionGroup), trio.fail_after(60):
        await _run(hotel)
    hotel.bridge_line = good
    async with hotel.agent():
        command = await ended(hotel, id)
        await wait_cuts(hotel, 1)
        assert (command.state, "may have been cut" in (command.notes or "")) == (State.ERROR, True)
