"""What the journal holds of one command, and how an event changes it. Frozen; no I/O; no `Data`, no guest."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

import msgspec
from msgspec.structs import fields

from agent.commands.lifecycle import ENDS, FORGOTTEN, OUTCOMES, Event, State, after
from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.notes import UNWANTED, note, unwanted
from agent.commands.origin import OriginName
from agent.foundation.reading.text import PLAIN

# What a row may hold; a damaged one holds other things. Texts are plain since they came in.
Seconds = Annotated[
    int, msgspec.Meta(ge=-62_104_060_800, le=253_370_764_800)
]  # years 2 to 9998: in any zone a date
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Text = Annotated[str, msgspec.Meta(pattern=PLAIN)]
Id = Annotated[str, msgspec.Meta(pattern=PLAIN, min_length=1)]


class Record(msgspec.Struct, frozen=True, rename={"made": "cut"}):
    """One command's row. Times are Unix seconds by Mews' clock (0: not yet), counts are copies.

    `target` is the lane (`encoder:1`), `copy` the number of the copy that was dispatched last, `made` how many
    surely were (the column is called `cut`), `verdict` the outcome once there is one (kept after it was reported),
    `seen` when a person has looked after a card that `is_loose`, `origin` who ordered it (`commands/origin.py`).
    """

    id: Id
    device: Text
    kind: Kind
    target: Text
    room: Text
    copies: Count
    state: State = State.WAITING
    copy: Count = 0
    made: Count = 0
    verdict: Text = ""
    code: Text = ""
    note: Text = ""
    created: Seconds = 0
    claimed: Seconds = 0
    ended: Seconds = 0
    reported: Seconds = 0
    seen: Seconds = 0
    origin: Text = OriginName.MEWS

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The record that a row of the journal holds. `row` has a value for each field.

        Words that only a newer version knows become the nearest of ours. In doubt a command counts as dispatched:
        it is never done again, and Mews hears of it. Raises `msgspec.ValidationError` for a damaged row.
        """
        return msgspec.convert({**row, **_in_our_words(row)}, cls)

    @classmethod
    def salvaged(cls, row: Mapping[str, Any]) -> Self | None:
        """What is left of a damaged row; None if not even its id is.

        It counts as dispatched, unless what is left says that Mews has its end, or that it was given back.
        """
        columns = {field.encode_name: field.type for field in fields(cls)}
        left = {name: row[name] for name, type_ in columns.items() if _fits(row.get(name), type_)}
        if "id" not in left:
            return None
        if left.get("state") not in ENDS:
            left["state"] = State.REPORTED if left.get("reported") else State.DISPATCHED
        return cls.from_row({**_NOTHING_KNOWN, **left})

    @property
    def is_open(self) -> bool:
        """Whether something is still owed to its origin."""
        return self.state not in (State.WAITING, State.REPORTED, State.WITHDRAWN)

    @property
    def is_loose(self) -> bool:
        """Whether there is, or may be, a card that no one in Mews knows of, and no person has looked after it."""
        is_unwanted = self.code == UNWANTED
        return not self.seen and (self.verdict == Verdict.UNKNOWN or is_unwanted)

    def claim(self, at: int) -> "Record":
        """The row to sync before the claim is sent."""
        return self._to(Event.CLAIM, claimed=at)

    def give_back(self, *, is_in_doubt: bool) -> "Record":
        """The claim was not granted: it waits again. A row that is `is_in_doubt` stays, for it may be ours."""
        return self._to(Event.GIVE_BACK, claimed=self.claimed if is_in_doubt else 0)

    def set_back(self) -> "Record":
        """It waits, and a new file is to route it."""
        return self._to(Event.SET_BACK)

    def dispatch(self, copy: int) -> "Record":
        """The row to sync before copy number `copy` is asked for; the earlier ones are made."""
        return self._to(Event.DISPATCH, copy=copy, made=copy - 1)

    def make(self) -> "Record":
        """The copy that was dispatched last is made, and more are to come."""
        return self._to(Event.MAKE, made=self.copy)

    def withdraw(self, at: int) -> "Record":
        """It was never ours, or is no longer."""
        return self._to(Event.WITHDRAW, ended=at)

    def refuse(self, outcome: Outcome, at: int) -> "Record":
        """It ends without a claim."""
        return self._end(Event.REFUSE, outcome, self.made, at)

    def end(self, outcome: Outcome, at: int) -> "Record":
        """The outcome of the copy that was dispatched last, or of the claim if none was."""
        if outcome.verdict is Verdict.DONE:
            return self._end(Event.SUCCEED, outcome, self.copies, at)
        event = Event.FAIL if outcome.verdict is Verdict.FAILED else Event.LOSE_SIGHT
        return self._end(event, outcome, self.made, at)

    def report(self, at: int) -> "Record":
        """Mews has the outcome."""
        return self._to(Event.REPORT, reported=at)

    def forgotten(self) -> "Record":
        """Its origin forgot the outcome: it is owed once more."""
        return self._to(FORGOTTEN[State(self.verdict)])

    def remember(self, at: int) -> "Record":
        """It was refused unclaimed, and only this row will know that its end is owed."""
        return self._to(Event.REMEMBER, claimed=self.claimed or at)

    def disown(self) -> "Record":
        """Mews does not take the result of cards that were, or perhaps were, cut: it says so from now on."""
        is_sure = self.verdict != Verdict.UNKNOWN or bool(self.made)
        return self._to(Event.DISOWN, code=UNWANTED, note=unwanted(self.made, is_sure=is_sure))

    def own(self, told: "Record") -> "Record":
        """Mews takes the result after all, in the words in which it was `told`."""
        return self._to(Event.OWN, code=told.code, note=told.note)

    def see(self, at: int) -> "Record":
        """A person has looked after its card."""
        return self._to(Event.SEE, seen=at)

    def _end(self, event: Event, outcome: Outcome, made: int, at: int) -> "Record":
        words = note(outcome, made, self.copies, self.kind)
        return self._to(event, verdict=str(outcome.verdict), code=outcome.code, note=words, made=made, ended=at)

    def _to(self, event: Event, **changes: object) -> "Record":
        return msgspec.structs.replace(self, state=after(self.state, event), **changes)


_NOTHING_KNOWN = {
    "device": "",
    "kind": Kind.OTHER,
    "target": "",
    "room": "",
    "copies": 0,
    "verdict": "",
    "reported": 0,
}
_KINDS: frozenset[str] = frozenset(Kind)
_STATES: frozenset[str] = frozenset(State)
_VERDICTS: frozenset[str] = frozenset({"", *Verdict})


def _in_our_words(row: Mapping[str, Any]) -> dict[str, Any]:
    kind, state, verdict = row["kind"], row["state"], row["verdict"]
    if _is_foreign(kind, _KINDS):
        kind = Kind.OTHER
    if _is_foreign(verdict, _VERDICTS):
        verdict = ""
    if _is_foreign(state, _STATES):
        state = State.REPORTED if row["reported"] else verdict or State.DISPATCHED
    if not verdict and state == State.REPORTED:
        verdict = Verdict.UNKNOWN
    if not verdict and state in OUTCOMES:
        verdict = state
    return {"kind": kind, "state": state, "verdict": verdict}


def _is_foreign(word: Any, ours: frozenset[str]) -> bool:
    return isinstance(word, str) and word not in ours


def _fits(value: Any, type_: Any) -> bool:
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError:
        return False
    return True
