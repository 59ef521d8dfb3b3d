"""Canaries in a support bundle: whatever went wrong before, no guest and no secret is in any of its parts."""

import logging

import pytest
import trio

from agent.control.acts import By
from agent.control.desk import Doing
from agent.control.words.messages import Face
from agent.control.words.told import End, Piece, Progress
from agent.hotel import log
from agent.hotel.bundle_command import joined
from agent.status.bundle.opening import Opened, opened
from agent.status.bundle.summary import member, summary
from tests.faults.canaries import AT_THE_DESK, everything_goes_wrong, found, prepare
from tests.manner import WITHOUT_PUSH
from tests.whole_hotel import Hotel

pytestmark = pytest.mark.parametrize("manner", WITHOUT_PUSH)
BY = By("root", Face.COMMAND_LINE)
PARTS = {"status.json", "faults.json", "journal.json", "file.txt", "network.txt", "versions.json", "notices.json"}


async def bundle_of(hotel: Hotel) -> Opened:
    """What the desk hands over."""
    assert hotel.app is not None
    assert hotel.app.desk is not None
    desk, told = hotel.app.desk, list[Progress]()
    result = await desk.carry_out(desk.read(["bundle"]), BY, Doing(), told.append)
    assert result.end is End.DONE
    return opened(joined([each for each in told if isinstance(each, Piece)]).content)


async def test_no_canary_is_in_a_bundle(
    hotel: Hotel, autojump_clock: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    prepare(hotel)
    async with hotel.agent() as app:
        with log.kept_in(app.ring):
            await trio.sleep(3)
            await everything_goes_wrong(hotel)
            assert hotel.app is not None
            assert hotel.app.desk is not None
            desk = hotel.app.desk
            words = desk.read(["lock", "mobile", "9", "101", AT_THE_DESK[0], "--sure"])
            await desk.carry_out(words, BY, Doing(), lambda _: None)
            bundle = await bundle_of(hotel)
    assert set(bundle.texts) >= PARTS | {"log.txt", "manifest.json"}
    assert found(hotel, "".join(bundle.texts.values())) == []
    assert found(hotel, summary(bundle) + "".join(str(member(bundle, name)) for name in bundle.texts)) == []
    assert "E-KEY-" in bundle.texts["journal.json"]  # it is not empty, either
    assert "aurora-desk" in bundle.texts["file.txt"]
    assert "mews: name: " in bundle.texts["network.txt"]
