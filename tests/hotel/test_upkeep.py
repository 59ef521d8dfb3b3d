"""What the page says of the things that the box looks after beside the commands, each in one sentence."""

import pytest

from agent.hotel import upkeep
from agent.rooms.audit.findings import Audit, Finding, Subject
from agent.rooms.sync.plan.plan import Status
from agent.status.snapshot.facts import UpkeepFacts

IDLE = Finding(Subject.IDLE_DOOR, "POOL", "A lock system lists the door “POOL”, and no room of Mews opens it.")
ROOM = Finding(Subject.ROOM, "104", "No key could be cut for room “104”: no lock system lists “104”.")
UNTOLD = "lock-server:coder-bridge was not compared: it does not tell its doors (a refused connection)."


def test_the_last_drill_is_shown_in_its_own_words() -> None:
    text = "Keys could be cut at 05:30 on 2026-11-27."
    assert upkeep.of_drill(text, "05:30") == UpkeepFacts("drill", "Drill", text)


def test_before_the_first_drill_its_hour_is_shown() -> None:
    assert upkeep.of_drill("", "05:30") == UpkeepFacts("drill", "Drill", "The first drill is at 05:30.")


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (None, "Not compared yet."),
        (Audit(()), "All that was compared agrees."),
        (Audit((), (UNTOLD,)), f"All that was compared agrees. {UNTOLD}"),
        (Audit((IDLE,)), "1 to look at: nightporter audit tells them."),
        (
            Audit((ROOM, IDLE)),
            "2 to look at, of which 1 would end orders in Error: nightporter audit tells them.",
        ),
        (
            Audit((ROOM, ROOM), (UNTOLD, "And more.")),
            "2 to look at, of which 2 would end orders in Error: nightporter audit tells them. "
            f"{UNTOLD} And more.",
        ),
    ],
)
def test_an_audit_counts_what_is_to_be_looked_at_and_says_what_was_not_compared(
    found: Audit | None, text: str
) -> None:
    assert upkeep.of_audit(found) == UpkeepFacts("audit", "Door audit", text)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (None, "Mews' reservations were not looked at yet."),
        (Status(taken=3), "Mews' reservations were not looked at yet."),
        (Status(is_informed=True), "0 rooms taken."),
        (Status(taken=1, is_informed=True), "1 room taken."),
        (Status(taken=2, waiting=1, is_informed=True), "2 rooms taken, 1 to be told."),
        (
            Status(taken=9, waiting=4, in_doubt=1, refused=2, unmapped=3, is_informed=True),
            "9 rooms taken, 4 to be told, 1 in doubt, 2 refused, 3 without a door in the file.",
        ),
        (
            Status(taken=9, waiting=4, obstacle="the connection was refused.", is_informed=True),
            "4 rooms to be told: the connection was refused.",
        ),
        (
            Status(taken=9, waiting=1, obstacle="the connection was refused", is_informed=True),
            "1 room to be told: the connection was refused.",
        ),
        (
            Status(waiting=1, obstacle="Is it switched off?", is_informed=True),
            "1 room to be told: Is it switched off?",
        ),
        (
            Status(waiting=1, obstacle="it says\n" + 200 * "no ", is_informed=True),
            f"1 room to be told: it says {36 * 'no '}no…",
        ),
    ],
)
def test_room_sync_says_how_many_rooms_and_what_is_in_the_way(status: Status | None, text: str) -> None:
    assert upkeep.of_rooms(status) == UpkeepFacts("room-sync", "Room sync", text)
