"""What happens in one round of the kill runs: a busy front desk with most of the trouble that there is.

Every command has a room of its own, so that each card can be laid to one command. Must not take long: there
are many rounds, so a card takes 20 ms and whatever waits for a person takes a fraction of a second.
"""

from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.mews.operations import UPDATE
from agent.simulators.mews.simulator import MewsSimulator
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.e2e.processes import RealHotel

CARD_SECONDS = 0.02  # s; time enough for a kill to hit between call and card
ENCODERS = 4  # of the Coder Bridge
VISIONLINE_ENCODERS = 2
_CUTTERS = (
    *(str(1 + number) for number in range(ENCODERS)),
    *(f"bar{1 + it}" for it in range(VISIONLINE_ENCODERS)),
)
_NOT_SET_UP = "99"


def order(hotel: RealHotel, commands: int = 28) -> None:
    """Put all orders into Mews at once, and the trouble into all servers."""
    hotel.bridge.switch(card_seconds=CARD_SECONDS)
    hotel.visionline.switch(card_seconds=CARD_SECONDS)
    for number in range(commands):
        cutter, rooms = _CUTTERS[number % len(_CUTTERS)], [str(101 + number)]
        hotel.mews.add_key(cutter, rooms, _copies(number), ApiUrl=hotel.visionline_server)
    hotel.mews.add_key(_NOT_SET_UP, ["901"])
    hotel.mews.add_key("1", ["902"], 0)
    _trouble_at_the_bridge(hotel.bridge)
    _trouble_at_visionline(hotel.visionline)
    _trouble_in_mews(hotel.mews)


def _copies(number: int) -> int:
    return {0: 3, 7: 2, 14: 3, 16: 2, 22: 3}.get(number, 1)  # the last two by VisiOnline


def _trouble_at_the_bridge(bridge: CoderBridgeSimulator) -> None:
    bridge.script({"kind": "unknown-room", "match": {"room": "104"}, "calls": 1})
    bridge.script({"kind": "no-card", "match": {"room": "110"}, "calls": 1, "seconds": 0.2})
    for kind, room, when in (("drop", "107", "after"), ("html-500", "109", "before")):
        bridge.fail(kind, "guest_key", match={"room": room}, calls=1, when=when)
    bridge.fail("drip", "guest_key", match={"room": "113"}, calls=1, when="after", seconds=0.004)


def _trouble_at_visionline(visionline: VisionlineSimulator) -> None:
    visionline.fail("unknown-door", "cards", match={"door": "105"}, calls=1)
    visionline.fail("no-card", "cards", match={"door": "106"}, calls=1, seconds=0.2)
    visionline.fail("interrupted", "cards", match={"door": "112"}, calls=1, written=True)
    for kind, door, when in (("drop", "111", "after"), ("html-500", "118", "before"), ("401", "124", "before")):
        visionline.fail(kind, "cards", match={"door": door}, calls=1, when=when)


def _trouble_in_mews(mews: MewsSimulator) -> None:
    """Answers that are lost after the update took place, and updates that come to nothing."""
    ids = [command.id for command in mews.commands]
    for number, state, kind, when in (
        (2, "Processing", "drop", "after"),
        (6, "Processing", "500", "before"),
        (9, "Processed", "drop", "after"),
        (11, "Processed", "500", "before"),
        (15, "Processing", "reset", "after"),
    ):
        if number < len(ids):
            match = {"CommandId": ids[number], "State": state}
            mews.fail(kind, UPDATE, match=match, when=when, calls=1)
