"""Keys that were made, as long as their stays last: what a later order of the stay, or its end, has to know.

Pure. No guest: ids, rooms and times alone.
"""

import msgspec

from agent.commands.driver import KeyJob
from agent.commands.record import Id, Seconds, Text

CARD_PERHAPS = "?"  # in place of Mews' id of a card: Mews may have its number, and was not heard to say so


class IssuedKey(msgspec.Struct, frozen=True):
    """One key. `id` is its order's with the number of the copy; times are Unix seconds.

    `server` is the hop of the lock system, `rooms` its names for the doors as a JSON array, `key` its id of the
    key ("" where it told none), `reservation` the id of the stay ("" where the order had none), `start` and `end`
    the key's times (`end` 0: the lock system's standard), `over` when it was cancelled or its stay had ended (0:
    not yet), `card` Mews' own id of it where Mews was told its number, `CARD_PERHAPS` while that is not known.
    """

    id: Id
    server: Text = ""
    rooms: Text = ""
    key: Text = ""
    reservation: Text = ""
    start: Seconds = 0
    end: Seconds = 0
    made: Seconds = 0
    over: Seconds = 0
    card: Text = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be known of it any more."""
        return self.over > 0 and not self.card

    def opens(self, room: str) -> bool:
        """Whether it is for that room."""
        return room in self.room_names

    def is_of_order(self, order_id: str) -> bool:
        """Whether it was made for that order."""
        return self.id.rpartition("/")[0] == order_id

    @property
    def room_names(self) -> tuple[str, ...]:
        """Its doors; none for a damaged row."""
        try:
            return msgspec.json.decode(self.rooms, type=tuple[str, ...])
        except msgspec.DecodeError:
            return ()


def issued(order_id: str, server: str, job: KeyJob, key: str, made: int) -> IssuedKey:
    """The key that was made for a job, at `made`."""
    start, end = _times(job)
    return IssuedKey(f"{order_id}/{job.copy}", server, _text(job.rooms), key, job.reservation, start, end, made)


def is_of_stay(key: IssuedKey, job: KeyJob) -> bool:
    """Whether a key is one of the guests that the job is for: the same reservation, and a room of it.

    An order without a reservation is of the stay of a key without one that has the same rooms and times.
    """
    if key.over or key.reservation != job.reservation:
        return False
    if job.reservation:
        return any(key.opens(room) for room in job.rooms)
    return key.rooms == _text(job.rooms) and (key.start, key.end) == _times(job)


def _text(rooms: tuple[str, ...]) -> str:
    return msgspec.json.encode(rooms).decode()


def _times(job: KeyJob) -> tuple[int, int]:
    return int(job.start.timestamp()), int(job.end.timestamp()) if job.end else 0
