"""Whatever a request holds, a simulator answers it and stays alive."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.simulators.base.replies import AnyReply, Reply, Request
from agent.simulators.base.simulator import Simulator
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.slots import ADDRESSES
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.switches import DEMO_TOKEN
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.visionline.operations import BASE
from agent.simulators.visionline.simulator import VisionlineSimulator

PATHS = (
    *(f"/_sim/{part}" for part in ("rooms", "rooms/101", "reservations", "reservations/123", "devices", "cards")),
    *(f"/_sim/reservations/123/{act}" for act in ("start", "end", "cancel", "move")),
    *("/_sim/balances", "/_sim/balances/x", "/_sim/push", "/_sim/push/drop", "/_sim/push/say", "/ws/connector"),
    *(f"/api/connector/v1/{operation}" for operation in MewsSimulator.operations),
    *(f"/mst/enc{address.path}" for address in ADDRESSES.values()),
    *(
        f"/_sim/{part}"
        for part in ("", "commands", "raw", "neighbours", "switches", "fail", "refuse", "clock", "slow")
    ),
    *(
        f"/_sim/{part}"
        for part in ("print-commands", "offline", "commands/x/state", "nowhere", "commands/x/cancel")
    ),
    *(f"/_sim/{part}" for part in ("present", "cards", "doors/101", "requests", "waiting", "pms/offline")),
    *("/ipp/print", "/printers/x", "/_sim/prints", "/_sim/prints/1/document", "/_sim/pages/1-1.png", "/_sim/jobs"),
    *(f"/_sim/{part}" for part in ("reasons", "paper", "panel", "abort", "turn-out", "power", "power/on")),
    *(f"{BASE}/{part}" for part in ("sessions", "sessions/x", "cards", "doors", "encoders")),
)
NAMES = (
    *(
        "AccessToken",
        "ConnectorToken",
        "CommandId",
        "State",
        "Progress",
        "Notes",
        "StartUtc",
        "EndUtc",
        "CustomerId",
    ),
    *("number", "room", "end", "value", "currency", "name", "is_active"),
    *("client_id", "rm", "enco", "movein", "moveout", "tid", "sa_guest", "user_id", "checkout_date"),
    *(
        "kind",
        "operation",
        "match",
        "calls",
        "when",
        "seconds",
        "copies",
        "rooms",
        "data",
        "created",
        "start",
        "text",
    ),
    *("username", "password", "doorOperations", "doors", "expireTime", "startTime", "format", "over", "encoder"),
    *("reasons", "stops", "sheets", "press", "sides", "page_seconds", "queue"),
    *("latency_seconds", "card_seconds", "shift_seconds", "how", "megabytes", "by", "state", "retry_after"),
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=9)
)
WORDS = st.sampled_from(
    (DEMO_TOKEN, "Processing", "500", "no-card", "hang", "null", "2016-05-04T12:00:00Z", "101")
)
VALUES = st.recursive(SCALARS | WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner))
FORMS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6).map(msgspec.json.encode)
REQUESTS = st.builds(
    Request,
    method=st.sampled_from(("GET", "POST", "DELETE", "PUT")),
    path=st.sampled_from(PATHS),
    headers=st.just({"content-type": "application/json", "authorization": "Bearer "}),
    body=FORMS | st.binary(max_size=40),
)


@pytest.mark.parametrize("make", [MewsSimulator, CoderBridgeSimulator, VisionlineSimulator, PrinterSimulator])
@settings(max_examples=150, deadline=None)
@given(requests=st.lists(REQUESTS, min_size=1, max_size=8))
def test_any_sequence_of_requests_is_answered(make: Callable[[], Simulator[Any]], requests: list[Request]) -> None:
    async def send_all() -> list[AnyReply]:
        simulator = make()
        replies = []
        for request in requests:
            with trio.move_on_after(0.01):  # latency may have been switched on
                replies.append(await simulator.handle(request))
        return replies

    for reply in trio.run(send_all):
        if isinstance(reply, Reply) and reply.content_type.startswith("application/json") and reply.status != 200:
            assert reply.body.startswith(b"{")
