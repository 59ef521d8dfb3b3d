"""Whatever a signed call holds, it is answered, and no more cards are written than were asked for and let in."""

import json

import httpx
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.in_process import SimulatorTransport
from tests.simulators.visionline.callers import ORDER, Caller, room

WORDS = st.sampled_from(["true", "false", "encode", "1", "2", "", "101", "guest", "20160506T1100", "Front Desk"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | WORDS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)
)
NAMES = st.sampled_from([*ORDER, "cardHolder", "doors", "operation", "expire_time"])
OPERATIONS = st.just(room("101")) | st.lists(
    st.dictionaries(st.sampled_from(["doors", "operation"]), VALUES | st.just(["101"]) | st.just("guest"))
)
BODIES = st.builds(
    lambda *parts: {name: value for part in parts for name, value in part.items()},
    st.just(ORDER) | st.just({}),
    st.dictionaries(NAMES, VALUES, max_size=2),
    st.just({}) | st.builds(lambda value: {"doorOperations": value}, OPERATIONS),
)
PARAMETERS = st.sampled_from(
    ["action", "encoder", "override", "autoJoin", "overwriteValidCard", "pendingAutoUpdate"]
)
FLAGS = st.dictionaries(
    st.sampled_from(["override", "autoJoin", "overwriteValidCard"]), st.sampled_from(["true", "false"])
)
GOOD = FLAGS.map(lambda flags: {"action": "encode", "encoder": "1", **flags})
QUERIES = GOOD | st.dictionaries(PARAMETERS, WORDS | st.text(max_size=5), max_size=4)
CALLS = st.tuples(QUERIES, BODIES)


@settings(max_examples=60, deadline=None)
@given(calls=st.lists(CALLS, min_size=1, max_size=5))
def test_any_signed_call_for_a_card_is_answered_and_201_is_a_card(
    calls: list[tuple[dict[str, str], dict[str, object]]],
) -> None:
    visionline = VisionlineSimulator()

    async def call_all() -> list[int]:
        transport = SimulatorTransport(visionline)
        async with httpx.AsyncClient(transport=transport, base_url="http://visionline", timeout=None) as client:
            caller = Caller(visionline, client)
            statuses = []
            for query, body in calls:
                target = httpx.URL("/api/v1/cards", params=query).raw_path.decode()
                statuses.append((await caller.call("POST", target, body)).status_code)
            assert len(visionline.cards) == statuses.count(201)
            return statuses

    statuses = trio.run(call_all, clock=MockClock(autojump_threshold=0))
    assert set(statuses) <= {201, 400, 409}
    assert all(json.loads(card.order.body) for card in visionline._cards.all)
