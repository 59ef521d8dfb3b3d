"""The test of the hops in a support bundle: what was not tested is named with its reason."""

import pytest
import trio
from trio.testing import MockClock

from agent.commands.probe import Finding, Mark, Probe, Step
from agent.hotel import bundle_parts
from agent.hotel.support_bundle import probed
from agent.status.bundle.packing import LeftOut
from tests.control.fake_hotel import FakeHotel


class Hop:
    """A hop whose one step ends like this; None: never."""

    def __init__(self, finding: Finding | None, behind: str = "") -> None:
        self.behind = behind
        self._finding = finding

    def steps(self) -> list[Step]:
        return [Step("device", self._take)]

    async def _take(self) -> Finding:
        if self._finding is None:
            await trio.sleep_forever()
        assert self._finding is not None
        return self._finding


WELL, BAD = Finding(Mark.GOOD, "It answers."), Finding(Mark.BAD, "It does not answer.")
OPEN = Finding(Mark.OPEN, "An encoder can only be tested with a key: nightporter key 1 ROOM.")


def house(hops: dict[str, Probe]) -> FakeHotel:
    """A hotel of these hops, and of one that has no test."""
    hotel = FakeHotel()
    hotel.hops = (*hops, "printer:Old")
    hotel.probes = hops
    return hotel


async def test_hops_that_were_not_tested_are_named_by_the_reason(autojump_clock: MockClock) -> None:
    hops: dict[str, Probe] = {
        "mews": Hop(WELL),
        "lock-server:a": Hop(BAD),
        "encoder:1": Hop(OPEN, "lock-server:a"),
        "lock-server:b": Hop(WELL),
        "encoder:2": Hop(OPEN, "lock-server:b"),
        "encoder:3": Hop(OPEN, "lock-server:b"),
    }
    lines, untested = await probed(house(hops), 10.0)
    assert untested == {
        "behind lock-server:a, which fails": ["encoder:1"],
        "an encoder can only be tested with a key": ["encoder:2", "encoder:3"],
        "it has no test": ["printer:Old"],
    }
    assert any("lock-server:a" in line for line in lines)
    assert bundle_parts.tests(untested)[1] == LeftOut(
        "the test of encoder:2, encoder:3", "an encoder can only be tested with a key"
    )


@pytest.mark.parametrize("seconds", [0.5, 10.0])
async def test_a_hop_that_hangs_leaves_those_behind_it_untested_and_that_is_said(
    autojump_clock: MockClock, seconds: float
) -> None:
    hops: dict[str, Probe] = {"mews": Hop(WELL), "lock-server:a": Hop(None), "encoder:1": Hop(OPEN)}
    lines, untested = await probed(house(hops), seconds)
    assert untested[f"the tests were ended after {seconds:g} s"] == ["lock-server:a", "encoder:1"]
    assert lines[-1] == f"The test was ended after {seconds:g} s; hops that are not named were not tested."
