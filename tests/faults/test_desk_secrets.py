"""Canaries at the desk: a contact given to `lock mobile`, and all that lock systems say to other verbs."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from agent.control.acts import By
from agent.control.desk import Doing
from agent.control.words.messages import Face
from agent.control.words.told import End, Progress, Result
from tests.faults.canaries import AT_THE_DESK, all_pages, files, found, prepare
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)

BY = By("root", Face.COMMAND_LINE)
VERBS = (  # all that ask a lock system for something; `lock test` tries the real network
    ("lock", "rooms"),
    ("lock", "areas"),
    ("lock", "times"),
    ("lock", "doors"),
    ("lock", "cancel", "101", "77", "--sure"),
    ("lock", "room-in", "101", "--sure"),
    ("lock", "room-out", "101", "--sure"),
    ("lock", "read", "1", "--sure"),
    ("lock", "key", "bar1", "101", "--sure"),
    ("lock", "precheckin", "1", "101", "--sure"),
)


class AtDesk:
    """A person at the desk; `shown` is all that was shown there."""

    def __init__(self, hotel: Hotel) -> None:
        assert hotel.app is not None
        assert hotel.app.desk is not None
        self._hotel, self._app, self._desk = hotel, hotel.app, hotel.app.desk
        self.shown: list[Progress | Result] = []

    async def ask(self, *words: str) -> Result:
        with trio.fail_after(600):
            result = await self._desk.carry_out(self._desk.read(words), BY, Doing(), self.shown.append)
        self.shown.append(result)
        return result

    async def everything(self) -> str:
        """All that the box says or has written by now."""
        app = self._app
        memory = (self.shown, self._hotel.steps, list(app.recent_acts()), list(app.orders.recent()))
        return repr((memory, app.health.active())) + await all_pages(self._hotel) + files(self._hotel)


@pytest.fixture
def hotel(hotel: Hotel, caplog: pytest.LogCaptureFixture) -> Hotel:
    caplog.set_level(logging.DEBUG)
    prepare(hotel)
    return hotel


@asynccontextmanager
async def at_desk(hotel: Hotel) -> AsyncIterator[AtDesk]:
    async with hotel.agent():
        await trio.sleep(3)
        yield AtDesk(hotel)


@pytest.mark.parametrize("contact", AT_THE_DESK)
@pytest.mark.parametrize("kind", ["", "database-down", "drop", "hang", "html-200"])
async def test_a_contact_is_used_and_forgotten(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture, contact: str, kind: str
) -> None:
    if kind == "database-down":
        hotel.bridge.fail(kind, "mobile_key_push", message=f"{contact} is no telephone")
    elif kind:
        hotel.bridge.fail(kind, "mobile_key_push", when="after")
    async with at_desk(hotel) as desk:
        result = await desk.ask("lock", "mobile", "9", "101", contact, "--sure")
        everything = await desk.everything()
    assert result.end is {"": End.DONE, "database-down": End.FAILED}.get(kind, End.PERHAPS)
    assert hotel.bridge.calls["mobile_key_push"] == 1
    assert "lock mobile 9 101 (hidden) --sure" in everything
    assert found(hotel, everything + caplog.text + files(hotel)) == []


async def test_a_contact_that_is_not_begun_for_doubts_is_forgotten_too(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    async with at_desk(hotel) as desk:
        assert (await desk.ask("lock", "mobile", "9", "101", AT_THE_DESK[0])).end is End.UNSURE
        everything = await desk.everything()
    assert not hotel.bridge.mobile_keys
    assert found(hotel, everything + caplog.text + files(hotel)) == []


@pytest.mark.parametrize("kind", ["", "refused"])
async def test_no_verb_about_lock_systems_lets_a_secret_out(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    if kind:
        hotel.bridge.fail("database-down")
        hotel.visionline.fail("bad-request")
    async with at_desk(hotel) as desk:
        for words in VERBS:
            await desk.ask(*words)
        everything = await desk.everything()
    assert "(hidden)" in everything
    assert found(hotel, everything + caplog.text + files(hotel)) == []
