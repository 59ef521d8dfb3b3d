"""What templates need beside the snapshot: moments and spans in the reader's language, orders by room. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from agent.status.snapshot.snapshot import Recent
from agent.status.snapshot.work import UnderWay

Say = Callable[[str], str]

NEWEST = 40  # orders that stand open; what is older is folded away
BLOCK = 25  # orders by which the folded part grows, so that not every order changes it for all who look
ROOM_LENGTH = 40  # characters of a room that is searched for
LEAST_DIGITS = 3  # of a number that can be called
_TWO_COLONS = 2  # of a time of day with seconds
_BETWEEN = str.maketrans("", "", " /-.()\u00a0\u2013")  # what people write between digits
_SIZES = (86_400, 3_600, 60, 1)  # s in a day, an hour, a minute


class Times(msgspec.Struct, frozen=True):
    """Tells times in one language. `now` is the box's own time (ISO 8601)."""

    now: str
    say: Say

    def moment(self, at: str) -> str:
        """Short: the time of day, and as much of the date as differs. What is no time stays as it is."""
        when, today = _read(at), _read(self.now)
        if when is None or today is None:
            return at
        if when.date() == today.date():
            return when.strftime("%H:%M:%S")
        return when.strftime(self.say("%-d %b %H:%M") if when.year == today.year else self.say("%-d %b %Y %H:%M"))

    def minute(self, at: str) -> str:
        """The same without seconds."""
        told = self.moment(at)
        return told[: -len(":00")] if told.count(":") == _TWO_COLONS else told

    def seconds(self, at: str) -> int:
        """Whole seconds from then until now, 0 if it is yet to come or no time."""
        when, now = _read(at), _read(self.now)
        if when is None or now is None or (when.tzinfo is None) is not (now.tzinfo is None):
            return 0
        return max(0, int((now - when).total_seconds()))

    def span(self, seconds: float) -> str:
        """A length of time in its two biggest units: "3 h 12 min"."""
        left, parts = int(seconds), []
        for size, (one, many) in zip(_SIZES, units(self.say), strict=True):
            count, left = divmod(left, size)
            if count:
                parts.append(f"{count} {one if count == 1 else many}")
        if len(parts) > 1 and seconds >= _SIZES[2]:  # a minute and more: without seconds
            parts = [part for part in parts if not part.endswith(f" {units(self.say)[3][0]}")]
        return " ".join(parts[:2]) or f"0 {units(self.say)[3][0]}"

    def age(self, at: str) -> str:
        """How long ago that is."""
        return self.span(self.seconds(at))


def units(say: Say) -> tuple[tuple[str, str], ...]:
    """One and many of days, hours, minutes and seconds."""
    return ((say("day"), say("days")), (say("h"), say("h")), (say("min"), say("min")), (say("s"), say("s")))


def decimal(value: float, say: Say) -> str:
    """Seconds with one digit after the language's point: "2.4"."""
    return f"{value:.1f}".replace(".", say("."))


def offset(seconds: float, say: Say) -> str:
    """How far a clock is from ours, with its sign; what is rounded to nothing has none."""
    told = decimal(abs(seconds), say)
    return told if told == decimal(0.0, say) else ("+" if seconds > 0 else "−") + told


def of_room(orders: Sequence[Recent], room: str) -> tuple[Recent, ...]:
    """Those of the rooms whose name begins so, in any case; all of them if nothing is asked for."""
    wanted = room.strip()[:ROOM_LENGTH].casefold()
    return tuple(order for order in orders if order.room.casefold().startswith(wanted))


def dialled(phone: str) -> str:
    """What a telephone dials of a number as people write it; "" where more than a number is written."""
    bare = phone.replace("(0)", "").translate(_BETWEEN).strip()
    is_number = bare.removeprefix("+").isdecimal() and bare.isascii()
    return bare if is_number and len(bare) >= LEAST_DIGITS else ""


def is_under_way(order: Recent, work: Sequence[UnderWay]) -> bool:
    """Whether it is shown among what waits or is being made."""
    return any(each.id == order.id for each in work)


def folded(orders: Sequence[Recent]) -> tuple[tuple[Recent, ...], tuple[Recent, ...]]:
    """The newest ones, which stand open, and the earlier ones. Earlier ones that need a look stand open too."""
    count = max(0, len(orders) - NEWEST) // BLOCK * BLOCK
    newest, earlier = orders[: len(orders) - count], orders[len(orders) - count :]
    return tuple(newest), tuple(earlier)


def _read(at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        return None
