"""What an order and its origin know of each other: two small tables beside the life cycle. No I/O.

`Hold` says whose the order is, `Receipt` whether the origin was told that it was received. Neither is in the
journal: after a restart its row alone counts. ARCHITECTURE.md has the picture (`python -m agent.commands.bond`).
"""

from enum import StrEnum
from typing import TypeVar


class Hold(StrEnum):
    """Whose an order is, as far as its origin has said."""

    LISTED = "listed"  # to be had
    GIVEN_BACK = "given back"  # a claim was refused: only a newer list shows that it is still to be had
    IN_DOUBT = "in doubt"  # a claim had no answer: the origin may take it for ours, and it may be asked again
    IN_DOUBT_BACK = "in doubt, given back"
    OURS = "ours"  # the claim was granted
    CLOSED = "closed"  # its origin says that it is over: cancelled, or ended by somebody else

    @property
    def is_to_be_had(self) -> bool:
        """Whether it may be claimed now."""
        return self in (Hold.LISTED, Hold.IN_DOUBT)

    @property
    def is_in_doubt(self) -> bool:
        """Whether its origin may take it for ours."""
        return self in (Hold.IN_DOUBT, Hold.IN_DOUBT_BACK)


class Said(StrEnum):
    """What the origin's lists and answers say of an order."""

    LIST = "list"
    GRANT = "grant"
    NOTHING = "nothing"  # a claim was sent, and no answer came
    REFUSE = "refuse"  # ... or it waits for a list after too many askings without an answer
    CLOSE = "close"


class Receipt(StrEnum):
    """Whether the origin knows that an order was received."""

    UNTOLD = "untold"
    OWED = "owed"  # to be said when its turn comes
    ON_ITS_WAY = "on its way"
    TOLD = "told"


class Step(StrEnum):
    """What happens to a receipt."""

    OWE = "owe"
    SEND = "send"
    TAKEN = "taken"
    MISSED = "missed"  # refused, lost, or no longer worth saying


HOLDS: dict[tuple[Hold, Said], Hold] = {
    (Hold.LISTED, Said.LIST): Hold.LISTED,
    (Hold.LISTED, Said.GRANT): Hold.OURS,
    (Hold.LISTED, Said.NOTHING): Hold.IN_DOUBT,
    (Hold.LISTED, Said.REFUSE): Hold.GIVEN_BACK,
    (Hold.LISTED, Said.CLOSE): Hold.CLOSED,
    (Hold.GIVEN_BACK, Said.LIST): Hold.LISTED,
    (Hold.IN_DOUBT, Said.LIST): Hold.IN_DOUBT,
    (Hold.IN_DOUBT, Said.GRANT): Hold.OURS,
    (Hold.IN_DOUBT, Said.NOTHING): Hold.IN_DOUBT,
    (Hold.IN_DOUBT, Said.REFUSE): Hold.IN_DOUBT_BACK,
    (Hold.IN_DOUBT, Said.CLOSE): Hold.CLOSED,
    (Hold.IN_DOUBT_BACK, Said.LIST): Hold.IN_DOUBT,
    (Hold.OURS, Said.GRANT): Hold.OURS,  # asked once more right before a card
    (Hold.OURS, Said.CLOSE): Hold.CLOSED,
    (Hold.CLOSED, Said.GRANT): Hold.CLOSED,
    (Hold.CLOSED, Said.NOTHING): Hold.CLOSED,
    (Hold.CLOSED, Said.REFUSE): Hold.GIVEN_BACK,
    (Hold.CLOSED, Said.CLOSE): Hold.CLOSED,
}

RECEIPTS: dict[tuple[Receipt, Step], Receipt] = {
    (Receipt.UNTOLD, Step.OWE): Receipt.OWED,
    (Receipt.OWED, Step.SEND): Receipt.ON_ITS_WAY,
    (Receipt.OWED, Step.MISSED): Receipt.UNTOLD,
    (Receipt.ON_ITS_WAY, Step.TAKEN): Receipt.TOLD,
    (Receipt.ON_ITS_WAY, Step.MISSED): Receipt.UNTOLD,
}

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


def held(hold: Hold, said: Said) -> Hold:
    """The hold that follows. Raises KeyError for a pair that the table does not have: a bug."""
    return HOLDS[hold, said]


def receipt(now: Receipt, step: Step) -> Receipt:
    """The receipt that follows. Raises KeyError for a pair that the table does not have: a bug."""
    return RECEIPTS[now, step]


def picture() -> str:
    """Both tables as one Mermaid state diagram."""
    return "\n".join(["stateDiagram-v2", *_drawn("Hold", HOLDS), *_drawn("Receipt", RECEIPTS)])


def _drawn(name: str, table: dict[tuple[S, E], S]) -> list[str]:
    states = dict.fromkeys(state for (first, _), then in table.items() for state in (first, then))
    names = [f'        state "{state}" as {_id(state)}' for state in states if _id(state) != state]
    lines = [f"        {_id(state)} --> {_id(then)}: {event}" for (state, event), then in table.items()]
    return [f"    state {name} {{", *names, *lines, "    }"]


def _id(state: StrEnum) -> str:
    return state.name.lower()


if __name__ == "__main__":  # pragma: no cover - run by hand to redraw the picture
    print(picture())  # noqa: T201
