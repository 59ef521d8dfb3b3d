"""What the box looks after beside the commands, each in one sentence for the page. Pure."""

from agent.foundation.reading.text import plain, sentence
from agent.rooms.audit.findings import Audit
from agent.rooms.sync.plan.plan import Status
from agent.status.snapshot.facts import UpkeepFacts

_WORDS = 120  # characters of a lock system's own words


def of_drill(text: str, at: str) -> UpkeepFacts:
    """The last drill, or that there was none yet; `at` is the hour of the file."""
    return UpkeepFacts("drill", "Drill", text or f"The first drill is at {at}.")


def of_audit(found: Audit | None) -> UpkeepFacts:
    """The last door audit."""
    return UpkeepFacts("audit", "Door audit", _audited(found))


def of_rooms(status: Status | None) -> UpkeepFacts:
    """Room sync."""
    return UpkeepFacts("room-sync", "Room sync", _synced(status))


def _audited(found: Audit | None) -> str:
    if found is None:
        return "Not compared yet."
    untold = f" {' '.join(found.untold)}" if found.untold else ""
    if not found.findings:
        return f"All that was compared agrees.{untold}"
    missing = len(found.missing)
    ends = f", of which {missing} would end orders in Error" if missing else ""
    return f"{len(found.findings)} to look at{ends}: nightporter audit tells them.{untold}"


def _synced(status: Status | None) -> str:
    if status is None or not status.is_informed:
        return "Mews' reservations were not looked at yet."
    if status.obstacle:
        return f"{_counted(status.waiting)} to be told: {sentence(plain(status.obstacle, _WORDS))}"
    parts = [f"{_counted(status.taken)} taken"]
    for number, words in (
        (status.waiting, "to be told"),
        (status.in_doubt, "in doubt"),
        (status.refused, "refused"),
        (status.unmapped, "without a door in the file"),
    ):
        if number:
            parts.append(f"{number} {words}")
    return f"{', '.join(parts)}."


def _counted(rooms: int) -> str:
    return "1 room" if rooms == 1 else f"{rooms} rooms"
