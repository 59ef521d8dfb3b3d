"""A simulated printer and a client of it, without sockets and in virtual time."""

from collections.abc import AsyncIterator

import httpx
import pytest

from agent.simulators.base.presence import SimulatedClock
from agent.simulators.printer.simulator import PrinterSimulator
from tests.in_process import SimulatorTransport
from tests.simulators.conftest import NOON
from tests.simulators.printer.callers import Client


@pytest.fixture
def printer() -> PrinterSimulator:
    return PrinterSimulator(clock=SimulatedClock(NOON))


@pytest.fixture
async def http(printer: PrinterSimulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = SimulatorTransport(printer)
    async with httpx.AsyncClient(transport=transport, base_url="http://printer:631", timeout=None) as http:
        yield http


@pytest.fixture
def client(http: httpx.AsyncClient) -> Client:
    return Client(http)
