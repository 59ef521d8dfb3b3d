"""The account in time: here is waited for Mews, and what holds now is told to the page and to those who wait.

Calls no one, and decides nothing: `account/` does.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import TypeVar

import trio

from agent.foundation.timing import Clock
from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.account.account import FAULTS, Account
from agent.mews.account.budget import Budget, Rank
from agent.mews.calls import ANSWER_CAP, CALL_SECONDS, Answer, MewsError, NotReached, Post

T = TypeVar("T")

HOP = "mews"
_log = logging.getLogger("nightporter")


class _Call:
    """A call that is under way: what it is for, and whether its next request is the first."""

    def __init__(self, rank: Rank) -> None:
        self.rank = rank
        self.is_first = True


_CALL: ContextVar[_Call] = ContextVar("call")  # of this task


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

    def turn(self, rank: Rank) -> float:
        """Seconds for which the budget need not be asked for a call of this rank; 0.0 where it has one left."""
        return self._budget.pause(rank, self.now())

    def has_call(self, rank: Rank) -> bool:
        """Whether the budget has a call of this rank left."""
        return self.turn(rank) <= 0

    async def wait_turn(self, rank: Rank) -> None:
        """Wait until it has. Where it has one, this gives no other task its turn."""
        while (seconds := self.turn(rank)) > 0:  # noqa: ASYNC110 - time alone ends it
            await trio.sleep(max(seconds, self.pause))

    def call(self, rank: Rank) -> AbstractContextManager[None]:
        """A call of this rank is under way; `wait_turn` comes right before."""
        return self._call(rank) if self._budget.is_limited else self._budget.spent(rank, self.now)

    def metered(self, post: Post) -> Post:
        """`post` for a dialect whose calls may take several requests: each of them counts.

        The first has its turn by `wait_turn`, a further one waits for its own within its deadline.
        """
        return _Metered(post, self) if self._budget.is_limited else post

    def tell_log(self, what: str, error: MewsError) -> None:
        """A line in the log about a call that went wrong, where Mews has a number of the request for it."""
        if error.request_id:
            _log.warning("Mews, %s: %s (request %s)", what, error, error.request_id)

    def tell_of_other_hand(self, is_there: bool) -> None:
        """Say on the page whether another connector takes this box's orders."""
        if is_there:
            text = "Orders that were new in its list were taken by something else a moment later."
            self._health.raise_fault(mews_kinds.OTHER_HAND, HOP, text)
        else:
            self._health.clear(HOP, mews_kinds.OTHER_HAND)

    @contextmanager
    def _call(self, rank: Rank) -> Iterator[None]:
        before = _CALL.set(_Call(rank))
        try:
            with self._budget.spent(rank, self.now):
                yield
        finally:
            _CALL.reset(before)

    def one_more(self) -> AbstractContextManager[None]:
        """A further request of this task's call is under way; `wait_one_more` comes right before."""
        return self._budget.spent(_CALL.get().rank, self.now)

    async def wait_one_more(self) -> None:
        """Wait for the turn of a further request of this task's call."""
        await self.wait_turn(_CALL.get().rank)

    def _tell_page(self) -> None:
        """All that the account does not say is over, also what the account of an older file had said."""
        faults = self.account.faults
        self._health.clear(HOP, *(kind for kind in FAULTS if kind not in faults))
        for kind, text in faults.items():
            self._health.raise_fault(kind, HOP, text)


class _Metered:
    """`calls.Post`, within the budget."""

    def __init__(self, post: Post, contact: Contact) -> None:
        self._post, self._contact = post, contact

    async def __call__(
        self,
        path: str,
        body: bytes,
        meaning: Callable[[Answer], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        call = _CALL.get()
        if call.is_first:
            call.is_first = False
            return await self._post(path, body, meaning, deadline=deadline, cap=cap)
        until = self._contact.now() + deadline
        with trio.move_on_after(deadline) as wait:
            await self._contact.wait_one_more()
        if wait.cancelled_caught:
            raise NotReached("Mews allows too few calls just now")
        with self._contact.one_more():
            return await self._post(path, body, meaning, deadline=until - self._contact.now(), cap=cap)
