"""The calls of today's Connector API for commands, and what its answers mean beyond those of 2016. No I/O.

Reference/mews.md sections 3 and 7. The way to Mews is given (`post`); when to call, and what to do about an
answer, is not decided here. A header `Prefer` is never sent, and yet an empty answer (204) is understood.
"""

from collections.abc import Awaitable, Callable, Container, Sequence
from functools import partial

from agent.mews.calls import (
    LIST_CAP,
    LIST_SECONDS,
    Answer,
    Busy,
    Changed,
    Listing,
    MewsError,
    NotReached,
    Portfolio,
    Post,
    TooLarge,
    TooSlow,
    Unauthorised,
    Update,
)
from agent.mews.current import wire
from agent.mews.current.command_pages import Page, all_pages, page
from agent.mews.current.envelope import envelope
from agent.mews.current.property import PropertyCalls
from agent.mews.reading import asking
from agent.mews.reading.answers import acknowledged
from provisioning.secret import Secret

_ENTERPRISE = "EnterpriseId"  # what a refusal names that wants one hotel of several


class Current(PropertyCalls):
    """Today's dialect, as `agent.mews.calls.Calls` has it; beside it `operations.LooksUp` and `PropertyCalls`.

    `version` is the agent's, `enterprise` the one hotel of a token for several ("": it is for one), `clock` gives
    monotonic seconds.
    """

    sign_in: Callable[[Secret], Awaitable[Secret]] | None = None  # it knows none

    def __init__(
        self, post: Post, client_token: Secret, version: str, *, enterprise: str, clock: Callable[[], float]
    ) -> None:
        problem = partial(_problem, is_pinned=bool(enterprise))
        self._about = asking.Asking(post, problem, [client_token])
        self._members = envelope(client_token, version)
        super().__init__(self._about, self._members, enterprise)
        self._is_one_hotel = bool(enterprise)
        self._clock = clock

    async def list_active(self, token: Secret, known: Container[str]) -> Listing:
        """The active commands; of `known` ids only id and standing.

        Raises `Portfolio` for a token that is for several hotels, where the file does not say which is this one:
        no order of another hotel is ever read.
        """
        if not self._is_one_hotel:
            await self._look_at_hotel(token)
        return await self._pages(token, "/commands/getAllActive", wire.get_all_active, known)

    async def _look_at_hotel(self, token: Secret) -> None:
        """Before the first list: is the token for one hotel? A Mews that does not tell stops no key."""
        try:
            hotel = await self.hotel(token)
        except (Unauthorised, Busy, Portfolio, NotReached):
            raise
        except MewsError:
            return
        if hotel.is_portfolio:
            raise Portfolio
        self._is_one_hotel = True

    async def look_up(self, token: Secret, ids: Sequence[str]) -> Listing:
        """Those commands, in any state: id and standing, as far as Mews knows them; at least one id.

        A question that is too big for Mews is asked in halves.
        """
        if len(ids) > wire.PAGE:
            return await self._halves(token, ids)
        ask = partial(_by_ids, ids)
        try:
            return await self._pages(token, "/commands/getAllByIds", ask, frozenset(ids))
        except (TooSlow, TooLarge):
            if len(ids) == 1:
                raise
        return await self._halves(token, ids)

    async def update(self, token: Secret, update: Update) -> None:
        """Set a command's state; returns only when Mews has acknowledged it."""
        body = wire.update(self._members(token), update)
        await self._about(token, "/commands/update", body, acknowledged)

    async def _halves(self, token: Secret, ids: Sequence[str]) -> Listing:
        middle = len(ids) // 2
        first, second = await self.look_up(token, ids[:middle]), await self.look_up(token, ids[middle:])
        return Listing(
            first.commands + second.commands,
            first.unreadable + second.unreadable,
            first.is_whole and second.is_whole,
        )

    async def _pages(self, token: Secret, path: str, question: "_Question", known: Container[str]) -> Listing:
        """One list to its end. All pages together have the time and the room of one list of 2016."""
        until = self._clock() + LIST_SECONDS
        left = LIST_CAP

        def read(body: bytes) -> Page:
            nonlocal left
            left -= len(body)
            return page(body, known)

        async def ask(cursor: str) -> Page:
            body = question(self._members(token), cursor)
            return await self._about(token, path, body, read, deadline=max(0.0, until - self._clock()), cap=left)

        return await all_pages(ask)


_Question = Callable[[dict[str, object], str], bytes]


def _by_ids(ids: Sequence[str], envelope: dict[str, object], cursor: str) -> bytes:
    return wire.get_all_by_ids(envelope, ids, cursor)


def _problem(answer: Answer, words: asking.Words, *, is_pinned: bool) -> MewsError | None:
    """What an answer says instead of what was asked for (reference/mews.md section 3)."""
    match answer.status:
        case 204:
            return None
        case 400 if not is_pinned and _ENTERPRISE in words():
            return Portfolio()
        case 408:
            return TooSlow("Mews took too long for it (408)")
        case 409:
            return Changed(409, words())
        case 413:
            return TooLarge(413, words())
    return asking.problem(answer, words)
