"""Mews as the pipeline sees it: one poll loop, and updates that go out while Mews answers polls.

The poll is the probe and the only one to sign in: while it fails nothing else calls Mews, so an outage costs one
connection at a time and the recovery is no storm. A rival is recognised and not fought (`account/sign_in.py`).
What an answer means for the next call is decided in `account/`, without I/O.
"""

from collections.abc import Awaitable, Callable, Container

import trio

from agent.commands.model import Ack, Reply, Verdict, WaitsFor
from agent.foundation.timing import MewsClock
from agent.mews.account.budget import Rank
from agent.mews.calls import CALL_SECONDS, LIST_SECONDS, Calls, Listing, MewsError, NewState, Unauthorised, Update
from agent.mews.contact import Contact
from provisioning.secret import Secret

_ENDS = {Verdict.DONE: NewState.PROCESSED, Verdict.FAILED: NewState.ERROR, Verdict.UNKNOWN: NewState.ERROR}


class Connector:
    """The box's side of Mews' command queue, in any dialect: the origin (`commands/origin.py`) of its commands."""

    def __init__(self, calls: Calls, contact: Contact, mews_clock: MewsClock) -> None:
        self._calls, self._contact, self._account = calls, contact, contact.account
        self._sign_in, self._mews_clock, self._now = contact.account.sign_in, mews_clock, contact.now
        self._news = trio.Event()
        self._due = self._now()  # by then the loop has done what it is doing
        self.polled = trio.Event()  # the first poll is over, however it went

    async def poll_forever(
        self, known: Callable[[], Container[str]], take: Callable[[Listing, float], Awaitable[None]]
    ) -> None:
        """Ask for the active commands again and again; `take` gets each list, and when it was asked for."""
        while True:
            asked_at = self._now()
            self._due = asked_at + self._contact.longest_turn + CALL_SECONDS + LIST_SECONDS
            listing, rest = await self._poll(known())
            self.polled.set()
            if listing is not None:
                await take(listing, asked_at)
            await self._rest(rest)

    def poll_now(self) -> None:
        """Cut the present rest short: something says that there is news."""
        self._news.set()

    def take_over(self) -> bool:
        """A person decided that this box is the one: go on at once, although another is there.

        False: its token is no one's to take over, for it does not sign in.
        """
        if self._sign_in.is_signing_in:
            self._sign_in.take_over()
            self.poll_now()
        return self._sign_in.is_signing_in

    @property
    def is_reached(self) -> bool:
        """Whether the newest poll was answered."""
        return self._account.is_reached

    @property
    def reached_since(self) -> float:
        """Since when it is as `is_reached` says (monotonic seconds)."""
        return self._account.reached_since

    @property
    def last_answer(self) -> float | None:
        """When Mews last gave a list (monotonic seconds)."""
        return self._account.last_answer

    @property
    def overdue(self) -> float:
        """Seconds by which the poll loop is late; none of its waits is longer than it said beforehand."""
        return max(0.0, self._now() - self._due)

    @property
    def obstacle(self) -> WaitsFor | None:
        """Why Mews cannot be asked just now."""
        return self._account.obstacle(self._now())

    async def wait_reached(self) -> None:
        """Wait until Mews answers polls and wants no pause."""
        await self._contact.wait_reached()

    async def receive(self, command_id: str) -> Reply:
        """Tell Mews `Received`, if there is a call to spare for it."""
        return await self._mention(Update(command_id, NewState.RECEIVED))

    async def claim(self, command_id: str, *, is_received: bool) -> Reply:
        """Tell Mews `Processing`: only its acknowledgement makes the command ours (the fence).

        Up to three messages. Whether `Received` must come first is not documented (reference/mews.md section 8): a
        command that was not told so, and is refused, is told so and asked for once more.
        """
        processing = Update(command_id, NewState.PROCESSING, progress=0.0)
        reply = await self._tell(Rank.CLAIM, processing)
        if reply.ack is Ack.REFUSED and not is_received:
            received = await self._tell(Rank.CLAIM, Update(command_id, NewState.RECEIVED))
            if received.ack is Ack.YES:
                reply = await self._tell(Rank.CLAIM, processing)
        self._account.claimed(reply.ack)
        self._contact.show()
        return reply

    async def progress(self, command_id: str, share: float) -> Reply:
        """Tell Mews how far it is, from 0 to 1, if there is a call to spare for it."""
        return await self._mention(Update(command_id, NewState.PROCESSING, progress=share))

    async def report(self, command_id: str, verdict: Verdict, note: str, *, is_claimed: bool) -> Reply:
        """Tell Mews how it ended.

        Up to five messages: where Mews wants every step, a command that was never claimed is claimed first.
        """
        end = Update(command_id, _ENDS[verdict], notes=note)
        reply = await self._tell(Rank.REPORT, end)
        if reply.ack is not Ack.REFUSED or is_claimed:
            return reply
        claim = await self.claim(command_id, is_received=False)
        return await self._tell(Rank.REPORT, end) if claim.ack is Ack.YES else reply

    async def _poll(self, known: Container[str]) -> tuple[Listing | None, float]:
        """The list, or None, and how long to rest before the next (s)."""
        listing = None
        try:
            token = self._sign_in.token or await self._new_token()
            await self._contact.wait_turn(Rank.POLL)
            with self._contact.call(Rank.POLL):
                listing = await self._calls.list_active(token, known)
        except MewsError as error:
            rest = self._account.not_listed(error, self._sign_in.generation, self._now())
            self._hurry_after(error)
        else:
            has_date = self._mews_clock.is_known
            rest = self._account.listed(self._sign_in.generation, self._now(), has_date=has_date)
        self._contact.show()
        return listing, rest

    async def _new_token(self) -> Secret:
        if self._calls.sign_in is None:
            raise ValueError("a connector token, and a dialect that does not sign in")
        await self._contact.wait_turn(Rank.POLL)
        with self._contact.call(Rank.POLL):
            token = await self._calls.sign_in(self._sign_in.connector_token)
        self._sign_in.signed_in(token, self._now())
        return token

    async def _mention(self, update: Update) -> Reply:
        """Tell what nothing is lost without: not at all while calls are scarce."""
        if not self._contact.has_call(Rank.WORD):
            return Reply(Ack.UNANSWERED, "Mews allows too few calls just now", is_sent=False)
        return await self._tell(Rank.WORD, update)

    async def _tell(self, rank: Rank, update: Update) -> Reply:
        """One message about a command, and what Mews made of it."""
        await self._contact.wait_turn(rank)
        generation, token = self._sign_in.generation, self._sign_in.token
        if token is None:
            return Reply(Ack.UNANSWERED, "the box has to sign in first", is_sent=False)
        try:
            with self._contact.call(rank):
                await self._calls.update(token, update)
        except MewsError as error:
            reply = self._account.not_updated(error, generation, self._now())
            self._hurry_after(error)
        else:
            reply = self._account.updated()
        self._contact.show()
        return reply

    def _hurry_after(self, error: MewsError) -> None:
        """The poll alone signs in, and should soon where a session is over."""
        if isinstance(error, Unauthorised):
            self.poll_now()

    async def _rest(self, seconds: float) -> None:
        self._due = self._now() + max(seconds, self._contact.pause)
        with trio.move_on_after(seconds):
            await self._news.wait()
        self._news = trio.Event()
        while (pause := self._contact.pause) > 0:
            self._due = self._now() + pause
            with trio.move_on_after(pause):
                await self._news.wait()
            self._news = trio.Event()
        self._due = self._now()
