"""A simulated VisiOnline, and a caller that signs as the reference says."""

from collections.abc import AsyncIterator

import httpx
import pytest

from agent.simulators.base.presence import SimulatedClock
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.in_process import SimulatorTransport
from tests.simulators.conftest import NOON
from tests.simulators.visionline.callers import Caller


@pytest.fixture
def visionline() -> VisionlineSimulator:
    return VisionlineSimulator(clock=SimulatedClock(NOON))


@pytest.fixture
async def caller(visionline: VisionlineSimulator) -> AsyncIterator[Caller]:
    transport = SimulatorTransport(visionline)
    async with httpx.AsyncClient(transport=transport, base_url="http://visionline", timeout=None) as client:
        yield Caller(visionline, client)


@pytest.fixture
def fast(visionline: VisionlineSimulator) -> VisionlineSimulator:
    """A card is there at once."""
    visionline.switch(card_seconds=0)
    return visionline
