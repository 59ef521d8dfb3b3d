"""What the room management has to be told next, and what follows from its answer.

The newest state of a room wins: what began and ended while the room management was away is not told at all. Rooms
are told in the order in which they changed, one call at a time and not too fast. No I/O; times are monotonic
seconds. Nothing is told before a whole look at Mews, and a room of which no row tells counts as told to be free:
so a first look at a full house checks each taken room in once, in order, and no room out.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from enum import Enum, StrEnum, auto

import msgspec

from agent.commands.model import Outcome, Verdict
from agent.journal.rows.kept_rooms import KeptRoom, kept_room
from agent.rooms.sync.plan.house import House
from agent.rooms.sync.plan.places import Sighting
from agent.rooms.sync.plan.states import HOLDS_STAYS, ON_RESTART, TRYING, Event, RoomState, after, stored

CALL_SECONDS = 1.0  # s between two calls: its PC has keys to cut; 500 rooms after an outage take nine minutes
AGAIN_SECONDS = 5.0  # s before the next try while it does not answer; doubled each time
LONGEST_SECONDS = 60.0  # s; what a check-in waits at most once it answers again
REFUSED_SECONDS = 900.0  # s; until staff have put the lock system right
ALONE_AFTER = 2  # times that others are answered for and one room is not: then it waits behind them
SURE_AFTER = 3  # refusals of a repetition, half an hour in all, that mean "it is so already"


class Act(StrEnum):
    """What one step does."""

    IN = "in"
    OUT = "out"
    KEYS = "keys"  # those of a stay that has left the room are cancelled
    NOTE = "note"  # written down alone


class Step(msgspec.Struct, frozen=True):
    """What is due at a room; `stay` whose keys are meant."""

    act: Act
    room: str
    stay: str = ""


class Answer(Enum):
    """How a call ended."""

    DONE = auto()
    NOTHING = auto()  # there was no key to cancel
    REFUSED = auto()
    MISSED = auto()  # surely not asked
    LOST = auto()  # perhaps done


class Status(msgspec.Struct, frozen=True):
    """How it stands: rooms that are taken, that have still to be told, that are in doubt or refused.

    `obstacle` says why nothing is told just now ("": nothing is in the way); `is_informed`: Mews was looked at.
    """

    taken: int = 0
    waiting: int = 0
    in_doubt: int = 0
    refused: int = 0
    unmapped: int = 0
    obstacle: str = ""
    is_informed: bool = False


def answer_of(outcome: Outcome | None) -> Answer:
    """What an outcome means here; None where there was nothing to do."""
    if outcome is None:
        return Answer.NOTHING
    if outcome.verdict is Verdict.DONE:
        return Answer.DONE
    if outcome.verdict is Verdict.UNKNOWN:
        return Answer.LOST
    return Answer.REFUSED if outcome.is_asked else Answer.MISSED


class _Told(msgspec.Struct, frozen=True):
    """What the room management was told of a room, as its row has it."""

    state: RoomState = RoomState.OUT
    stays: tuple[str, ...] = ()


_OUT = _Told()


class _Due(msgspec.Struct, frozen=True):
    """What is to be done at a room that changed at `moment` (Unix seconds), the first thing first."""

    moment: float
    steps: tuple[Step, ...]


class Plan:
    """`rows` are those of the journal; `cancels_keys` as the file says."""

    def __init__(self, rows: Iterable[KeptRoom] = (), *, cancels_keys: bool = False) -> None:
        kept = tuple(rows)
        self._cancels_keys = cancels_keys
        self._told = {row.id: _Told(ON_RESTART[stored(row.state)], row.stay_ids) for row in kept}
        self._house = House()
        self._due: dict[str, _Due] = {}
        self._not_before: dict[Step, float] = {}
        self._refusals: Counter[Step] = Counter()
        self._complaints: dict[Step, str] = {}  # what was refused, and in which words
        self._losses: Counter[Step] = Counter()  # answers that did not come, one after the other
        self._silent: set[str] = set()  # rooms whose answers were lost since the last one that was not
        self._misses = 0
        self._missed: Counter[Step] = Counter()  # those since the last answer
        self._in_vain: Counter[Step] = Counter()  # how often others were answered for after it was missed
        self._obstacle = ""
        self._free_from = self._held_until = float("-inf")
        self._is_informed = False
        for row in kept:
            if stored(row.state) in HOLDS_STAYS:
                self._remember(row)

    @property
    def rows(self) -> tuple[KeptRoom, ...]:
        """What is known of rooms, for the plan of the next file."""
        return tuple(kept_room(room, told.state, told.stays) for room, told in self._told.items())

    @property
    def status(self) -> Status:
        """How it stands."""
        return Status(
            self._house.taken,
            sum(due.steps[0].act is not Act.NOTE for due in self._due.values()),
            sum(told.state is RoomState.DOUBT for told in self._told.values()),
            len(self.refused),
            len(self._house.unmapped),
            self._obstacle,
            self._is_informed,
        )

    @property
    def obstacle(self) -> str:
        """Why nothing is told just now."""
        return self._obstacle

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Taken rooms that the room management has no name for."""
        return self._house.unmapped

    @property
    def refused(self) -> dict[str, str]:
        """The rooms that it refuses to check in or out, with its words."""
        return {step.room: words for step, words in self._complaints.items() if step.act is not Act.KEYS}

    @property
    def keys_left(self) -> dict[str, str]:
        """The rooms with keys that could not be cancelled, with the reason."""
        return {step.room: words for step, words in self._complaints.items() if step.act is Act.KEYS}

    @property
    def held(self) -> dict[str, str]:
        """The rooms that are kept as they were because Mews' lists have gaps, and which."""
        return self._house.held

    def end_of(self, stay: str) -> float | None:
        """The planned end of a stay in house, Unix seconds; None where it is not known."""
        return self._house.end_of(stay)

    def change(self, sightings: Iterable[Sighting]) -> None:
        """Some stays have changed."""
        for room, moment in self._house.see(sightings):
            self._is_news(room, moment)

    def look(self, sightings: Collection[Sighting]) -> tuple[str, ...]:
        """All stays that may be in house, as far as Mews lists them; those in house whom it does not list."""
        self.change(sightings)
        if not self._is_informed:
            for room in self._told:
                self._settle(room)
        self._is_informed = True
        return self._house.lacking({seen.stay for seen in sightings})

    def miss(
        self, listed: Collection[Sighting], found: Collection[Sighting], now: float, *, is_whole: bool
    ) -> None:
        """That look is over, and has `found` some who were not listed; `now` in Unix seconds.

        Where not `is_whole`, some could not be read.
        """
        self.change(found)
        ids = {seen.stay for seen in listed}, {seen.stay for seen in found}
        for room in self._house.miss(*ids, now, is_whole=is_whole):
            self._is_news(room, 0.0)

    def next(self, now: float) -> Step | None:
        """What is to be done now; None while nothing is, or may be."""
        if not self._is_informed:
            return None
        ready = [(due.moment, step) for due in self._due.values() if (step := self._ready(due, now))]
        # Perhaps it is not reached for one room alone: another is tried before the same one again.
        return min(ready, key=lambda found: (self._missed[found[1]], found[0]), default=(0.0, None))[1]

    def _ready(self, due: _Due, now: float) -> Step | None:
        return next((step for step in due.steps if self._time(step) <= now), None)

    def pause(self, now: float) -> float:
        """Seconds until something may be due; infinite while nothing waits."""
        if not self._is_informed:
            return float("inf")
        times = (self._time(step) for due in self._due.values() for step in due.steps)
        return max(0.0, min(times, default=float("inf")) - now)

    def intent(self, step: Step) -> KeptRoom | None:
        """The row to be synced before the step; None where the journal knows enough. Changes nothing yet."""
        state = self._of(step.room).state
        match step.act:
            case Act.IN:
                return self._row(step.room, after(state, Event.ASK_IN))
            case Act.OUT:
                return self._row(step.room, after(state, Event.ASK_OUT))
            case Act.NOTE:
                return self._row(step.room, state)
            case _:
                return None

    def take(self, row: KeptRoom) -> None:
        """That row is on the disk."""
        if row.is_over:
            self._told.pop(row.id, None)
        else:
            self._told[row.id] = _Told(stored(row.state), row.stay_ids)
        self._settle(row.id)

    def hold(self, now: float) -> None:
        """The disk refuses: nothing may be done for a while."""
        self._held_until = now + AGAIN_SECONDS

    def end(self, step: Step, answer: Answer, words: str, now: float) -> KeptRoom:
        """The row that holds after the call, which `take` gets then. `words` say why it was not done."""
        self._free_from = now + CALL_SECONDS
        if step.act is Act.KEYS:
            return self._end_keys(step, answer, words, now)
        event = self._event(step, answer)
        if event in (Event.SUCCEED, Event.REPEAT_REFUSED):
            self._forget(step)
        self._note(step, answer, words, now)
        return self._row(step.room, after(self._of(step.room).state, event))

    def _event(self, step: Step, answer: Answer) -> Event:
        if answer is Answer.MISSED:
            return Event.MISS
        if answer is Answer.LOST:
            return Event.LOSE
        if answer is not Answer.REFUSED:
            return Event.SUCCEED
        self._refusals[step] += 1
        is_sure = self._of(step.room).state in TRYING and self._refusals[step] >= SURE_AFTER
        return Event.REPEAT_REFUSED if is_sure else Event.REFUSE

    def _note(self, step: Step, answer: Answer, words: str, now: float) -> None:
        """When to ask again, and what is in the way."""
        match answer:
            case Answer.MISSED:
                self._missed[step] += 1
                if self._in_vain[step] >= ALONE_AFTER:
                    self._complaints[step] = words
                self._wait_for_it(words, now)
            case Answer.LOST:
                self._silent.add(step.room)
                self._obstacle = words
                # Behind the others: perhaps it does not answer for this one alone.
                pause = LONGEST_SECONDS * 2.0 ** min(self._losses[step], 10)
                self._not_before[step] = now + min(REFUSED_SECONDS, pause)
                self._losses[step] += 1
                if len(self._silent) > 1:
                    self._wait_for_it(words, now)
            case _:
                self._silent.clear()
                self._misses, self._obstacle = 0, ""
                self._pass_over_missed(step, now)
                if answer is Answer.REFUSED and self._refusals[step]:
                    self._complaints[step] = words
                    self._not_before[step] = now + REFUSED_SECONDS

    def _pass_over_missed(self, answered: Step, now: float) -> None:
        """It is there: those that were missed are due again, and put off where that has happened before."""
        for step in self._missed:
            self._in_vain[step] += step != answered
            if self._in_vain[step] >= ALONE_AFTER:
                pause = LONGEST_SECONDS * 2.0 ** min(self._in_vain[step] - ALONE_AFTER, 10)
                self._not_before[step] = now + min(REFUSED_SECONDS, pause)
        self._missed.clear()

    def _wait_for_it(self, words: str, now: float) -> None:
        self._free_from = now + min(LONGEST_SECONDS, AGAIN_SECONDS * 2.0**self._misses)
        self._misses = min(self._misses + 1, 10)
        self._obstacle = words

    def _end_keys(self, step: Step, answer: Answer, words: str, now: float) -> KeptRoom:
        told = self._of(step.room)
        state = told.state
        if answer not in (Answer.DONE, Answer.NOTHING):
            self._complaints[step] = words
            self._not_before[step] = now + REFUSED_SECONDS
            return kept_room(step.room, told.state, told.stays)
        self._forget(step)
        if answer is Answer.DONE and state is RoomState.IN and self._house.stays_in(step.room):
            state = after(state, Event.UNSETTLE)
        return kept_room(step.room, state, tuple(stay for stay in told.stays if stay != step.stay))

    def _forget(self, step: Step) -> None:
        self._complaints.pop(step, None)
        self._not_before.pop(step, None)
        self._refusals.pop(step, None)
        self._losses.pop(step, None)
        self._missed.pop(step, None)
        self._in_vain.pop(step, None)

    def _remember(self, row: KeptRoom) -> None:
        for stay in row.stay_ids:
            self._house.remember(stay, row.id)

    def _is_news(self, room: str, moment: float) -> None:
        """Something changed at a room: what was put off for it may be right now."""
        steps = tuple(self._steps(room))
        for step in (Step(Act.IN, room), Step(Act.OUT, room)):
            if step not in steps:
                self._forget(step)
        self._settle(room, moment)

    def _settle(self, room: str, moment: float = 0.0) -> None:
        """Look at a room again; of one with nothing to do nothing is remembered."""
        steps, before = tuple(self._steps(room)), self._due.pop(room, None)
        if steps:
            self._due[room] = _Due(before.moment if before else moment, steps)

    def _steps(self, room: str) -> Iterator[Step]:
        """What is to be done at a room, the first thing first; whatever is put off makes way for the others.

        Keys come after the check-out, which may end them itself: cancelled before, they may free the room, and the
        check-out would be refused for that. One that is refused holds no key up: the guest has left all the same.
        """
        told, here = self._of(room), self._house.stays_in(room)
        is_left = not here and told.state in (RoomState.IN, RoomState.DOUBT)
        if is_left:
            yield Step(Act.OUT, room)
        if self._cancels_keys:
            yield from (Step(Act.KEYS, room, stay) for stay in told.stays if stay not in here)
        if is_left:
            return
        if here and told.state in (RoomState.OUT, RoomState.DOUBT):
            if not self._house.is_held(room):
                yield Step(Act.IN, room)
        elif set(self._stays(room)) != set(told.stays):
            yield Step(Act.NOTE, room)

    def _time(self, step: Step) -> float:
        """From when on it may be done."""
        if step.act is Act.NOTE:
            return self._held_until
        return max(self._held_until, self._free_from, self._not_before.get(step, 0.0))

    def _of(self, room: str) -> _Told:
        return self._told.get(room, _OUT)

    def _row(self, room: str, state: RoomState) -> KeptRoom:
        return kept_room(room, state, self._stays(room))

    def _stays(self, room: str) -> tuple[str, ...]:
        """Who is in the room, and before them who left and has keys yet."""
        here = self._house.stays_in(room)
        left = [stay for stay in self._of(room).stays if stay not in here] if self._cancels_keys else []
        return (*left, *here)
