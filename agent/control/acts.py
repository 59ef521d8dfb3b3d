"""The acts: who did what by which face, and what came of it. In memory the newest, in the journal some months.

A disk that refuses stops no act: its row is owed, and written as soon as the disk takes it. An act that was open
when the process ended gets a true end at the next start.
"""

from collections.abc import Callable, Iterable
from secrets import token_hex
from typing import Protocol

import msgspec

from agent.commands.lifecycle import State
from agent.commands.model import Kind, Verdict
from agent.commands.record import Record
from agent.control.hub import Hub
from agent.control.words.events import ActBegan, ActEnded
from agent.control.words.messages import Face
from agent.control.words.reading import Asked
from agent.control.words.told import End, Result
from agent.foundation.reading.text import plain
from agent.journal.rows.acts import Act

SHOWN = 20  # acts on the page
NOTE_LIMIT = 400  # characters, as in a note for Mews
NOT_BEGUN = "The order was taken back before the encoder was asked: no key was cut."
NOT_SENT = "The order was taken back before the printer was asked: nothing was printed."
_RESTARTED = "The box restarted before it was written down what came of it"


class Rows(Protocol):
    """The journal, as far as acts need it."""

    async def keep(self, *rows: Act) -> None:
        """Make rows last now, or as soon as the disk takes them."""
        ...

    def keep_lazily(self, *rows: Act) -> None:
        """Make rows last within some seconds."""
        ...


class By(msgspec.Struct, frozen=True):
    """Who acts, and by which face."""

    who: str
    face: Face


class Acts:
    """All acts. `now` gives Unix seconds by Mews' clock, as orders have them."""

    def __init__(self, rows: Rows, hub: Hub, now: Callable[[], int]) -> None:
        self._rows, self._hub, self._now = rows, hub, now
        self._acts: dict[str, Act] = {}

    def remember(self, acts: Iterable[Act], order: Callable[[str], Record | None]) -> None:
        """Take over what the journal had, and end what was open; `order` gives an order as it is now."""
        before = {act.id: act for act in acts}
        self._acts = before | self._acts
        for act in before.values():
            if act.is_open:
                self.end(act, _end_after_restart(act, order(act.order_id)))

    def begin(self, asked: Asked, by: By, order: str = "") -> Act:
        """An act begins; `order` is the id of the order that it is about to give. Its row is to be kept first."""
        return self.begin_named(asked.verb.name, asked.text, by, order)

    def begin_named(self, verb: str, words: str, by: By, order: str = "") -> Act:
        """An act of that name begins, which need be no verb of the desk; `words` say it whole."""
        act = Act(
            id=f"act-{token_hex(6)}",
            who=by.who,
            face=by.face,
            verb=verb,
            words=words,
            order_id=order,
            begun=self._now(),
        )
        self._put(act)
        self._hub.publish(ActBegan(act))
        return act

    async def keep(self, act: Act) -> None:
        """Have its row on disk, now or as soon as the disk takes it."""
        await self._rows.keep(act)

    def end(self, act: Act, result: Result) -> None:
        """What came of an act."""
        note = plain(result.text, NOTE_LIMIT)
        act = msgspec.structs.replace(act, ended=self._now(), end=result.end, note=note)
        self._put(act)
        self._hub.publish(ActEnded(act))
        self._rows.keep_lazily(act)

    def recent(self, most: int = SHOWN) -> tuple[Act, ...]:
        """The last acts, the newest first."""
        return tuple(reversed(self._acts.values()))[:most]

    def _put(self, act: Act) -> None:
        self._acts[act.id] = act
        for id in tuple(self._acts)[:-SHOWN]:
            del self._acts[id]


def _end_after_restart(act: Act, order: Record | None) -> Result:
    if order is not None and (order.verdict or order.state is State.WITHDRAWN):
        return of_order(order)
    if act.order_id and order is None:
        return Result(End.FAILED, f"{_RESTARTED}, and before its order was begun: nothing was made.")
    return Result(End.PERHAPS, f"{_RESTARTED}.")


def of_order(record: Record, *, is_mobile: bool = False) -> Result:
    """What came of an act that gave this order, once it is over; `is_mobile`: for telephones."""
    if record.kind is Kind.PRINT:
        return _of_page(record)
    if record.verdict == Verdict.DONE:
        return Result(End.DONE, f"{_keys(record.copies, is_mobile)} for room {record.room}.")
    if record.state is State.WITHDRAWN:
        return Result(End.FAILED, NOT_BEGUN)
    return Result(End.FAILED if record.verdict == Verdict.FAILED else End.PERHAPS, record.note)


def _keys(copies: int, is_mobile: bool) -> str:
    if is_mobile:
        return "1 mobile key was made" if copies == 1 else f"{copies} mobile keys were made"
    return "1 key was cut" if copies == 1 else f"{copies} keys were cut"


def _of_page(record: Record) -> Result:
    if record.verdict == Verdict.DONE:
        return Result(End.DONE, record.note or "The printer says that the page is printed.")
    if record.state is State.WITHDRAWN:
        return Result(End.FAILED, NOT_SENT)
    return Result(End.FAILED if record.verdict == Verdict.FAILED else End.PERHAPS, record.note)
