"""Canaries: no token, password, JWT, guest name, e-mail or phone leaves memory, whatever goes wrong."""

import logging
import traceback
from typing import Any

import httpx
import msgspec
import pytest
import trio

from agent.simulators.mews.commands import State
from agent.simulators.mews.listing import key_data
from agent.simulators.mews.switches import DEMO_TOKEN
from agent.status.web import web_app
from tests.faults.desk import ended, wait_cuts
from tests.in_process import SimulatorTransport
from tests.whole_hotel import Hotel

TOKEN = "CANARY0TOKEN0C66EF7B239D24632943D115EDE9CB810"
PASSWORD = "canary-bridge-password"
GUEST = {
    "FirstName": "CanaryFirst",
    "LastName": "CanaryLast",
    "Email": "canary.guest@example.org",
    "Phone": "+43 660 1234567",
}
VISIONLINE = {"UserName": "canary-visionline-user", "Password": "canary-visionline-password"}
ROUTES = ("/", "/style.css", "/status.json", "/healthz", "/metrics", "/nothing")


@pytest.fixture
def hotel(hotel: Hotel) -> Hotel:
    """A hotel in which everything that must stay secret can be recognised, and whose bridge repeats secrets."""
    hotel.mews.switch(token=TOKEN, details=True)
    hotel.bridge.switch(client_pw=PASSWORD, echo_secrets=True)
    hotel.provision(token=f'connector_token = "{TOKEN}"')
    return hotel


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that any library logs, too."""
    caplog.set_level(logging.DEBUG)
    return caplog


def _order(hotel: Hotel, room: str, key_cutter: str = "1", **changes: object) -> str:
    now = hotel.mews.clock.now()
    data = key_data(key_cutter, (room,), now, now.replace(year=now.year + 1), 1)
    guest = {"Customer": GUEST, "Companions": [GUEST], "Number": "123"}
    return hotel.mews.add_key(key_cutter, data={**data, **VISIONLINE, **GUEST, "Reservation": guest, **changes})


def _raw_order(hotel: Hotel, tail: bytes) -> str:
    person = msgspec.json.encode(GUEST)
    id = hotel.mews.add_raw(
        b'{"Id":"@ID@","State":"Pending","CreatedUtc":"@CREATED@","Creator":'
        + person
        + b',"Guest":'
        + person
        + tail
    )
    assert id is not None
    return id


def _secrets(hotel: Hotel) -> list[str]:
    session = hotel.mews.sessions._token
    assert session is not None
    jwts = [*hotel.bridge.tokens._since, "eyJ"]  # with the beginning of any
    return [TOKEN, DEMO_TOKEN, PASSWORD, session, *jwts, *GUEST.values(), *VISIONLINE.values()]


async def _everything_goes_wrong(hotel: Hotel) -> None:
    """Orders that end in every kind of note, each with a guest in it."""
    for room in ("102", "108"):
        hotel.bridge.fail("no-card", "guest_key", match={"room": room}, seconds=1)
    hotel.bridge.fail("drop", "guest_key", match={"room": "103"}, when="after")
    hotel.bridge.fail("html-500", "guest_key", match={"room": "104"})
    ids = [_order(hotel, room) for room in ("101", "102", "103", "104", "108")]
    ids += [_order(hotel, "105", KeyCount="x"), _order(hotel, "106", "77"), _order(hotel, "107", KeyCount=11)]
    ids += [_raw_order(hotel, b',"Device":{"Id":"1","Name":"K","Type":"Teleporter"}}'), _raw_order(hotel, b"}")]
    ids.append(_raw_order(hotel, b',"Device":{"Id":"1","Id":"1"},"Guest":null}'))
    for id in ids:
        assert (await ended(hotel, id)).is_final


async def _all_pages(hotel: Hotel) -> str:
    assert hotel.app is not None
    transport = httpx.ASGITransport(web_app(hotel.app.snapshot))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as reader:
        return "".join([(await reader.get(route)).text for route in ROUTES])


def _files(hotel: Hotel) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in hotel.state.iterdir() if path.is_file())


def _found(hotel: Hotel, text: str) -> list[str]:
    return [secret for secret in _secrets(hotel) if secret in text]


async def test_no_secret_is_on_disk_while_running_or_after(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await _everything_goes_wrong(hotel)
        during = _files(hotel)
    assert "101" in during
    assert _found(hotel, during + _files(hotel)) == []


async def test_no_secret_is_on_any_page(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent():
        await _everything_goes_wrong(hotel)
        pages = await _all_pages(hotel)
    assert "No card was presented" in pages
    assert _found(hotel, pages) == []


async def test_no_secret_is_in_the_log_of_anybody(
    hotel: Hotel, autojump_clock: object, log: pytest.LogCaptureFixture
) -> None:
    async with hotel.agent():
        await _everything_goes_wrong(hotel)
    assert "E-LOCK-KEY-ANSWER" in log.text
    assert "E-ENCODER" in log.text
    assert _found(hotel, log.text) == []


async def test_no_secret_is_in_a_note_or_a_record(hotel: Hotel, autojump_clock: object) -> None:
    async with hotel.agent() as app:
        await _everything_goes_wrong(hotel)
        shown = repr(hotel.steps) + repr(list(app.orders.recent())) + repr(app.health.active())
        shown += repr([command.notes for command in hotel.mews.commands])
    assert "(hidden)" in shown
    assert _found(hotel, shown) == []


@pytest.mark.parametrize("status", ["400", "403", "409"])
async def test_a_mews_that_repeats_the_token_does_not_get_it_written_down(
    hotel: Hotel, autojump_clock: object, status: str
) -> None:
    async with hotel.agent():
        await trio.sleep(2)
        words = f"No way with {hotel.mews.sessions._token} of {TOKEN}"
        hotel.mews.error_body = msgspec.json.encode({"Message": words})
        hotel.mews.fail(status, "commands/update", match={"State": "Processing"})
        command = await ended(hotel, _order(hotel, "101"))
        seen = (command.notes or "") + await _all_pages(hotel) + _files(hotel)
    assert "No way with (hidden)" in seen
    assert _found(hotel, seen) == []


class _BuggyLine(SimulatorTransport):
    """A line on which the box's own program breaks in the middle of a key."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if request.url.path.endswith("/cikey"):
            raise LookupError("a bug")
        return response


async def test_no_secret_is_in_the_traceback_of_a_crash(
    hotel: Hotel, autojump_clock: object, log: pytest.LogCaptureFixture
) -> None:
    hotel.bridge_line = _BuggyLine(hotel.bridge)
    _order(hotel, "101")
    with pytest.raises(ExceptionGroup) as crash, trio.fail_after(60):
        await _run(hotel)
    shown = "".join(traceback.format_exception(crash.value))
    assert "LookupError: a bug" in shown
    assert _found(hotel, shown + log.text + _files(hotel)) == []


async def _run(hotel: Hotel) -> Any:
    async with hotel.agent():
        await trio.sleep_forever()


async def test_after_a_crash_in_mid_key_the_card_is_a_perhaps(hotel: Hotel, autojump_clock: object) -> None:
    good = hotel.bridge_line
    hotel.bridge_line = _BuggyLine(hotel.bridge)
    id = _order(hotel, "101")
    with pytest.raises(ExceptionGroup), trio.fail_after(60):
        await _run(hotel)
    hotel.bridge_line = good
    async with hotel.agent():
        command = await ended(hotel, id)
        await wait_cuts(hotel, 1)
        assert (command.state, "may have been cut" in (command.notes or "")) == (State.ERROR, True)
