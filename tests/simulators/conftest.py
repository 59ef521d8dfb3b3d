"""Simulators and callers for their tests: what a client would send. Imports no codec of ours."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest

from agent.simulators.base.presence import SimulatedClock
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN, Dialect, MewsSwitches
from tests.in_process import SimulatorTransport

NOON = datetime(2016, 5, 4, 12, 0, 0, tzinfo=UTC)

ENVELOPE = {"ClientToken": DEMO_CLIENT_TOKEN, "AccessToken": DEMO_TOKEN, "Client": "Sample Client 1.0.0"}

Post = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def mews() -> MewsSimulator:
    return MewsSimulator(clock=SimulatedClock(NOON))


@pytest.fixture
def today() -> MewsSimulator:
    """A Mews that speaks today's dialect."""
    return MewsSimulator(MewsSwitches(dialect=Dialect.CURRENT), clock=SimulatedClock(NOON))


@pytest.fixture
def bridge() -> CoderBridgeSimulator:
    return CoderBridgeSimulator(clock=SimulatedClock(NOON))


@pytest.fixture
async def to_mews(mews: MewsSimulator) -> AsyncIterator[Post]:
    """Posts to an operation with the long-lived token, `token=` another, None none."""
    async with httpx.AsyncClient(transport=SimulatorTransport(mews), base_url="http://mews") as client:

        async def post(operation: str, token: str | None = DEMO_TOKEN, **body: object) -> httpx.Response:
            members = body if token is None else {"AccessToken": token, **body}
            return await client.post(f"/api/connector/v1/{operation}", json=members, timeout=None)

        yield post


@pytest.fixture
async def to_today(today: MewsSimulator) -> AsyncIterator[Post]:
    """Posts to an operation with the envelope of today; a member that is None is left out."""
    async with httpx.AsyncClient(transport=SimulatorTransport(today), base_url="http://mews") as client:

        async def post(operation: str, headers: dict[str, str] | None = None, **body: object) -> httpx.Response:
            members = {**ENVELOPE, **body}
            members = {name: value for name, value in members.items() if value is not None}
            address = f"/api/connector/v1/{operation}"
            return await client.post(address, json=members, headers=headers or {}, timeout=None)

        yield post


@pytest.fixture
async def to_bridge(bridge: CoderBridgeSimulator) -> AsyncIterator[Post]:
    """Posts to a path below the base; logs in first unless `token=` says otherwise; no fields: GET."""
    async with httpx.AsyncClient(transport=SimulatorTransport(bridge), base_url="http://bridge") as client:

        async def post(path: str, token: str | None = None, **fields: object) -> httpx.Response:
            if token is None and path != "/auth/auth":
                answer = await post("/auth/auth", client_id="night-porter", client_pw="bridge-password")
                token = answer.json()["value"]
            method = "POST" if fields else "GET"
            headers = {"Authorization": f"Bearer {token}"}
            body = fields or None
            return await client.request(method, f"/mst/enc{path}", json=body, headers=headers, timeout=None)

        yield post
