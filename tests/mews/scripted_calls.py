"""A dialect without a network: answers as a test says, in order, and keeps what it was asked and when."""

from collections import deque
from collections.abc import Awaitable, Callable, Container, Sequence

import trio

from agent.mews.calls import Listing, MewsError, NewState, Update
from provisioning.secret import Secret

EMPTY = Listing((), 0)
Answer = MewsError | None  # None: as it should be


class ScriptedCalls:
    """Each operation answers with what is in its queue, and as it should once that is empty, after `seconds`."""

    def __init__(self, *, signs_in: bool = True, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.lists: deque[Answer] = deque()
        self.sign_ins: deque[Answer] = deque()
        self.updates: deque[Answer] = deque()
        self.polls: list[float] = []  # when
        self.told: list[tuple[NewState, float]] = []  # what, and when
        self.tokens: list[str] = []  # of lists and updates, in order
        self._signs_in = signs_in
        self._sessions = 0

    @property
    def sign_in(self) -> Callable[[Secret], Awaitable[Secret]] | None:
        return self._sign_in if self._signs_in else None

    async def list_active(self, token: Secret, known: Container[str]) -> Listing:
        self.polls.append(trio.current_time())
        await self._answer(token, self.lists)
        return EMPTY

    async def update(self, token: Secret, update: Update) -> None:
        self.told.append((update.state, trio.current_time()))
        await self._answer(token, self.updates)

    def states(self) -> Sequence[NewState]:
        """What was told, in order."""
        return [state for state, _ in self.told]

    async def _sign_in(self, connector_token: Secret) -> Secret:
        await self._answer(None, self.sign_ins)
        self._sessions += 1
        return Secret(f"session-{self._sessions}")

    async def _answer(self, token: Secret | None, answers: deque[Answer]) -> None:
        if token is not None:
            self.tokens.append(token.reveal())
        await trio.sleep(self.seconds)
        answer = answers.popleft() if answers else None
        if answer is not None:
            raise answer
