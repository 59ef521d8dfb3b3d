"""Every state that the simulators can bring about: what the page says, and what becomes of a key ordered then.

A sentence is only what was seen. So: where the page says that keys are cut, the next one is; where it says that
none can be, none is; where it does not know, it says so. Virtual time, the whole agent.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio

from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP as CODER_BRIDGE
from agent.health.kind import Level
from agent.hotel.app import App
from agent.simulators.base.presence import Absence
from agent.simulators.base.simulator import Simulator
from agent.simulators.base.trouble import FaultKind
from agent.simulators.mews.commands import Command, State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, SIGN_IN, UPDATE
from agent.status.snapshot.snapshot import Snapshot
from tests.in_process import SimulatorTransport
from tests.whole_hotel import VISIONLINE_HOP, Hotel, visionline_text

SETTLED = 100.0  # s; every look, poll and patience has come round once
PATIENCE = 100.0  # s for a key: longer than the lock system's own patience
OPEN = ("will show", "is likely", "are kept")  # words of a sentence that leaves the next key open
# A card refused in words: that is about the order, as far as anyone can tell, and no state of the server.
IN_WORDS = (FaultKind.S400, FaultKind.S404, FaultKind.S409, FaultKind.S410, FaultKind.S413, FaultKind.S429)
GOOD = ("All is well", "keys go on being cut")


class Trouble(msgspec.Struct, frozen=True):
    """A state: who brings it about, and by what."""

    name: str
    begin: Callable[[Hotel], None]

    @property
    def is_visionline(self) -> bool:
        """Whether it is a state of the VisiOnline, so that keys are ordered there."""
        return self.name.startswith("visionline")


def _sides(hotel: Hotel) -> dict[str, tuple[Simulator[Any], SimulatorTransport]]:
    return {
        "mews": (hotel.mews, hotel.mews_line),
        "bridge": (hotel.bridge, hotel.bridge_line),
        "visionline": (hotel.visionline, hotel.visionline_line),
    }


def _failing(side: str, operation: str, kind: FaultKind) -> Trouble:
    def begin(hotel: Hotel) -> None:
        _sides(hotel)[side][0].fail(kind, operation, seconds=20.0)

    return Trouble(f"{side}-{operation.rpartition('/')[2]}-{kind}", begin)


def _away(side: str, how: Absence) -> Trouble:
    def begin(hotel: Hotel) -> None:
        _sides(hotel)[side][0].presence.leave(how)

    return Trouble(f"{side}-{how}", begin)


def _unplugged(side: str) -> Trouble:
    def begin(hotel: Hotel) -> None:
        _sides(hotel)[side][1].is_silent = True

    return Trouble(f"{side}-unplugged", begin)


def _troubles() -> Iterator[Trouble]:
    for kind in FaultKind:
        for operation in (SIGN_IN, GET_ALL_ACTIVE, UPDATE):
            yield _failing("mews", operation, kind)
        for operation in ("auth", "config_rooms", "guest_key"):
            yield _failing("bridge", operation, kind)
        for operation in ("log-in", "cards", "log-out"):
            if operation != "cards" or kind not in IN_WORDS:
                yield _failing("visionline", operation, kind)
    for side in ("mews", "bridge", "visionline"):
        yield from (_away(side, how) for how in Absence)
        yield _unplugged(side)
    yield Trouble("nothing", lambda hotel: None)


def said(app: App) -> Snapshot:
    """What the page shows; the level and the health check are one."""
    return app.snapshot()


async def order(hotel: Hotel, room: str, trouble: Trouble) -> Command | None:
    """The command of a key ordered now, when it is over; None if that takes too long."""
    id = hotel.order_at_visionline(room) if trouble.is_visionline else hotel.mews.add_key("1", [room])
    with trio.move_on_after(PATIENCE):
        return await hotel.mews.wait_final(id)
    return None


STATES = [*_troubles()]
KINDS = ("401", "429", "500", "html-200", "error-200", "hang")
FROM_THE_START = [state for state in STATES if state.name.count("-") == 1 or state.name.endswith(KINDS)]


@pytest.mark.parametrize(
    ("trouble", "is_from_the_start"),
    [(state, False) for state in STATES] + [(state, True) for state in FROM_THE_START],
    ids=lambda value: value.name if isinstance(value, Trouble) else ("start" if value else "later"),
)
async def test_what_the_page_says_is_what_happens_to_the_next_key(
    tmp_path: Path, autojump_clock: object, trouble: Trouble, is_from_the_start: bool
) -> None:
    hotel = Hotel(tmp_path)
    hotel.provision(poll_seconds=5.0, more=visionline_text(hotel.visionline) if trouble.is_visionline else "")
    if is_from_the_start:
        trouble.begin(hotel)
    async with hotel.agent() as app:
        if not is_from_the_start:
            assert await order(hotel, "100", trouble)
            trouble.begin(hotel)
        await trio.sleep(SETTLED)
        await order(hotel, "101", trouble)  # some states show only when a key is tried
        await trio.sleep(3.0)
        before = said(app)
        cuts = cards(hotel)
        command = await order(hotel, "102", trouble)
        is_cut = cards(hotel) > cuts and command is not None and command.state is State.PROCESSED
        where = ("BAR1", VISIONLINE_HOP) if trouble.is_visionline else ("1", CODER_BRIDGE)
        assert_true(before, where, is_cut=is_cut)
        for simulator, line in _sides(hotel).values():
            simulator.heal()
            line.is_silent = False


def cards(hotel: Hotel) -> int:
    """All that were cut."""
    return len(hotel.bridge.cuts) + len(hotel.visionline.cards)


def assert_true(snapshot: Snapshot, where: tuple[str, str], *, is_cut: bool) -> None:
    """The sentence, the level and the encoder's text against what became of the key that was ordered next."""
    text, level = snapshot.summary.text, snapshot.summary.level
    encoder = next(hop for hop in snapshot.hops if hop.id == f"encoder:{where[0]}")
    if is_cut:
        assert level is not Level.FAULT, text
        return
    assert not any(words in text for words in GOOD), text
    assert level is Level.FAULT or any(words in text for words in OPEN), text
    server = next(hop for hop in snapshot.hops if hop.id == where[1])
    assert "ready" not in encoder.text or server.level is not Level.FAULT, encoder.text
