"""Whatever stands beside a right envelope, an operation of today answers, with a code that the docs have."""

import msgspec
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.simulators.base.replies import AnyReply, Reply, Request
from agent.simulators.mews.operations import PREFIX
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.mews.store.records import OWN, SERVICE
from agent.simulators.mews.store.small_hotel import room_id
from agent.simulators.mews.switches import Dialect, HotelKind, MewsSwitches
from tests.simulators.conftest import ENVELOPE

CODES = {200, 204, 400, 404, 410}
OPERATIONS = MewsSimulator.operations
INTERVALS = ("CollidingUtc", "UpdatedUtc", "CreatedUtc", "ScheduledStartUtc", "ActualEndUtc", "StartUtc", "EndUtc")
IDS = ("CommandIds", "CustomerIds", "ServiceIds", "ReservationIds", "ResourceCategoryIds", "EnterpriseIds", "Ids")
NAMES = (
    *INTERVALS,
    *IDS,
    *("Limitation", "Count", "Cursor", "Extent", "Resources", "States", "ActivityStates", "Currency", "Value"),
    *("CommandId", "State", "Progress", "Notes", "KeyCutterId", "PrinterId", "ReservationId", "KeyCount"),
    *("Data", "CopyCount", "ResourceAccessTokenParameters", "ResourceAccessTokenUpdates", "ServiceOrderId"),
    *("Type", "Permissions", "Room", "ValidityStartUtc", "ValidityEndUtc", "ServiceOrderIds", "EnterpriseId"),
)
WORDS = st.sampled_from(
    (
        OWN,
        SERVICE,
        room_id("101"),
        "Started",
        "Active",
        "RfidTag",
        "EUR",
        "2016-05-04T12:00:00Z",
        "JVBERg==",
    )
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | WORDS | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
)
LIMITATIONS = st.just({"Count": 10}) | VALUES
FORMS = st.builds(
    lambda members, limitation: {"Limitation": limitation, **members, **ENVELOPE},
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
    LIMITATIONS,
)


REQUESTS = st.builds(
    Request,
    method=st.just("POST"),
    path=st.sampled_from([f"{PREFIX}{operation}" for operation in OPERATIONS]),
    headers=st.sampled_from([{}, {"prefer": "return=minimal"}]),
    body=FORMS.map(msgspec.json.encode),
)


@settings(max_examples=300, deadline=None)
@given(requests=st.lists(REQUESTS, min_size=1, max_size=8))
def test_any_request_is_answered_with_a_code_of_the_docs(requests: list[Request]) -> None:
    async def send_all() -> list[AnyReply]:
        mews = MewsSimulator(MewsSwitches(dialect=Dialect.CURRENT, hotel=HotelKind.SMALL))
        return [await mews.handle(request) for request in requests]

    for reply in trio.run(send_all):
        assert isinstance(reply, Reply)
        assert reply.status in CODES
        assert reply.status == 204 or isinstance(msgspec.json.decode(reply.body), dict)
