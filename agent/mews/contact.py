"""The account in time: here is waited for Mews, and what holds now is told to the page and to those who wait.

Calls no one, and decides nothing: `account/` does.
"""

from contextlib import AbstractContextManager

import trio

from agent.foundation.timing import Clock
from agent.health.health import Health
from agent.mews.account.account import FAULTS, Account
from agent.mews.account.budget import Budget, Rank

HOP = "mews"


class Contact:
    """One account and its budget of calls, for any number of tasks. `clock` gives monotonic seconds."""

    def __init__(self, account: Account, budget: Budget, health: Health, clock: Clock = trio.current_time) -> None:
        self.account = account
        self.now = clock
        self._budget, self._health = budget, health
        self._reached = trio.Event()  # set while the account is reached

    @property
    def pause(self) -> float:
        """Seconds for which Mews, or a rival, wants us to stay away."""
        return self.account.pause(self.now())

    @property
    def longest_turn(self) -> float:
        """Seconds that `wait_turn` may take for a poll."""
        return self._budget.longest_wait

    def show(self) -> None:
        """Tell the page, and the tasks that wait, what the account says now."""
        self._tell_page()
        if self.account.is_reached:
            self._reached.set()
        elif self._reached.is_set():  # else somebody may be waiting for this very event
            self._reached = trio.Event()

    async def wait_reached(self) -> None:
        """Wait until Mews answers polls and wants no pause."""
        while True:
            await self._reached.wait()
            if self.pause <= 0:
                return
            await trio.sleep(self.pause)

    def has_call(self, rank: Rank) -> bool:
        """Whether the budget has a call of this rank left."""
        return self._budget.pause(rank, self.now()) <= 0

    async def wait_turn(self, rank: Rank) -> None:
        """Wait until it has. Where it has one, this gives no other task its turn."""
        while (seconds := self._budget.pause(rank, self.now())) > 0:  # noqa: ASYNC110 - time alone ends it
            await trio.sleep(max(seconds, self.pause))

    def call(self, rank: Rank) -> AbstractContextManager[None]:
        """A call of this rank is under way; `wait_turn` comes right before."""
        return self._budget.spent(rank, self.now)

    def _tell_page(self) -> None:
        """All that the account does not say is over, also what the account of an older file had said."""
        faults = self.account.faults
        self._health.clear(HOP, *(kind for kind in FAULTS if kind not in faults))
        for kind, text in faults.items():
            self._health.raise_fault(kind, HOP, text)
