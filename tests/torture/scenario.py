"""What happens in one round of the kill runs: a busy front desk with most of the trouble that there is.

Every command has a room of its own, so that each card can be laid to one command. Must not take long: there
are many rounds, so a card takes 20 ms and whatever waits for a person takes a fraction of a second.
"""

from agent.simulators.mews.operations import UPDATE
from agent.simulators.mews.simulator import MewsSimulator
from tests.e2e.processes import RealHotel

CARD_SECONDS = 0.02  # s; time enough for a kill to hit between call and card
ENCODERS = 4
_NOT_SET_UP = "99"


def order(hotel: RealHotel, commands: int = 28) -> None:
    """Put all orders into Mews at once, and the trouble into both servers."""
    hotel.bridge.switch(card_seconds=CARD_SECONDS)
    for number in range(commands):
        hotel.mews.add_key(str(1 + number % ENCODERS), [str(101 + number)], _copies(number))
    hotel.mews.add_key(_NOT_SET_UP, ["901"])
    hotel.mews.add_key("1", ["902"], 0)
    _trouble_at_the_lock(hotel)
    _trouble_in_mews(hotel.mews)


def _copies(number: int) -> int:
    return {0: 3, 7: 2, 14: 3}.get(number % 20, 1)


def _trouble_at_the_lock(hotel: RealHotel) -> None:
    script = hotel.bridge.script
    script({"kind": "unknown-room", "match": {"room": "105"}, "calls": 1})
    script({"kind": "no-card", "match": {"room": "110"}, "calls": 1, "seconds": 0.2})
    script({"kind": "drop", "operation": "guest_key", "match": {"room": "107"}, "calls": 1, "when": "after"})
    script({"kind": "html-500", "operation": "guest_key", "match": {"room": "112"}, "calls": 1})
    script(
        {
            "kind": "drip",
            "operation": "guest_key",
            "match": {"room": "113"},
            "calls": 1,
            "when": "after",
            "seconds": 0.004,
        }
    )


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
