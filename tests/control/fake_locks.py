"""A lock system of nothing but memory that can do all that one can; a test says how each call ends."""

from collections.abc import Sequence

import trio

from agent.commands.driver import CardRead, Job, Lane, LockArea, LockDoor, LockTime, Task
from agent.commands.model import Outcome, Verdict
from agent.foundation.errors import CallFailed

DONE = Outcome(Verdict.DONE)


class FakeLocks:
    """Remembers what it was asked; `failure` is what its lists raise, `ends` how its calls end."""

    def __init__(self, hop: str, lanes: Sequence[Lane]) -> None:
        self.hop, self.lanes = hop, lanes
        self.calls_at_once, self.last_answer = float("inf"), 0.0
        self.asked: list[tuple[str, ...]] = []
        self.ends: list[Outcome] = []
        self.failure: CallFailed | None = None
        self.card: CardRead | Outcome = CardRead(("101",), ("3",), "28 November", "26 November", "4711", "9001")
        self.doors = [LockDoor("101", "room", "taken", "28 November"), LockDoor("102")]
        self.unsure: dict[Task, str] = {}
        self.is_slow = self.frees_rooms = False

    def objection(self, job: Job) -> Outcome | None:
        """None."""
        return None

    async def carry_out(self, job: Job) -> Outcome:
        """The pass is not tested with this."""
        raise AssertionError("no key is made here")

    async def watch(self) -> None:
        """Nothing is ever wrong with it."""
        await trio.sleep_forever()

    def doubts(self, task: Task, *, areas: bool = False, copies: bool = False) -> str:
        """As the test says, with what the key is to have."""
        more = [word for word, is_wanted in (("areas", areas), ("copies", copies)) if is_wanted]
        return ", ".join([self.unsure[task], *more]) if task in self.unsure else ""

    async def cancel_key(self, room: str, key: str) -> Outcome:
        """As the test says."""
        return await self._ended("cancel", room, key)

    async def check_in_room(self, room: str) -> Outcome:
        """As the test says."""
        return await self._ended("in", room)

    async def check_out_room(self, room: str) -> Outcome:
        """As the test says."""
        return await self._ended("out", room)

    async def read_card(self, encoder: str) -> CardRead | Outcome:
        """As the test says."""
        await self._ended("read", encoder)
        return self.card

    async def list_doors(self) -> Sequence[LockDoor]:
        """As the test says."""
        await self._listed("doors")
        return self.doors

    async def list_areas(self) -> Sequence[LockArea]:
        """One."""
        await self._listed("areas")
        return [LockArea("3", "Garage")]

    async def list_times(self) -> Sequence[LockTime]:
        """One."""
        await self._listed("times")
        return [LockTime("1", "Standard", "11:00")]

    async def _listed(self, what: str) -> None:
        await self._ended(what)
        if self.failure is not None:
            raise self.failure

    async def _ended(self, *asked: str) -> Outcome:
        self.asked.append(asked)
        await trio.lowlevel.checkpoint()
        if self.is_slow:
            await trio.sleep_forever()
        return self.ends.pop(0) if self.ends else DONE
